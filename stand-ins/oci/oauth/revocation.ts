import type { Reply, Request } from "../http";
import { authenticateClient } from "./client-authentication";
import type { OAuthDomain } from "./domain";
import { oauthError } from "./errors";
import { parseForm } from "./form";
import { activeAccessToken } from "./issued-tokens";
import type { Authorization } from "./one-time-values";

/** Ends an authorization: its refresh tokens no longer work, its access tokens are no longer active at this domain. */
export function revokeAuthorization({ memory }: OAuthDomain, authorization: Authorization): void {
  authorization.isRevoked = true;
  for (const id of authorization.accessTokens) memory.revokedAccessTokens.add(id);
}

/** `POST /oauth2/v1/revoke`: a refresh token with all that came of it, or one access token. Unknown ones are no error. */
export async function revoke(request: Request, domain: OAuthDomain): Promise<Reply> {
  const form = parseForm(request);
  const client = authenticateClient(domain.store, request.headers.authorization, form);
  const token = form.get("token");
  if (!token) throw oauthError(400, "invalid_request", "token is missing");
  const authorization = domain.memory.refreshTokens.find(token);
  if (authorization?.clientId === client.id) revokeAuthorization(domain, authorization);
  const claims = await activeAccessToken(domain, token);
  if (claims?.jti && claims.client_guid === client.id) domain.memory.revokedAccessTokens.add(claims.jti);
  return { status: 200, headers: { "cache-control": "no-store" } };
}
