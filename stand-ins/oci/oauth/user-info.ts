import type { Reply, Request } from "../http";
import type { OAuthDomain } from "./domain";
import { OAuthError } from "./errors";
import { activeAccessToken } from "./issued-tokens";

/** `GET /oauth2/v1/userinfo`: who the user of an access token is. */
export async function userInfo(request: Request, domain: OAuthDomain): Promise<Reply> {
  const [, token] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  const claims = token === undefined ? undefined : await activeAccessToken(domain, token);
  const user = claims && domain.store.find("Users", String(claims.user_id));
  if (!claims || !user?.active) throw refusal(401, "invalid_token", "a valid access token of an active user is needed");
  const scopes = String(claims.scope).split(" ");
  if (!scopes.includes("openid")) throw refusal(403, "insufficient_scope", "the token lacks the scope openid");
  const email = user.emails?.find(({ primary }) => primary);
  return {
    status: 200,
    headers: { "cache-control": "no-store" },
    body: {
      birthdate: "",
      gender: "",
      website: "",
      name: user.displayName,
      preferred_username: user.userName,
      sub: claims.sub,
      updated_at: Math.floor(Date.parse(user.meta.lastModified) / 1000),
      ...(scopes.includes("email") && email && { email: email.value, email_verified: email.verified }),
    },
  };
}

function refusal(status: number, error: string, description: string): OAuthError {
  return new OAuthError(status, error, description, { "www-authenticate": `Bearer error="${error}"` });
}
