import { ora } from "./errors";
import { enableObject, objectParameters, provideForAutoRest } from "./ords-auto-rest";
import { moduleProcedures, sourceTypes } from "./ords-modules";
import { privilegeProcedures, roleProcedures } from "./ords-privileges";
import { forNamedSchema, forOwnSchema, mandatory, oneOf, optional } from "./ords-procedures";
import { findSchema, invented, OrdsSchema } from "./ords-schema";
import type { Arguments, Package, Subprogram } from "./packages";
import type { Row } from "./rows";
import type { SessionContext } from "./session-context";
import type { OrdsVersion } from "./versions";

const schemaParameters = [
  optional("P_URL_MAPPING_TYPE", "BASE_PATH"),
  optional("P_URL_MAPPING_PATTERN"),
  optional("P_AUTO_REST_AUTH", null, "BOOLEAN"),
];

function enableSchema(session: SessionContext, name: string | null, given: Arguments): void {
  if (name === null || !session.database.userNames.includes(name)) throw ora(1435, "user does not exist");
  oneOf("URL mapping type", given.text("P_URL_MAPPING_TYPE"), ["BASE_PATH"]);
  const enabled = given.flag("P_ENABLED");
  if (enabled === null) throw invented.invalidArgument("P_ENABLED must not be null");
  const existing = findSchema(session, name);
  const pattern =
    given.text("P_URL_MAPPING_PATTERN") ?? (existing?.PATTERN as string | undefined) ?? name.toLowerCase();
  if (!/^[\w.~-]+(\/[\w.~-]+)*$/.test(pattern))
    throw invented.invalidArgument(`Invalid URL mapping pattern : ${pattern}`);
  const staysEnabled = existing?.STATUS === "ENABLED" && enabled;
  if (staysEnabled && existing.PATTERN !== pattern) {
    throw ora(20049, "Cannot alter the url mapping while the schema is enabled. Try disabling the schema first.");
  }
  const auth = given.flag("P_AUTO_REST_AUTH");
  const values: Row = {
    PARSING_SCHEMA: name,
    TYPE: "BASE_PATH",
    PATTERN: pattern,
    STATUS: enabled ? "ENABLED" : "DISABLED",
    AUTO_REST_AUTH: auth === null ? (existing?.AUTO_REST_AUTH ?? "ENABLED") : auth ? "ENABLED" : "DISABLED",
  };
  if (existing) session.transaction.update("ORDS_SCHEMAS", existing, values);
  else session.transaction.insert("ORDS_SCHEMAS", values);
  if (enabled) provideForAutoRest(OrdsSchema.enabled(session, name), name, values.AUTO_REST_AUTH === "ENABLED");
}

const enabledParameter = optional("P_ENABLED", true, "BOOLEAN");

/** A schema enables itself; another one is for a DBA, or for ORDS_ADMIN. */
const enableOwnSchema: Subprogram = {
  name: "ENABLE_SCHEMA",
  parameters: [enabledParameter, optional("P_SCHEMA"), ...schemaParameters],
  run: (given, session) => {
    const name = given.text("P_SCHEMA") ?? session.user;
    if (name !== session.user && !session.roles.includes("DBA")) throw ora(1031, "insufficient privileges");
    enableSchema(session, name, given);
    return null;
  },
};

function dropSchema(session: SessionContext, name: string | null): null {
  const schema = OrdsSchema.known(session, name);
  if (!schema) throw ora(20012, `Schema not REST enabled : ${name ?? ""}`);
  schema.drop();
  return null;
}

const dropOwnSchema: Subprogram = {
  name: "DROP_REST_FOR_SCHEMA",
  parameters: [optional("P_SCHEMA")],
  run: (given, session) => {
    const name = given.text("P_SCHEMA") ?? session.user;
    if (name !== session.user && !session.roles.includes("DBA")) throw ora(1031, "insufficient privileges");
    return dropSchema(session, name);
  },
};

/** A schema enables its own objects; those of another one are for a DBA, or for ORDS_ADMIN. */
const enableOwnObject: Subprogram = {
  name: "ENABLE_OBJECT",
  parameters: [enabledParameter, optional("P_SCHEMA"), ...objectParameters],
  run: (given, session) => {
    const name = given.text("P_SCHEMA") ?? session.user;
    if (name !== session.user && !session.roles.includes("DBA")) throw ora(1031, "insufficient privileges");
    enableObject(OrdsSchema.enabled(session, name), name, given);
    return null;
  },
};

const enableNamedObject: Subprogram = {
  name: "ENABLE_OBJECT",
  parameters: [mandatory("P_SCHEMA"), enabledParameter, ...objectParameters],
  run: (given, session) => {
    const name = given.text("P_SCHEMA");
    enableObject(OrdsSchema.enabled(session, name), name!, given);
    return null;
  },
};

const schemaProcedures = [...privilegeProcedures, ...roleProcedures, ...moduleProcedures];

/** ORDS, for the session user's schema. */
export function ordsPackage(version: OrdsVersion): Package {
  const installedVersion: Subprogram = {
    name: "INSTALLED_VERSION",
    parameters: [],
    returns: { type: "VARCHAR2", size: 40 },
    run: () => version.text,
  };
  return {
    owner: "ORDS_METADATA",
    name: "ORDS",
    subprograms: [
      installedVersion,
      enableOwnSchema,
      enableOwnObject,
      dropOwnSchema,
      ...schemaProcedures.map(forOwnSchema),
    ],
    constants: sourceTypes,
  };
}

/** ORDS_ADMIN: the same for any schema, named by a leading P_SCHEMA. */
export const ordsAdminPackage: Package = {
  owner: "ORDS_METADATA",
  name: "ORDS_ADMIN",
  subprograms: [
    {
      name: "ENABLE_SCHEMA",
      parameters: [mandatory("P_SCHEMA"), enabledParameter, ...schemaParameters],
      run: (given, session) => {
        enableSchema(session, given.text("P_SCHEMA"), given);
        return null;
      },
    },
    {
      name: "DROP_REST_FOR_SCHEMA",
      parameters: [mandatory("P_SCHEMA")],
      run: (given, session) => dropSchema(session, given.text("P_SCHEMA")),
    },
    enableNamedObject,
    ...schemaProcedures.map(forNamedSchema),
  ],
  constants: sourceTypes,
};
