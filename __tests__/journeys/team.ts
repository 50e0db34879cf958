import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCertificateAuthority } from "@ords-jwt/stand-ins/certificates";
import type { OciOptions } from "@ords-jwt/stand-ins/oci";
import { createDatabase, type OracleDatabaseOptions, startOracleDatabase } from "@ords-jwt/stand-ins/oracle-database";
import { startOrds } from "@ords-jwt/stand-ins/ords";
import oracledb from "oracledb";
import type { EnvironmentInput } from "../../config/environment";
import { readActual } from "../../ords/database/read";
import { type Ran, type RunOptions, runInProcess } from "../scripts/in-process";
import { Stack } from "./lifecycle";
import { synthesizedOnce } from "./synthesized-once";

export interface TeamOptions {
  /** How many environments share the domain of the first, `dev`; each has a schema of its own. */
  readonly sharing: number;
  /** How many databases the schemas are in, one after the other. @default 1 */
  readonly databases?: number;
  /** Whether only the first command synthesizes, as no environment changes. @default false */
  readonly synthesizedOnce?: boolean;
  readonly oci?: Partial<OciOptions>;
  /** What is to be otherwise with a database, by its number from 0. */
  readonly database?: (number: number) => OracleDatabaseOptions;
}

/**
 * A project of several environments, `dev` and `api-01`, `api-02`, ... in its domain. Terraform is real; its provider, OCI, the databases and the
 * gateways are served from the test's own process, and commands run in it.
 */
export class Team {
  private constructor(
    private readonly stack: Stack,
    readonly names: readonly string[],
    private readonly connections: ReadonlyMap<string, oracledb.ConnectionAttributes>,
    readonly environment: NodeJS.ProcessEnv,
    private readonly closing: readonly (() => Promise<void>)[],
  ) {}

  static async open({ sharing, databases = 1, synthesizedOnce: once, oci, database }: TeamOptions): Promise<Team> {
    const stack = await Stack.open(oci);
    if (once) synthesizedOnce(stack.project);
    const authority = await createCertificateAuthority();
    const { env } = stack.place(authority.certPem);
    const names = [
      "dev",
      ...Array.from({ length: sharing }, (_, index) => `api-${String(index + 1).padStart(2, "0")}`),
    ];
    const closing: (() => Promise<void>)[] = [() => stack.close()];
    const connections = new Map<string, oracledb.ConnectionAttributes>();
    const folder = join(stack.project, "environments");
    rmSync(folder);
    mkdirSync(folder);
    for (let number = 0; number < databases; number++) {
      const own = names.filter((_, index) => index % databases === number);
      const users = own.map((name) => ({ name: schemaOf(name), password: `of-${name}`, connectThrough: true }));
      const gateway = { name: "ORDS_PUBLIC_USER", password: "of-the-gateway", roles: ["ORDS_ADMINISTRATOR_ROLE"] };
      const server = await startOracleDatabase(createDatabase({ users: [...users, gateway] }), database?.(number));
      const { connectString } = server;
      const ords = await startOrds({
        tls: await authority.issue(),
        ca: readFileSync(String(env.NODE_EXTRA_CA_CERTS), "utf8"),
        metadataCacheMillis: 0,
        connection: { user: gateway.name, password: gateway.password, connectString },
      });
      closing.push(
        () => ords.close(),
        () => server.close(),
      );
      for (const name of own) {
        const user = schemaOf(name);
        connections.set(name, { user, password: `of-${name}`, connectString });
        await publish(connections.get(name)!);
        const input = environmentOf(name, {
          connectString,
          apiUrl: `${ords.url}/${user.toLowerCase()}/hello/me`,
        });
        writeFileSync(join(folder, `${name}.ts`), `export default ${JSON.stringify(input, undefined, 2)};\n`);
      }
    }
    const passwords = names.map((name) => [variableOf(name), `of-${name}`] as const);
    const environment = {
      ...env,
      NO_PROXY: "localhost,127.0.0.1",
      ...Object.fromEntries(passwords),
    };
    return new Team(stack, names, connections, environment, closing);
  }

  get bench() {
    return this.stack.bench;
  }

  get project() {
    return this.stack.project;
  }

  /** Runs `ords-jwt` to its end, in this process: one at a time. */
  run(
    args: readonly string[],
    { env, ...options }: RunOptions & { readonly env?: NodeJS.ProcessEnv } = {},
  ): Promise<Ran> {
    return runInProcess(args, { ...options, cwd: this.project, env: { ...this.environment, ...env } });
  }

  /** The same, which must end with exit code 0. @returns standard output */
  async ok(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args);
    if (code !== 0) throw new Error(`ords-jwt ${args.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** What a schema holds. */
  schema(name: string) {
    return withConnection(this.connections.get(name)!, (connection) => readActual(connection, schemaOf(name)));
  }

  /** What somebody does by hand in the schema of an environment. */
  async sql(name: string, block: string): Promise<void> {
    await withConnection(this.connections.get(name)!, (connection) => connection.execute(block));
  }

  async close(): Promise<void> {
    for (const close of [...this.closing].reverse()) await close();
  }
}

async function withConnection<T>(
  attributes: oracledb.ConnectionAttributes,
  work: (connection: oracledb.Connection) => Promise<T>,
): Promise<T> {
  const connection = await oracledb.getConnection(attributes);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** An API that nobody protects yet. */
async function publish(attributes: oracledb.ConnectionAttributes): Promise<void> {
  const block = `BEGIN
       ORDS.ENABLE_SCHEMA;
       ORDS.DEFINE_MODULE(p_module_name => 'hello', p_base_path => '/hello/');
       ORDS.DEFINE_TEMPLATE(p_module_name => 'hello', p_pattern => 'me');
       ORDS.DEFINE_HANDLER(p_module_name => 'hello', p_pattern => 'me', p_method => 'GET',
         p_source_type => 'json/item', p_source => 'SELECT ''Hello '' || :current_user AS greeting FROM dual');
       COMMIT;
     END;`;
  await withConnection(attributes, (connection) => connection.execute(block));
}

function schemaOf(name: string): string {
  return name.toUpperCase().replace("-", "_");
}

function variableOf(name: string): string {
  return `PASSWORD_OF_${schemaOf(name)}`;
}

function environmentOf(
  name: string,
  { connectString, apiUrl }: { readonly connectString: string; readonly apiUrl: string },
): EnvironmentInput {
  return {
    region: "eu-frankfurt-1",
    ...(name === "dev"
      ? { domain: { compartmentOcid: "ocid1.compartment.oc1..test", displayName: "shared" } }
      : { existingDomain: { environment: "dev" } }),
    app: {
      displayName: `hello-${name}`,
      audience: `https://${name}.example.com/`,
      scopes: [{ value: "hello.read", displayName: "Read greetings", modules: ["hello"] }],
      grants: ["client_credentials"],
    },
    apiUrl,
    database: {
      schema: schemaOf(name),
      passwordVariable: variableOf(name),
      connection: { user: schemaOf(name), connectString },
    },
  };
}
