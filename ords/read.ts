import oracledb from "oracledb";
import { byName, type Privilege, type Profile, sorted } from "./desired";
import { hasRoleClaim } from "./version";

/** What the schema of the session holds now. */
export interface Actual {
  /** As `ords.installed_version` gives it. */
  readonly ordsVersion: string;
  readonly schema: string;
  /** Base path of the schema below `/ords`, or null when it is not REST-enabled. */
  readonly basePath: string | null;
  /** A value is undefined when the view has no such column: it cannot be compared. */
  readonly profile: { readonly [Key in keyof Profile]: Profile[Key] | undefined } | null;
  readonly privileges: readonly Privilege[];
  readonly modules: readonly string[];
  readonly roles: readonly string[];
}

type Row = Record<string, unknown>;

const schemaQuery = `
  SELECT ords.installed_version AS version, USER AS session_user, s.status, s.pattern
  FROM dual LEFT JOIN user_ords_schemas s ON s.parsing_schema = USER`;

// All columns: which ones there are differs by version, and only ISSUER is certain.
const profileQuery = "SELECT * FROM user_ords_jwt_profile";

const privilegeQuery = "SELECT name, label, description, comments FROM user_ords_privileges";

const nameQuery = `
  SELECT 'role of' AS kind, privilege_name AS owner, role_name AS name FROM user_ords_privilege_roles
  UNION ALL SELECT 'module of', privilege_name, module_name FROM user_ords_privilege_modules
  UNION ALL SELECT 'pattern of', name, pattern FROM user_ords_privilege_mappings
  UNION ALL SELECT 'module', NULL, name FROM user_ords_modules
  UNION ALL SELECT 'role', NULL, name FROM user_ords_roles`;

/** Reads all that a plan needs, in four round trips whatever the number of privileges. */
export async function readActual(connection: oracledb.Connection): Promise<Actual> {
  const [schema] = await select(connection, schemaQuery);
  const [profile] = await select(connection, profileQuery);
  const privileges = await select(connection, privilegeQuery);
  const names = await select(connection, nameQuery);

  const listed = (kind: string, owner: string | null = null) =>
    sorted(names.filter((row) => row.KIND === kind && row.OWNER === owner).map((row) => String(row.NAME)));
  return {
    ordsVersion: String(schema?.VERSION),
    schema: String(schema?.SESSION_USER),
    basePath: schema?.STATUS === "ENABLED" ? String(schema.PATTERN) : null,
    profile: profile ? profileOf(profile, String(schema?.VERSION)) : null,
    privileges: privileges
      .map((row) => ({
        name: String(row.NAME),
        label: textOrNull(row.LABEL),
        description: textOrNull(row.DESCRIPTION),
        comments: textOrNull(row.COMMENTS),
        roles: listed("role of", String(row.NAME)),
        modules: listed("module of", String(row.NAME)),
        patterns: listed("pattern of", String(row.NAME)),
      }))
      .sort(byName),
    modules: listed("module"),
    roles: listed("role"),
  };
}

function profileOf(row: Row, version: string): NonNullable<Actual["profile"]> {
  // An absent column is undefined, an empty one null.
  const text = (column: string) => row[column] as string | undefined;
  const seconds = (column: string) => row[column] as number | null | undefined;
  return {
    issuer: text("ISSUER"),
    audience: text("AUDIENCE"),
    jwkUrl: text("JWK_URL"),
    description: text("DESCRIPTION"),
    allowedSkew: seconds("ALLOWED_SKEW"),
    allowedAge: seconds("ALLOWED_AGE"),
    // Where there are no role claims, there is none. The column's name is a guess; another one reads as "not shown".
    roleClaim: hasRoleClaim(version) ? text("ROLE_CLAIM_NAME") : null,
  };
}

async function select(connection: oracledb.Connection, sql: string): Promise<Row[]> {
  const result = await connection.execute<Row>(
    sql,
    {},
    // With more rows prefetched than there are, a query is one round trip.
    { outFormat: oracledb.OUT_FORMAT_OBJECT, prefetchRows: 10_000, fetchArraySize: 10_000 },
  );
  return result.rows ?? [];
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
