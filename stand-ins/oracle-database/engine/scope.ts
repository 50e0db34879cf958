import type { Value } from "../database";
import type { Expression } from "./ast";
import { compileError, ora, type Position } from "./errors";
import type { PackageCatalog } from "./packages";
import type { SessionContext } from "./session-context";
import type { Collection, Typed } from "./values";

/** A value the client passed; PL/SQL may assign to it. */
export interface Bind {
  value: Value;
  assigned: boolean;
}

/** A table or view as a query sees it. */
export interface Relation {
  readonly columns: readonly RelationColumn[];
  rows(): Value[][];
}

export type RelationColumn = Pick<Typed, "type" | "size" | "nullable"> & { readonly name: string };

/** What every part of one statement shares. */
export interface Environment {
  readonly session: SessionContext;
  readonly packages: PackageCatalog;
  readonly binds: readonly Bind[];
  /** A table or view that this session can see. */
  relation(path: string[]): Relation | undefined;
}

/** Where names are looked up while an expression is compiled. */
export interface Scope {
  readonly environment: Environment;
  /** True for expressions of PL/SQL itself, false inside SQL. */
  readonly plsql: boolean;
  /** A column, variable or loop record field. */
  lookup(path: string[], at: Position): Typed | undefined;
  collection(path: string[]): Collection | undefined;
  /** A WITH query. */
  commonTable(name: string): Relation | undefined;
  /** Compiles an aggregate; throws where none is allowed. */
  aggregate(call: Expression & { kind: "call" }): Typed;
}

/** The outermost scope: binds and functions only. */
export function outermost(environment: Environment): Scope {
  return {
    environment,
    plsql: false,
    lookup: () => undefined,
    collection: () => undefined,
    commonTable: () => undefined,
    aggregate: (call) => {
      throw ora(934, "group function is not allowed here", call.at.offset);
    },
  };
}

export function unknownName(path: string[], at: Position, scope: Scope): Error {
  if (scope.plsql) return compileError(at, `PLS-00201: identifier '${path.join(".")}' must be declared`);
  return ora(904, `${path.map((part) => `"${part}"`).join(".")}: invalid identifier`, at.offset);
}
