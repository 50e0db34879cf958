import type { Value } from "../database";
import type { Expression } from "./ast";
import { compileError, ora, type Position } from "./errors";
import { compile, compileValue, type Of, subquery } from "./expressions";
import type { Scope } from "./scope";
import { compareValues, type DataType, type Typed, toText, typeFamily } from "./values";

/** Something that is true, false or, as null, unknown. */
export function condition(evaluate: () => boolean | null): Typed {
  return { type: "BOOLEAN", size: 1, nullable: true, evaluate };
}

export function not(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

export function comparison(operator: string, left: Typed, right: Typed, at: Position, scope: Scope): Typed {
  checkComparable(left.type, right.type, operator, at, scope);
  return condition(() => {
    const [a, b] = [left.evaluate(), right.evaluate()];
    if (a === null || b === null) return null;
    const order = compareValues(a, b, scope.plsql);
    switch (operator) {
      case "=":
        return order === 0;
      case "<>":
        return order !== 0;
      case "<":
        return order < 0;
      case ">":
        return order > 0;
      case "<=":
        return order <= 0;
      default:
        return order >= 0;
    }
  });
}

/** Stricter than Oracle: no conversion between dates and text, which would depend on NLS settings. */
function checkComparable(left: DataType, right: DataType, operator: string, at: Position, scope: Scope): void {
  const [a, b] = [typeFamily(left), typeFamily(right)];
  const convertible = (family: string) => family === "text" || family === "number";
  const compatible = a === b || a === "null" || b === "null" || (convertible(a) && convertible(b));
  if (scope.plsql) {
    if (compatible) return;
    throw compileError(at, `PLS-00306: wrong number or types of arguments in call to '${operator}'`);
  }
  if (left === "CLOB" || right === "CLOB") throw ora(932, "inconsistent datatypes: expected - got CLOB", at.offset);
  if (!compatible || a === "boolean" || b === "boolean") {
    throw ora(932, `inconsistent datatypes: expected ${left} got ${right}`, at.offset);
  }
}

export function membership(expression: Of<"in">, scope: Scope): Typed {
  const { operand, among, negated, at } = expression;
  if (Array.isArray(among)) {
    const equals = among.map((right): Expression => ({ kind: "binary", operator: "=", left: operand, right, at }));
    const any = equals.reduce((left, right): Expression => ({ kind: "binary", operator: "OR", left, right, at }));
    return compile(negated ? { kind: "not", operand: any, at } : any, scope);
  }
  const query = subquery(among, scope, at);
  const [column, ...more] = query.columns;
  if (!column || more.length > 0) throw ora(913, "too many values", at.offset);
  const value = compile(operand, scope);
  let current: Value = null;
  const candidate: Typed = { ...column, evaluate: () => current };
  const equal = comparison("=", value, candidate, at, scope);
  return condition(() => {
    let result: boolean | null = false;
    for (const row of query.run()) {
      current = row[0]!;
      const same = equal.evaluate() as boolean | null;
      if (same) return !negated;
      if (same === null) result = null;
    }
    return negated ? not(result) : result;
  });
}

export function like({ operand, pattern, escape: escapeWith, negated, at }: Of<"like">, scope: Scope): Typed {
  const [value, wanted] = [compileValue(operand, scope), compileValue(pattern, scope)];
  const escaped = escapeWith && compileValue(escapeWith, scope);
  if ([value, wanted].some(({ type }) => !["text", "number", "null"].includes(typeFamily(type)))) {
    throw ora(932, "inconsistent datatypes: expected CHAR", at.offset);
  }
  return condition(() => {
    const [given, mask] = [toText(value.evaluate()), toText(wanted.evaluate())];
    if (given === null || mask === null) return null;
    return likeExpression(mask, escaped ? toText(escaped.evaluate()) : undefined).test(given) !== negated;
  });
}

function likeExpression(mask: string, escapeWith: string | null | undefined): RegExp {
  if (escapeWith !== undefined && escapeWith?.length !== 1)
    throw ora(1425, "escape character must be character string of length 1");
  let source = "";
  const characters = [...mask];
  for (let i = 0; i < characters.length; i++) {
    let character = characters[i]!;
    const plain = character === escapeWith;
    if (plain) {
      character = characters[++i] ?? "";
      if (!["%", "_", escapeWith].includes(character))
        throw ora(1424, "missing or illegal character following the escape character");
    }
    if (!plain && character === "%") source += source.endsWith("[^]*") ? "" : "[^]*";
    else source += !plain && character === "_" ? "[^]" : character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
  }
  return new RegExp(`^${source}$`, "u");
}
