import oracledb from "oracledb";
import type { Handler, Parameter } from "./metadata";
import { type Binds, bindValues, type Input, isStatus } from "./parameters";
import { HttpError, json, type Reply } from "./responses";

const defaultItemsPerPage = 25;

/** What a handler works with. */
export interface Call extends Input {
  /** Opens a session of the schema. */
  connect(): Promise<oracledb.Connection>;
}

/**
 * Runs a handler's query or block in its schema.
 *
 * @throws HttpError 555 when it fails, 501 for what the stand-in does not do
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
    case "plsql/block":
      return block(handler, call);
    default:
      throw new HttpError(
        501,
        `source type ${handler.sourceType} is not supported; json/collection, json/item and plsql/block are`,
      );
  }
}

/** Runs a block and commits. What it prints with HTP is not supported: the answer is what its parameters say. */
async function block(handler: Handler, call: Call): Promise<Reply> {
  const binds = bindValues(handler, call);
  const out = await inSession(call, async (connection) => {
    const all = { ...Object.fromEntries(binds.in), ...outBinds(binds) };
    const { outBinds: found } = await connection.execute<Record<string, unknown>>(handler.source, all as never, {
      autoCommit: true,
    });
    return found ?? {};
  });
  const value = ({ bindName }: Parameter) => out[bindName] ?? null;
  const status =
    binds.out
      .filter(isStatus)
      .map(value)
      .find((each) => each !== null) ?? 200;
  if (typeof status !== "number" || !Number.isInteger(status) || status < 200 || status > 599) {
    throw failed(`the status is ${status}, expected 200 to 599`);
  }
  const members = binds.out.filter(({ source }) => source === "RESPONSE").map((each) => [each.name, value(each)]);
  const headers = binds.out.filter((each) => each.source === "HEADER" && !isStatus(each) && value(each) !== null);
  const reply = members.length > 0 ? json(Object.fromEntries(members)) : { headers: {}, body: "" };
  return {
    ...reply,
    status,
    headers: { ...reply.headers, ...Object.fromEntries(headers.map((each) => [each.name, String(value(each))])) },
  };
}

function outBinds({ in: values, out }: Binds): Record<string, oracledb.BindParameter> {
  return Object.fromEntries(
    out.map(({ bindName, type }) => {
      const isNumber = ["INT", "LONG", "DOUBLE"].includes(type);
      const shape = isNumber ? { type: oracledb.NUMBER } : { type: oracledb.STRING, maxSize: 4000 };
      return [bindName, { dir: oracledb.BIND_INOUT, val: values.get(bindName), ...shape }];
    }),
  );
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
  const binds = Object.fromEntries(bindValues(handler, call).in);
  return inSession(call, async (connection) => {
    const { metaData, rows } = await connection.execute<unknown[]>(handler.source, binds as never, {
      maxRows,
      outFormat: oracledb.OUT_FORMAT_ARRAY,
      fetchTypeHandler: ({ dbType }) => (dbType === oracledb.DB_TYPE_CLOB ? { type: oracledb.STRING } : undefined),
    });
    if (!metaData || !rows) throw new Error("the handler's source is not a query");
    const names = metaData.map(({ name }) => name.toLowerCase());
    return rows.map((row) => Object.fromEntries(row.map((value, index) => [names[index], toJson(value)])));
  });
}

/** @throws HttpError 555 when `work` fails */
async function inSession<T>(call: Call, work: (connection: oracledb.Connection) => Promise<T>): Promise<T> {
  const connection = await call.connect();
  try {
    return await work(connection);
  } catch (error) {
    throw failed((error as Error).message);
  } finally {
    await connection.close();
  }
}

function failed(why: string): HttpError {
  return new HttpError(555, why, {}, { "o:errorCode": "ORDS-25001" });
}

/** ORDS writes a date as UTC; the driver gives its wall-clock time in local fields. */
export function toJson(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString("base64");
  if (!(value instanceof Date)) return value;
  return new Date(value.getTime() - value.getTimezoneOffset() * 60_000).toISOString().replace(".000Z", "Z");
}
