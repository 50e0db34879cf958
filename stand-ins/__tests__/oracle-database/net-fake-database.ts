import type oracledb from "oracledb";
import {
  type Account,
  type Database,
  OracleError,
  type Result,
  type Session,
  type Value,
} from "../../oracle-database/database";
import { type OracleDatabaseOptions, startOracleDatabase } from "../../oracle-database/server";

type Answer = (sql: string, binds: Value[], session: FakeSession) => Result;

/** A session that keeps a list of what it was asked. */
export class FakeSession implements Session {
  inTransaction = false;
  readonly log: string[] = [];

  constructor(
    readonly user: string,
    private readonly answer: Answer,
  ) {}

  execute(sql: string, binds: Value[]): Result {
    this.log.push(sql);
    return /^alter session/i.test(sql) ? { kind: "ddl" } : this.answer(sql, binds, this);
  }

  bindNames(sql: string): string[] {
    const names = sql.match(/:\w+/g) ?? [];
    return /^(begin|declare|call)/i.test(sql) ? [...new Set(names)] : names;
  }

  commit(): void {
    this.log.push("<commit>");
    this.inTransaction = false;
  }

  rollback(): void {
    this.log.push("<rollback>");
    this.inTransaction = false;
  }

  close(): void {
    this.log.push("<close>");
  }
}

export class FakeDatabase implements Database {
  readonly serviceNames = ["FREEPDB1", "FREE"];
  readonly sessions: FakeSession[] = [];

  constructor(private readonly answer: Answer) {}

  account(name: string): Account | undefined {
    return ["SCOTT", "Mixed", "GATEWAY"].includes(name) ? { name, password: "tiger-Ünïcode" } : undefined;
  }

  openSession(userName: string, proxyClient?: string): Session {
    if (proxyClient !== undefined && userName !== "GATEWAY") {
      throw new OracleError(28150, "ORA-28150: proxy not authorized to connect as client");
    }
    const session = new FakeSession(proxyClient ?? userName, this.answer);
    this.sessions.push(session);
    return session;
  }
}

export const credentials = { user: "scott", password: "tiger-Ünïcode" };

/** Waits for what happens without an event to wait for; the limit of the test ends it when it does not. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

type Driver = Pick<typeof oracledb, "getConnection">;

/** Starts a server on a fake database and runs `work` with a connection of the real driver; closes both. */
export const connectingWith =
  (driver: Driver) =>
  async (
    answer: Answer,
    work: (connection: oracledb.Connection, database: FakeDatabase, connectString: string) => Promise<void>,
    options?: OracleDatabaseOptions,
  ): Promise<void> => {
    const database = new FakeDatabase(answer);
    const server = await startOracleDatabase(database, options);
    try {
      const connection = await driver.getConnection({ ...credentials, connectString: server.connectString });
      try {
        await work(connection, database, server.connectString);
      } finally {
        // Some tests lose the connection on purpose.
        if (connection.isHealthy()) await connection.close();
      }
    } finally {
      await server.close();
    }
  };
