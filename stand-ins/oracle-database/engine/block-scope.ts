import type { Value } from "../database";
import type { Declaration, Expression, Target, TypeName } from "./ast";
import { convert, fitting, namedType, type ScalarType } from "./data-types";
import { compileError, ora, type Position } from "./errors";
import { compile } from "./expressions";
import { integer, truncate } from "./numbers";
import { compileCollection, isVcArr } from "./package-calls";
import type { RuntimeState } from "./plsql";
import { type Environment, type RelationColumn, type Scope, unknownName } from "./scope";
import { type Collection, type DataType, maxPlsqlString, type Typed, toNumber, toText, typeFamily } from "./values";

/** What a name stands for in a block. */
type Variable =
  | { kind: "scalar"; type: ScalarType; notNull: boolean; readonly: boolean; value: Value }
  | { kind: "collection"; elements: Collection }
  | { kind: "record"; columns: readonly RelationColumn[]; row: readonly Value[] }
  | UserException;

export interface UserException {
  readonly kind: "exception";
  /** Set by PRAGMA EXCEPTION_INIT. */
  number?: number;
}

type Scalar = Variable & { kind: "scalar" };

/** The names that one block declares, and around them those of the blocks it stands in. */
export class BlockScope implements Scope {
  readonly plsql = true;
  private readonly variables = new Map<string, Variable>();

  constructor(
    private readonly outer: Scope | BlockScope,
    readonly state: RuntimeState,
  ) {}

  get environment(): Environment {
    return this.outer.environment;
  }

  /** Adds a declaration; what it returns runs each time the block is entered. */
  declare(declaration: Declaration): () => void {
    const { name, at } = declaration;
    if (declaration.kind === "exceptionInit") {
      const exception = this.variables.get(name);
      if (exception?.kind !== "exception")
        throw compileError(at, `PLS-00109: unknown exception name '${name}' in PRAGMA EXCEPTION_INIT`);
      exception.number = -declaration.number;
      return () => {};
    }
    if (this.variables.has(name)) {
      throw compileError(at, `PLS-00371: at most one declaration for '${name}' is permitted`);
    }
    if (declaration.kind === "exception") {
      this.variables.set(name, { kind: "exception" });
      return () => {};
    }
    const { type, initial } = declaration;
    if (type.kind === "named" && isVcArr(type.path)) {
      const elements: Collection = new Map();
      const start = initial && compileCollection(initial, this);
      if (initial && !start) throw compileError(at, "PLS-00382: expression is of wrong type");
      this.variables.set(name, { kind: "collection", elements });
      return () => replace(elements, start?.() ?? new Map());
    }
    const scalar = this.scalar(type, declaration.notNull);
    const value = initial && compile(initial, this);
    if (value) checkAssignable(scalar.type.type, value.type, at);
    this.variables.set(name, scalar);
    const enter = () => {
      scalar.value = null;
      if (value) assign(scalar, value.evaluate());
    };
    scalar.readonly = declaration.constant;
    return enter;
  }

  /** The index of a numeric FOR loop. */
  declareIndex(name: string): (value: number) => void {
    const index: Scalar = {
      kind: "scalar",
      type: { type: "NUMBER", size: 22 },
      notNull: true,
      readonly: true,
      value: null,
    };
    this.variables.set(name, index);
    return (value) => {
      index.value = integer(value);
    };
  }

  /** The record of a FOR loop over a query. */
  declareRecord(name: string, columns: readonly RelationColumn[]): (row: readonly Value[]) => void {
    const record: Variable & { kind: "record" } = { kind: "record", columns, row: [] };
    this.variables.set(name, record);
    return (row) => {
      record.row = row;
    };
  }

  lookup(path: string[], at: Position): Typed | undefined {
    const variable = this.variables.get(path[0]!);
    if (!variable) return this.outer.lookup(path, at) ?? (path.length === 1 ? this.errorFunction(path[0]!) : undefined);
    if (variable.kind === "scalar" && path.length === 1) return readScalar(variable, path[0]!, at);
    if (variable.kind === "collection" && path.length === 2) return collectionMethod(variable.elements, path[1]!, at);
    if (variable.kind === "record" && path.length === 2) {
      const i = variable.columns.findIndex((column) => column.name === path[1]);
      if (i >= 0) return { ...variable.columns[i]!, evaluate: () => variable.row[i]! };
      throw compileError(at, `PLS-00302: component '${path[1]}' must be declared`);
    }
    throw compileError(at, `PLS-00382: expression is of wrong type (${path.join(".")})`);
  }

  collection(path: string[]): Collection | undefined {
    const variable = path.length === 1 ? this.variables.get(path[0]!) : undefined;
    return variable?.kind === "collection" ? variable.elements : variable ? undefined : this.outer.collection(path);
  }

  exception(path: string[]): UserException | undefined {
    const variable = path.length === 1 ? this.variables.get(path[0]!) : undefined;
    if (variable) return variable.kind === "exception" ? variable : undefined;
    return this.outer instanceof BlockScope ? this.outer.exception(path) : undefined;
  }

  commonTable() {
    return undefined;
  }

  aggregate(call: Expression & { kind: "call" }): Typed {
    throw compileError(
      call.at,
      `PLS-00204: function or pseudo-column '${call.path[0]}' may be used inside a SQL statement only`,
    );
  }

  /** Compiles what stands left of `:=` or in INTO; `source` is what is known of the value, if anything. */
  target(target: Target, source?: Typed): (value: Value) => void {
    const { at } = target;
    if (target.kind === "element") {
      const elements = this.collection(target.path);
      if (!elements) {
        if (!this.lookup(target.path, at)) throw unknownName(target.path, at, this);
        throw compileError(at, "PLS-00308: this construct is not allowed as the origin of an assignment");
      }
      if (source) checkAssignable("VARCHAR2", source.type, at);
      const index = compile(target.index, this);
      checkAssignable("NUMBER", index.type, at);
      return (value) => {
        const key = toNumber(index.evaluate(), true);
        if (!key) throw ora(6502, "PL/SQL: numeric or value error: NULL index table key value");
        elements.set(truncate(key), fitting(toText(value), maxPlsqlString));
      };
    }
    const expression: Expression = target.kind === "bind" ? target : { kind: "name", path: target.path, at };
    if (target.kind === "name" && this.collection(target.path))
      throw compileError(at, "PLS-00382: expression is of wrong type");
    const typed = compile(expression, this);
    if (!typed.target) {
      const name = target.kind === "name" ? target.path.join(".") : target.name;
      throw compileError(at, `PLS-00363: expression '${name}' cannot be used as an assignment target`);
    }
    if (source && target.kind === "name") checkAssignable(typed.type, source.type, at);
    return typed.target();
  }

  private scalar(type: TypeName, notNull: boolean): Scalar {
    const known = type.kind === "column" ? this.columnType(type) : namedType(type);
    return { kind: "scalar", type: known, notNull, readonly: false, value: null };
  }

  /** `table.column%TYPE` or `variable%TYPE` */
  private columnType({ path, at }: TypeName & { kind: "column" }): ScalarType {
    const variable = this.variables.get(path[0]!);
    if (variable?.kind === "scalar" && path.length === 1) return variable.type;
    const relation = path.length > 1 ? this.environment.relation(path.slice(0, -1)) : undefined;
    const column = relation?.columns.find(({ name }) => name === path.at(-1));
    if (!column) throw unknownName(path, at, this);
    return { type: column.type, size: column.size };
  }

  private errorFunction(name: string): Typed | undefined {
    // Only the outermost block answers, so that a variable of any block may hide these.
    if (this.outer instanceof BlockScope) return undefined;
    const { state } = this;
    if (name === "SQLERRM") {
      const evaluate = () => (state.error ? state.errorText(state.error) : "ORA-0000: normal, successful completion");
      return { type: "VARCHAR2", size: 512, nullable: false, evaluate };
    }
    if (name === "SQLCODE") {
      return {
        type: "NUMBER",
        size: 22,
        nullable: false,
        evaluate: () => integer(state.error ? state.errorCode(state.error) : 0),
      };
    }
    return undefined;
  }
}

export function replace(elements: Collection, by: Collection): void {
  const copy = [...by];
  elements.clear();
  for (const [index, element] of copy) elements.set(index, element);
}

function readScalar(variable: Scalar, name: string, at: Position): Typed {
  return {
    type: variable.type.type,
    size: variable.type.size,
    nullable: !variable.notNull,
    evaluate: () => variable.value,
    target: () => {
      if (variable.readonly) {
        throw compileError(at, `PLS-00363: expression '${name}' cannot be used as an assignment target`);
      }
      return (value) => assign(variable, value);
    },
  };
}

function collectionMethod(elements: Collection, method: string, at: Position): Typed {
  const methods: Record<string, () => number | undefined> = {
    COUNT: () => elements.size,
    FIRST: () => (elements.size > 0 ? Math.min(...elements.keys()) : undefined),
    LAST: () => (elements.size > 0 ? Math.max(...elements.keys()) : undefined),
  };
  const compute = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (!compute) throw compileError(at, `PLS-00302: component '${method}' must be declared`);
  const evaluate = () => {
    const result = compute();
    return result === undefined ? null : integer(result);
  };
  return { type: "NUMBER", size: 22, nullable: true, evaluate };
}

/** Text, numbers and dates convert into each other at run time; BOOLEAN does not. Stricter: text does not become a date. */
export function checkAssignable(target: DataType, source: DataType, at: Position): void {
  const [to, from] = [typeFamily(target), typeFamily(source)];
  const fits =
    to === from ||
    from === "null" ||
    to === "null" ||
    (to === "text" && from !== "boolean") ||
    (to === "number" && from === "text");
  if (!fits) throw compileError(at, "PLS-00382: expression is of wrong type");
}

function assign(variable: Scalar, value: Value): void {
  const converted = convert(variable.type, value, true);
  if (converted === null && variable.notNull) throw ora(6502, "PL/SQL: numeric or value error");
  variable.value = converted;
}
