import type { Column } from "../database";

/** A base table of ORDS_METADATA. Every one has a numeric primary key ID. */
export interface TableDefinition {
  readonly name: TableName;
  readonly columns: readonly Column[];
  readonly unique: readonly { readonly name: string; readonly columns: readonly string[] }[];
}

export type TableName =
  | "ORDS_SCHEMAS"
  | "ORDS_MODULES"
  | "ORDS_TEMPLATES"
  | "ORDS_HANDLERS"
  | "ORDS_PARAMETERS"
  | "ORDS_OBJECTS"
  | "SEC_PRIVILEGES"
  | "SEC_ROLES"
  | "SEC_PRIVILEGE_ROLES"
  | "SEC_PRIVILEGE_MODULES"
  | "SEC_PRIVILEGE_MAPPINGS"
  | "OAUTH_JWT_PROFILE";

/** Lengths are not published; these are cautious guesses, so that a value too long for a real column hardly fits here. */
const nameLength = 255;
const textLength = 4000;

const id = (name: string, nullable = false): Column => ({ name, type: "NUMBER", size: 22, nullable });
const number = (name: string, nullable = true): Column => ({ name, type: "NUMBER", size: 22, nullable });
const text = (name: string, size = nameLength): Column => ({ name, type: "VARCHAR2", size, nullable: false });
const optional = (name: string, size = textLength): Column => ({ name, type: "VARCHAR2", size, nullable: true });
const audit: Column[] = [
  { name: "CREATED_BY", type: "VARCHAR2", size: 128, nullable: false },
  { name: "CREATED_ON", type: "DATE", size: 7, nullable: false },
  { name: "UPDATED_BY", type: "VARCHAR2", size: 128, nullable: true },
  { name: "UPDATED_ON", type: "DATE", size: 7, nullable: true },
];

function table(name: TableName, columns: Column[], unique: Record<string, string[]>): TableDefinition {
  const constraints = Object.entries(unique).map(([constraint, keys]) => ({ name: constraint, columns: keys }));
  return { name, columns: [id("ID"), ...columns], unique: constraints };
}

const definitions: TableDefinition[] = [
  table(
    "ORDS_SCHEMAS",
    [
      text("PARSING_SCHEMA", 128),
      text("TYPE", 20),
      text("PATTERN"),
      text("STATUS", 20),
      text("AUTO_REST_AUTH", 20),
      optional("OPS_ALLOWED", 20),
      optional("PRE_HOOK", nameLength),
    ],
    { ORDS_SCHEMAS_UC: ["PARSING_SCHEMA"], ORDS_URL_MAPPINGS_UC: ["PATTERN"] },
  ),
  table(
    "ORDS_MODULES",
    [
      text("NAME"),
      text("URI_PREFIX"),
      number("ITEMS_PER_PAGE"),
      text("STATUS", 20),
      optional("COMMENTS"),
      optional("PRE_HOOK", nameLength),
      id("SCHEMA_ID"),
      ...audit,
      optional("ORIGINS_ALLOWED"),
    ],
    { ORDS_MODULES_UC: ["NAME", "SCHEMA_ID"], ORDS_UNIQUE_PREFIX_UC: ["URI_PREFIX", "SCHEMA_ID"] },
  ),
  table(
    "ORDS_TEMPLATES",
    [
      id("MODULE_ID"),
      text("URI_TEMPLATE"),
      number("PRIORITY", false),
      text("ETAG_TYPE", 20),
      optional("ETAG_QUERY"),
      optional("COMMENTS"),
      id("SCHEMA_ID"),
      ...audit,
    ],
    { ORDS_TEMPLATES_UC: ["URI_TEMPLATE", "MODULE_ID"] },
  ),
  table(
    "ORDS_HANDLERS",
    [
      id("TEMPLATE_ID"),
      text("SOURCE_TYPE", 40),
      text("METHOD", 10),
      optional("MIMES_ALLOWED"),
      number("ITEMS_PER_PAGE"),
      { name: "SOURCE", type: "CLOB", size: 4000, nullable: false },
      optional("COMMENTS"),
      id("SCHEMA_ID"),
      ...audit,
    ],
    { ORDS_HANDLERS_UC: ["TEMPLATE_ID", "METHOD"] },
  ),
  table(
    "ORDS_PARAMETERS",
    [
      id("HANDLER_ID"),
      text("NAME"),
      text("BIND_VARIABLE_NAME"),
      text("SOURCE_TYPE", 20),
      text("ACCESS_METHOD", 10),
      text("PARAM_TYPE", 20),
      optional("COMMENTS"),
      id("SCHEMA_ID"),
      ...audit,
    ],
    { ORDS_PARAMETERS_UC: ["HANDLER_ID", "NAME", "BIND_VARIABLE_NAME"] },
  ),
  table(
    "ORDS_OBJECTS",
    [
      id("SCHEMA_ID"),
      text("PARSING_OBJECT", 128),
      text("OBJECT_ALIAS"),
      text("TYPE", 20),
      text("STATUS", 20),
      text("AUTO_REST_AUTH", 20),
      optional("OPS_ALLOWED", 20),
      optional("TYPE_PATH", nameLength),
      optional("PRE_HOOK", nameLength),
    ],
    { ORDS_OBJECTS_UC: ["PARSING_OBJECT", "SCHEMA_ID"], ORDS_OBJECT_ALIASES_UC: ["OBJECT_ALIAS", "SCHEMA_ID"] },
  ),
  table(
    "SEC_PRIVILEGES",
    [
      optional("LABEL", nameLength),
      text("NAME"),
      optional("COMMENTS"),
      optional("DESCRIPTION"),
      id("SCHEMA_ID"),
      ...audit,
    ],
    { SEC_PRIVILEGES_UC: ["NAME", "SCHEMA_ID"] },
  ),
  // A role without a schema is one of ORDS's own.
  table("SEC_ROLES", [text("NAME"), id("SCHEMA_ID", true), ...audit], { SEC_ROLES_UC: ["NAME", "SCHEMA_ID"] }),
  table("SEC_PRIVILEGE_ROLES", [id("PRIVILEGE_ID"), id("ROLE_ID"), ...audit], {
    SEC_PRIVILEGE_ROLES_UC: ["PRIVILEGE_ID", "ROLE_ID"],
  }),
  table("SEC_PRIVILEGE_MODULES", [id("PRIVILEGE_ID"), id("MODULE_ID"), ...audit], {
    SEC_PRIVILEGE_MODULES_UC: ["PRIVILEGE_ID", "MODULE_ID"],
  }),
  table("SEC_PRIVILEGE_MAPPINGS", [id("PRIVILEGE_ID"), text("PATTERN"), ...audit], {
    SEC_PRIVILEGE_MAPPINGS_UC: ["PRIVILEGE_ID", "PATTERN"],
  }),
  table(
    "OAUTH_JWT_PROFILE",
    [
      id("SCHEMA_ID"),
      text("ISSUER"),
      text("AUDIENCE"),
      text("JWK_URL"),
      optional("DESCRIPTION"),
      number("ALLOWED_SKEW"),
      number("ALLOWED_AGE"),
      // The real column name is not published.
      optional("ROLE_CLAIM_NAME", nameLength),
    ],
    { OAUTH_JWT_PROFILE_UC: ["SCHEMA_ID"] },
  ),
];

export const tables = new Map(definitions.map((definition) => [definition.name, definition]));
