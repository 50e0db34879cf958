import { errors, type JWTPayload, jwtVerify } from "jose";
import { now } from "./clock";
import type { OAuthDomain } from "./domain";

/** The claims of an access token of this domain that is signed by it, neither expired nor revoked; else undefined. */
export async function activeAccessToken(domain: OAuthDomain, token: string): Promise<JWTPayload | undefined> {
  const claims = await signedClaims(domain, token);
  const isActive = claims?.tok_type === "AT" && !domain.memory.revokedAccessTokens.has(claims.jti ?? "");
  return isActive ? claims : undefined;
}

/** The claims of a token that this domain has signed and, unless the age does not matter, that has not expired. */
export async function signedClaims(
  domain: OAuthDomain,
  token: string,
  { anyAge = false } = {},
): Promise<JWTPayload | undefined> {
  const { publicKey } = await domain.signingKey();
  try {
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: ["RS256"],
      currentDate: new Date(now() * 1000),
      ...(anyAge && { clockTolerance: Number.MAX_SAFE_INTEGER }),
    });
    return payload;
  } catch (error) {
    // Malformed, expired or signed by somebody else: all the same to the caller.
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
