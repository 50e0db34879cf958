import { decodeJwt, type JWTPayload, jwtVerify } from "jose";
import { remoteJwks, tokenAlgorithms } from "./jwks";

/** What ORDS will compare a token with. */
export interface Expectation {
  readonly issuer: string;
  readonly audience: string;
  /** Scopes without the audience, as they stand in the token. */
  readonly scopes: readonly string[];
}

/** One comparison of a claim with what ORDS expects. */
export interface ClaimCheck {
  readonly claim: "iss" | "aud" | "scope";
  readonly expected: string;
  readonly got: string;
  readonly ok: boolean;
}

/** Compares `iss`, `aud` and `scope` strictly: no forgiven slash, all scopes, and no list of audiences, which ORDS may refuse. */
export function checkClaims(token: string, expected: Expectation): ClaimCheck[] {
  const { iss, aud, scope } = decodeJwt<{ scope?: string }>(token);
  const scopes = scope?.split(" ") ?? [];
  return [
    { claim: "iss", expected: expected.issuer, got: claimText(iss), ok: iss === expected.issuer },
    { claim: "aud", expected: expected.audience, got: claimText(aud), ok: aud === expected.audience },
    {
      claim: "scope",
      expected: expected.scopes.join(" "),
      got: claimText(scope),
      ok: expected.scopes.every((name) => scopes.includes(name)),
    },
  ];
}

/**
 * Verifies signature, issuer, audience and times of an access token.
 * @returns its claims
 * @throws errors of `jose` naming the claim, or JwksError
 */
export async function verifyToken(token: string, jwkUrl: string, expected: Expectation): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, remoteJwks(jwkUrl), {
    issuer: expected.issuer,
    audience: expected.audience,
    algorithms: [...tokenAlgorithms],
    requiredClaims: ["sub", "iat", "exp"],
  });
  return payload;
}

/** The value of a claim in words. */
export function claimText(value: unknown): string {
  return value === undefined ? "(absent)" : typeof value === "string" ? value : JSON.stringify(value);
}
