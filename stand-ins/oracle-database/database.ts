/** What the Oracle Net server (`net/`) needs from a database; the SQL engine (`engine/`) implements it. */

/**
 * A SQL value.
 *
 * - `null`: NULL, and the empty string, which is the same thing.
 * - `string`: VARCHAR2, CHAR, CLOB.
 * - `boolean`: PL/SQL BOOLEAN.
 * - `Date`: DATE and TIMESTAMP. They have no time zone: the wall-clock time stands in the UTC fields.
 * - `Buffer`: RAW.
 */
export type Value = null | string | boolean | Date | Buffer | OracleNumber;

/** A NUMBER. It travels as decimal text, wrapped so that it is not mistaken for a string. */
export interface OracleNumber {
  /** Plain decimal (`"-12.5"`) or scientific (`"1e20"`) notation. */
  readonly number: string;
}

/** One column of a query, as it is described to the client. */
export interface Column {
  readonly name: string;
  readonly type: "VARCHAR2" | "NUMBER" | "DATE" | "TIMESTAMP" | "CLOB" | "RAW";
  /** Largest length in bytes of VARCHAR2 and RAW, 1 to 32767; not used for the other types. */
  readonly size: number;
  readonly nullable: boolean;
}

/** What a statement gave. */
export type Result =
  | { kind: "query"; columns: Column[]; rows: Value[][] }
  | { kind: "dml"; rowCount: number }
  /** `out`: one entry per bind position; `undefined` = the block did not assign it (IN only). */
  | { kind: "plsql"; out: (Value | undefined)[] }
  /** Also ALTER SESSION, SET TRANSACTION, and COMMIT and ROLLBACK as text. */
  | { kind: "ddl" };

/** An error that the client sees as `ORA-number`. */
export class OracleError extends Error {
  /**
   * @param number without the `ORA-` prefix
   * @param message starts with `ORA-nnnnn: `; may have more lines (an error stack)
   * @param offset 0-based position in the SQL text
   */
  constructor(
    readonly number: number,
    message: string,
    readonly offset = 0,
  ) {
    super(message);
    this.name = "OracleError";
  }
}

/** One session of one user. Calls never overlap. */
export interface Session {
  /** True while uncommitted work exists. */
  readonly inTransaction: boolean;
  readonly user: string;
  /**
   * Runs one statement with positional binds: one per distinct name in PL/SQL, one per occurrence in SQL.
   *
   * @throws OracleError; then the statement changed nothing
   */
  execute(sql: string, binds: Value[]): Result;
  /** Bind names in positional order, as Oracle counts them for this statement. */
  bindNames(sql: string): string[];
  commit(): void;
  rollback(): void;
  /** Ends the session and rolls back. */
  close(): void;
}

/** A database user. */
export interface Account {
  readonly name: string;
  readonly password: string;
  /** Told at the logon, which succeeds: ORA-28002, for example. @default - none */
  readonly warning?: OracleError;
}

export interface Database {
  /** Names that a client may ask for as SERVICE_NAME or SID; the first one is the default. */
  readonly serviceNames: readonly string[];
  /** `undefined` when there is no such user. `userName` is upper case unless it was quoted. */
  account(userName: string): Account | undefined;
  /**
   * Opens a session. `proxyClient` is the schema in `user[schema]`.
   *
   * @throws OracleError, for example ORA-28150 when the user may not connect as that schema
   */
  openSession(userName: string, proxyClient?: string): Session;
}
