import { type Aggregate, compileAggregate } from "./aggregates";
import type { Expression, Query, SelectItem } from "./ast";
import { ora, type Position } from "./errors";
import { integer } from "./numbers";
import type { Scope } from "./scope";
import { type Source, SourceScope } from "./source-scope";
import type { Typed } from "./values";

/** The select list, HAVING and ORDER BY of one SELECT: aggregates are allowed here. */
export class SelectScope extends SourceScope {
  readonly aggregates: Aggregate[] = [];
  /** WHERE, GROUP BY and the arguments of aggregates: the same names, no aggregates. */
  readonly beforeGrouping: Scope;
  /** What ROWNUM gives. */
  rowNumber = 0;

  constructor(
    sources: readonly Source[],
    outer: Scope,
    private readonly groupBy: readonly Expression[],
  ) {
    super(sources, outer);
    this.beforeGrouping = new WhereScope(sources, outer, this);
  }

  get grouped(): boolean {
    return this.groupBy.length > 0 || this.aggregates.length > 0;
  }

  override lookup(path: string[], at: Position): Typed | undefined {
    return this.rowNumberOf(path) ?? super.lookup(path, at);
  }

  rowNumberOf(path: string[]): Typed | undefined {
    if (path.length !== 1 || path[0] !== "ROWNUM") return undefined;
    return { type: "NUMBER", size: 22, nullable: false, evaluate: () => integer(this.rowNumber) };
  }

  override aggregate(call: Expression & { kind: "call" }): Typed {
    const aggregate = compileAggregate(call, this.beforeGrouping);
    this.aggregates.push(aggregate);
    return aggregate.typed;
  }

  /** In a grouped query every column outside an aggregate must be a GROUP BY expression. */
  checkGrouping(expression: Expression | (SelectItem & { kind: "all" })): void {
    if (!this.grouped) return;
    if (expression.kind !== "all") {
      if (this.groupBy.some((grouped) => sameExpression(grouped, expression))) return;
      if (expression.kind === "call" && expression.aggregate) return;
      if (expression.kind !== "name" || !this.column(expression.path, expression.at)) {
        for (const child of children(expression)) this.checkGrouping(child);
        return;
      }
    }
    if (this.groupBy.length > 0) throw ora(979, "not a GROUP BY expression", expression.at.offset);
    throw ora(937, "not a single-group group function", expression.at.offset);
  }
}

class WhereScope extends SourceScope {
  constructor(
    sources: readonly Source[],
    outer: Scope,
    private readonly select: SelectScope,
  ) {
    super(sources, outer);
  }

  override lookup(path: string[], at: Position): Typed | undefined {
    return this.select.rowNumberOf(path) ?? super.lookup(path, at);
  }
}

/** Equal but for where they stand in the text. */
function sameExpression(left: Expression, right: Expression): boolean {
  const text = (expression: Expression) =>
    JSON.stringify(expression, (key, value: unknown) => (key === "at" ? undefined : value));
  return text(left) === text(right);
}

/** Operands and arguments; what a subquery refers to is left to the subquery. */
function children(expression: Expression): Expression[] {
  switch (expression.kind) {
    case "literal":
    case "bind":
    case "name":
    case "exists":
    case "subquery":
      return [];
    case "call":
      return expression.arguments.map((argument) => argument.value);
    case "negate":
    case "not":
    case "isNull":
    case "cast":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "in":
      return [expression.operand, ...(isQuery(expression.among) ? [] : expression.among)];
    case "between":
      return [expression.operand, expression.low, expression.high];
    case "like":
      return [expression.operand, expression.pattern];
    case "case":
      return [expression.operand, ...expression.whens.flat(), expression.otherwise].filter(
        (part) => part !== undefined,
      );
  }
}

function isQuery(among: Expression[] | Query): among is Query {
  return !Array.isArray(among);
}
