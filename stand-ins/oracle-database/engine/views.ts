import type { Value } from "../database";
import type { Query } from "./ast";
import type { PackageCatalog } from "./packages";
import { compileQuery } from "./query";
import { outermost, type Relation, type RelationColumn } from "./scope";
import type { SessionContext } from "./session-context";
import { parsed } from "./shared-pool";
import { type TableName, tables } from "./tables";
import type { OrdsVersion } from "./versions";

interface Definition {
  readonly columns: string;
  readonly from: string;
  /** Columns that only the DBA_* twin has. */
  readonly dbaColumns?: string;
  /** @default "24.4" for DBA_*, always for USER_* */
  readonly since?: string;
}

const audit = "created_by, created_on, updated_by, updated_on";
const auditOf = (alias: string) => audit.replace(/\b(?=created|updated)/g, `${alias}.`);
const schema = "ords_schemas s";

/** Views on the base tables, as published exports select from them; `s` is the schema that owns the row. */
const definitions: Record<string, Definition> = {
  SCHEMAS: {
    columns: "s.id, s.parsing_schema, s.type, s.pattern, s.status, s.auto_rest_auth, s.ops_allowed, s.pre_hook",
    from: schema,
  },
  MODULES: {
    columns: `m.id, m.name, uri_prefix, items_per_page, m.status, comments, m.pre_hook, schema_id, ${audit}, origins_allowed`,
    from: `ords_modules m JOIN ${schema} ON s.id = m.schema_id`,
  },
  TEMPLATES: {
    columns: `t.id, module_id, uri_template, priority, etag_type, etag_query, comments, schema_id, ${audit}`,
    from: `ords_templates t JOIN ${schema} ON s.id = t.schema_id`,
  },
  HANDLERS: {
    columns: `h.id, template_id, source_type, method, mimes_allowed, items_per_page, source, comments, schema_id, ${audit}`,
    from: `ords_handlers h JOIN ${schema} ON s.id = h.schema_id`,
  },
  PARAMETERS: {
    columns: `p.id, handler_id, name, bind_variable_name, source_type, access_method, param_type, comments, schema_id, ${audit}`,
    from: `ords_parameters p JOIN ${schema} ON s.id = p.schema_id`,
  },
  ENABLED_OBJECTS: {
    columns: `o.id, schema_id, s.parsing_schema, parsing_object, object_alias, o.type, o.status, o.auto_rest_auth,
      o.ops_allowed, type_path, o.pre_hook`,
    from: `ords_objects o JOIN ${schema} ON s.id = o.schema_id`,
  },
  // Only some of its columns are published: those that scripts select.
  SERVICES: {
    columns:
      "m.name, m.uri_prefix AS base_path, t.uri_template AS pattern, h.method, m.id AS module_id, t.id AS template_id",
    dbaColumns: "m.schema_id",
    from: `ords_handlers h JOIN ords_templates t ON t.id = h.template_id
      JOIN ords_modules m ON m.id = t.module_id JOIN ${schema} ON s.id = m.schema_id`,
  },
  PRIVILEGES: {
    columns: `p.id, label, name, comments, description, schema_id, ${audit}`,
    from: `sec_privileges p JOIN ${schema} ON s.id = p.schema_id`,
  },
  ROLES: {
    columns: `r.id, name, schema_id, ${audit}`,
    from: `sec_roles r JOIN ${schema} ON s.id = r.schema_id`,
  },
  PRIVILEGE_ROLES: {
    columns: `privilege_id, p.name AS privilege_name, role_id, r.name AS role_name, ${auditOf("x")}`,
    dbaColumns: "p.schema_id",
    from: `sec_privilege_roles x JOIN sec_privileges p ON p.id = x.privilege_id
      JOIN sec_roles r ON r.id = x.role_id JOIN ${schema} ON s.id = p.schema_id`,
  },
  PRIVILEGE_MODULES: {
    columns: `privilege_id, p.name AS privilege_name, module_id, m.name AS module_name, ${auditOf("x")}`,
    dbaColumns: "p.schema_id",
    from: `sec_privilege_modules x JOIN sec_privileges p ON p.id = x.privilege_id
      JOIN ords_modules m ON m.id = x.module_id JOIN ${schema} ON s.id = p.schema_id`,
  },
  PRIVILEGE_MAPPINGS: {
    columns: `privilege_id, p.name, x.pattern, ${auditOf("x")}`,
    dbaColumns: "p.schema_id",
    from: `sec_privilege_mappings x JOIN sec_privileges p ON p.id = x.privilege_id JOIN ${schema} ON s.id = p.schema_id`,
  },
  JWT_PROFILE: {
    columns: "schema_id, issuer, audience, jwk_url, description, allowed_skew, allowed_age",
    from: `oauth_jwt_profile j JOIN ${schema} ON s.id = j.schema_id`,
    since: "23.3",
  },
};

export interface OrdsView {
  /** As they are selected, without what qualifies them. */
  readonly columns: readonly string[];
  readonly query: Query;
  readonly forAdministrators: boolean;
}

/** The views that this version of ORDS has, by name. */
export function ordsViews(version: OrdsVersion): ReadonlyMap<string, OrdsView> {
  return new Map(
    Object.entries(definitions)
      .filter(([, { since = "0" }]) => version.atLeast(since))
      .flatMap(([subject, { columns, dbaColumns, from }]): [string, OrdsView][] => {
        // Role-based profiles came with 25.1. The name of this column is not published: it is a guess.
        const all = subject === "JWT_PROFILE" && version.atLeast("25.1") ? `${columns}, role_claim_name` : columns;
        const own = view(`SELECT ${all} FROM ${from} WHERE s.parsing_schema = USER`, false);
        // Before 24.4 there were few DBA_ORDS_* views, with other columns; they are left out.
        if (!version.atLeast("24.4")) return [[`USER_ORDS_${subject}`, own]];
        const every = view(`SELECT ${all}${dbaColumns ? `, ${dbaColumns}` : ""} FROM ${from}`, true);
        return [
          [`USER_ORDS_${subject}`, own],
          [`DBA_ORDS_${subject}`, every],
        ];
      }),
  );
}

/** Parsed when it is first asked for, and once for all databases. */
function view(text: string, forAdministrators: boolean): OrdsView {
  return {
    forAdministrators,
    get query() {
      return parsed(text).query;
    },
    get columns() {
      const { body } = this.query;
      const items = body.kind === "select" ? body.items : [];
      return items.flatMap((item) => (item.kind === "expression" ? [item.name] : []));
    },
  };
}

/** What one session sees in FROM. */
export class ViewCatalog {
  /** Compiled once for the session: a view reads all its rows before anything else reads it again. */
  private readonly compiled = new Map<string, Relation>();

  constructor(
    private readonly session: SessionContext,
    private readonly packages: PackageCatalog,
  ) {}

  open(path: string[]): Relation | undefined {
    const [name, owner, ...rest] = [...path].reverse() as [string, ...string[]];
    if (rest.length > 0) return undefined;
    const { session } = this;
    if (owner === undefined || owner === "SYS") {
      const relation = systemViews.get(name)?.(session);
      if (relation) return relation;
    }
    if (owner !== undefined && owner !== "ORDS_METADATA") return undefined;
    const found = session.database.views.get(name);
    if (!found || (found.forAdministrators && !session.roles.includes("ORDS_ADMINISTRATOR_ROLE"))) return undefined;
    const known = this.compiled.get(name);
    if (known) return known;
    // A view reads with its owner's rights: only here do the base tables have names.
    const scope = outermost({
      session,
      packages: this.packages,
      binds: [],
      relation: ([table, ...more]) => (more.length ? undefined : baseTable(table!, session)),
    });
    const query = compileQuery(found.query, scope);
    const relation = { columns: query.columns, rows: () => query.run() };
    this.compiled.set(name, relation);
    return relation;
  }
}

function baseTable(name: string, session: SessionContext): Relation | undefined {
  const table = tables.get(name as TableName);
  return (
    table && {
      columns: table.columns,
      rows: () => session.transaction.rows(table.name).map((row) => table.columns.map((column) => row[column.name]!)),
    }
  );
}

/** The few views of the database itself that a client asks for: one column each. */
export const systemViews: ReadonlyMap<string, (session: SessionContext) => Relation> = new Map(
  Object.entries({
    DUAL: () => oneColumn({ name: "DUMMY", type: "VARCHAR2", size: 1, nullable: true }, ["X"]),
    SESSION_ROLES: (session: SessionContext) => oneColumn(name("ROLE"), session.roles),
    SESSION_PRIVS: () => oneColumn(name("PRIVILEGE"), ["CREATE SESSION"]),
    USER_USERS: (session: SessionContext) => oneColumn(name("USERNAME"), [session.user]),
  }),
);

function name(column: string): RelationColumn {
  return { name: column, type: "VARCHAR2", size: 128, nullable: false };
}

function oneColumn(column: RelationColumn, values: readonly Value[]): Relation {
  return { columns: [column], rows: () => values.map((value) => [value]) };
}
