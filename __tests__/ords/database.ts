import type { Session } from "@ords-jwt/stand-ins/oracle-database";
import {
  createDatabase,
  type DatabaseOptions,
  type OracleDatabaseOptions,
  startOracleDatabase,
} from "@ords-jwt/stand-ins/oracle-database";
import oracledb from "oracledb";
import type { ApplyOptions, Outcome } from "../../ords/database/apply";
import { readActual } from "../../ords/database/read";
import type { Privilege, Profile } from "../../ords/model";
import { type Entry, entry, type Plan } from "../../ords/plan/entries";
import { blocksOf } from "../../ords/sql/blocks";
import { callsOf } from "../../ords/sql/calls";
import { ownPackages } from "../../ords/version";

const { ORDS_JWT_TEST_CONNECT_STRING, ORDS_JWT_TEST_USER, ORDS_JWT_TEST_PASSWORD } = process.env;

/** A real database, when the variables are set. The user is a schema for tests: whatever ORDS holds for it is deleted. */
const real =
  ORDS_JWT_TEST_CONNECT_STRING && ORDS_JWT_TEST_USER && ORDS_JWT_TEST_PASSWORD
    ? { connectString: ORDS_JWT_TEST_CONNECT_STRING, user: ORDS_JWT_TEST_USER, password: ORDS_JWT_TEST_PASSWORD }
    : undefined;

export const schema = real?.user.toUpperCase() ?? "HELLO";

export interface TestDatabase {
  readonly connectString: string;
  connect(user?: string): Promise<oracledb.Connection>;
  close(): Promise<void>;
}

/** Modules that the tests protect. */
export const moduleNames = ["m1", "m2", "m3", "hello"];

/** The stand-in, over the driver; its users' passwords are their names. */
export async function startStandIn(
  options: Partial<DatabaseOptions> = {},
  server: OracleDatabaseOptions = {},
  onSession: (session: Session) => void = () => {},
): Promise<TestDatabase> {
  const users = [
    { name: schema, password: schema },
    { name: "OTHER", password: "OTHER" },
    { name: "ADMIN", password: "ADMIN", roles: ["ORDS_ADMINISTRATOR_ROLE"] },
  ];
  const engine = createDatabase({ users, ...options });
  const openSession: typeof engine.openSession = (...who) => {
    const session = engine.openSession(...who);
    onSession(session);
    return session;
  };
  const { connectString, close } = await startOracleDatabase({ ...engine, openSession }, server);
  return {
    connectString,
    connect: (user = schema) => oracledb.getConnection({ user, password: user, connectString }),
    close,
  };
}

/** The real database, or else the stand-in. */
export async function startDatabase(): Promise<TestDatabase> {
  if (!real) return startStandIn();
  return { connectString: real.connectString, connect: () => oracledb.getConnection(real), close: async () => {} };
}

/** Makes the schema hold the modules and nothing else. Roles stay: gives back what {@link seed} needs to know of them. */
export async function reset(connection: oracledb.Connection) {
  await connection.rollback();
  const { privileges, modules, basePath, profile, roles, ordsVersion } = await readActual(connection);
  const calls = [
    ...(basePath === null ? ["ORDS.ENABLE_SCHEMA;"] : []),
    ...(profile === null ? [] : ["ORDS_SECURITY.DELETE_JWT_PROFILE;"]),
    ...privileges.filter(isMade).map(({ name }) => `ORDS.DELETE_PRIVILEGE('${name.replaceAll("'", "''")}');`),
    ...modules.map(({ name }) => `ORDS.DELETE_MODULE('${name}');`),
    ...moduleNames.map((name) => `ORDS.DEFINE_MODULE('${name}', '/${name}/');`),
  ];
  await connection.execute(`BEGIN ${calls.join(" ")} COMMIT; END;`);
  return { roles: roles.filter((name) => isMade({ name })), ordsVersion };
}

/** Puts privileges and a profile into the schema, as somebody else would. */
export async function seed(
  connection: oracledb.Connection,
  { privileges = [], profile = null }: { privileges?: readonly Privilege[]; profile?: Profile | null },
  known?: { roles: readonly string[]; ordsVersion: string },
): Promise<void> {
  const { ordsVersion, roles } = known ?? (await readActual(connection));
  const entries: Entry[] = [
    ...new Set(privileges.flatMap((privilege) => privilege.roles).filter((role) => !roles.includes(role))),
  ].map((role) => entry("role", role, { before: null, after: {} }));
  for (const privilege of privileges)
    entries.push(entry("privilege", privilege.name, { before: null, after: privilege }));
  if (profile) entries.push(entry("JWT profile", schema, { before: null, after: profile }));
  const plan = { entries, packages: ownPackages(ordsVersion) } as unknown as Plan;
  for (const { plsql, binds } of blocksOf(callsOf(plan))) await connection.execute(plsql, { ...binds });
  await connection.commit();
}

/** What the schema holds about tokens, as it can be compared. */
export async function stateOf(connection: oracledb.Connection) {
  const { profile, privileges, modules } = await readActual(connection);
  return { profile, privileges: privileges.filter(isMade), modules };
}

/** An enabled schema has privileges of ORDS itself, for AutoREST and SODA. */
function isMade({ name }: { readonly name: string }): boolean {
  return !name.startsWith("oracle.");
}

/** A run that keeps what it was shown and what it saved. */
export function watched(options: Partial<ApplyOptions> & { sampleApi?: boolean } = {}) {
  const seen: { plan?: Plan; undo?: string } = {};
  const run = {
    show: (plan: Plan) => {
      seen.plan = plan;
    },
    save: (undo: string) => {
      seen.undo = undo;
    },
    ...options,
  };
  return { run, seen };
}

export async function failureOf(work: Promise<Outcome>): Promise<Error> {
  const outcome = await work.catch((error: Error) => error);
  if (outcome instanceof Error) return outcome;
  throw new Error("expected it to fail");
}
