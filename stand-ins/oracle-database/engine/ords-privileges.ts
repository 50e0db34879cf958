import { ora } from "./errors";
import { mandatory, optional, type SchemaProcedure } from "./ords-procedures";
import { checkName, invented, type OrdsSchema } from "./ords-schema";
import type { Parameter } from "./packages";
import type { Row } from "./rows";

/** Stricter than the manual, which only says that patterns start with a slash. */
function checkPattern(pattern: string | null): void {
  if (pattern !== null && !/^\/\S*$/.test(pattern)) throw invented.invalidArgument(`Invalid pattern : ${pattern}`);
}

function addRole(schema: OrdsSchema, privilege: Row, name: string | null): void {
  const role = schema.named("SEC_ROLES", name);
  // ORDS's own roles cannot go away.
  if (role.SCHEMA_ID !== null) schema.hold("SEC_ROLES", role);
  schema.insert("SEC_PRIVILEGE_ROLES", { PRIVILEGE_ID: privilege.ID!, ROLE_ID: role.ID! });
}

function addModule(schema: OrdsSchema, privilege: Row, name: string | null): void {
  const module = schema.named("ORDS_MODULES", name);
  schema.hold("ORDS_MODULES", module);
  schema.insert("SEC_PRIVILEGE_MODULES", { PRIVILEGE_ID: privilege.ID!, MODULE_ID: module.ID! });
}

function addPattern(schema: OrdsSchema, privilege: Row, pattern: string | null): void {
  checkPattern(pattern);
  schema.insert("SEC_PRIVILEGE_MAPPINGS", { PRIVILEGE_ID: privilege.ID!, PATTERN: pattern });
}

const arrays = [
  mandatory("P_ROLES", "OWA.VC_ARR"),
  mandatory("P_PATTERNS", "OWA.VC_ARR"),
  mandatory("P_MODULES", "OWA.VC_ARR"),
];

/** One of the three overloads. It replaces everything the privilege had. */
function definePrivilege(arrayCount: number): SchemaProcedure {
  return {
    name: "DEFINE_PRIVILEGE",
    parameters: [
      mandatory("P_PRIVILEGE_NAME"),
      ...arrays.slice(0, arrayCount),
      optional("P_LABEL"),
      optional("P_DESCRIPTION"),
      optional("P_COMMENTS"),
    ],
    run(schema, given) {
      const name = given.text("P_PRIVILEGE_NAME");
      checkName("privilege", name, /^\S+$/);
      const values: Row = {
        NAME: name,
        LABEL: given.text("P_LABEL"),
        DESCRIPTION: given.text("P_DESCRIPTION"),
        COMMENTS: given.text("P_COMMENTS"),
      };
      const existing = schema.find("SEC_PRIVILEGES", { NAME: name });
      if (existing) schema.deletePrivilegeParts(existing);
      const privilege = existing
        ? schema.update("SEC_PRIVILEGES", existing, values)
        : schema.insert("SEC_PRIVILEGES", values);
      for (const role of given.list("P_ROLES") ?? []) addRole(schema, privilege, role);
      for (const pattern of given.list("P_PATTERNS") ?? []) addPattern(schema, privilege, pattern);
      for (const module of given.list("P_MODULES") ?? []) addModule(schema, privilege, module);
    },
  };
}

/** CREATE_PRIVILEGE: with one role, or with several; the patterns come afterwards. What ORDS says to a second one is not known. */
function createPrivilege(roles: Parameter): SchemaProcedure {
  return {
    name: "CREATE_PRIVILEGE",
    parameters: [mandatory("P_NAME"), roles, optional("P_LABEL"), optional("P_DESCRIPTION"), optional("P_COMMENTS")],
    run(schema, given) {
      const name = given.text("P_NAME");
      checkName("privilege", name, /^\S+$/);
      const privilege = schema.insert("SEC_PRIVILEGES", {
        NAME: name,
        LABEL: given.text("P_LABEL"),
        DESCRIPTION: given.text("P_DESCRIPTION"),
        COMMENTS: given.text("P_COMMENTS"),
      });
      for (const role of given.list("P_ROLES") ?? [given.text("P_ROLE_NAME")]) addRole(schema, privilege, role);
    },
  };
}

/** Deleting what does not exist: what ORDS does is not known, so it is refused. */
export const privilegeProcedures: SchemaProcedure[] = [
  definePrivilege(1),
  definePrivilege(2),
  definePrivilege(3),
  createPrivilege(mandatory("P_ROLE_NAME")),
  createPrivilege(mandatory("P_ROLES", "OWA.VC_ARR")),
  {
    name: "DELETE_PRIVILEGE",
    parameters: [mandatory("P_NAME")],
    run: (schema, given) => {
      schema.deleteWithChildren("SEC_PRIVILEGES", schema.named("SEC_PRIVILEGES", given.text("P_NAME")));
    },
  },
  {
    name: "CREATE_PRIVILEGE_MAPPING",
    parameters: [mandatory("P_PRIVILEGE_NAME"), mandatory("P_PATTERN")],
    run: (schema, given) => {
      const privilege = schema.named("SEC_PRIVILEGES", given.text("P_PRIVILEGE_NAME"));
      addPattern(schema, schema.update("SEC_PRIVILEGES", privilege, {}), given.text("P_PATTERN"));
    },
  },
  {
    name: "CREATE_PRIVILEGE_MAPPING",
    parameters: [mandatory("P_PRIVILEGE_NAME"), mandatory("P_PATTERNS", "OWA.VC_ARR")],
    run: (schema, given) => {
      const privilege = schema.named("SEC_PRIVILEGES", given.text("P_PRIVILEGE_NAME"));
      schema.update("SEC_PRIVILEGES", privilege, {});
      for (const pattern of given.list("P_PATTERNS")!) addPattern(schema, privilege, pattern);
    },
  },
  {
    name: "DELETE_PRIVILEGE_MAPPING",
    parameters: [mandatory("P_PRIVILEGE_NAME"), mandatory("P_PATTERN")],
    run: (schema, given) => {
      const privilege = schema.named("SEC_PRIVILEGES", given.text("P_PRIVILEGE_NAME"));
      const pattern = given.text("P_PATTERN");
      const mapping = schema.find("SEC_PRIVILEGE_MAPPINGS", { PRIVILEGE_ID: privilege.ID!, PATTERN: pattern });
      if (!mapping) throw invented.notFound("Privilege mapping", pattern);
      schema.update("SEC_PRIVILEGES", privilege, {});
      schema.delete("SEC_PRIVILEGE_MAPPINGS", mapping);
    },
  },
  {
    name: "SET_MODULE_PRIVILEGE",
    parameters: [mandatory("P_MODULE_NAME"), mandatory("P_PRIVILEGE_NAME")],
    run: (schema, given) => {
      const privilege = schema.named("SEC_PRIVILEGES", given.text("P_PRIVILEGE_NAME"));
      const module = schema.named("ORDS_MODULES", given.text("P_MODULE_NAME"));
      const link: Row = { PRIVILEGE_ID: privilege.ID!, MODULE_ID: module.ID! };
      schema.update("SEC_PRIVILEGES", privilege, {});
      if (!schema.find("SEC_PRIVILEGE_MODULES", link)) addModule(schema, privilege, module.NAME as string);
    },
  },
];

export const roleProcedures: SchemaProcedure[] = [
  {
    name: "CREATE_ROLE",
    parameters: [mandatory("P_ROLE_NAME")],
    run: (schema, given) => {
      const name = given.text("P_ROLE_NAME");
      checkName("role", name, /\S/);
      // ORDS export scripts create roles unconditionally, so an existing one is probably no error.
      if (!schema.find("SEC_ROLES", { NAME: name })) schema.insert("SEC_ROLES", { NAME: name });
    },
  },
  {
    name: "DELETE_ROLE",
    parameters: [mandatory("P_ROLE_NAME")],
    run: (schema, given) => {
      const name = given.text("P_ROLE_NAME");
      checkName("role", name, /\S/);
      const role = schema.named("SEC_ROLES", name);
      // Not known; dropping it from its privileges silently would change who gets in.
      if (schema.find("SEC_PRIVILEGE_ROLES", { ROLE_ID: role.ID! })) {
        throw ora(2292, "integrity constraint (ORDS_METADATA.SEC_PRIVILEGE_ROLES_FK) violated - child record found");
      }
      schema.delete("SEC_ROLES", role);
    },
  },
];
