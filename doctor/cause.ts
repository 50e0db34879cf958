import type { JwksAnswer } from "../oauth/jwks";
import type { ApiAnswer } from "../oauth/protected-resource";
import type { Signature } from "../oauth/signature";
import type { Token } from "../oauth/token";
import type { TokenError } from "../oauth/token-error";
import type { Actual, Profile } from "../ords/model";
import type { OrdsOutput } from "../ords/output";
import type { Protection } from "../ords/plan/protection";

/** What was looked at. A part that could not be seen is undefined, and `unseen` says why. */
export interface Evidence {
  /** What the stack asks for. */
  readonly ords: OrdsOutput;
  /** State of the identity domain; null when OCI has no such domain. */
  readonly domain?: { readonly state: string | null };
  /** The app in the domain; null when the domain has no such client. */
  readonly app?: { readonly displayName: string; readonly active: boolean } | null;
  /** What the JWK URL answers; a text when it cannot be reached. */
  readonly jwks?: JwksAnswer | string;
  readonly token?: Token;
  readonly signature?: Signature;
  /** The domain gave no token. */
  readonly refused?: TokenError;
  /** Seconds since 1970 by the clock of the gateway, or by ours when that cannot be seen. */
  readonly now: number;
  /** Seconds by which the gateway's clock is ahead of ours. */
  readonly ahead?: number;
  readonly ordsVersion?: string;
  readonly schema?: Actual;
  /** What decides about the API that was named. */
  readonly protection?: Protection;
  /** What it answers; a text when it cannot be reached. */
  readonly api?: ApiAnswers | string;
}

export interface ApiAnswers {
  readonly url: string;
  readonly withoutToken: ApiAnswer;
  readonly withToken?: ApiAnswer;
  /** Asked again until it was as it should be, or ORDS had time to see a change. */
  readonly isSettled: boolean;
}

/** A reason why calls are answered with 401 or another error, or are not protected at all. */
export interface Cause {
  readonly id: string;
  readonly title: string;
  readonly looksAt: string;
  /** Why calls fail with it. */
  readonly why: string;
  /** The one command or click that fixes it; ENV stands for the name of the environment. */
  readonly remedy: string;
  /** What was seen, when this is the cause; undefined when it is not, or its part was not seen. */
  find(evidence: Evidence): string | undefined;
}

/** The JWT profile that decides: what the schema has, and what the stack asks for where that cannot be seen. */
export function registered({ schema, ords }: Evidence): Profile {
  const {
    issuer,
    audience,
    jwkUrl,
    description,
    allowedSkew = null,
    allowedAge = null,
    roleClaim = null,
  } = ords.profile;
  const wanted = { issuer, audience, jwkUrl, description, allowedSkew, allowedAge, roleClaim };
  // Null is seen: the profile has none. Undefined is a column that the view lacks.
  const seen = Object.entries(schema?.profile ?? {}).filter(([, value]) => value !== undefined);
  return { ...wanted, ...Object.fromEntries(seen) };
}

/** What a JSON Pointer (RFC 6901) leads to. */
export function at(pointer: string, claims: object): unknown {
  const names = pointer
    .slice(1)
    .split("/")
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  const member = (value: unknown, name: string) =>
    typeof value === "object" && value !== null && Object.hasOwn(value, name)
      ? (value as Record<string, unknown>)[name]
      : undefined;
  return names.reduce<unknown>(member, claims);
}

export function quoted(value: unknown): string {
  return value === undefined ? "absent" : JSON.stringify(value);
}
