import { OracleError, type Result, type Value } from "../database";
import type { Block, Expression, Statement } from "./ast";
import { BlockScope, checkAssignable, replace, type UserException } from "./block-scope";
import { compileError, ora, type Position, unsupported } from "./errors";
import { compile, compileCondition } from "./expressions";
import { truncate } from "./numbers";
import { compileCollection, compileProcedure } from "./package-calls";
import { compileQuery } from "./query";
import { type Environment, outermost, type Scope, unknownName } from "./scope";
import { type Typed, toNumber, toText } from "./values";

type Run = () => void;

/** Leaves a loop or the block. */
class Leave {
  constructor(readonly how: "exit" | "continue" | "return") {}
}

/** RAISE of an exception that the block declared. */
class RaisedException extends OracleError {
  constructor(readonly exception: UserException) {
    const number = exception.number;
    super(
      number ?? 6510,
      number ? ora(number, "").message : ora(6510, "PL/SQL: unhandled user-defined exception").message,
    );
  }
}

/** What the running block knows beyond its variables. */
export class RuntimeState {
  /** The error that the current handler handles. */
  error: OracleError | undefined;
  /** Line on which an error was raised first. */
  readonly lines = new WeakMap<OracleError, number>();
  private steps = 0;

  /** A real database runs an endless loop until someone stops it; this one has one thread and stops it itself. */
  step(): void {
    this.steps += 1;
    if (this.steps > 1_000_000) throw ora(40, "active time limit exceeded - call aborted");
  }

  errorCode(error: OracleError): number {
    if (error instanceof RaisedException && !error.exception.number) return 1;
    return error.number === 1403 ? 100 : -error.number;
  }

  errorText(error: OracleError): string {
    return error instanceof RaisedException && !error.exception.number ? "User-Defined Exception" : error.message;
  }
}

const predefined: Record<string, number> = {
  NO_DATA_FOUND: 1403,
  TOO_MANY_ROWS: 1422,
  DUP_VAL_ON_INDEX: 1,
  ZERO_DIVIDE: 1476,
  VALUE_ERROR: 6502,
  INVALID_NUMBER: 1722,
};

/** What a block needs from the session that runs it. */
export interface BlockHost {
  /** The statement, for the positions of errors in the SQL inside it. */
  readonly sql: string;
  readonly environment: Environment;
  /** EXECUTE IMMEDIATE. */
  execute(sql: string, binds: Value[]): Result;
}

/** Compiles a whole block before any of it runs, and returns what runs it. */
export function compileBlock(block: Block, host: BlockHost): Run {
  const state = new RuntimeState();
  const run = new BlockCompiler(host, state).block(block, outermost(host.environment));
  return () => {
    try {
      run();
    } catch (error) {
      if (error instanceof Leave) return;
      if (!(error instanceof OracleError)) throw error;
      const line = state.lines.get(error) ?? block.at.line;
      throw new OracleError(error.number, `${error.message}\nORA-06512: at line ${line}`, error.offset);
    }
  };
}

class BlockCompiler {
  private loops = 0;

  constructor(
    private readonly host: BlockHost,
    private readonly state: RuntimeState,
  ) {}

  block(block: Block, outer: Scope): Run {
    const scope = new BlockScope(outer, this.state);
    const enter = block.declarations.map((declaration) => {
      return this.located(declaration.at, scope.declare(declaration));
    });
    const body = this.statements(block.body, scope);
    const handlers = block.handlers.map((handler, i) => {
      if (handler.names === "OTHERS" && i < block.handlers.length - 1) {
        throw compileError(
          handler.at,
          "PLS-00370: OTHERS handler must be last among the exception handlers of a block",
        );
      }
      const names = handler.names === "OTHERS" ? undefined : handler.names;
      const catches = names ? names.map((name) => this.matcher(name, handler.at, scope)) : [() => true];
      return { catches, run: this.statements(handler.body, scope) };
    });
    return () => {
      // What fails in the declarations is for the surrounding block.
      for (const initialize of enter) initialize();
      try {
        body();
      } catch (error) {
        const handler =
          error instanceof OracleError
            ? handlers.find(({ catches }) => catches.some((matches) => matches(error)))
            : undefined;
        if (!handler) throw error;
        const outerError = this.state.error;
        this.state.error = error as OracleError;
        try {
          handler.run();
        } finally {
          this.state.error = outerError;
        }
      }
    };
  }

  private matcher(name: string[], at: Position, scope: BlockScope): (error: OracleError) => boolean {
    const declared = scope.exception(name);
    const number = declared ? declared.number : name.length === 1 ? predefined[name[0]!] : undefined;
    if (!declared && number === undefined) throw unknownName(name, at, scope);
    return (error) => (error instanceof RaisedException && error.exception === declared) || error.number === number;
  }

  private statements(list: Statement[], scope: BlockScope): Run {
    const runs = list.map((statement) => this.located(statement.at, this.statement(statement, scope)));
    return () => {
      for (const run of runs) run();
    };
  }

  /** Remembers the line of the innermost statement that failed. */
  private located(at: Position, run: Run): Run {
    return () => {
      try {
        run();
      } catch (error) {
        if (error instanceof OracleError && !this.state.lines.has(error)) this.state.lines.set(error, at.line);
        throw error;
      }
    };
  }

  private statement(statement: Statement, scope: BlockScope): Run {
    const { at } = statement;
    switch (statement.kind) {
      case "null":
        return () => {};
      case "assign":
        return this.assignment(statement, scope);
      case "call":
        return this.call(statement, scope);
      case "if": {
        const branches = statement.branches.map(([test, body]) => {
          return { test: compileCondition(test, scope), run: this.statements(body, scope) };
        });
        const otherwise = this.statements(statement.otherwise, scope);
        return () => (branches.find((branch) => branch.test())?.run ?? otherwise)();
      }
      case "loop": {
        const condition = statement.condition && compileCondition(statement.condition, scope);
        const body = this.loopBody(statement.body, scope);
        return () => {
          while ((!condition || condition()) && body());
        };
      }
      case "forRange":
        return this.rangeLoop(statement, scope);
      case "forQuery": {
        const query = this.embedded(at, () => compileQuery(statement.query, sqlScope(scope)));
        const inner = new BlockScope(scope, this.state);
        const setRow = inner.declareRecord(statement.name, query.columns);
        const body = this.loopBody(statement.body, inner);
        return () => {
          query.run().every((row) => {
            setRow(row);
            return body();
          });
        };
      }
      case "leave": {
        const { how } = statement;
        if (how !== "return" && this.loops === 0) {
          throw compileError(at, `PLS-00376: illegal ${how.toUpperCase()} statement; it must appear inside a loop`);
        }
        const when = statement.when && compileCondition(statement.when, scope);
        return () => {
          if (!when || when()) throw new Leave(how);
        };
      }
      case "raise":
        return this.raise(statement, scope);
      case "selectInto":
        return this.selectInto(statement, scope);
      case "executeImmediate":
        return this.executeImmediate(statement, scope);
      case "transaction": {
        const { transaction } = this.host.environment.session;
        return () => transaction.control(statement.statement);
      }
      case "modify":
        return this.embedded(statement.statement.at, () =>
          refuseModification(statement.statement.path, this.host.environment),
        );
      case "block":
        return this.block(statement.block, scope);
    }
  }

  private assignment({ target, value }: Statement & { kind: "assign" }, scope: BlockScope): Run {
    const elements = target.kind === "name" ? scope.collection(target.path) : undefined;
    if (elements) {
      const collection = compileCollection(value, scope);
      if (!collection) throw compileError(target.at, "PLS-00382: expression is of wrong type");
      return () => replace(elements, collection());
    }
    const source = compile(value, scope);
    const assign = scope.target(target, source);
    return () => assign(source.evaluate());
  }

  private call({ path, arguments: given, at }: Statement & { kind: "call" }, scope: BlockScope): Run {
    const name = path.join(".");
    if (name === "RAISE_APPLICATION_ERROR") {
      if (given.length < 2 || given.length > 3 || given.some((argument) => argument.name !== undefined)) {
        throw compileError(at, `PLS-00306: wrong number or types of arguments in call to '${name}'`);
      }
      const [number, text] = given.map((argument) => compile(argument.value, scope)) as [Typed, Typed];
      return () => raiseApplicationError(number.evaluate(), text.evaluate());
    }
    const elements = path.length === 2 && path[1] === "DELETE" ? scope.collection(path.slice(0, 1)) : undefined;
    if (elements) {
      if (given.length > 0) throw unsupported("DELETE of single elements", at);
      return () => elements.clear();
    }
    if (scope.lookup(path, at)) throw compileError(at, `PLS-00221: '${name}' is not a procedure or is undefined`);
    return compileProcedure(path, given, at, scope);
  }

  private loopBody(body: Statement[], scope: BlockScope): () => boolean {
    this.loops += 1;
    const run = this.statements(body, scope);
    this.loops -= 1;
    return () => {
      this.state.step();
      try {
        run();
      } catch (error) {
        if (error instanceof Leave && error.how === "exit") return false;
        if (!(error instanceof Leave && error.how === "continue")) throw error;
      }
      return true;
    };
  }

  private rangeLoop({ name, reverse, low, high, body, at }: Statement & { kind: "forRange" }, scope: BlockScope): Run {
    const bounds = [low, high].map((bound) => {
      const compiled = compile(bound, scope);
      checkAssignable("NUMBER", compiled.type, at);
      return () => {
        const value = toNumber(compiled.evaluate(), true);
        if (!value) throw ora(6502, "PL/SQL: numeric or value error");
        return truncate(value);
      };
    }) as [() => number, () => number];
    const inner = new BlockScope(scope, this.state);
    const setIndex = inner.declareIndex(name);
    const run = this.loopBody(body, inner);
    return () => {
      const [first, last] = [bounds[0](), bounds[1]()];
      for (let i = 0; i <= last - first; i++) {
        setIndex(reverse ? last - i : first + i);
        if (!run()) break;
      }
    };
  }

  private raise({ path, at }: Statement & { kind: "raise" }, scope: BlockScope): Run {
    if (!path) {
      return () => {
        throw this.state.error ?? ora(6510, "PL/SQL: unhandled user-defined exception");
      };
    }
    const exception = scope.exception(path);
    const number = exception ? undefined : path.length === 1 ? predefined[path[0]!] : undefined;
    if (!exception && number === undefined) throw unknownName(path, at, scope);
    return () => {
      throw exception ? new RaisedException(exception) : ora(number!, path[0]!.toLowerCase().replaceAll("_", " "));
    };
  }

  private selectInto({ query, into, at }: Statement & { kind: "selectInto" }, scope: BlockScope): Run {
    const compiled = this.embedded(at, () => compileQuery(query, sqlScope(scope)));
    if (compiled.columns.length !== into.length) {
      throw compileError(at, "PLS-00394: wrong number of values in the INTO list of a FETCH statement");
    }
    const targets = into.map((target, i) => scope.target(target, { ...compiled.columns[i]!, evaluate: () => null }));
    return () => fetchOne(compiled.run(2), targets);
  }

  private executeImmediate(statement: Statement & { kind: "executeImmediate" }, scope: BlockScope): Run {
    const sql = compile(statement.sql, scope);
    checkAssignable("VARCHAR2", sql.type, statement.at);
    const using = statement.using.map((value: Expression) => compile(value, scope));
    const targets = statement.into.map((target) => scope.target(target));
    return () => {
      const text = toText(sql.evaluate()) ?? "";
      const result = this.host.execute(
        text,
        using.map((value) => value.evaluate()),
      );
      if (targets.length === 0) return;
      if (result.kind !== "query" || result.columns.length !== targets.length)
        throw ora(1007, "variable not in select list");
      fetchOne(result.rows, targets);
    };
  }

  /** Reports an error of a SQL statement as the PL/SQL compiler does. */
  private embedded<T>(at: Position, compileSql: () => T): T {
    try {
      return compileSql();
    } catch (error) {
      if (!(error instanceof OracleError) || error.number === 6550) throw error;
      const where = error.offset > at.offset ? positionOf(this.host.sql, error.offset) : at;
      throw compileError(where, `PL/SQL: ${error.message}`);
    }
  }
}

function positionOf(sql: string, offset: number): Position {
  const before = sql.slice(0, offset).split("\n");
  return { offset, line: before.length, column: before.at(-1)!.length + 1 };
}

/** Inside SQL, after the columns, names mean what they mean in the block. */
function sqlScope(scope: BlockScope): Scope {
  return {
    environment: scope.environment,
    plsql: false,
    lookup: (path, at) => scope.lookup(path, at),
    collection: (path) => scope.collection(path),
    commonTable: () => undefined,
    aggregate: outermost(scope.environment).aggregate,
  };
}

function fetchOne(rows: Value[][], targets: ((value: Value) => void)[]): void {
  const [row, ...more] = rows;
  if (!row) throw ora(1403, "no data found");
  if (more.length > 0) throw ora(1422, "exact fetch returns more than requested number of rows");
  for (const [i, assign] of targets.entries()) assign(row[i]!);
}

function raiseApplicationError(number: Value, text: Value): never {
  const code = toNumber(number, true);
  const value = code ? truncate(code) : 0;
  if (value < -20999 || value > -20000) {
    throw ora(21000, `error number argument to raise_application_error of ${value} is out of range`);
  }
  throw ora(-value, (toText(text) ?? "").slice(0, 2048));
}

/** There are no tables of the user's own, and what ORDS shows is for reading. */
export function refuseModification(path: string[], environment: Environment): never {
  throw environment.relation(path) ? ora(1031, "insufficient privileges") : ora(942, "table or view does not exist");
}
