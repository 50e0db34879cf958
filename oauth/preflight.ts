import { Failure } from "../errors";
import { clientCredentialsToken } from "./client-credentials";
import { fetchJwks } from "./jwks";
import { parseToken } from "./token";
import { checkClaims, type Expectation } from "./token-claims";

export interface PreflightRequest {
  readonly expected: Expectation;
  readonly jwkUrl: string;
  readonly client: {
    readonly clientId: string;
    readonly tokenEndpoint: string;
    readonly grants: readonly string[];
    readonly scopes: readonly string[];
  };
  /** undefined when the caller has none, as with a hand-over file. */
  readonly clientSecret: string | undefined;
}

/** What would be registered does not fit the tokens that the domain issues. */
class PreflightError extends Failure {
  readonly code = "preflight-failed";
}

/**
 * Looks before anything is written whether ORDS will accept the domain's tokens: the keys are public, and a token that is taken
 * now names the issuer, the audience and the scopes about to be registered.
 * @returns what was found, a line each
 * @throws PreflightError, JwksError, TokenError or HttpError
 */
export async function preflight(request: PreflightRequest): Promise<string[]> {
  const { expected, jwkUrl, client, clientSecret } = request;
  const { keys } = await fetchJwks(jwkUrl);
  const found = [`JWK URL is public: ${jwkUrl} (${keys.length === 1 ? "1 key" : `${keys.length} keys`})`];
  if (!client.grants.includes("client_credentials") || !clientSecret) {
    return [...found, "no token taken: the client may not use client credentials, or its secret is not at hand"];
  }
  const { accessToken } = await clientCredentialsToken({ ...client, clientSecret });
  const checks = checkClaims(parseToken(accessToken), expected);
  const wrong = checks.filter((check) => !check.ok);
  if (wrong.length > 0) {
    const lines = wrong.map(
      ({ claim, expected, got }) => `  ${claim}: the token has ${got}, the profile would expect ${expected}`,
    );
    throw new PreflightError(
      `a token of the domain does not fit what would be registered, so calls may answer 401:\n${lines.join("\n")}\ncorrect the environment file, or register with --no-preflight if the domain will change`,
    );
  }
  return [...found, ...checks.map(({ claim, got }) => `token has the expected ${claim}: ${got}`)];
}
