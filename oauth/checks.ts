import { fetchJwks, JwksError } from "./jwks";
import { invalidity } from "./signature";
import type { Token } from "./token";
import { checkClaims, distance, type Expectation, earlinessProblems, formProblems } from "./token-claims";

/** One thing that was tried, what it should have given and what it gave. */
export interface Check {
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  readonly ok: boolean;
}

/**
 * Whether ORDS can fetch the keys: without signing in, and one at least.
 * @throws HttpError
 */
export async function checkJwks(url: string): Promise<Check> {
  const expected = "200 without signing in";
  const result = (got: string, ok: boolean): Check => ({ what: "JWK URL is public", expected, got, ok });
  try {
    const { keys } = await fetchJwks(url);
    return result(`${url} (${keys.length === 1 ? "1 key" : `${keys.length} keys`})`, keys.length > 0);
  } catch (error) {
    if (error instanceof JwksError) return result(error.message, false);
    throw error;
  }
}

/**
 * Compares a token with what is registered: claims, their form, time left, signature.
 * @throws HttpError
 */
export async function checkToken(token: Token, jwkUrl: string, expected: Expectation): Promise<Check[]> {
  const now = Date.now() / 1000;
  const { exp } = token.claims;
  return [
    ...checkClaims(token, expected).map(({ claim, ...check }) => ({ what: `token's ${claim}`, ...check })),
    ...[...formProblems(token), ...earlinessProblems(token, now)].map((got) => ({
      what: "token's form",
      expected: "as ORDS requires it",
      got,
      ok: false,
    })),
    {
      what: "token's exp",
      expected: "later than now",
      got: exp === undefined ? "not a time" : `${new Date(exp * 1000).toISOString()} (${distance(exp, now)})`,
      ok: exp !== undefined && exp > now,
    },
    await signatureCheck(token, jwkUrl, expected),
  ];
}

async function signatureCheck(token: Token, jwkUrl: string, expected: Expectation): Promise<Check> {
  const result = { what: "token's signature", expected: "made by a key of the JWK URL" };
  try {
    const problem = await invalidity(token, jwkUrl, expected);
    return { ...result, got: problem ?? result.expected, ok: problem === undefined };
  } catch (error) {
    if (error instanceof JwksError) return { ...result, got: error.message, ok: false };
    throw error;
  }
}
