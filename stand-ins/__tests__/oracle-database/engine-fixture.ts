import { type Database, OracleError, type Session, type Value } from "../../oracle-database/database";
import { createDatabase, type DatabaseOptions } from "../../oracle-database/engine";

/** HR and SH are schemas, ADMIN may use the *_ADMIN packages, ORDS_PUBLIC_USER may proxy to HR. */
export function database(options: Partial<DatabaseOptions> = {}): Database {
  return createDatabase({
    users: [
      { name: "HR", password: "hr", connectThrough: true },
      { name: "SH", password: "sh" },
      { name: "ADMIN", password: "admin", roles: ["ORDS_ADMINISTRATOR_ROLE"] },
      { name: "ORDS_PUBLIC_USER", password: "ords" },
    ],
    ...options,
  });
}

/** A session of HR, in a database of its own. */
export function hr(options: Partial<DatabaseOptions> = {}): Session {
  return database(options).openSession("HR");
}

/** The same with HR enabled, one module "m1", one role "r1", committed. */
export function enabledHr(options: Partial<DatabaseOptions> = {}): Session {
  const session = hr(options);
  prepare(session);
  return session;
}

export function prepare(session: Session): void {
  block(session, "ords.enable_schema; ords.define_module('m1', '/m1/'); ords.create_role('r1'); commit;");
}

/** Runs statements as a block. */
export function block(session: Session, statements: string, ...binds: Input[]): Output[] {
  const result = session.execute(`BEGIN ${statements} END;`, binds.map(toValue));
  if (result.kind !== "plsql") throw new Error(`expected a block, got ${result.kind}`);
  return result.out.map((value) => (value === undefined ? undefined : fromValue(value)));
}

/** Evaluates one PL/SQL expression. */
export function evaluate(session: Session, expression: string): Output {
  return block(session, `:result := ${expression};`, null)[0];
}

/** Rows of a query; NUMBER as a JavaScript number. */
export function rows(session: Session, sql: string, ...binds: Input[]): Output[][] {
  const result = session.execute(sql, binds.map(toValue));
  if (result.kind !== "query") throw new Error(`expected a query, got ${result.kind}`);
  return result.rows.map((row) => row.map(fromValue));
}

/** The only value of a query, or one expression of SQL. */
export function value(session: Session, expression: string, ...binds: Input[]): Output {
  return rows(session, `SELECT ${expression} FROM dual`, ...binds)[0]?.[0];
}

/** First line of the ORA- error that this raises. */
export function refusal(run: () => unknown): string {
  return fullError(run).message.split("\n", 1)[0]!;
}

/** The compile error inside ORA-06550. */
export function compileRefusal(run: () => unknown): string {
  const [first, second] = fullError(run).message.split("\n");
  expect(first).toMatch(/^ORA-06550: line \d+, column \d+:$/);
  return second!;
}

export function fullError(run: () => unknown): OracleError {
  try {
    run();
  } catch (error) {
    if (error instanceof OracleError) return error;
    throw error;
  }
  throw new Error("expected an ORA- error, but it succeeded");
}

type Input = Value | number;
type Output = string | number | boolean | null | Date | Buffer | undefined;

function toValue(input: Input): Value {
  return typeof input === "number" ? { number: String(input) } : input;
}

function fromValue(output: Value): Output {
  return typeof output === "object" && output !== null && "number" in output ? Number(output.number) : output;
}
