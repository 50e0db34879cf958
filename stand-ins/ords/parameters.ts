import type { Handler, Parameter } from "./metadata";
import { HttpError } from "./responses";
import type { Route } from "./routes";

/** What a request says to a handler. */
export interface Input {
  /** The request's URL; its query parameters become binds. */
  readonly url: URL;
  readonly route: Route;
  /** The token's `sub`; null on a public resource. */
  readonly currentUser: string | null;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Implicit parameters of ORDS that are not provided here; a caller cannot provide them either. */
const unsupportedBinds = new Set([
  ...["body_json", "fetch_offset", "fetch_size", "forward_location", "page_offset", "page_size"],
  ...["row_count", "row_offset"],
]);

export interface Binds {
  /** Bind name in lower case -> what goes in. */
  readonly in: ReadonlyMap<string, Value>;
  /** What comes out of a block, by bind name. */
  readonly out: readonly Parameter[];
}

type Value = string | number | Buffer | null;

/** Whether a block sets the status of the answer by a parameter. */
export function isStatus({ name, source }: Parameter): boolean {
  return source === "HEADER" && /^X-(ORDS|APEX)-STATUS-CODE$/i.test(name);
}

const statusCode: Parameter = {
  name: "X-ORDS-STATUS-CODE",
  bindName: "status_code",
  source: "HEADER",
  access: "OUT",
  type: "INT",
};

/**
 * A value for each bind name of the source: ORDS's own, declared parameters, then path, body and query, else NULL.
 *
 * @throws HttpError 400 for a body or a value that cannot be read, 501 for what the stand-in does not do
 */
export function bindValues(handler: Handler, input: Input): Binds {
  const names = bindNames(handler.source);
  const unsupported = names.find((name) => unsupportedBinds.has(name));
  if (unsupported) throw new HttpError(501, `bind :${unsupported} is not supported`);
  const parameters = [statusCode, ...handler.parameters].filter(({ bindName }) => names.includes(bindName));
  const given = new Map<string, Value>();
  const offer = (name: string, value: Value) => {
    if (!given.has(name.toLowerCase())) given.set(name.toLowerCase(), value);
  };
  const wantsBody = names.includes("body") || names.includes("body_text");
  offer("current_user", input.currentUser);
  offer("content_type", text(input.headers["content-type"]));
  offer("body", input.body);
  offer("body_text", input.body.toString("utf8"));
  for (const parameter of parameters) offer(parameter.bindName, declared(parameter, input));
  for (const [name, value] of Object.entries(input.route.parameters)) offer(name, value);
  if (!wantsBody) for (const [name, value] of bodyMembers(input)) offer(name, value);
  for (const [name, value] of input.url.searchParams) offer(name, value);
  return {
    in: new Map(names.map((name) => [name, given.get(name) ?? null])),
    out: parameters.filter(({ access }) => access !== "IN"),
  };
}

/** The value of a declared parameter; null where the request has none, or where it only comes out. */
function declared({ name, source, access, type }: Parameter, { url, headers }: Input): Value {
  if (access === "OUT" || source === "RESPONSE") return null;
  const value = source === "HEADER" ? text(headers[name.toLowerCase()]) : url.searchParams.get(name);
  if (value === null || !["INT", "LONG", "DOUBLE"].includes(type)) return value;
  const number = Number(value);
  if (value.trim() === "" || Number.isNaN(number)) throw new HttpError(400, `parameter ${name} is not a number`);
  return number;
}

/** The members of a JSON object or a form that a request brings. */
function bodyMembers({ headers, body }: Input): [string, Value][] {
  const type = text(headers["content-type"])?.split(";")[0]?.trim().toLowerCase();
  if (body.length === 0) return [];
  if (type === "application/x-www-form-urlencoded") return [...new URLSearchParams(body.toString("utf8"))];
  if (type !== "application/json") return [];
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new HttpError(400, `the body is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).map(([name, member]) => [name, scalar(member)]);
}

/** What is no text or number is bound as its JSON. */
function scalar(value: unknown): Value {
  return value === null || typeof value === "string" || typeof value === "number" ? value : JSON.stringify(value);
}

function text(header: string | string[] | undefined): string | null {
  return header === undefined ? null : String(header);
}

/** The bind names of a statement in lower case, without what stands in literals, quoted names and comments. */
export function bindNames(sql: string): string[] {
  const token =
    /--.*|\/\*[\s\S]*?\*\/|q'\[[\s\S]*?\]'|q'\{[\s\S]*?\}'|q'\([\s\S]*?\)'|q'<[\s\S]*?>'|q'(\S)[\s\S]*?\1'|'[^']*'|"[^"]*"|:\s*([a-z][\w$#]*)/gi;
  return [...new Set([...sql.matchAll(token)].flatMap((match) => (match[2] ? [match[2].toLowerCase()] : [])))];
}
