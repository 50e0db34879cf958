import { randomUUID } from "node:crypto";
import * as http from "node:http";
import * as https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { Json, JsonObject } from "./api-values";
import { ConfigurationError, ServiceError } from "./errors";
import { type SigningKey, signedHeaders } from "./signing";

/** How long a refused request is repeated. */
export interface RetryRules {
  /** One attempt only. */
  disabled: boolean;
  /** Replaces both limits below, in seconds. @default 600 after a 429, 120 after any other answer worth repeating */
  durationSeconds?: number;
  /** A 409 is final. */
  not409: boolean;
}

export interface OciRequest {
  service: "Identity" | "Identity Domains";
  /** Name of the operation, for error messages. */
  operation: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** `scheme://host[:port]` */
  endpoint: string;
  path: string;
  query?: [string, string][];
  headers?: Record<string, string>;
  body?: JsonObject;
  /** Send an `opc-retry-token`, the same for every attempt. */
  retryToken?: boolean;
}

export interface OciResponse {
  headers: http.IncomingHttpHeaders;
  /** Undefined for an empty body. */
  body: Json | undefined;
}

const final = [400, 401, 403, 404, 412, 413];
const identityDomainsAttempts = 10;
/** Answers of an identity domain whose `Retry-After` says how long to wait. */
const retryAfterStatuses = [409, 429, 503];

export class OciClient {
  constructor(
    readonly key: SigningKey,
    readonly retries: RetryRules,
    /** PEM of the only authorities to trust. @default those of Node, and NODE_EXTRA_CA_CERTS */
    readonly ca?: string,
    readonly wait: (milliseconds: number) => Promise<unknown> = sleep,
  ) {}

  /** @throws ServiceError for an answer other than 2xx, after the retries that the real provider makes */
  async send(request: OciRequest): Promise<OciResponse> {
    const url = new URL(request.path, endpointUrl(request.endpoint));
    for (const [name, value] of request.query ?? []) url.searchParams.append(name, value);
    const body = request.body && JSON.stringify(request.body);
    const token: Record<string, string> = request.retryToken
      ? { "opc-retry-token": randomUUID().replaceAll("-", "") }
      : {};
    const started = Date.now();
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#attempt(request.method, url, body, {
        accept: "*/*",
        "content-type": "application/json",
        "opc-client-info": "terraform-provider-oci stand-in",
        "opc-request-id": randomUUID().replaceAll("-", "").toUpperCase(),
        ...token,
        ...request.headers,
      });
      if (answer.status >= 200 && answer.status < 300) {
        const what = `the answer to ${request.method} ${url}`;
        return { headers: answer.headers, body: answer.text === "" ? undefined : parseJson(answer.text, what) };
      }
      const ofDomain = request.service === "Identity Domains";
      const capped = ofDomain && attempt >= identityDomainsAttempts;
      if (capped || Date.now() - started >= this.#patience(answer.status) * 1000) {
        const id = String(answer.headers["opc-request-id"] ?? "");
        const target = `${request.method} ${url}`;
        throw serviceError(answer.status, answer.text, { target, operation: request.operation, id });
      }
      const asked = ofDomain && retryAfterStatuses.includes(answer.status) ? answer.headers["retry-after"] : undefined;
      // From one second to twice the square of the attempt, as the real provider waits where it is not told.
      const seconds = asked && /^\d+$/.test(asked) ? Number(asked) : 1 + Math.random() * (2 * attempt ** 2 - 1);
      await this.wait(1000 * seconds);
    }
  }

  /** For how many seconds after the first attempt an answer is worth repeating. */
  #patience(status: number): number {
    if (this.retries.disabled || final.includes(status) || (status === 409 && this.retries.not409)) return 0;
    return this.retries.durationSeconds ?? (status === 429 ? 600 : 120);
  }

  #attempt(
    method: string,
    url: URL,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<{ status: number; headers: http.IncomingHttpHeaders; text: string }> {
    const secure = url.protocol === "https:";
    const options = {
      method,
      // A connection each: one that the other side closes in a pause between two polls would fail the next request.
      agent: false as const,
      ca: this.ca,
      headers: { ...headers, ...signedHeaders(method, url, body, this.key) },
      timeout: 60_000,
    };
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(new Error(`cannot reach ${method} ${url}: ${reason(error)}`));
      const request = (secure ? https : http).request(url, options, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("error", fail);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      request.on("timeout", () => request.destroy(new Error("no answer within 60 seconds")));
      request.on("error", fail);
      request.end(body);
    });
  }
}

/** Checks an endpoint as the OCI SDK does. Without a scheme it is https. */
export function endpointUrl(endpoint: string): URL {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(endpoint) ? endpoint : `https://${endpoint}`;
  if (!/^https?:\/\/[^/?#@\\\s]+$/i.test(text) || !URL.canParse(text)) {
    throw new ConfigurationError(
      `invalid endpoint ${JSON.stringify(endpoint)}: expected scheme://host[:port] without user info, path (not even a trailing slash), query or fragment`,
      ["idcs_endpoint"],
    );
  }
  return new URL(text);
}

function parseJson(text: string, what: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new Error(`${what} is not JSON: ${(error as Error).message}`);
  }
}

/** Identity answers `{code, message}`; identity domains answer SCIM errors, of which the SDK reads neither code nor detail. */
function serviceError(status: number, text: string, request: ServiceError["request"]): ServiceError {
  try {
    const { code, message } = Object(JSON.parse(text)) as JsonObject;
    return new ServiceError(status, String(code ?? "BadErrorResponse"), String(message ?? ""), request);
  } catch (error) {
    const why = (error as Error).message;
    const message = `Failed to parse json from response body due to: ${why}. With response body ${text}.`;
    return new ServiceError(status, "BadErrorResponse", message, request);
  }
}

function reason(error: Error): string {
  if (error instanceof AggregateError) return error.errors.map((inner: Error) => inner.message).join("; ");
  return error.message;
}
