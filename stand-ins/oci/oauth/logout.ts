import type { Reply, Request } from "../http";
import { readCookie, setCookie } from "./cookies";
import type { OAuthDomain } from "./domain";
import { oauthError } from "./errors";
import { repeatedParameter } from "./form";
import { signedClaims } from "./issued-tokens";
import { html, page } from "./pages";

/** `GET /oauth2/v1/userlogout`: ends the browser's session, and sends the browser back if the client may ask for that. */
export async function logout(request: Request, domain: OAuthDomain): Promise<Reply> {
  const { query } = request;
  const repeated = repeatedParameter(query);
  if (repeated) throw invalidRequest(`${repeated} is given more than once`);
  const target = query.get("post_logout_redirect_uri");
  if (target !== null) await checkTarget(target, query.get("id_token_hint"), domain);

  domain.memory.sessions.end(readCookie("session", request, domain));
  const headers = setCookie("session", undefined, domain);
  if (target === null) {
    const content = html`<p>Applications that you have used may still know you: sign out there too.</p>`;
    return page({ title: "You are signed out", domain: domain.displayName(), content, headers });
  }
  const state = query.get("state");
  const parameters = state === null ? "" : `${target.includes("?") ? "&" : "?"}${new URLSearchParams({ state })}`;
  return { status: 302, headers: { ...headers, location: target + parameters, "cache-control": "no-store" } };
}

/** The ID token says which client asks; it may have expired. */
async function checkTarget(target: string, hint: string | null, domain: OAuthDomain): Promise<void> {
  if (!hint) throw invalidRequest("id_token_hint is missing: without it there is no redirect");
  const claims = await signedClaims(domain, hint, { anyAge: true });
  if (claims?.tok_type !== "IT") throw invalidRequest("id_token_hint is not an ID token of this domain");
  const client = domain.store.all("Apps").find(({ name, active }) => active && name === claims.azp);
  if (!client?.postLogoutRedirectUris?.includes(target)) {
    throw invalidRequest(`post_logout_redirect_uri ${target} is not registered with the client ${claims.azp}`);
  }
}

function invalidRequest(description: string) {
  return oauthError(400, "invalid_request", description);
}
