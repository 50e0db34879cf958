import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from "jose";

/** Milliseconds to wait for the keys of a domain. */
const timeout = 10_000;

/** The keys of an identity domain cannot be had; the message says why and what to do. */
export class JwksError extends Error {}

/**
 * The keys that sign a domain's tokens, for `jose`'s `jwtVerify`.
 * @param url the JWK URL of the JWT profile
 * @throws JwksError (when a token is verified) if the URL does not answer publicly
 */
export function remoteJwks(url: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(url), {
    timeoutDuration: timeout,
    [customFetch]: async (_url, options) => Response.json(await fetchJwks(url, options.signal)),
  });
}

/**
 * Fetches the keys without signing in, as ORDS does.
 * @throws JwksError
 */
export async function fetchJwks(url: string, signal = AbortSignal.timeout(timeout)): Promise<{ keys: JwkWithId[] }> {
  const response = await fetch(url, { signal, redirect: "manual", headers: { accept: "application/json" } });
  if (response.status === 401 || response.status === 403) {
    throw new JwksError(
      `the signing certificate is not public: ${url} answered ${response.status}, so ORDS cannot verify any token; in the domain's settings turn on "Configure client access" (the stack does so for a domain that it creates)`,
    );
  }
  if (!response.ok) throw new JwksError(`${url} answered ${response.status}, expected 200 with a JSON Web Key Set`);
  const body = (await response.json()) as { keys?: JwkWithId[] };
  if (!Array.isArray(body.keys)) throw new JwksError(`${url} did not answer with a JSON Web Key Set`);
  // Domains publish key_ops without "verify" for keys that do verify; jose would take them at their word.
  return { keys: body.keys.map(({ key_ops: _, ...key }) => key) };
}

interface JwkWithId {
  readonly kty: string;
  readonly kid?: string;
  readonly key_ops?: readonly string[];
}
