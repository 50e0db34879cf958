import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from "jose";
import { Failure } from "../errors";

/** The algorithms of tokens that ORDS verifies. */
export const tokenAlgorithms: readonly string[] = ["RS256", "RS384", "RS512"];

/** Milliseconds to wait for the keys of a domain. */
const timeout = 10_000;

/** The keys of an identity domain cannot be had; the message says why and what to do. */
export class JwksError extends Failure {
  readonly code = "keys-unavailable";
}

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

/** What a JWK URL answers to somebody who does not sign in, as ORDS does not. */
export interface JwksAnswer {
  readonly status: number;
  /** Size of the body; ORDS reads 100,000 unless `security.jwks.size` says otherwise. */
  readonly bytes: number;
  /** undefined when the answer is not a JSON Web Key Set. */
  readonly keys: readonly JwkWithId[] | undefined;
}

/** Looks at a JWK URL; errors are those of the network. */
export async function readJwks(url: string, signal = AbortSignal.timeout(timeout)): Promise<JwksAnswer> {
  const response = await fetch(url, { signal, redirect: "manual", headers: { accept: "application/json" } });
  const text = await response.text();
  return { status: response.status, bytes: Buffer.byteLength(text), keys: response.ok ? keysIn(text) : undefined };
}

/**
 * Fetches the keys without signing in, as ORDS does.
 * @throws JwksError
 */
export async function fetchJwks(url: string, signal?: AbortSignal): Promise<{ keys: JwkWithId[] }> {
  const { status, keys } = await readJwks(url, signal);
  if (status === 401 || status === 403) {
    throw new JwksError(
      `the signing certificate is not public: ${url} answered ${status}, so ORDS cannot verify any token; in the domain's settings turn on "Configure client access" (the stack does so for a domain that it creates)`,
    );
  }
  if (status !== 200) throw new JwksError(`${url} answered ${status}, expected 200 with a JSON Web Key Set`);
  if (!keys) throw new JwksError(`${url} did not answer with a JSON Web Key Set`);
  // Domains publish key_ops without "verify" for keys that do verify; jose would take them at their word.
  return { keys: keys.map(({ key_ops: _, ...key }) => key) };
}

function keysIn(text: string): JwkWithId[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys?: JwkWithId[] };
    return Array.isArray(keys) ? keys : undefined;
  } catch {
    return undefined;
  }
}

export interface JwkWithId {
  readonly kty: string;
  readonly kid?: string;
  readonly alg?: string;
  /** Modulus of an RSA key, base64url. */
  readonly n?: string;
  readonly key_ops?: readonly string[];
}
