import type oracledb from "oracledb";
import type { Actual, AutoRestObject, Served } from "../model";
import { administratorViews, ownViews, type Views } from "../sql/views";
import { isDriverError } from "./errors";
import { type Row, select, withSlashes } from "./read";

const servedQuery = ({ owned }: Views) => `
  SELECT m.name AS module, t.uri_template AS template, h.method AS value
  FROM ${owned("handlers")} h JOIN ${owned("templates")} t ON t.id = h.template_id
  JOIN ${owned("modules")} m ON m.id = t.module_id
  UNION ALL SELECT name, NULL, status FROM ${owned("modules")}`;

// All columns: which ones there are is not published.
const objectQuery = ({ owned }: Views) => `SELECT * FROM ${owned("enabled_objects")}`;

/**
 * Reads what a map shows beyond a plan, of a schema that was read: methods, modules that are not published, AutoREST. Two round
 * trips.
 */
export async function readServed(connection: oracledb.Connection, { user, schema }: Actual): Promise<Served> {
  const isOwn = user === schema;
  const views = isOwn ? ownViews : administratorViews(":schema");
  const binds = isOwn ? {} : { schema };
  const rows = await select(connection, servedQuery(views), binds);
  const methods = new Map<string, Map<string, string[]>>();
  const unpublished = new Set<string>();
  for (const { MODULE, TEMPLATE, VALUE } of rows) {
    const module = String(MODULE);
    if (TEMPLATE === null) {
      if (VALUE === "NOT_PUBLISHED") unpublished.add(module);
      continue;
    }
    const templates = methods.get(module) ?? new Map<string, string[]>();
    methods.set(module, templates);
    templates.set(String(TEMPLATE), [...(templates.get(String(TEMPLATE)) ?? []), String(VALUE)]);
  }
  return { methods, unpublished, objects: await readObjects(connection, views, binds) };
}

async function readObjects(connection: oracledb.Connection, views: Views, binds: oracledb.BindParameters) {
  try {
    const rows = await select(connection, objectQuery(views), binds);
    const found = rows.map(autoRestObject);
    return found.every((each) => each !== undefined)
      ? found.filter((each) => each !== "disabled")
      : { unread: "the view shows no names of them" };
  } catch (error) {
    if (!isDriverError(error) || !/ORA-00942|ORA-01031|ORA-00904/.test(error.message)) throw error;
    return { unread: String(error.message.split("\n")[0]) };
  }
}

function autoRestObject(row: Row): AutoRestObject | "disabled" | undefined {
  const { OBJECT_ALIAS: alias, PARSING_OBJECT: name, STATUS: status, AUTO_REST_AUTH: auth } = row;
  if (status === "DISABLED") return "disabled";
  if (typeof name !== "string") return undefined;
  return {
    name,
    path: withSlashes(typeof alias === "string" ? alias : name.toLowerCase()),
    isProtected: typeof auth === "string" ? auth === "ENABLED" : undefined,
  };
}
