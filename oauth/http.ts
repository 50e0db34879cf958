import { Failure } from "../errors";

/** Milliseconds for a whole answer, and bytes of its body once it is decompressed. */
const limits = { millis: 10_000, bytes: 1_000_000 };

/** A server did not answer, or with more than anybody needs; the message names the URL and the reason. */
export class HttpError extends Failure {
  readonly code = "unavailable";

  constructor(
    readonly url: string,
    readonly reason: string,
    /** The answer was longer than the limit. */
    readonly isTooLarge = false,
  ) {
    super(`${url} ${reason}`);
  }
}

/**
 * Sends a request and reads the whole answer: within a time, up to a size, and without following a redirect, which could lead
 * to another host.
 * @param millis for the whole answer. @default 10000
 * @throws HttpError
 */
export function send(to: string | URL, init: RequestInit = {}, millis = limits.millis): Promise<Response> {
  return sendAndRead(to, init, { ...limits, millis });
}

/**
 * The same for an answer of which the beginning is enough, however long it is.
 * @throws HttpError
 */
export function sendForBeginning(to: string | URL, init: RequestInit = {}): Promise<Response> {
  return sendAndRead(to, init, { ...limits, isBeginningEnough: true });
}

async function sendAndRead(to: string | URL, init: RequestInit, held: Limits): Promise<Response> {
  return within(held, shown(to), (options) => fetch(to, { ...init, ...options }), init.signal);
}

/** What an answer is held to. */
export interface Limits {
  /** For the whole answer. */
  readonly millis: number;
  /** Of the body, decompressed. */
  readonly bytes: number;
  /** Whether more than that is cut off, and is no error. @default false */
  readonly isBeginningEnough?: boolean;
}

/**
 * The whole answer to a request, within limits.
 * @param url as it may be printed
 * @param request sends it, with these options of `fetch`
 * @throws HttpError
 */
export async function within(
  held: Limits,
  url: string,
  request: (options: Pick<RequestInit, "redirect" | "signal">) => Promise<Response>,
  callersSignal?: AbortSignal | null,
): Promise<Response> {
  const timeout = AbortSignal.timeout(held.millis);
  const signal = callersSignal ? AbortSignal.any([timeout, callersSignal]) : timeout;
  try {
    const response = await request({ redirect: "manual", signal });
    const body = await read(response, url, held);
    const { status, statusText } = response;
    const headers = new Headers(response.headers);
    // Of what came over the wire; the body is decompressed.
    for (const name of ["content-encoding", "content-length"]) headers.delete(name);
    return new Response(body.length > 0 ? body : null, { status, statusText, headers });
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(url, `cannot be reached: ${reasonOf(error, held.millis)}`);
  }
}

async function read(response: Response, url: string, { bytes, isBeginningEnough }: Limits): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    // Leaving the loop cancels the rest.
    if (size > bytes && isBeginningEnough) break;
    if (size > bytes) throw new HttpError(url, `answered with more than ${bytes} bytes`, true);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** As it may be printed. `fetch` would quote a password in its error. */
function shown(to: string | URL): string {
  if (!URL.canParse(String(to))) throw new HttpError(String(to), "is not a URL");
  const url = new URL(to);
  const holdsPassword = url.username !== "" || url.password !== "";
  url.username = "";
  url.password = "";
  if (holdsPassword) throw new HttpError(url.href, "was given with a user or password in it: leave them out");
  return url.href;
}

/** What went wrong below "fetch failed". */
export function reasonOf(thrown: unknown, millis = limits.millis): string {
  const error = thrown as NodeJS.ErrnoException & { errors?: unknown[] };
  if (error.name === "TimeoutError") return `no complete answer within ${Math.ceil(millis / 1000)} s`;
  // One for each address of the host.
  if (error.errors) return [...new Set(error.errors.map((each) => reasonOf(each, millis)))].join("; ");
  if (error.cause) return reasonOf(error.cause, millis);
  const [, status] = /^Proxy response \((\d+)\)/.exec(error.message) ?? [];
  if (status)
    return `the proxy answered ${status}${status === "407" ? ", it wants a user and password in its URL" : ""}`;
  const { code = "" } = error;
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return `${error.message} (${code}); if its certificate is from a private authority, name that in NODE_EXTRA_CA_CERTS`;
  }
  return error.message || code;
}
