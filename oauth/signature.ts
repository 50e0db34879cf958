import { HttpError } from "./http";
import { isAboutKeys, JwksError, remoteJwks, tokenAlgorithms } from "./jwks";
import { jose } from "./libraries";
import type { Token } from "./token";
import type { Expectation } from "./token-claims";

export type Signature = "good" | "wrong" | "not checked";

/**
 * Whether one of the published keys made the token's signature; of the claims it says nothing.
 * @param jwkUrl where the keys are; never taken from the token, which may name any place
 * @throws JwksError, HttpError
 */
export async function checkSignature(token: Token, jwkUrl: string): Promise<Exclude<Signature, "not checked">> {
  const problem = await problemOf(
    () => jose().compactVerify(token.text, remoteJwks(jwkUrl), { algorithms: tokenAlgorithms }),
    jwkUrl,
  );
  return problem === undefined ? "good" : "wrong";
}

/**
 * Verifies signature, issuer, audience and times of an access token.
 * @returns what is wrong, in the words of `jose`; undefined when it is valid
 * @throws JwksError, HttpError
 */
export function invalidity(token: Token, jwkUrl: string, expected: Expectation): Promise<string | undefined> {
  const { issuer, audience } = expected;
  const requiredClaims = ["sub", "iat", "exp"];
  const verify = () =>
    jose().jwtVerify(token.text, remoteJwks(jwkUrl), { issuer, audience, algorithms: tokenAlgorithms, requiredClaims });
  return problemOf(verify, jwkUrl);
}

async function problemOf(verify: () => Promise<unknown>, jwkUrl: string): Promise<string | undefined> {
  try {
    await verify();
    return undefined;
  } catch (error) {
    if (error instanceof JwksError || error instanceof HttpError) throw error;
    const { message } = error as Error;
    if (isAboutKeys(error)) throw new JwksError(`the keys of ${jwkUrl} cannot be used: ${message}`);
    return message;
  }
}
