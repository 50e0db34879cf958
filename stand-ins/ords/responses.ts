import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";

/** What goes back to the caller. */
export interface Reply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

const errors = {
  400: { code: "BadRequest", message: "Bad Request" },
  401: { code: "Unauthorized", message: "Unauthorized" },
  404: { code: "NotFound", message: "Not Found" },
  405: { code: "MethodNotAllowed", message: "Method Not Allowed" },
  413: { code: "RequestEntityTooLarge", message: "Request Entity Too Large" },
  500: { code: "InternalServerError", message: "Internal Server Error" },
  501: { code: "NotImplemented", message: "Not Implemented" },
  503: { code: "ServiceUnavailable", message: "Service Unavailable" },
  555: { code: "UserDefinedResourceError", message: "User Defined Resource Error" },
} as const;

/** An answer other than success. */
export class HttpError extends Error {
  /** @param cause one sentence for the caller; empty: none */
  constructor(
    readonly status: keyof typeof errors,
    cause = "",
    readonly headers: OutgoingHttpHeaders = {},
    /** Further members of the problem document. */
    readonly members: Readonly<Record<string, string>> = {},
  ) {
    super(cause);
    this.name = "HttpError";
  }
}

/** A 401. The challenge goes to a caller whose token was refused, not to one that brought none. */
export function unauthorized(tokenWasPresented: boolean): HttpError {
  const challenge = 'Bearer realm="Oracle REST Data Services", error="invalid_token"';
  return new HttpError(401, "", tokenWasPresented ? { "www-authenticate": challenge } : {});
}

export function json(value: unknown): Reply {
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

/** An error as problem document or page, as `error.responseFormat` auto decides. */
export function errorReply(error: HttpError, method: string | undefined, requestHeaders: IncomingHttpHeaders): Reply {
  const { code, message } = errors[error.status];
  if (!prefersJson(method, requestHeaders)) {
    const text = [`${error.status} ${message}`, error.message].filter(Boolean).map(escapeHtml);
    return {
      status: error.status,
      headers: { ...error.headers, "content-type": "text/html; charset=utf-8" },
      body: `<!DOCTYPE html>\n<title>${text[0]}</title>\n${text.map((line) => `<p>${line}</p>`).join("\n")}\n`,
    };
  }
  const problem = {
    code,
    message,
    ...(error.message && { cause: error.message }),
    ...error.members,
    type: `tag:oracle.com,2020:error/${code}`,
    instance: `tag:oracle.com,2020:ecid/${randomBytes(16).toString("base64url")}`,
  };
  return {
    status: error.status,
    headers: { ...error.headers, "content-type": "application/problem+json" },
    body: JSON.stringify(problem, null, 4),
  };
}

/** The Accept header decides; without a preference the signs of a script do. With neither it is a page: inferred. */
function prefersJson(method: string | undefined, headers: IncomingHttpHeaders): boolean {
  const html = quality(headers.accept, ["text/html"]);
  const problem = quality(headers.accept, ["application/json", "application/problem+json"]);
  if (html !== problem) return problem > html;
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  if (headers.origin !== undefined && method === "POST" && isForm) return false;
  return (
    headers["x-requested-with"] !== undefined ||
    headers.origin !== undefined ||
    (headers["user-agent"]?.startsWith("curl/") ?? false)
  );
}

/** The highest q that an Accept header gives one of the media types by name, 0 when it names none. */
function quality(accept: string | undefined, mediaTypes: string[]): number {
  const qualities = (accept ?? "").split(",").map((range) => {
    const [mediaType, ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    if (!mediaTypes.includes(mediaType!)) return 0;
    const q = Number(parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? 1);
    return Number.isFinite(q) ? q : 0;
  });
  return Math.max(...qualities);
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
