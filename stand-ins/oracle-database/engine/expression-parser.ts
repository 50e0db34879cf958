import { OracleError } from "../database";
import type { AggregateClauses, Argument, BinaryOperator, Expression, OrderItem, Query, TypeName } from "./ast";
import { parseDate } from "./date-formats";
import { unsupported } from "./errors";
import { parseNumber } from "./numbers";
import { TokenReader } from "./token-reader";
import type { Token } from "./tokens";

const comparisons = new Set(["=", "<>", "<", ">", "<=", ">="]);
export const aggregates: ReadonlySet<string> = new Set(["COUNT", "MIN", "MAX", "SUM", "LISTAGG"]);
/** Reserved words that are functions without arguments. */
const valueWords = new Set(["SYSDATE", "USER", "ROWNUM"]);
/** Oracle's limits are its memory; these keep a hostile statement from exhausting the stack. */
const maxDepth = 200;
const maxOperators = 1000;

/** Expressions and conditions: one grammar, since PL/SQL mixes both; compilation tells them apart. */
export abstract class ExpressionParser extends TokenReader {
  private depth = 0;

  protected abstract query(): Query;

  protected expression(): Expression {
    return this.nested(() => this.leftAssociative(["OR"], () => this.conjunction()));
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > maxDepth) throw unsupported(`expressions nested deeper than ${maxDepth}`, this.token);
    const result = read();
    this.depth -= 1;
    return result;
  }

  private conjunction(): Expression {
    return this.leftAssociative(["AND"], () => this.negation());
  }

  private negation(): Expression {
    const at = this.token;
    if (this.accept("NOT")) return { kind: "not", operand: this.nested(() => this.negation()), at };
    return this.condition();
  }

  private leftAssociative(operators: string[], operand: () => Expression): Expression {
    let left = operand();
    for (let count = 1; operators.some((operator) => this.is(operator)); count++) {
      if (count > maxOperators) throw unsupported(`more than ${maxOperators} operators in a row`, this.token);
      const at = this.next();
      left = { kind: "binary", operator: at.text as BinaryOperator, left, right: operand(), at };
    }
    return left;
  }

  private condition(): Expression {
    const operand = this.sum();
    const at = this.token;
    if (at.kind === "symbol" && comparisons.has(at.text)) {
      this.next();
      if (["ANY", "ALL", "SOME"].some((word) => this.is(word))) throw unsupported("ANY, SOME and ALL", this.token);
      return { kind: "binary", operator: at.text as BinaryOperator, left: operand, right: this.sum(), at };
    }
    if (this.accept("IS")) {
      const negated = this.accept("NOT");
      this.expect("NULL");
      return { kind: "isNull", operand, negated, at };
    }
    const negated = this.accept("NOT");
    if (this.accept("IN")) return { kind: "in", operand, among: this.members(), negated, at };
    if (this.accept("BETWEEN")) {
      const low = this.sum();
      this.expect("AND");
      return { kind: "between", operand, low, high: this.sum(), negated, at };
    }
    if (this.accept("LIKE")) {
      const pattern = this.sum();
      return { kind: "like", operand, pattern, escape: this.accept("ESCAPE") ? this.sum() : undefined, negated, at };
    }
    if (negated) this.fail(920, "invalid relational operator", "in like between");
    return operand;
  }

  private members(): Expression[] | Query {
    this.expect("(");
    const members = this.startsQuery() ? this.query() : this.listOf(() => this.expression());
    this.expect(")");
    return members;
  }

  /** `||` binds like `+` and `-`. */
  private sum(): Expression {
    return this.leftAssociative(["+", "-", "||"], () => this.leftAssociative(["*", "/"], () => this.sign()));
  }

  private sign(): Expression {
    const at = this.token;
    if (this.accept("+")) return this.nested(() => this.sign());
    if (this.accept("-")) return { kind: "negate", operand: this.nested(() => this.sign()), at };
    return this.primary();
  }

  private primary(): Expression {
    const at = this.token;
    if (at.kind === "number") {
      const value = parseNumber(this.next().text);
      if (!value) this.fail(1722, "invalid number", "<a number>", at);
      return { kind: "literal", value, type: "NUMBER", at };
    }
    if (at.kind === "string") return { kind: "literal", value: this.next().text || null, type: "VARCHAR2", at };
    if (at.kind === "bind") return { kind: "bind", index: this.bindIndex(this.next()), name: at.text, at };
    if (this.accept("(")) {
      const inner: Expression = this.startsQuery() ? { kind: "subquery", query: this.query(), at } : this.expression();
      if (this.is(",")) throw unsupported("row values", this.token);
      this.expect(")");
      return inner;
    }
    if (this.accept("NULL")) return { kind: "literal", value: null, type: "NULL", at };
    if (this.is("EXISTS") && this.is("(", this.peek())) {
      this.next();
      this.next();
      const query = this.query();
      this.expect(")");
      return { kind: "exists", query, at };
    }
    if (this.is("CASE")) return this.caseExpression();
    if (this.areNext("CAST", "(")) return this.cast();
    if (at.kind === "word" && valueWords.has(at.text)) return { kind: "name", path: [this.next().text], at };
    if ((this.is("DATE") || this.is("TIMESTAMP")) && this.peek().kind === "string") return this.dateLiteral();
    if (this.language === "plsql" && (this.is("TRUE") || this.is("FALSE"))) {
      return { kind: "literal", value: this.next().text === "TRUE", type: "BOOLEAN", at };
    }
    if (!this.isIdentifier()) this.fail(936, "missing expression", "( - + case null <an identifier> <a literal>");
    return this.nameOrCall();
  }

  private nameOrCall(): Expression {
    const at = this.token;
    const path = this.path();
    if (!this.is("(")) return { kind: "name", path, at };
    if (path.length === 1 && aggregates.has(path[0]!)) return this.aggregateCall(path, at);
    return { kind: "call", path, arguments: this.callArguments(), at };
  }

  private aggregateCall(path: string[], at: Token): Expression {
    this.expect("(");
    if (path[0] === "COUNT" && this.accept("*")) {
      this.expect(")");
      return { kind: "call", path, arguments: [], aggregate: { star: true }, at };
    }
    const distinct = this.accept("DISTINCT") || this.accept("UNIQUE");
    if (!distinct) this.accept("ALL");
    const values = this.listOf((): Argument => ({ value: this.expression() }));
    this.expect(")");
    const aggregate: AggregateClauses = { distinct, withinGroup: this.withinGroup() };
    return { kind: "call", path, arguments: values, aggregate, at };
  }

  private withinGroup(): OrderItem[] | undefined {
    if (!this.accept("WITHIN", "GROUP")) return undefined;
    this.expect("(");
    this.expect("ORDER");
    this.expect("BY");
    const order = this.listOf(() => this.orderItem());
    this.expect(")");
    return order;
  }

  protected orderItem(): OrderItem {
    const value = this.expression();
    const descending = this.accept("DESC");
    if (!descending) this.accept("ASC");
    const nullsFirst = this.accept("NULLS", "FIRST") || (!this.accept("NULLS", "LAST") && descending);
    return { value, descending, nullsFirst };
  }

  /** `(a, p_name => b)`; positional arguments come first. */
  protected callArguments(): Argument[] {
    this.expect("(");
    if (this.accept(")")) return [];
    const list = this.listOf((): Argument => {
      const named = this.isIdentifier() && this.is("=>", this.peek());
      // owa.vc_arr(1 => 'x'): the index stands where a name stands.
      const indexed = this.token.kind === "number" && this.is("=>", this.peek());
      if (!named && !indexed) return { value: this.expression() };
      const name = this.next().text;
      this.next();
      return { name, value: this.expression() };
    });
    this.expect(")");
    const firstNamed = list.findIndex((argument) => argument.name !== undefined);
    if (firstNamed >= 0 && list.slice(firstNamed).some((argument) => argument.name === undefined)) {
      this.fail(907, "missing right parenthesis", "named association after a named association (PLS-00312)");
    }
    return list;
  }

  private caseExpression(): Expression {
    const at = this.expect("CASE");
    const operand = this.is("WHEN") ? undefined : this.expression();
    const whens: [Expression, Expression][] = [];
    while (this.accept("WHEN")) {
      const when = this.expression();
      this.expect("THEN");
      whens.push([when, this.expression()]);
    }
    if (whens.length === 0) this.fail(905, "missing keyword", "when");
    const otherwise = this.accept("ELSE") ? this.expression() : undefined;
    this.expect("END");
    return { kind: "case", operand, whens, otherwise, at };
  }

  private cast(): Expression {
    const at = this.next();
    this.expect("(");
    const operand = this.expression();
    this.expect("AS");
    const type = this.typeName();
    this.expect(")");
    return { kind: "cast", operand, type, at };
  }

  /** `VARCHAR2(10)`, `NUMBER(10, 2)`, `table.column%TYPE` and the like. */
  protected typeName(): TypeName {
    const at = this.token;
    const reservedTypes = ["VARCHAR2", "VARCHAR", "CHAR", "NUMBER", "INTEGER", "SMALLINT", "DATE", "RAW"];
    const path = reservedTypes.some((word) => this.is(word)) ? [this.next().text] : this.path();
    if (this.accept("%")) {
      if (!this.accept("TYPE")) throw unsupported("%ROWTYPE", at);
      return { kind: "column", path, at };
    }
    if (!this.accept("(")) return { kind: "named", path, at };
    const size = this.wholeNumber();
    const scale = path[0] === "NUMBER" && this.accept(",") ? this.wholeNumber() : undefined;
    if (!this.accept("CHAR")) this.accept("BYTE");
    this.expect(")");
    return { kind: "named", path, size, scale, at };
  }

  private wholeNumber(): number {
    const sign = this.accept("-") ? -1 : 1;
    const value = Number(this.token.text);
    if (this.token.kind !== "number" || !Number.isInteger(value)) this.fail(906, "missing integer", "<an integer>");
    this.next();
    return sign * value;
  }

  private dateLiteral(): Expression {
    const at = this.next();
    const type = at.text as "DATE" | "TIMESTAMP";
    const text = this.next().text;
    const written = /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d{1,9})?)?$/.exec(text);
    const format = `YYYY-MM-DD${written?.[1] ? " HH24:MI:SS" : ""}${written?.[2] ? ".FF" : ""}`;
    try {
      if (!written || (written[1] !== undefined) !== (type === "TIMESTAMP")) throw new OracleError(1861, text);
      return { kind: "literal", value: parseDate(text, format), type, at };
    } catch (error) {
      if (!(error instanceof OracleError)) throw error;
      this.fail(1861, "literal does not match format string", `<a ${type.toLowerCase()}>`, at);
    }
  }

  protected startsQuery(): boolean {
    return this.is("SELECT") || this.is("WITH");
  }
}
