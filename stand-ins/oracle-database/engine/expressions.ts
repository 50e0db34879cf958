import type { OracleNumber, Value } from "../database";
import type { BinaryOperator, Expression, Query } from "./ast";
import { cast } from "./casts";
import { comparison, condition, like, membership, not } from "./conditions";
import { compileError, ora, type Position } from "./errors";
import { builtIns } from "./functions";
import { add, divide, multiply, negate, subtract, truncate } from "./numbers";
import { compileFunction } from "./package-calls";
import { compileQuery } from "./query";
import { type Scope, unknownName } from "./scope";
import {
  type DataType,
  maxPlsqlString,
  maxSqlString,
  type Typed,
  toNumber,
  toText,
  typeFamily,
  typeOf,
} from "./values";

export type Of<K extends Expression["kind"]> = Expression & { kind: K };

/** Those whose arguments are not all evaluated, or are no expressions. */
export const specialFunctions = ["CAST", "COALESCE", "DECODE"];

/** Resolves every name and checks every type before anything runs, as Oracle's parse step does. */
export function compile(expression: Expression, scope: Scope): Typed {
  switch (expression.kind) {
    case "literal":
      return literal(expression, scope);
    case "bind":
      return bind(expression, scope);
    case "name":
      return name(expression, scope);
    case "call":
      return call(expression, scope);
    case "negate":
      return negation(expression, scope);
    case "not": {
      const operand = compileCondition(expression.operand, scope);
      return condition(() => not(operand()));
    }
    case "binary":
      return binary(expression, scope);
    case "isNull": {
      const operand = compile(expression.operand, scope);
      return condition(() => (operand.evaluate() === null) !== expression.negated);
    }
    case "in":
      return membership(expression, scope);
    case "between": {
      const { operand, low, high, at } = expression;
      const lower: Expression = { kind: "binary", operator: ">=", left: operand, right: low, at };
      const upper: Expression = { kind: "binary", operator: "<=", left: operand, right: high, at };
      const both: Expression = { kind: "binary", operator: "AND", left: lower, right: upper, at };
      return compile(expression.negated ? { kind: "not", operand: both, at } : both, scope);
    }
    case "like":
      return like(expression, scope);
    case "exists": {
      const query = subquery(expression.query, scope, expression.at);
      return condition(() => query.run(1).length > 0);
    }
    case "subquery":
      return scalarSubquery(expression, scope);
    case "cast":
      return cast(expression, scope);
    case "case":
      return caseExpression(expression, scope);
  }
}

/** Compiles something that must be true, false or unknown (null). */
export function compileCondition(expression: Expression, scope: Scope): () => boolean | null {
  const compiled = compile(expression, scope);
  if (compiled.type !== "BOOLEAN" && !(scope.plsql && compiled.type === "NULL")) {
    if (scope.plsql) throw compileError(expression.at, "PLS-00382: expression is of wrong type");
    throw ora(920, "invalid relational operator", expression.at.offset);
  }
  return () => {
    const value = compiled.evaluate();
    if (value === null || typeof value === "boolean") return value;
    throw ora(6502, "PL/SQL: numeric or value error");
  };
}

/** Compiles a value; SQL before 23ai has no BOOLEAN values, so a condition is no value there. */
export function compileValue(expression: Expression, scope: Scope): Typed {
  const compiled = compile(expression, scope);
  if (!scope.plsql && compiled.type === "BOOLEAN") {
    throw ora(932, "inconsistent datatypes: expected a value got BOOLEAN", expression.at.offset);
  }
  return compiled;
}

function literal({ value, type, at }: Of<"literal">, scope: Scope): Typed {
  const size = typeof value === "string" ? Buffer.byteLength(value) : 22;
  if (type === "VARCHAR2" && scope.plsql && size > maxPlsqlString) {
    throw compileError(at, "PLS-00172: string literal too long");
  }
  if (type === "VARCHAR2" && !scope.plsql && size > maxSqlString) throw ora(1704, "string literal too long", at.offset);
  return { type, size: value === null ? 1 : size, nullable: value === null, evaluate: () => value };
}

function bind({ index, at }: Of<"bind">, scope: Scope): Typed {
  const slot = scope.environment.binds[index];
  if (!slot) throw ora(1008, "not all variables bound", at.offset);
  // A PL/SQL block may assign to the bind before it reads it, so an empty one can hold anything later.
  const target = () => {
    slot.assigned = true;
    return (value: Value) => {
      slot.value = value;
    };
  };
  return { ...typeOf(slot.value), nullable: true, evaluate: () => (slot.value === "" ? null : slot.value), target };
}

function name({ path, at }: Of<"name">, scope: Scope): Typed {
  const found = scope.lookup(path, at);
  if (found) return found;
  const known = path.length === 1 ? builtIns.get(path[0]!) : undefined;
  if (known && known.minArguments === 0) return call({ kind: "call", path, arguments: [], at }, scope);
  return compileFunction(path, [], at, scope) ?? raise(unknownName(path, at, scope));
}

function call(expression: Of<"call">, scope: Scope): Typed {
  const { path, at } = expression;
  const given = expression.arguments;
  if (expression.aggregate) return scope.aggregate(expression);
  const collection = scope.collection(path);
  if (collection) {
    const index = given.length === 1 ? given[0]! : raise(wrongArguments(path, at, scope));
    const position = compile(index.value, scope);
    return {
      type: "VARCHAR2",
      size: maxPlsqlString,
      nullable: true,
      evaluate: () => {
        const key = toNumber(position.evaluate(), true);
        const found = key && collection.get(truncate(key));
        if (found === undefined || key === null) throw ora(1403, "no data found");
        return found;
      },
    };
  }
  if (path.length === 2 && path[1] === "EXISTS") {
    const tested = scope.collection(path.slice(0, 1));
    if (tested && given.length === 1) {
      const index = compile(given[0]!.value, scope);
      return condition(() => {
        const key = toNumber(index.evaluate(), true);
        return key !== null && tested.has(truncate(key));
      });
    }
  }
  if (path.length === 1 && path[0] === "COALESCE") return coalesce(expression, scope);
  if (path.length === 1 && path[0] === "DECODE") return decode(expression, scope);
  const known = path.length === 1 ? builtIns.get(path[0]!) : undefined;
  if (!known) return compileFunction(path, given, at, scope) ?? raise(unknownName(path, at, scope));
  if (given.some((argument) => argument.name !== undefined)) throw wrongArguments(path, at, scope);
  if (given.length < known.minArguments || given.length > known.maxArguments) throw wrongArguments(path, at, scope);
  const compiled = given.map((argument) => compileValue(argument.value, scope));
  if (compiled.some((argument) => argument.type === "BOOLEAN")) throw wrongArguments(path, at, scope);
  const { session } = scope.environment;
  const { type, size, nullable = true } = known.result(compiled);
  const evaluate = () =>
    known.apply(
      compiled.map((argument) => argument.evaluate()),
      { session, plsql: scope.plsql },
    );
  return { type, size: Math.min(size, maxSqlString), nullable, evaluate };
}

function wrongArguments(path: string[], at: Position, scope: Scope): Error {
  const called = path.join(".");
  if (scope.plsql) return compileError(at, `PLS-00306: wrong number or types of arguments in call to '${called}'`);
  return ora(909, "invalid number of arguments", at.offset);
}

function coalesce({ path, arguments: given, at }: Of<"call">, scope: Scope): Typed {
  if (given.length < 2) throw wrongArguments(path, at, scope);
  const last = given.at(-1)!.value;
  const whens = given.slice(0, -1).map(({ value }): [Expression, Expression] => {
    return [{ kind: "isNull", operand: value, negated: true, at }, value];
  });
  return caseExpression({ kind: "case", whens, otherwise: last, at }, scope);
}

/** DECODE(value, search, result, …, default): NULL equals NULL here. */
function decode({ path, arguments: given, at }: Of<"call">, scope: Scope): Typed {
  if (scope.plsql) {
    throw compileError(at, "PLS-00204: function or pseudo-column 'DECODE' may be used inside a SQL statement only");
  }
  if (given.length < 3) throw wrongArguments(path, at, scope);
  const [operand, ...rest] = given.map((argument) => argument.value) as [Expression, ...Expression[]];
  const whens: [Expression, Expression][] = [];
  while (rest.length >= 2) {
    const [search, result] = rest.splice(0, 2) as [Expression, Expression];
    const isNull = (tested: Expression): Expression => ({ kind: "isNull", operand: tested, negated: false, at });
    const bothNull: Expression = { kind: "binary", operator: "AND", left: isNull(operand), right: isNull(search), at };
    const equal: Expression = { kind: "binary", operator: "=", left: operand, right: search, at };
    whens.push([{ kind: "binary", operator: "OR", left: equal, right: bothNull, at }, result]);
  }
  return caseExpression({ kind: "case", whens, otherwise: rest[0], at }, scope);
}

function negation({ operand, at }: Of<"negate">, scope: Scope): Typed {
  const compiled = arithmeticOperand(operand, "-", at, scope);
  return { type: "NUMBER", size: 22, nullable: compiled.nullable, evaluate: () => onNumber(compiled, scope, negate) };
}

function onNumber(operand: Typed, scope: Scope, change: (value: OracleNumber) => OracleNumber): Value {
  const value = toNumber(operand.evaluate(), scope.plsql);
  return value && change(value);
}

const arithmetic: Partial<Record<BinaryOperator, (left: OracleNumber, right: OracleNumber) => OracleNumber>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "/": divide,
};

function binary(expression: Of<"binary">, scope: Scope): Typed {
  const { operator, left, right, at } = expression;
  if (operator === "AND" || operator === "OR") {
    const decisive = operator === "OR";
    const [first, second] = [compileCondition(left, scope), compileCondition(right, scope)];
    return condition(() => {
      const one = first();
      if (one === decisive) return decisive;
      const other = second();
      return other === decisive ? decisive : one === null || other === null ? null : !decisive;
    });
  }
  if (operator === "||") return concatenation(left, right, at, scope);
  const compute = arithmetic[operator];
  if (!compute) return comparison(operator, compile(left, scope), compile(right, scope), at, scope);
  const [a, b] = [arithmeticOperand(left, operator, at, scope), arithmeticOperand(right, operator, at, scope)];
  return {
    type: "NUMBER",
    size: 22,
    nullable: a.nullable || b.nullable,
    evaluate: () => {
      const [x, y] = [toNumber(a.evaluate(), scope.plsql), toNumber(b.evaluate(), scope.plsql)];
      return x && y && compute(x, y);
    },
  };
}

function arithmeticOperand(operand: Expression, operator: string, at: Position, scope: Scope): Typed {
  const compiled = compile(operand, scope);
  if (["text", "number", "null"].includes(typeFamily(compiled.type))) return compiled;
  if (scope.plsql) throw compileError(at, `PLS-00306: wrong number or types of arguments in call to '${operator}'`);
  // Date arithmetic exists in Oracle and is left out here.
  throw ora(932, `inconsistent datatypes: expected NUMBER got ${compiled.type}`, at.offset);
}

function concatenation(left: Expression, right: Expression, at: Position, scope: Scope): Typed {
  const [a, b] = [compile(left, scope), compile(right, scope)];
  if (a.type === "BOOLEAN" || b.type === "BOOLEAN") {
    if (scope.plsql) throw compileError(at, "PLS-00306: wrong number or types of arguments in call to '||'");
    throw ora(932, "inconsistent datatypes: expected CHAR got BOOLEAN", at.offset);
  }
  const clob = a.type === "CLOB" || b.type === "CLOB";
  return {
    type: clob ? "CLOB" : "VARCHAR2",
    size: Math.min(textSize(a) + textSize(b), maxSqlString),
    nullable: a.nullable && b.nullable,
    evaluate: () => {
      const joined = `${toText(a.evaluate()) ?? ""}${toText(b.evaluate()) ?? ""}` || null;
      if (!clob && !scope.plsql && joined && Buffer.byteLength(joined) > maxSqlString) {
        throw ora(1489, "result of string concatenation is too long");
      }
      return joined;
    },
  };
}

function textSize(operand: Typed): number {
  return typeFamily(operand.type) === "text" ? operand.size : operand.type === "NULL" ? 0 : 40;
}

export function subquery(query: Query, scope: Scope, at: Position) {
  // PL/SQL itself has no subqueries in expressions.
  if (scope.plsql) throw compileError(at, "PLS-00405: subquery not allowed in this context");
  return compileQuery(query, scope);
}

function scalarSubquery({ query, at }: Of<"subquery">, scope: Scope): Typed {
  const compiled = subquery(query, scope, at);
  const [column, ...more] = compiled.columns;
  if (!column || more.length > 0) throw ora(913, "too many values", at.offset);
  const evaluate = () => {
    const rows = compiled.run(2);
    if (rows.length > 1) throw ora(1427, "single-row subquery returns more than one row");
    return rows[0]?.[0] ?? null;
  };
  return { ...column, nullable: true, evaluate };
}

function caseExpression({ operand, whens, otherwise, at }: Of<"case">, scope: Scope): Typed {
  const branches = whens.map(([when, then]) => {
    const test: Expression = operand ? { kind: "binary", operator: "=", left: operand, right: when, at } : when;
    return { test: compileCondition(test, scope), value: compileValue(then, scope) };
  });
  const last = otherwise && compileValue(otherwise, scope);
  const results = [...branches.map((branch) => branch.value), ...(last ? [last] : [])];
  const type = commonType(results, at);
  return {
    type,
    size: Math.max(...results.map((result) => result.size)),
    nullable: !last || results.some((result) => result.nullable),
    evaluate: () => {
      const chosen = branches.find((branch) => branch.test())?.value ?? last;
      return chosen?.evaluate() ?? null;
    },
  };
}

/** The type of the branches of CASE or of the two sides of UNION. */
export function commonType(results: readonly Pick<Typed, "type">[], at: Position): DataType {
  const typed = results.filter((result) => result.type !== "NULL");
  const families = new Set(typed.map((result) => typeFamily(result.type)));
  if (families.size > 1) {
    throw ora(932, `inconsistent datatypes: expected ${typed[0]!.type} got ${typed.at(-1)!.type}`, at.offset);
  }
  return typed.find((result) => result.type === "CLOB")?.type ?? typed[0]?.type ?? "NULL";
}

function raise(error: Error): never {
  throw error;
}
