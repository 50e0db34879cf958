import { setTimeout } from "node:timers/promises";
import { decodeJwt } from "jose";
import { fetchJwks, JwksError } from "./jwks";
import { checkClaims, type Expectation, verifyToken } from "./token-claims";

/** One thing that was tried, what it should have given and what it gave. */
export interface Check {
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  readonly ok: boolean;
}

/** A call of the protected API. */
export interface Probe {
  /** For example `with the token`. */
  readonly how: string;
  readonly token?: string;
  readonly expected: "401" | "2xx";
}

/** ORDS keeps profile and privileges for 5 s by default, so a change shows only after that. */
const patience = { millis: 8000, pause: 1000 };

/** Whether ORDS can have the keys: without signing in, and with one at least. */
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

/** Compares a token with what is registered: claims, time left, signature. */
export async function checkToken(token: string, jwkUrl: string, expected: Expectation): Promise<Check[]> {
  const { exp = 0 } = decodeJwt(token);
  const left = Math.floor(exp - Date.now() / 1000);
  const checks = checkClaims(token, expected).map(({ claim, ...check }) => ({ what: `token's ${claim}`, ...check }));
  return [
    ...checks,
    {
      what: "token's exp",
      expected: "later than now",
      got: `${new Date(exp * 1000).toISOString()} (${left >= 0 ? `in ${left} s` : `${-left} s ago`})`,
      ok: left > 0,
    },
    await checkSignature(token, jwkUrl, expected),
  ];
}

async function checkSignature(token: string, jwkUrl: string, expected: Expectation): Promise<Check> {
  const what = "token's signature";
  try {
    await verifyToken(token, jwkUrl, expected);
    return { what, expected: "made by a key of the JWK URL", got: "made by a key of the JWK URL", ok: true };
  } catch (error) {
    return { what, expected: "made by a key of the JWK URL", got: (error as Error).message, ok: false };
  }
}

/** Calls a protected API and tells whether it answered as it should. */
export async function probe(url: string, probes: readonly Probe[]): Promise<Check[]> {
  const checks: Check[] = [];
  // One patience for all: what has not changed for the first will not change for the next.
  const until = performance.now() + patience.millis;
  for (const each of probes) checks.push(await call(url, each, until));
  return checks;
}

/** The token with one character of its signature exchanged. */
export function tamper(token: string): string {
  // Not the last character: some of its bits are padding, and a change there may not be one.
  const at = token.lastIndexOf(".") + 1;
  const other = token[at] === "A" ? "B" : "A";
  return token.slice(0, at) + other + token.slice(at + 1);
}

async function call(url: string, { how, token, expected }: Probe, until: number): Promise<Check> {
  const isAsExpected = (status: number) => (expected === "401" ? status === 401 : status >= 200 && status < 300);
  for (;;) {
    const response = await callApi(url, token);
    const ok = isAsExpected(response.status);
    if (ok || performance.now() > until) {
      const body = (await response.text()).replaceAll(/\s+/g, " ").trim();
      const got = response.ok ? `${response.status} ${body.slice(0, 200)}` : String(response.status);
      return { what: `GET ${url} ${how}`, expected, got, ok };
    }
    await response.body?.cancel();
    await setTimeout(patience.pause);
  }
}

/** One call of the API, as a client makes it. */
export function callApi(url: string, token?: string): Promise<Response> {
  return fetch(url, {
    headers: { accept: "application/json", ...(token && { authorization: `Bearer ${token}` }) },
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  });
}
