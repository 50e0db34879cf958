import { createDatabase, startOracleDatabase } from "@ords-jwt/stand-ins/oracle-database";
import oracledb from "oracledb";
import { register } from "../ords/database/apply";
import type { Desired } from "../ords/model";
import { desiredState } from "../ords/plan/desired";

const user = { user: "HR", password: "hr" };

/** A statement as the driver was given it. */
export interface Statement {
  readonly sql: string;
  readonly binds: oracledb.BindParameters;
  readonly options: oracledb.ExecuteOptions;
}

/** A stand-in database with one REST-enabled schema, which counts what it is sent. */
export class Schema {
  requests = 0;

  private constructor(readonly database: Awaited<ReturnType<typeof startOracleDatabase>>) {}

  static async start(): Promise<Schema> {
    let schema: Schema | undefined;
    const engine = createDatabase({ users: [{ name: user.user, password: user.password }] });
    const onRequest = () => {
      if (schema) schema.requests += 1;
      return undefined;
    };
    schema = new Schema(await startOracleDatabase(engine, { onRequest }));
    await schema.with((connection) => connection.execute("BEGIN ORDS.ENABLE_SCHEMA; COMMIT; END;"));
    return schema;
  }

  get port(): number {
    return Number(/:(\d+)\//.exec(this.database.connectString)?.[1]);
  }

  /** Logs in for the length of some work; through another port, if one is given. */
  async with<T>(work: (connection: oracledb.Connection) => Promise<T>, port = this.port): Promise<T> {
    const connectString = this.database.connectString.replace(/:\d+\//, `:${port}/`);
    const connection = await oracledb.getConnection({ ...user, connectString });
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  }

  /** Registers as the command does. @returns what it had the driver execute */
  async register(desired: Desired, port?: number): Promise<Statement[]> {
    return this.with(async (connection) => {
      const statements: Statement[] = [];
      const { execute } = connection;
      Object.assign(connection, {
        execute: (sql: string, binds: oracledb.BindParameters = {}, options: oracledb.ExecuteOptions = {}) => {
          statements.push({ sql, binds, options });
          return Reflect.apply(execute, connection, [sql, binds, options]);
        },
      });
      await register(connection, desired, { show: () => {}, save: () => {} });
      return statements;
    }, port);
  }
}

/** What a stack with so many scopes wants. @param label of each, in which two may differ */
export function desired(count: number, label: string): Desired {
  const domainUrl = "https://idcs.example.com:443";
  return desiredState({
    version: 1,
    stack: "bench",
    schema: "HR",
    profile: {
      issuer: "https://identity.oraclecloud.com/",
      audience: "https://hr.example.com/",
      jwkUrl: `${domainUrl}/admin/v1/SigningCert/jwk`,
      description: "Tokens of the bench",
    },
    privileges: Array.from({ length: count }, (_, index) => ({
      name: `hr.scope${index}`,
      label,
      description: "Call this part of the API",
      roles: [],
      modules: [],
      patterns: [`/part${index}`, `/part${index}/*`],
    })),
    client: {
      clientId: "bench",
      domainUrl,
      tokenEndpoint: `${domainUrl}/oauth2/v1/token`,
      authorizationEndpoint: `${domainUrl}/oauth2/v1/authorize`,
      grants: [],
      redirectUris: [],
      scopes: [],
    },
    users: [],
  });
}
