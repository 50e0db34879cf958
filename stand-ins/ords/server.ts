import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import oracledb from "oracledb";
import { catalog } from "./catalog";
import { runHandler } from "./handlers";
import { createKeySource, type KeySource } from "./jwks";
import { cacheMetadata, type Metadata, type Privilege, readMetadata, type Schema } from "./metadata";
import { protectingPrivileges, requirePrivileges } from "./privileges";
import { Refusal, type RefusalReason } from "./refusal";
import { errorReply, HttpError, type Reply, unauthorized } from "./responses";
import { decodePath, findRoute, findSchema, findUnsupportedTemplate } from "./routes";
import { type GatewayRules, strictRules } from "./rules";
import { defaultJwtSettings, type JwtSettings } from "./settings";
import { checkToken } from "./tokens";

export { type GatewayRules, otherReadings } from "./rules";

export interface OrdsOptions {
  /** PEM texts. */
  tls: { key: string; cert: string };
  /** Login of ORDS_PUBLIC_USER, which may connect through to the REST-enabled schemas. */
  connection: oracledb.ConnectionAttributes;
  /** PEM of a further authority to trust when a JWKS is fetched. */
  ca?: string;
  /** @default 0: any free port */
  port?: number;
  /** How long metadata is served without reading it again. @default 5000 */
  metadataCacheMillis?: number;
  settings?: Partial<JwtSettings>;
  /** What to do where ORDS's behaviour is not known. @default the stricter reading of each rule */
  rules?: Partial<GatewayRules>;
  /** Told why a protected resource answered 401; `detail` is a sentence, neither holds a token. */
  onRefusal?: (reason: RefusalReason, detail: string) => void;
}

export interface Ords {
  /** `https://localhost:PORT/ords`; a schema's resources are below `/<schema pattern>/`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a gateway on the loopback interface. The database is first asked when a request comes. */
export async function startOrds(options: OrdsOptions): Promise<Ords> {
  // Without a time-out: the driver would set a timer for that as the pool is closed, which keeps the process for a minute.
  const pool = await oracledb.createPool({ ...options.connection, poolMin: 0, poolMax: 4, poolTimeout: 0 });
  const gateway = createGateway(options, pool);
  const server = createServer({ key: options.tls.key, cert: options.tls.cert }, async (request, response) => {
    const reply = await gateway(request, base()).catch((error: unknown) =>
      errorReply(
        error instanceof HttpError ? error : new HttpError(500, String(error)),
        request.method,
        request.headers,
      ),
    );
    response.writeHead(reply.status, { ...reply.headers, "content-length": Buffer.byteLength(reply.body) });
    response.end(reply.body);
    request.resume(); // of a body that nobody has read
  });
  const base = () => `https://localhost:${(server.address() as AddressInfo).port}`;
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `${base()}/ords`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
      await pool.close(0);
    },
  };
}

function createGateway(
  options: OrdsOptions,
  pool: oracledb.Pool,
): (request: IncomingMessage, base: string) => Promise<Reply> {
  const settings = { ...defaultJwtSettings, ...options.settings };
  const rules = { ...strictRules, ...options.rules };
  const keys = createKeySource(settings, options.ca);
  const metadata = cacheMetadata(() => fromDatabase(pool), options.metadataCacheMillis ?? 5000);

  return async (request, base) => {
    const url = parseTarget(request.url ?? "", base);
    const path = decodePath(url.pathname);
    const found = path === undefined ? undefined : findSchema(await metadata(), path);
    if (!found) throw new HttpError(404);
    const route = findRoute(found.schema, found.path);
    const privileges = protectingPrivileges(found.schema, route?.module, found.path, rules);
    const currentUser =
      privileges.length === 0
        ? null // public: a token is not even looked at
        : await authorize(request.headers.authorization, found.schema, privileges, {
            ...options,
            keys,
            settings,
            rules,
          });
    const { schema, path: below } = found;
    const described = catalog(schema, { path: below, url: `${base}/ords/${schema.pattern}`, method: request.method });
    if (described) return described;
    if (!route) {
      const unsupported = findUnsupportedTemplate(found.schema, found.path);
      if (unsupported) throw new HttpError(501, `template ${unsupported.pattern}: only :name and {name} are supported`);
      throw new HttpError(404);
    }
    const { handlers } = route.template;
    const handler = handlers.find(({ method }) => method === request.method);
    if (!handler) throw new HttpError(405, "", { allow: handlers.map(({ method }) => method).join(", ") });
    const connect = () => openSession(options.connection, found.schema.name);
    const body = await readBody(request);
    return runHandler(handler, { url, route, currentUser, headers: request.headers, body, connect });
  };
}

/** @returns the token's `sub` */
async function authorize(
  authorization: string | undefined,
  schema: Schema,
  privileges: Privilege[],
  by: Pick<OrdsOptions, "onRefusal"> & { keys: KeySource; settings: JwtSettings; rules: GatewayRules },
): Promise<string> {
  const { keys, settings, rules, onRefusal } = by;
  const token = /^Bearer(?: +(.*))?$/i.exec(authorization ?? "");
  try {
    if (!token) throw new Refusal("no_token", "the request has no bearer token");
    if (!settings["security.jwt.profile.enabled"]) {
      throw new Refusal("profiles_disabled", "security.jwt.profile.enabled is false");
    }
    const profile = schema.jwtProfile;
    if (!profile) throw new Refusal("no_profile", `schema ${schema.name} has no JWT profile`);
    const claims = await checkToken(token[1] ?? "", profile, keys, settings, rules, Date.now() / 1000);
    requirePrivileges(privileges, profile, claims, rules);
    return claims.sub;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    onRefusal?.(error.reason, error.message);
    throw unauthorized(token !== null);
  }
}

const maximumBody = 1024 * 1024;

/** What is over the limit is read and dropped, so that the caller gets to see the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= maximumBody) chunks.push(chunk);
  }
  if (size > maximumBody) throw new HttpError(413, `the body has ${size} bytes, at most ${maximumBody} are allowed`);
  return Buffer.concat(chunks);
}

function parseTarget(target: string, base: string): URL {
  if (!target.startsWith("/") || !URL.canParse(base + target))
    throw new HttpError(400, "the request target is not a path");
  return new URL(base + target);
}

async function fromDatabase(pool: oracledb.Pool): Promise<Metadata> {
  try {
    const connection = await pool.getConnection();
    try {
      return await readMetadata(connection);
    } finally {
      await connection.close();
    }
  } catch (error) {
    throw new HttpError(503, `the ORDS metadata cannot be read: ${(error as Error).message}`);
  }
}

/** A session of the schema through ORDS_PUBLIC_USER's own login. */
async function openSession(attributes: oracledb.ConnectionAttributes, schema: string): Promise<oracledb.Connection> {
  try {
    return await oracledb.getConnection({ ...attributes, user: `${attributes.user}[${schema}]` });
  } catch (error) {
    throw new HttpError(503, `no session for schema ${schema}: ${(error as Error).message}`);
  }
}
