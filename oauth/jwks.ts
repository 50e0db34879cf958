import type { JWTVerifyGetKey } from "jose";
import { z } from "zod";
import { Failure } from "../errors";
import { HttpError, send } from "./http";
import { jose } from "./libraries";

/** Algorithms of signatures that ORDS verifies, all with RSA keys. */
export const tokenAlgorithms = ["RS256", "RS384", "RS512"];

/** The keys of an identity domain are not available; the message says why and what to do. */
export class JwksError extends Failure {
  readonly code = "keys-unavailable";
}

const keySchema = z.looseObject({
  kty: z.string(),
  kid: z.string().optional(),
  alg: z.string().optional(),
  /** Modulus of an RSA key, base64url. */
  n: z.string().optional(),
  e: z.string().optional(),
  key_ops: z.array(z.string()).optional(),
});
const jwksSchema = z.object({ keys: z.array(keySchema) });

export type JwkWithId = z.output<typeof keySchema>;

/** What a JWK URL answers to somebody who does not sign in, as ORDS does not. */
export interface JwksAnswer {
  readonly status: number;
  /** Size of the body; ORDS reads 100,000 unless `security.jwks.size` says otherwise. Infinity when we stopped reading. */
  readonly bytes: number;
  /** undefined when the answer is not a JSON Web Key Set. */
  readonly keys: readonly JwkWithId[] | undefined;
  /** Why it is none. */
  readonly problem?: string;
}

/**
 * The keys that sign a domain's tokens, for `jose`.
 * @param url the JWK URL of the JWT profile
 * @throws JwksError or HttpError (when a token is verified) if the URL does not answer publicly
 */
export function remoteJwks(url: string): JWTVerifyGetKey {
  const { createRemoteJWKSet, customFetch } = jose();
  return createRemoteJWKSet(new URL(url), { [customFetch]: async () => Response.json(await fetchJwks(url)) });
}

/**
 * Looks at a JWK URL.
 * @throws HttpError when it cannot be reached
 */
export async function readJwks(url: string): Promise<JwksAnswer> {
  try {
    const response = await send(url, { headers: { accept: "application/json" } });
    const text = await response.text();
    const answer = { status: response.status, bytes: Buffer.byteLength(text) };
    return { ...answer, ...(response.ok ? keysIn(text) : { keys: undefined }) };
  } catch (error) {
    if (!(error instanceof HttpError && error.isTooLarge)) throw error;
    return { status: 200, bytes: Number.POSITIVE_INFINITY, keys: undefined, problem: error.reason };
  }
}

/**
 * Fetches the keys without signing in, as ORDS does.
 * @throws JwksError, or HttpError when the URL cannot be reached
 */
export async function fetchJwks(url: string): Promise<{ keys: JwkWithId[] }> {
  const { status, keys, problem } = await readJwks(url);
  if (status === 401 || status === 403) {
    throw new JwksError(
      `the signing certificate is not public: ${url} answered ${status}, so ORDS cannot verify any token; in the domain's settings turn on "Configure client access" (the stack does so for a domain that it creates)`,
    );
  }
  if (status !== 200) throw new JwksError(`${url} answered ${status}, expected 200 with a JSON Web Key Set`);
  if (!keys) throw new JwksError(`${url} did not answer with a JSON Web Key Set: ${problem}`);
  // Domains publish key_ops without "verify" for keys that do verify; jose would take them at their word.
  return { keys: keys.map(({ key_ops: _, ...key }) => key) };
}

/** Whether an error of `jose` is about the keys, and not about the token. */
export function isAboutKeys(error: unknown): boolean {
  const { errors } = jose();
  const types = [errors.JWKSInvalid, errors.JWKSMultipleMatchingKeys, errors.JWKSTimeout, errors.JWKInvalid];
  return !(error instanceof errors.JOSEError) || types.some((type) => error instanceof type);
}

function keysIn(text: string): Pick<JwksAnswer, "keys" | "problem"> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { keys: undefined, problem: "the answer is not JSON" };
  }
  const { data, error } = jwksSchema.safeParse(value);
  const [issue] = error?.issues ?? [];
  return { keys: data?.keys, problem: issue && `${issue.path.join(".") || "the answer"}: ${issue.message}` };
}
