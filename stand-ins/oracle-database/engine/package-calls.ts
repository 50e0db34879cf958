import type { Value } from "../database";
import type { Argument } from "./ast";
import { compileError, type Position } from "./errors";
import { compile } from "./expressions";
import { Arguments, type Parameter, type Subprogram } from "./packages";
import { type Scope, unknownName } from "./scope";
import { type Collection, type Typed, toNumber, toText, typeFamily } from "./values";

/** An argument before it is known which overload it goes to. */
interface Given {
  readonly name?: string;
  readonly scalar?: Typed;
  readonly collection?: () => Collection;
}

/** A function or constant of a package, in an expression; `undefined` when there is no such package. */
export function compileFunction(path: string[], given: Argument[], at: Position, scope: Scope): Typed | undefined {
  const found = scope.environment.packages.find(path);
  if (!found) return undefined;
  const { member } = found;
  const constant = given.length === 0 ? found.package.constants?.[member] : undefined;
  // Package constants exist in PL/SQL only; in SQL the name means nothing.
  if (constant !== undefined && scope.plsql) {
    return { type: "VARCHAR2", size: constant.length, nullable: false, evaluate: () => constant };
  }
  const named = found.package.subprograms.filter((subprogram) => subprogram.name === member);
  const functions = named.filter((subprogram) => subprogram.returns);
  if (functions.length === 0 && !scope.plsql) throw unknownName(path, at, scope);
  if (named.length === 0) throw compileError(at, `PLS-00302: component '${member}' must be declared`);
  if (functions.length === 0) {
    throw compileError(at, `PLS-00222: no function with name '${member}' exists in this scope`);
  }
  const call = resolve(functions, given, at, scope);
  const { type, size } = call.subprogram.returns!;
  return { type, size, nullable: true, evaluate: call.run };
}

/** A procedure call as a statement. */
export function compileProcedure(path: string[], given: Argument[], at: Position, scope: Scope): () => void {
  const found = scope.environment.packages.find(path);
  if (!found) throw unknownName(path, at, scope);
  const named = found.package.subprograms.filter((subprogram) => subprogram.name === found.member);
  if (named.length === 0) throw compileError(at, `PLS-00302: component '${found.member}' must be declared`);
  const procedures = named.filter((subprogram) => !subprogram.returns);
  if (procedures.length === 0) {
    throw compileError(at, `PLS-00221: '${found.member}' is not a procedure or is undefined`);
  }
  return resolve(procedures, given, at, scope).run;
}

/** `owa.vc_arr()` and `owa.vc_arr(1 => 'a', 2 => 'b')`; `undefined` when the expression is something else. */
export function compileCollection(value: Argument["value"], scope: Scope): (() => Collection) | undefined {
  if (value.kind === "name" || value.kind === "call") {
    const existing = value.kind === "name" ? scope.collection(value.path) : undefined;
    if (existing) return () => existing;
  }
  if (value.kind !== "call" || !isVcArr(value.path)) return undefined;
  const elements = value.arguments.map(({ name, value: element }) => {
    if (name === undefined || !/^\d+$/.test(name)) {
      throw compileError(value.at, "PLS-00306: wrong number or types of arguments in call to 'VC_ARR'");
    }
    return [Number(name), compile(element, scope)] as const;
  });
  return () => new Map(elements.map(([index, element]) => [index, toText(element.evaluate())]));
}

export function isVcArr(path: string[]): boolean {
  return ["OWA.VC_ARR", "SYS.OWA.VC_ARR"].includes(path.join("."));
}

function resolve(overloads: Subprogram[], given: Argument[], at: Position, scope: Scope) {
  const compiled = given.map(({ name, value }): Given => {
    const collection = compileCollection(value, scope);
    return collection ? { name, collection } : { name, scalar: compile(value, scope) };
  });
  // No two overloads fit the same arguments: they differ in an array parameter that has no default.
  const match = overloads.flatMap((subprogram) => {
    const assigned = assign(subprogram.parameters, compiled);
    return assigned ? [{ subprogram, assigned }] : [];
  })[0];
  const name = overloads[0]!.name;
  if (!match) throw compileError(at, `PLS-00306: wrong number or types of arguments in call to '${name}'`);
  const { subprogram, assigned } = match;
  const targets = new Map<string, (value: Value) => void>();
  for (const [parameter, argument] of assigned) {
    if (!parameter.out) continue;
    const target = argument?.scalar?.target;
    if (!target) {
      throw compileError(at, `PLS-00363: expression cannot be used as an assignment target (${parameter.name})`);
    }
    targets.set(parameter.name, target());
  }
  const { session } = scope.environment;
  const run = (): Value => {
    const values = [...assigned].map(
      ([parameter, argument]) => [parameter.name, evaluate(parameter, argument)] as const,
    );
    return subprogram.run(new Arguments(new Map(values), targets), session);
  };
  return { subprogram, run };
}

/** Parameters with their arguments; `undefined` when they do not fit together. */
function assign(
  parameters: readonly Parameter[],
  given: readonly Given[],
): Map<Parameter, Given | undefined> | undefined {
  const assigned = new Map<Parameter, Given | undefined>();
  for (const [i, argument] of given.entries()) {
    const parameter =
      argument.name === undefined ? parameters[i] : parameters.find(({ name }) => name === argument.name);
    if (!parameter || assigned.has(parameter) || !fits(parameter, argument)) return undefined;
    assigned.set(parameter, argument);
  }
  for (const parameter of parameters) {
    if (assigned.has(parameter)) continue;
    if (parameter.default === undefined) return undefined;
    assigned.set(parameter, undefined);
  }
  return assigned;
}

/** An array parameter takes an array only: not even NULL fits. */
function fits(parameter: Parameter, { scalar, collection }: Given): boolean {
  if (!scalar) return parameter.type === "OWA.VC_ARR" && collection !== undefined;
  const family = typeFamily(scalar.type);
  if (family === "null") return parameter.type !== "OWA.VC_ARR";
  switch (parameter.type) {
    case "OWA.VC_ARR":
      return false;
    case "BOOLEAN":
      return family === "boolean";
    case "NUMBER":
      return family === "number" || family === "text";
    default:
      return family === "text" || family === "number" || family === "date";
  }
}

function evaluate(parameter: Parameter, argument: Given | undefined): Value | Collection {
  if (parameter.out) return null;
  if (!argument) return parameter.default!;
  if (argument.collection) return argument.collection();
  const value = argument.scalar!.evaluate();
  if (parameter.type === "BOOLEAN") return value;
  return parameter.type === "NUMBER" ? toNumber(value, true) : toText(value);
}
