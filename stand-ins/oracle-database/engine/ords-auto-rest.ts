import { mandatory, oneOf, optional } from "./ords-procedures";
import { invented, type OrdsSchema } from "./ords-schema";
import type { Arguments } from "./packages";
import type { Row } from "./rows";

/** Granted by every privilege for AutoREST: a role of ORDS itself. */
const anySchema = "oracle.dbtools.autorest.any.schema";

function ensureRole(schema: OrdsSchema, name: string): Row {
  return schema.find("SEC_ROLES", { NAME: name }) ?? schema.insert("SEC_ROLES", { NAME: name });
}

interface Wanted {
  readonly name: string;
  readonly label: string | null;
  readonly description: string | null;
  readonly roles: readonly string[];
  readonly patterns: readonly string[];
}

/** Makes a privilege hold this; one that is there keeps its texts. */
function ensurePrivilege(schema: OrdsSchema, { name, label, description, roles, patterns }: Wanted): void {
  const existing = schema.find("SEC_PRIVILEGES", { NAME: name });
  if (existing) schema.deletePrivilegeParts(existing);
  const privilege = existing ?? schema.insert("SEC_PRIVILEGES", { NAME: name, LABEL: label, DESCRIPTION: description });
  for (const role of roles) {
    schema.insert("SEC_PRIVILEGE_ROLES", { PRIVILEGE_ID: privilege.ID!, ROLE_ID: schema.named("SEC_ROLES", role).ID! });
  }
  for (const pattern of patterns) {
    schema.insert("SEC_PRIVILEGE_MAPPINGS", { PRIVILEGE_ID: privilege.ID!, PATTERN: pattern });
  }
}

/**
 * What exports of enabled schemas hold although nobody defined it: roles and privileges for AutoREST and SODA. That
 * ENABLE_SCHEMA makes them is inferred.
 */
export function provideForAutoRest(schema: OrdsSchema, name: string, withAuthentication: boolean): void {
  ensureRole(schema, `oracle.dbtools.role.autorest.${name}`);
  ensureRole(schema, `oracle.dbtools.role.autorest.any.${name}`);
  ensurePrivilege(schema, {
    name: `oracle.dbtools.autorest.privilege.${name}`,
    label: `${name} metadata-catalog access`,
    description: `Provides access to the metadata catalog of the objects in the ${name} schema.`,
    roles: [anySchema, `oracle.dbtools.role.autorest.${name}`],
    patterns: withAuthentication ? ["/metadata-catalog/*"] : [],
  });
  ensurePrivilege(schema, {
    name: "oracle.soda.privilege.developer",
    label: null,
    description: null,
    roles: ["SODA Developer"],
    patterns: ["/soda/*"],
  });
}

const objectTypes = ["FUNCTION", "MVIEW", "PACKAGE", "PROCEDURE", "TABLE", "VIEW"];

export const objectParameters = [
  mandatory("P_OBJECT"),
  optional("P_OBJECT_TYPE", "TABLE"),
  optional("P_OBJECT_ALIAS"),
  optional("P_AUTO_REST_AUTH", null, "BOOLEAN"),
];

/** AutoREST for one object. There are no tables of the user's own here, so the object itself is not looked for. */
export function enableObject(schema: OrdsSchema, schemaName: string, given: Arguments): void {
  const object = given.text("P_OBJECT");
  if (object === null) throw invented.invalidArgument("P_OBJECT must not be null");
  const enabled = given.flag("P_ENABLED");
  if (enabled === null) throw invented.invalidArgument("P_ENABLED must not be null");
  const alias = given.text("P_OBJECT_ALIAS") ?? object.toLowerCase();
  const auth = given.flag("P_AUTO_REST_AUTH") ?? false;
  const existing = schema.find("ORDS_OBJECTS", { PARSING_OBJECT: object });
  const values: Row = {
    PARSING_OBJECT: object,
    OBJECT_ALIAS: alias,
    TYPE: oneOf("object type", given.text("P_OBJECT_TYPE"), objectTypes),
    STATUS: enabled ? "ENABLED" : "DISABLED",
    AUTO_REST_AUTH: auth ? "ENABLED" : "DISABLED",
  };
  if (existing) schema.update("ORDS_OBJECTS", existing, values);
  else schema.insert("ORDS_OBJECTS", values);
  const qualified = `${schemaName}.${object}`;
  const role = ensureRole(schema, `oracle.dbtools.role.autorest.${qualified}`);
  ensurePrivilege(schema, {
    name: `oracle.dbtools.autorest.privilege.${qualified}`,
    label: `${qualified} access`,
    description: `Provides access to the ${object} object in the ${schemaName} schema.`,
    roles: [anySchema, role.NAME as string],
    patterns: enabled && auth ? [`/metadata-catalog/${alias}/*`, `/${alias}/*`] : [],
  });
}
