import type oracledb from "oracledb";
import { Failure } from "../../errors";
import type { Actual, SeenProfile } from "../model";
import { byName, sorted } from "../plan/desired";
import { administratorViews, ownViews, type Views } from "../sql/views";
import { administratorPackages, hasRoleClaim, ownPackages } from "../version";
import { isDriverError } from "./errors";

/** This session may not read what it has to. */
export class AccessError extends Failure {
  readonly code = "no-access";
}

export type Row = Record<string, unknown>;

/** Who is logged in, and to which ORDS. */
export type Login = Pick<Actual, "user" | "ordsVersion">;

// All columns of the profile: which ones there are differs by version, and only ISSUER is certain.
const profileQuery = ({ owned }: Views) => `SELECT * FROM ${owned("jwt_profile")}`;

// All the rest in one query, since each costs a round trip; what a row is about stands in KIND.
const contentQuery = ({ owned, ofPrivileges, schemas }: Views) => `
  SELECT 'privilege' AS kind, NULL AS owner, name, label, description, comments FROM ${owned("privileges")}
  UNION ALL SELECT 'role of', privilege_name, role_name, NULL, NULL, NULL FROM ${ofPrivileges("privilege_roles")}
  UNION ALL SELECT 'module of', privilege_name, module_name, NULL, NULL, NULL FROM ${ofPrivileges("privilege_modules")}
  UNION ALL SELECT 'pattern of', name, pattern, NULL, NULL, NULL FROM ${ofPrivileges("privilege_mappings")}
  UNION ALL SELECT 'module', uri_prefix, name, NULL, NULL, comments FROM ${owned("modules")}
  UNION ALL SELECT 'template of', m.name, t.uri_template, NULL, NULL, NULL
  FROM ${owned("templates")} t JOIN ${owned("modules")} m ON m.id = t.module_id
  UNION ALL SELECT 'role', NULL, name, NULL, NULL, NULL FROM ${owned("roles")}
  UNION ALL SELECT 'schema', status, pattern, NULL, NULL, NULL FROM ${schemas}`;

/**
 * Reads all that a plan needs, whatever the number of privileges: in two round trips, and one more for the login.
 * @param schema the one to be read; the session is its own or an administrator's. @default - its own
 * @param login where it is known, as in a transaction. @default - looked up
 * @throws AccessError, VersionError, and errors of the driver
 */
export async function readActual(connection: oracledb.Connection, schema?: string, login?: Login): Promise<Actual> {
  const { user, ordsVersion } = login ?? (await readLogin(connection));
  const name = schema ?? user;
  // Too old a version is refused before the views that it lacks are asked for.
  if (name === user) {
    ownPackages(ordsVersion);
    return { ...(await readSchema(connection, ownViews, ordsVersion)), ordsVersion, user, schema: name };
  }
  if (name.toUpperCase() === user) {
    throw new AccessError(`there is no schema ${name} at this login, it is called ${user}: write it in upper case`);
  }
  administratorPackages(ordsVersion, name);
  try {
    return {
      ...(await readSchema(connection, administratorViews(":schema"), ordsVersion, name)),
      ordsVersion,
      user,
      schema: name,
    };
  } catch (error) {
    if (!isDriverError(error) || !/ORA-00942|ORA-01031/.test(error.message)) throw error;
    throw new AccessError(
      `logged in as ${user}, which may not see what ORDS holds for schema ${name}: log in as ${name}, or grant ORDS_ADMINISTRATOR_ROLE to ${user} (${error.message.split("\n")[0]})`,
    );
  }
}

/** Read alone, of a version that is too old nothing else can be. */
export async function readLogin(connection: oracledb.Connection): Promise<Login> {
  const [row] = await select(connection, "SELECT USER AS who, ords.installed_version AS version FROM dual");
  return { user: String(row?.WHO), ordsVersion: String(row?.VERSION) };
}

/** The REST-enabled schemas that this session may see: all for an administrator of ORDS 24.4 or later, else its own. */
export async function enabledSchemas(connection: oracledb.Connection): Promise<string[]> {
  const query = (view: string) =>
    select(connection, `SELECT parsing_schema FROM ${view} WHERE status = 'ENABLED' ORDER BY parsing_schema`);
  let rows: Row[] = [];
  try {
    rows = await query("dba_ords_schemas");
  } catch (error) {
    if (!isDriverError(error) || !/ORA-00942|ORA-01031/.test(error.message)) throw error;
  }
  if (rows.length === 0) rows = await query("user_ords_schemas");
  return rows.map((row) => String(row.PARSING_SCHEMA));
}

async function readSchema(connection: oracledb.Connection, views: Views, version: string, schema?: string) {
  const binds = schema === undefined ? {} : { schema };
  const [profile] = await select(connection, profileQuery(views), binds);
  const content = await select(connection, contentQuery(views), binds);

  const byKind = new Map<string, Row[]>();
  for (const row of content) {
    const key = String(row.KIND).endsWith(" of") ? `${row.KIND} ${row.OWNER}` : String(row.KIND);
    const rows = byKind.get(key);
    if (rows) rows.push(row);
    else byKind.set(key, [row]);
  }
  const rows = (key: string) => byKind.get(key) ?? [];
  const listed = (key: string) => sorted(rows(key).map((row) => String(row.NAME)));
  const [status] = rows("schema");
  return {
    basePath: status?.OWNER === "ENABLED" ? String(status.NAME) : null,
    profile: profile ? profileOf(profile, version) : null,
    privileges: rows("privilege")
      .map((row) => ({
        name: String(row.NAME),
        label: textOrNull(row.LABEL),
        description: textOrNull(row.DESCRIPTION),
        comments: textOrNull(row.COMMENTS),
        roles: listed(`role of ${row.NAME}`),
        modules: listed(`module of ${row.NAME}`),
        patterns: listed(`pattern of ${row.NAME}`),
      }))
      .sort(byName),
    modules: rows("module")
      .map((row) => ({
        name: String(row.NAME),
        basePath: withSlashes(textOrNull(row.OWNER) ?? ""),
        comments: textOrNull(row.COMMENTS),
        templates: listed(`template of ${row.NAME}`),
      }))
      .sort(byName),
    roles: listed("role"),
  };
}

function profileOf(row: Row, version: string): SeenProfile {
  // An absent column is undefined, an empty one null; what is of another type than expected is as good as not seen.
  const seen = (column: string, type: "string" | "number") =>
    row[column] === null || typeof row[column] === type ? row[column] : undefined;
  const text = (column: string) => seen(column, "string") as string | undefined;
  const seconds = (column: string) => seen(column, "number") as number | null | undefined;
  // The name of this column is not published; whatever it is, it will speak of role and claim.
  const roleClaim = Object.keys(row).find((column) => /ROLE.*CLAIM|CLAIM.*ROLE/.test(column));
  return {
    issuer: text("ISSUER"),
    audience: text("AUDIENCE"),
    jwkUrl: text("JWK_URL"),
    description: text("DESCRIPTION"),
    allowedSkew: seconds("ALLOWED_SKEW"),
    allowedAge: seconds("ALLOWED_AGE"),
    // Where there are no role claims, there is none.
    roleClaim: hasRoleClaim(version) ? roleClaim && text(roleClaim) : null,
  };
}

/** The driver's OUT_FORMAT_OBJECT: it is loaded by what logs in. */
const asObjects: typeof oracledb.OUT_FORMAT_OBJECT = 4002;

export async function select(connection: oracledb.Connection, sql: string, binds: oracledb.BindParameters = {}) {
  const { rows = [] } = await connection.execute<Row>(
    sql,
    binds,
    // With more rows prefetched than there are, a query is one round trip; the driver makes room for so many each time.
    { outFormat: asObjects, prefetchRows: 5_000, fetchArraySize: 5_000 },
  );
  return rows;
}

/** ORDS takes `hello`, `/hello` and `/hello/` for the same base path, and shows it as it was given. */
export function withSlashes(path: string): string {
  return ["", ...path.split("/").filter(Boolean), ""].join("/");
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
