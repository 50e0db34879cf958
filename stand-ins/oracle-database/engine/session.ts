import { OracleError, type Result, type Session, type Value } from "../database";
import { ora, unsupported } from "./errors";
import { PackageCatalog } from "./packages";
import { compileBlock, refuseModification } from "./plsql";
import { compileQuery } from "./query";
import { type Bind, type Environment, outermost, type RelationColumn } from "./scope";
import type { DatabaseContext, SessionContext } from "./session-context";
import { type ParsedStatement, parsed } from "./shared-pool";
import { type SessionSetting, SqlParser } from "./sql-parser";
import { Transaction } from "./store";
import { isPlsql } from "./tokens";
import { ViewCatalog } from "./views";

export interface SessionOptions {
  readonly user: string;
  readonly roles: readonly string[];
  readonly proxyUser?: string;
}

/** Statements that Oracle has and this engine does not. */
const known = new Set(
  "ALTER ANALYZE AUDIT COMMENT CREATE DROP EXPLAIN FLASHBACK GRANT LOCK NOAUDIT PURGE RENAME REVOKE SET TRUNCATE".split(
    " ",
  ),
);

export class DatabaseSession implements Session {
  private readonly context: SessionContext;
  private readonly packages: PackageCatalog;
  private readonly views: ViewCatalog;
  private open = true;

  constructor(database: DatabaseContext, options: SessionOptions) {
    const transaction = new Transaction(database.store);
    const output = { enabled: false, lines: [], partial: "" };
    const clientContext = new Map<string, string>();
    this.context = { ...options, database, transaction, output, clientContext, currentSchema: options.user };
    this.packages = new PackageCatalog(this.context);
    this.views = new ViewCatalog(this.context, this.packages);
  }

  get inTransaction(): boolean {
    return this.context.transaction.active;
  }

  get user(): string {
    return this.context.user;
  }

  execute(sql: string, binds: Value[]): Result {
    if (!this.open) throw ora(1012, "not logged on");
    const { transaction } = this.context;
    const mark = transaction.mark();
    try {
      return this.run(sql, binds);
    } catch (error) {
      // A statement that fails has done nothing, however far it came.
      transaction.rollbackTo(mark);
      throw error;
    }
  }

  bindNames(sql: string): string[] {
    return parsed(sql).bindNames;
  }

  commit(): void {
    this.context.transaction.commit();
  }

  rollback(): void {
    this.context.transaction.rollback();
  }

  close(): void {
    this.rollback();
    this.open = false;
  }

  private run(sql: string, values: Value[]): Result {
    const statement = parsed(sql);
    const { tokens, bindNames: names } = statement;
    if (values.length < names.length) throw ora(1008, "not all variables bound");
    if (values.length > names.length) throw ora(1006, "bind variable does not exist");
    const binds = values.map((value): Bind => ({ value, assigned: false }));
    const environment: Environment = {
      session: this.context,
      packages: this.packages,
      binds,
      relation: (path) => this.views.open(path),
    };
    if (isPlsql(tokens)) return this.runBlock(sql, statement, environment);
    return this.runSql(statement, environment);
  }

  private runBlock(sql: string, { block }: ParsedStatement, environment: Environment): Result {
    const execute = (text: string, values: Value[]) => this.execute(text, values);
    compileBlock(block, { sql, environment, execute })();
    return { kind: "plsql", out: environment.binds.map((bind) => (bind.assigned ? bind.value : undefined)) };
  }

  private runSql(statement: ParsedStatement, environment: Environment): Result {
    const { tokens } = statement;
    const first = tokens[0]!;
    const word = first.kind === "word" || first.kind === "symbol" ? first.text : "";
    if (word === "SELECT" || word === "WITH" || word === "(") {
      const query = compileQuery(statement.query, outermost(environment));
      return { kind: "query", columns: query.columns.map(describe), rows: query.run() };
    }
    const parser = new SqlParser(tokens);
    const transaction = parser.wholeTransactionStatement();
    if (transaction) {
      this.context.transaction.control(transaction);
      return { kind: "ddl" };
    }
    const settings = parser.alterSession();
    if (settings) {
      for (const setting of settings) this.alter(setting);
      return { kind: "ddl" };
    }
    const modification = parser.modification();
    if (modification) return refuseModification(modification.path, environment);
    if (known.has(word)) throw unsupported(parser.opening().toUpperCase());
    throw ora(900, "invalid SQL statement", first.offset);
  }

  private alter({ name, value }: SessionSetting): void {
    const { database } = this.context;
    if (name === "CURRENT_SCHEMA") {
      const known = database.userNames.includes(value) || (database.ords !== undefined && value === "ORDS_METADATA");
      if (!known) throw ora(1435, "user does not exist");
      this.context.currentSchema = value;
      return;
    }
    // NLS settings change how dates and numbers become text; machines ask for explicit formats.
    if (!name.startsWith("NLS_") && name !== "TIME_ZONE") throw ora(2248, `invalid option for ALTER SESSION: ${name}`);
  }
}

function describe({ name, type, size, nullable }: RelationColumn) {
  if (type === "BOOLEAN") throw new OracleError(932, "ORA-00932: inconsistent datatypes: expected a value got BOOLEAN");
  return { name, type: type === "NULL" ? ("VARCHAR2" as const) : type, size, nullable };
}
