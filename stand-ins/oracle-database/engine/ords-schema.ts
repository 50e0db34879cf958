import type { Value } from "../database";
import { ora } from "./errors";
import type { Row } from "./rows";
import type { SessionContext } from "./session-context";
import { type TableName, tables } from "./tables";

/**
 * Errors of ORDS whose numbers and texts Oracle does not publish. The numbers are invented: nothing should depend on them
 * but that they are errors.
 */
export const invented = {
  invalidArgument: (text: string) => ora(20101, text),
  notFound: (kind: string, name: string | null) => ora(20102, `${kind} not found : ${name ?? ""}`),
  reservedName: (name: string) => ora(20103, `Name is reserved by ORDS : ${name}`),
};

/** Roles that come with ORDS: any schema may grant them, none may define them. */
export const builtInRoles = [
  "RESTful Services",
  "SODA Developer",
  "SQL Developer",
  "oracle.dbtools.autorest.any.schema",
];

/** Other names under `oracle.` are taken: exports of a schema define what ENABLE_SCHEMA has made there. */
export function checkName(kind: string, name: string | null, pattern: RegExp): void {
  // NULL is left to the NOT NULL column.
  if (name === null) return;
  if (builtInRoles.includes(name)) throw invented.reservedName(name);
  if (!pattern.test(name)) throw invented.invalidArgument(`Invalid ${kind} name : ${name}`);
}

/** One REST-enabled schema, as the procedures of a package work on it. */
export class OrdsSchema {
  private constructor(
    private readonly session: SessionContext,
    private readonly id: Value,
  ) {}

  /** @throws ORA-20012. The name must match exactly; whether real ORDS folds its case is not known. */
  static enabled(session: SessionContext, name: string | null): OrdsSchema {
    const row = findSchema(session, name);
    if (row?.STATUS !== "ENABLED") throw ora(20012, `Schema not REST enabled : ${name ?? ""}`);
    return new OrdsSchema(session, row.ID!);
  }

  /** Also a schema that has been disabled; `undefined` when it never was enabled. */
  static known(session: SessionContext, name: string | null): OrdsSchema | undefined {
    const row = findSchema(session, name);
    return row && new OrdsSchema(session, row.ID!);
  }

  all(table: TableName, match: Row = {}): Row[] {
    const scoped = hasColumn(table, "SCHEMA_ID") ? { ...match, SCHEMA_ID: this.id } : match;
    return this.session.transaction.rows(table, scoped);
  }

  find(table: TableName, match: Row): Row | undefined {
    return this.all(table, match)[0];
  }

  /** A module, privilege or role by its name. */
  named(table: "ORDS_MODULES" | "SEC_PRIVILEGES" | "SEC_ROLES", name: string | null): Row {
    const kinds = { ORDS_MODULES: "Module", SEC_PRIVILEGES: "Privilege", SEC_ROLES: "Role" };
    const builtIn = table === "SEC_ROLES" && name !== null && builtInRoles.includes(name);
    const row = builtIn
      ? this.session.transaction.rows(table, { NAME: name, SCHEMA_ID: null })[0]
      : this.find(table, { NAME: name });
    if (!row) throw invented.notFound(kinds[table], name);
    return row;
  }

  insert(table: TableName, values: Row): Row {
    const own: Row = hasColumn(table, "SCHEMA_ID") ? { ...values, SCHEMA_ID: this.id } : values;
    return this.session.transaction.insert(table, {
      ...own,
      ...(hasColumn(table, "CREATED_ON") ? this.created() : {}),
    });
  }

  update(table: TableName, row: Row, values: Row): Row {
    const { user } = this.session;
    const audit: Row = hasColumn(table, "UPDATED_ON") ? { UPDATED_BY: user, UPDATED_ON: now() } : {};
    return this.session.transaction.update(table, row, { ...values, ...audit });
  }

  delete(table: TableName, row: Row): void {
    this.session.transaction.delete(table, row);
  }

  deleteAll(table: TableName, match: Row): void {
    for (const row of this.all(table, match)) this.delete(table, row);
  }

  /** Refers to a row that must not go away meanwhile. */
  hold(table: TableName, row: Row): void {
    this.session.transaction.hold(table, row);
  }

  /** Removes the schema itself and all it holds. */
  drop(): void {
    for (const name of ["SEC_PRIVILEGES", "SEC_ROLES", "ORDS_MODULES"] as const) {
      for (const row of this.all(name)) this.deleteWithChildren(name, row);
    }
    this.deleteAll("ORDS_OBJECTS", {});
    this.deleteAll("OAUTH_JWT_PROFILE", {});
    for (const row of this.session.transaction.rows("ORDS_SCHEMAS", { ID: this.id })) this.delete("ORDS_SCHEMAS", row);
  }

  deleteWithChildren(table: "ORDS_MODULES" | "SEC_PRIVILEGES" | "SEC_ROLES", row: Row): void {
    if (table === "ORDS_MODULES") {
      for (const template of this.all("ORDS_TEMPLATES", { MODULE_ID: row.ID! })) {
        for (const handler of this.all("ORDS_HANDLERS", { TEMPLATE_ID: template.ID! })) {
          this.deleteAll("ORDS_PARAMETERS", { HANDLER_ID: handler.ID! });
          this.delete("ORDS_HANDLERS", handler);
        }
        this.delete("ORDS_TEMPLATES", template);
      }
      this.deleteAll("SEC_PRIVILEGE_MODULES", { MODULE_ID: row.ID! });
    }
    if (table === "SEC_PRIVILEGES") this.deletePrivilegeParts(row);
    this.delete(table, row);
  }

  deletePrivilegeParts(privilege: Row): void {
    for (const part of ["SEC_PRIVILEGE_ROLES", "SEC_PRIVILEGE_MODULES", "SEC_PRIVILEGE_MAPPINGS"] as const) {
      this.deleteAll(part, { PRIVILEGE_ID: privilege.ID! });
    }
  }

  private created(): Row {
    return { CREATED_BY: this.session.user, CREATED_ON: now() };
  }
}

export function findSchema(session: SessionContext, name: string | null): Row | undefined {
  return session.transaction.rows("ORDS_SCHEMAS", { PARSING_SCHEMA: name })[0];
}

function hasColumn(table: TableName, column: string): boolean {
  return tables.get(table)!.columns.some(({ name }) => name === column);
}

/** DATE has no fraction of a second. */
export function now(): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000);
}
