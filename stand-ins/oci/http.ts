import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { newId } from "./identifiers";

export interface Tls {
  /** Private key, PEM. */
  key: string;
  /** Certificate chain, PEM. */
  cert: string;
}

export interface Request {
  method: string;
  /** Path and query as sent: what a signature covers. */
  target: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Reply {
  status: number;
  headers?: Record<string, string | string[]>;
  /** Sent as JSON; nothing is sent when absent. */
  body?: unknown;
  /** A page, sent instead of `body`. */
  html?: string;
}

/** Thrown to answer with an error; each API has its own form of body. */
export class Refusal extends Error {
  constructor(
    readonly reply: Reply,
    message: string,
  ) {
    super(message);
  }
}

/** How one API words an error that is not its own: unknown path, malformed body, unexpected failure. */
export type Refuse = (status: number, message: string) => Refusal;

type Handler<Context> = (request: Request, params: Record<string, string>, context: Context) => Reply | Promise<Reply>;

/** Finds the handler for a method and a path such as `/domains/{id}`. */
export class Router<Context> {
  private readonly routes: { method: string; pattern: RegExp; handler: Handler<Context> }[] = [];

  on(method: string, path: string, handler: Handler<Context>): this {
    const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
    this.routes.push({ method, pattern, handler });
    return this;
  }

  handle(request: Request, context: Context, refuse: Refuse): Reply | Promise<Reply> {
    const onPath = this.routes.filter((route) => route.pattern.test(request.path));
    const route = onPath.find((candidate) => candidate.method === request.method);
    if (route) {
      const groups = route.pattern.exec(request.path)?.groups ?? {};
      const params = Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value, refuse)]));
      return route.handler(request, params, context);
    }
    if (onPath.length === 0) throw refuse(404, `no such resource: ${request.path}`);
    const allowed = onPath.map((candidate) => candidate.method).join(", ");
    const refusal = refuse(405, `${request.method} is not allowed on ${request.path}: use ${allowed}`);
    throw new Refusal({ ...refusal.reply, headers: { ...refusal.reply.headers, allow: allowed } }, refusal.message);
  }
}

/** The body as a JSON object. */
export function jsonObject(request: Request, refuse: Refuse): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString("utf8"));
  } catch (error) {
    throw refuse(400, `the body is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refuse(400, "the body must be a JSON object");
  }
  return value as Record<string, unknown>;
}

/** An answer given instead of the service's own: an outage, throttling, a refusal. */
interface Fault {
  status: number;
  message: string;
  /** Seconds after which the client may try again, sent as `Retry-After`. */
  retryAfter?: number;
}

/**
 * `cut` ends the connection before the request is carried out, `cut-reply` after that, without an answer; `no-reply` carries it out
 * and never answers.
 */
type Cut = "cut" | "cut-reply" | "no-reply";

type Verdict = Fault | Cut | undefined;

/** Decides on each request, before anything else, whether it fails; the request waits for a promise. */
export type Faults = (request: { method: string; path: string }) => Verdict | Promise<Verdict>;

export interface Listener {
  /** `https://localhost:PORT` */
  url: string;
  close(): Promise<void>;
}

/**
 * Serves HTTPS on loopback. `refuse` words the errors of a path, those of `faults` included; `handle` may throw a
 * {@link Refusal}.
 */
export async function listen(
  tls: Tls,
  port: number,
  handle: (request: Request) => Reply | Promise<Reply>,
  refuse: (path: string) => Refuse,
  faults: Faults = () => undefined,
): Promise<Listener> {
  const server = createServer(tls, async (incoming, outgoing) => {
    let cut: Cut | undefined;
    const failing = async (request: Request) => {
      const fault = await faults(request);
      if (typeof fault === "object") return faulty(fault, refuse(request.path));
      cut = fault;
      return fault === "cut" ? { status: 503 } : handle(request);
    };
    const id = [incoming.headers["opc-request-id"], newId()].filter(Boolean).join("/");
    outgoing.setHeader("opc-request-id", id);
    const reply = await answer(incoming, failing, refuse);
    if (cut === undefined) send(outgoing, reply);
    else if (cut !== "no-reply") incoming.socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "localhost", resolve);
  });
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function faulty({ status, message, retryAfter }: Fault, refuse: Refuse): Reply {
  const { reply } = refuse(status, message);
  return retryAfter === undefined
    ? reply
    : { ...reply, headers: { ...reply.headers, "retry-after": String(retryAfter) } };
}

async function answer(
  incoming: IncomingMessage,
  handle: (request: Request) => Reply | Promise<Reply>,
  refuse: (path: string) => Refuse,
): Promise<Reply> {
  const target = incoming.url ?? "/";
  const path = target.split("?", 1)[0] ?? "/";
  try {
    const body = await readBody(incoming, refuse(path));
    const query = new URLSearchParams(target.slice(path.length));
    return await handle({ method: incoming.method ?? "GET", target, path, query, headers: incoming.headers, body });
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    return refuse(path)(500, `unexpected failure: ${(error as Error).message}`).reply;
  }
}

const maximumBody = 1024 * 1024;

async function readBody(incoming: IncomingMessage, refuse: Refuse): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // What is over the limit is read and dropped, so that the client gets to see the answer.
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size <= maximumBody) chunks.push(chunk);
  }
  if (size > maximumBody) throw refuse(413, `the body has ${size} bytes: at most ${maximumBody} are allowed`);
  return Buffer.concat(chunks);
}

function send(outgoing: ServerResponse, reply: Reply): void {
  const body = reply.html ?? (reply.body === undefined ? "" : JSON.stringify(reply.body));
  const type = reply.html === undefined ? "application/json" : "text/html; charset=utf-8";
  outgoing.writeHead(reply.status, {
    ...(body === "" ? {} : { "content-type": type }),
    ...(reply.status === 204 ? {} : { "content-length": String(Buffer.byteLength(body)) }),
    ...reply.headers,
  });
  outgoing.end(body);
}

function decode(segment: string, refuse: Refuse): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw refuse(400, `malformed percent-encoding in the path: ${segment}`);
  }
}
