import { createHash } from "node:crypto";
import { Refusal, type Reply, type Request } from "../http";
import { newId } from "../identifiers";
import type { App } from "../scim/types";
import type { OAuthDomain } from "./domain";
import { OAuthError, oauthError } from "./errors";
import { repeatedParameter } from "./form";
import { type GrantedScopes, grantUserScopes } from "./scopes";

/** A request for a code that is in order. */
export interface AuthorizationRequest {
  client: App;
  redirectUri: string;
  /** Given back unchanged. */
  state?: string;
  nonce?: string;
  scope: string;
  granted: GrantedScopes;
  codeChallenge?: string;
}

/** What would change the answer and is not there. Other parameters that are not known have no effect, as OAuth wants it. */
const unsupported = ["request", "request_uri", "claims", "prompt", "max_age", "registration"];

/**
 * Checks the parameters of an authorization request.
 * @throws OAuthError for the browser as long as it is not certain that the client is to be trusted with an answer, after
 *   that a redirect to the client with the error
 */
export function readAuthorizationRequest({ query }: Request, domain: OAuthDomain): AuthorizationRequest {
  const client = findClient(query, domain);
  const redirectUri = checkRedirectUri(query, client);
  const state = query.get("state") ?? undefined;
  try {
    const repeated = repeatedParameter(query);
    if (repeated) throw invalidRequest(`${repeated} is given more than once`);
    checkSupported(query);
    if (!client.allowedGrants?.includes("authorization_code")) {
      throw oauthError(400, "unauthorized_client", `the client ${client.name} is not allowed authorization_code`);
    }
    const codeChallenge = checkCodeChallenge(query, client);
    const scope = query.get("scope") ?? "";
    const granted = grantUserScopes(domain.store, client, scope);
    return { client, redirectUri, state, nonce: query.get("nonce") ?? undefined, scope, granted, codeChallenge };
  } catch (error) {
    if (error instanceof OAuthError) throw redirectedError({ redirectUri, state }, error.error, error.description);
    throw error;
  }
}

function findClient(query: URLSearchParams, { store }: OAuthDomain): App {
  const [id, ...more] = query.getAll("client_id");
  if (!id || more.length > 0) throw invalidRequest("client_id must be given, once");
  const client = store.all("Apps").find(({ name, isOAuthClient }) => name === id && isOAuthClient);
  if (!client) throw oauthError(400, "invalid_client", `there is no client ${id}`);
  if (!client.active) throw oauthError(400, "invalid_client", `the client ${id} is not active`);
  return client;
}

/** Compared character by character: no wildcard, no free port on loopback. */
function checkRedirectUri(query: URLSearchParams, client: App): string {
  const [uri, ...more] = query.getAll("redirect_uri");
  if (uri !== undefined && more.length === 0 && client.redirectUris?.includes(uri)) return uri;
  throw oauthError(
    400,
    "invalid_redirect_uri",
    `Client ${client.name} requested an invalid redirect URL: ${uri ?? "none"}. ECID: ${newId()}`,
  );
}

function checkSupported(query: URLSearchParams): void {
  const name = unsupported.find((candidate) => query.has(candidate));
  if (name) throw invalidRequest(`${name} is not supported by this stand-in`);
  if ((query.get("response_mode") ?? "query") !== "query") {
    throw invalidRequest(`response_mode ${query.get("response_mode")} is not supported by this stand-in, only query`);
  }
  const type = query.get("response_type");
  if (!type) throw invalidRequest("response_type is missing");
  if (type !== "code") {
    throw oauthError(400, "unsupported_response_type", `this stand-in supports the response type code, not ${type}`);
  }
}

/** Whether Oracle insists on PKCE is not known. Here public clients need it, and who sends a challenge is held to it. */
function checkCodeChallenge(query: URLSearchParams, client: App): string | undefined {
  const [challenge, method] = [query.get("code_challenge"), query.get("code_challenge_method")];
  if (challenge === null && method === null) {
    if (client.clientType === "public") throw invalidRequest("code_challenge is missing: a public client needs PKCE");
    return undefined;
  }
  if (method !== "S256")
    throw invalidRequest(`code_challenge_method must be S256, not ${method ?? "plain (the default)"}`);
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge ?? "")) {
    throw invalidRequest("code_challenge must be a SHA-256 in base64url, 43 characters");
  }
  return challenge as string;
}

/** Holds a client to the challenge with which it asked for the code. */
export function checkCodeVerifier(challenge: string | undefined, verifier: string | null): void {
  if (challenge === undefined && verifier === null) return;
  const invalid = (why: string) => oauthError(400, "invalid_grant", `code_verifier ${why}`);
  if (challenge === undefined) throw invalid("is given, but the code was asked for without code_challenge");
  if (verifier === null) throw invalid("is missing");
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) throw invalid("must have 43 to 128 unreserved characters");
  if (createHash("sha256").update(verifier).digest("base64url") !== challenge) {
    throw invalid("does not belong to the code_challenge");
  }
}

/** Sends the browser back to the client. */
export function redirectBack(
  { redirectUri, state }: { redirectUri: string; state?: string },
  answer: Record<string, string>,
): Reply {
  const parameters = new URLSearchParams({ ...answer, ...(state !== undefined && { state }) });
  const location = `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${parameters}`;
  return { status: 302, headers: { location, "cache-control": "no-store", "referrer-policy": "no-referrer" } };
}

export function redirectedError(
  to: { redirectUri: string; state?: string },
  error: string,
  error_description: string,
): Refusal {
  return new Refusal(redirectBack(to, { error, error_description }), error_description);
}

function invalidRequest(description: string) {
  return oauthError(400, "invalid_request", description);
}
