import oracledb from "oracledb";
import type { Handler } from "./metadata";
import { HttpError, json, type Reply } from "./responses";
import type { Route } from "./routes";

const defaultItemsPerPage = 25;

/** Implicit parameters of ORDS that are not provided here; a caller cannot provide them either. */
const unsupportedBinds = new Set([
  "body",
  "body_json",
  "body_text",
  "content_type",
  "fetch_offset",
  "fetch_size",
  "forward_location",
  "page_offset",
  "page_size",
  "row_count",
  "row_offset",
  "status_code",
]);

/** What a handler works with. */
export interface Call {
  /** The request's URL; its query parameters become binds. */
  readonly url: URL;
  readonly route: Route;
  /** The token's `sub`; null on a public resource. */
  readonly currentUser: string | null;
  /** Opens a session of the schema. */
  connect(): Promise<oracledb.Connection>;
}

/**
 * Runs a handler's query in its schema.
 *
 * @throws HttpError 555 when the query fails, 501 for what the stand-in does not do
 */
export async function runHandler(handler: Handler, call: Call): Promise<Reply> {
  switch (handler.sourceType) {
    case "json/item": {
      const [row] = await query(handler, call, 1);
      if (!row) throw new HttpError(404);
      return json(row);
    }
    case "json/collection":
      return json(await collection(handler, call));
    default:
      throw new HttpError(501, `source type ${handler.sourceType} is not supported; json/collection and json/item are`);
  }
}

async function collection(handler: Handler, call: Call): Promise<object> {
  const parameters = call.url.searchParams;
  if (parameters.has("q")) throw new HttpError(501, "filtering with the reserved query parameter q is not supported");
  const itemsPerPage = handler.itemsPerPage ?? call.route.module.itemsPerPage ?? defaultItemsPerPage;
  const offset = wholeNumber(parameters, "offset") ?? 0;
  const limit = wholeNumber(parameters, "limit") ?? itemsPerPage;
  const rows = await query(handler, call, limit === 0 ? 0 : offset + limit + 1);
  const items = rows.slice(offset, limit === 0 ? undefined : offset + limit);
  const hasMore = rows.length > offset + items.length;
  const links = [{ rel: "self", href: call.url.href }];
  if (hasMore) {
    const next = new URL(call.url);
    next.searchParams.set("offset", String(offset + limit));
    links.push({ rel: "next", href: next.href });
  }
  return { items, hasMore, limit, offset, count: items.length, links };
}

function wholeNumber(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text))
    throw new HttpError(400, `query parameter ${name} is "${text}", expected a whole number`);
  return Number(text);
}

/** @param maxRows 0: all */
async function query(handler: Handler, call: Call, maxRows: number): Promise<Record<string, unknown>[]> {
  const binds = bindValues(handler.source, call);
  const connection = await call.connect();
  try {
    const { metaData, rows } = await connection.execute<unknown[]>(handler.source, binds, {
      maxRows,
      outFormat: oracledb.OUT_FORMAT_ARRAY,
      fetchTypeHandler: ({ dbType }) => (dbType === oracledb.DB_TYPE_CLOB ? { type: oracledb.STRING } : undefined),
    });
    if (!metaData || !rows) throw new Error("the handler's source is not a query");
    const names = metaData.map(({ name }) => name.toLowerCase());
    return rows.map((row) => Object.fromEntries(row.map((value, index) => [names[index], toJson(value)])));
  } catch (error) {
    throw new HttpError(555, (error as Error).message, {}, { "o:errorCode": "ORDS-25001" });
  } finally {
    await connection.close();
  }
}

/** A value for each bind name of the source: current user, then path, then query parameter, else NULL. */
function bindValues(source: string, call: Call): Record<string, string | null> {
  const values = new Map<string, string | null>();
  for (const [name, value] of call.url.searchParams)
    if (!values.has(name.toLowerCase())) values.set(name.toLowerCase(), value);
  for (const [name, value] of Object.entries(call.route.parameters)) values.set(name.toLowerCase(), value);
  values.set("current_user", call.currentUser);
  return Object.fromEntries(
    bindNames(source).map((name) => {
      if (unsupportedBinds.has(name)) throw new HttpError(501, `bind :${name} is not supported`);
      return [name, values.get(name) ?? null];
    }),
  );
}

/** The bind names of a statement in lower case, without what stands in literals, quoted names and comments. */
export function bindNames(sql: string): string[] {
  const token =
    /--.*|\/\*[\s\S]*?\*\/|q'\[[\s\S]*?\]'|q'\{[\s\S]*?\}'|q'\([\s\S]*?\)'|q'<[\s\S]*?>'|q'(\S)[\s\S]*?\1'|'[^']*'|"[^"]*"|:\s*([a-z][\w$#]*)/gi;
  return [...new Set([...sql.matchAll(token)].flatMap((match) => (match[2] ? [match[2].toLowerCase()] : [])))];
}

/** ORDS writes a date as UTC; the driver gives its wall-clock time in local fields. */
export function toJson(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString("base64");
  if (!(value instanceof Date)) return value;
  return new Date(value.getTime() - value.getTimezoneOffset() * 60_000).toISOString().replace(".000Z", "Z");
}
