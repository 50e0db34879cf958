import type { Packages } from "../model";
import { literal } from "./literal";

/** Views that have a row for each thing a schema owns. */
type OwnedView = "modules" | "templates" | "handlers" | "enabled_objects" | "privileges" | "roles" | "jwt_profile";
/** Views that have a row for each thing a privilege names. */
type PrivilegeView = "privilege_roles" | "privilege_modules" | "privilege_mappings";

/** What to put into FROM to read the ORDS metadata of one schema. */
export interface Views {
  owned(view: OwnedView): string;
  ofPrivileges(view: PrivilegeView): string;
  /** The row that says whether and where the schema is REST-enabled, its condition included. */
  readonly schemas: string;
}

/** The views of the session's own schema. */
export const ownViews: Views = {
  owned: (view) => `user_ords_${view}`,
  ofPrivileges: (view) => `user_ords_${view}`,
  // ORDS works for the session user, whatever the current schema is.
  schemas: "user_ords_schemas WHERE parsing_schema = USER",
};

/**
 * The views of an administrator, narrowed to one schema.
 * @param schema a bind or a variable that holds its name
 */
export function administratorViews(schema: string): Views {
  // Only the ids are known to lead from one view to the next: which of them have a column for the schema is not published.
  const ofSchema = `\n  JOIN dba_ords_schemas s ON s.id = p.schema_id\n  WHERE s.parsing_schema = ${schema})`;
  return {
    owned: (view) => `(SELECT p.* FROM dba_ords_${view} p${ofSchema}`,
    ofPrivileges: (view) =>
      `(SELECT x.* FROM dba_ords_${view} x\n  JOIN dba_ords_privileges p ON p.id = x.privilege_id${ofSchema}`,
    schemas: `dba_ords_schemas WHERE parsing_schema = ${schema}`,
  };
}

/** For a script, which has no binds. */
export function viewsOf({ schema }: Packages): Views {
  return schema === undefined ? ownViews : administratorViews(literal(schema));
}
