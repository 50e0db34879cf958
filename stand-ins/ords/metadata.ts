import oracledb from "oracledb";
import { z } from "zod";

/** What the gateway serves: the enabled schemas. */
export type Metadata = readonly Schema[];

export interface Schema {
  /** The database user, `HR`. */
  readonly name: string;
  /** The URL mapping pattern, `hr` in `/ords/hr/`. */
  readonly pattern: string;
  /** Published modules, and one for each object that is enabled for AutoREST. */
  readonly modules: readonly Module[];
  readonly privileges: readonly Privilege[];
  readonly jwtProfile: JwtProfile | undefined;
  /** Whether its catalog is for users only: `p_auto_rest_auth`. */
  readonly catalogNeedsUser: boolean;
}

export interface Module {
  /** Negative: an AutoREST object, which no privilege can name. */
  readonly id: number;
  readonly name: string;
  /** Starts and ends with `/`, relative to the schema. */
  readonly uriPrefix: string;
  /** Rows per page; 0: no paging; null: the default. */
  readonly itemsPerPage: number | null;
  readonly templates: readonly Template[];
}

export interface Template {
  /** `employees/:id`, relative to the module. */
  readonly pattern: string;
  readonly priority: number;
  readonly handlers: readonly Handler[];
}

export interface Handler {
  readonly method: string;
  /** `json/collection`, `json/item`, `plsql/block`... */
  readonly sourceType: string;
  readonly source: string;
  /** Overrides the module's. */
  readonly itemsPerPage: number | null;
  /** Those that are declared. */
  readonly parameters: readonly Parameter[];
}

export interface Parameter {
  /** In the request or the answer. */
  readonly name: string;
  /** In the source, in lower case. */
  readonly bindName: string;
  /** `HEADER`, `URI` or `RESPONSE`. */
  readonly source: string;
  /** `IN`, `OUT` or `INOUT`. */
  readonly access: string;
  /** `STRING`, `INT`, `LONG`, `DOUBLE`... */
  readonly type: string;
}

export interface Privilege {
  readonly name: string;
  readonly roles: readonly string[];
  readonly moduleIds: readonly number[];
  readonly patterns: readonly string[];
}

export interface JwtProfile {
  readonly issuer: string;
  readonly audience: string;
  readonly jwkUrl: string;
  /** Seconds; null: the setting decides. */
  readonly allowedSkew: number | null;
  /** Seconds; null: the setting decides. */
  readonly allowedAge: number | null;
  /** JSON Pointer to the roles; null: scope-based. */
  readonly roleClaimName: string | null;
}

const id = z.number();
const text = z.string();
const views = {
  dba_ords_schemas: z.object({ ID: id, PARSING_SCHEMA: text, PATTERN: text, STATUS: text, AUTO_REST_AUTH: text }),
  dba_ords_modules: z.object({
    ID: id,
    SCHEMA_ID: id,
    NAME: text,
    URI_PREFIX: text,
    ITEMS_PER_PAGE: id.nullable(),
    STATUS: text,
  }),
  dba_ords_templates: z.object({ ID: id, MODULE_ID: id, URI_TEMPLATE: text, PRIORITY: z.number().nullable() }),
  dba_ords_handlers: z.object({
    ID: id,
    TEMPLATE_ID: id,
    METHOD: text,
    SOURCE_TYPE: text,
    SOURCE: text,
    ITEMS_PER_PAGE: z.number().nullable(),
  }),
  dba_ords_parameters: z.object({
    HANDLER_ID: id,
    NAME: text,
    BIND_VARIABLE_NAME: text.nullish(),
    SOURCE_TYPE: text,
    ACCESS_METHOD: text,
    PARAM_TYPE: text,
  }),
  dba_ords_enabled_objects: z.object({
    ID: id,
    SCHEMA_ID: id,
    PARSING_OBJECT: text,
    OBJECT_ALIAS: text,
    TYPE: text,
    STATUS: text,
  }),
  dba_ords_privileges: z.object({ ID: id, SCHEMA_ID: id, NAME: text }),
  dba_ords_privilege_roles: z.object({ PRIVILEGE_ID: id, ROLE_NAME: text }),
  dba_ords_privilege_modules: z.object({ PRIVILEGE_ID: id, MODULE_ID: id }),
  dba_ords_privilege_mappings: z.object({ PRIVILEGE_ID: id, PATTERN: text }),
  dba_ords_jwt_profile: z.object({
    SCHEMA_ID: id,
    ISSUER: text,
    AUDIENCE: text,
    JWK_URL: text,
    ALLOWED_SKEW: z.number().nullable(),
    ALLOWED_AGE: z.number().nullable(),
    ROLE_CLAIM_NAME: text.nullish(), // from ORDS 25.1
  }),
};
type View = keyof typeof views;
type Row<V extends View> = z.infer<(typeof views)[V]>;

/** Reads all metadata as of one moment, so that a change is seen whole or not at all. */
export async function readMetadata(connection: oracledb.Connection): Promise<Metadata> {
  await connection.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
  const read = <V extends View>(view: V) => readView(connection, view);
  const schemas = await read("dba_ords_schemas");
  const modules = await read("dba_ords_modules");
  const templates = await read("dba_ords_templates");
  const handlers = await read("dba_ords_handlers");
  const parameters = await unlessMissing(read("dba_ords_parameters"));
  const objects = await unlessMissing(read("dba_ords_enabled_objects"));
  const privileges = await read("dba_ords_privileges");
  const roles = await read("dba_ords_privilege_roles");
  const privilegeModules = await read("dba_ords_privilege_modules");
  const mappings = await read("dba_ords_privilege_mappings");
  const profiles = await read("dba_ords_jwt_profile");
  await connection.rollback();

  return schemas
    .filter((schema) => schema.STATUS === "ENABLED")
    .map((schema) => ({
      name: schema.PARSING_SCHEMA,
      pattern: schema.PATTERN,
      modules: modules
        .filter((module) => module.SCHEMA_ID === schema.ID && module.STATUS === "PUBLISHED")
        .map(
          (module): Module => ({
            id: module.ID,
            name: module.NAME,
            uriPrefix: `/${module.URI_PREFIX}/`.replace(/^\/+/, "/").replace(/\/+$/, "/"),
            itemsPerPage: module.ITEMS_PER_PAGE,
            templates: templates
              .filter((template) => template.MODULE_ID === module.ID)
              .map((template) => ({
                pattern: template.URI_TEMPLATE,
                priority: template.PRIORITY ?? 0,
                handlers: handlers
                  .filter((handler) => handler.TEMPLATE_ID === template.ID)
                  .map((handler) => ({
                    method: handler.METHOD,
                    sourceType: handler.SOURCE_TYPE,
                    source: handler.SOURCE,
                    itemsPerPage: handler.ITEMS_PER_PAGE,
                    parameters: parameters
                      .filter((parameter) => parameter.HANDLER_ID === handler.ID)
                      .map((parameter) => ({
                        name: parameter.NAME,
                        bindName: (parameter.BIND_VARIABLE_NAME ?? parameter.NAME).toLowerCase(),
                        source: parameter.SOURCE_TYPE,
                        access: parameter.ACCESS_METHOD,
                        type: parameter.PARAM_TYPE,
                      })),
                  })),
              })),
          }),
        )
        .concat(
          objects.filter((object) => object.SCHEMA_ID === schema.ID && object.STATUS === "ENABLED").map(toAutoRest),
        ),
      privileges: privileges
        .filter((privilege) => privilege.SCHEMA_ID === schema.ID)
        .map((privilege) => {
          const ofPrivilege = (row: { PRIVILEGE_ID: number }) => row.PRIVILEGE_ID === privilege.ID;
          return {
            name: privilege.NAME,
            roles: roles.filter(ofPrivilege).map((row) => row.ROLE_NAME),
            moduleIds: privilegeModules.filter(ofPrivilege).map((row) => row.MODULE_ID),
            patterns: mappings.filter(ofPrivilege).map((row) => row.PATTERN),
          };
        }),
      catalogNeedsUser: schema.AUTO_REST_AUTH !== "DISABLED",
      jwtProfile: toProfile(profiles.find((profile) => profile.SCHEMA_ID === schema.ID)),
    }));
}

/** The rows of a view, none where there is no such view. */
async function unlessMissing<T>(rows: Promise<T[]>): Promise<T[]> {
  try {
    return await rows;
  } catch (error) {
    if ((error as oracledb.DBError).errorNum === 942) return [];
    throw error;
  }
}

async function readView<V extends View>(connection: oracledb.Connection, view: V): Promise<Row<V>[]> {
  const { rows = [] } = await connection.execute<Record<string, unknown>>(`SELECT * FROM ${view}`, [], {
    outFormat: oracledb.OUT_FORMAT_OBJECT,
    fetchTypeHandler: ({ dbType }) => (dbType === oracledb.DB_TYPE_CLOB ? { type: oracledb.STRING } : undefined),
  });
  return rows.map((row) => {
    const upperCase = Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toUpperCase(), value]));
    const parsed = views[view].safeParse(upperCase);
    if (!parsed.success) throw new Error(`${view} is not as expected: ${z.prettifyError(parsed.error)}`);
    return parsed.data as Row<V>;
  });
}

/** An AutoREST object as a module: rows of a table or view are listed, everything else says that it is not supported. */
function toAutoRest(object: Row<"dba_ords_enabled_objects">): Module {
  const name = `"${object.PARSING_OBJECT}"`;
  const isRelation = ["TABLE", "VIEW", "MVIEW"].includes(object.TYPE);
  const handler = (method: string, sourceType: string): Handler => {
    return { method, sourceType, source: `SELECT * FROM ${name}`, itemsPerPage: null, parameters: [] };
  };
  const unsupported = (...methods: string[]) => methods.map((method) => handler(method, `AutoREST ${object.TYPE}`));
  const templates = [
    {
      pattern: ".",
      priority: 0,
      handlers: isRelation ? [handler("GET", "json/collection"), ...unsupported("POST")] : unsupported("POST"),
    },
    ...(isRelation ? [{ pattern: ":id", priority: 0, handlers: unsupported("GET", "PUT", "DELETE") }] : []),
  ];
  return { id: -object.ID, name, uriPrefix: `/${object.OBJECT_ALIAS}/`, itemsPerPage: null, templates };
}

function toProfile(row: Row<"dba_ords_jwt_profile"> | undefined): JwtProfile | undefined {
  return (
    row && {
      issuer: row.ISSUER,
      audience: row.AUDIENCE,
      jwkUrl: row.JWK_URL,
      allowedSkew: row.ALLOWED_SKEW,
      allowedAge: row.ALLOWED_AGE,
      roleClaimName: row.ROLE_CLAIM_NAME ?? null,
    }
  );
}

/**
 * Keeps what `read` gave for a while; requests that come meanwhile share one read. A failed read is not kept, and old
 * metadata is never served in its place.
 */
export function cacheMetadata(read: () => Promise<Metadata>, milliseconds: number): () => Promise<Metadata> {
  let cached: { metadata: Promise<Metadata>; expires: number } | undefined;
  return () => {
    if (cached && performance.now() < cached.expires) return cached.metadata;
    const metadata = read();
    cached = { metadata, expires: performance.now() + milliseconds };
    metadata.catch(() => {
      if (cached?.metadata === metadata) cached = undefined;
    });
    return metadata;
  };
}
