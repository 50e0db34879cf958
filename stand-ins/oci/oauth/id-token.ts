import { createHash } from "node:crypto";
import { SignJWT } from "jose";
import { newId } from "../identifiers";
import type { App, User } from "../scim/types";
import { clientClaims, tenantClaims } from "./access-token";
import { now } from "./clock";
import { customClaims } from "./custom-claims";
import type { OAuthDomain } from "./domain";
import type { Authorization } from "./one-time-values";
import type { GrantedScopes } from "./scopes";
import { userClaims } from "./user-tokens";

/** Tells a client who has signed in; it lasts as long as the session. */
export async function idToken(
  domain: OAuthDomain,
  client: App,
  user: User,
  authorization: Authorization,
  granted: GrantedScopes,
  accessToken: string,
): Promise<string> {
  const { session, nonce } = authorization;
  const tenant = tenantClaims(domain);
  const { header, privateKey } = await domain.signingKey();
  return new SignJWT({
    ...customClaims(domain.store, granted, "IT", user),
    ...clientClaims(domain, client),
    ...tenant,
    ...userClaims(domain, user, authorization),
    aud: [tenant.iss as string, client.name],
    azp: client.name,
    at_hash: createHash("sha256").update(accessToken).digest().subarray(0, 16).toString("base64url"),
    auth_time: session.startedAt,
    authn_strength: "2",
    session_exp: session.expiresAt,
    ...(nonce !== undefined && { nonce }),
    jti: newId(),
    tok_type: "IT",
    iat: now(),
    exp: session.expiresAt,
  })
    .setProtectedHeader(header)
    .sign(privateKey);
}
