import { shownValue, type Token } from "./token";

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
export function checkClaims({ claims, raw }: Token, expected: Expectation): ClaimCheck[] {
  const scopes = claims.scope?.split(" ") ?? [];
  const check = (claim: ClaimCheck["claim"], wanted: string, ok: boolean) => ({
    claim,
    expected: wanted,
    got: shownValue(raw.claims[claim]),
    ok,
  });
  return [
    check("iss", expected.issuer, claims.iss === expected.issuer),
    check("aud", expected.audience, claims.aud === expected.audience),
    check(
      "scope",
      expected.scopes.join(" "),
      expected.scopes.every((name) => scopes.includes(name)),
    ),
  ];
}

/**
 * What changes how a token is read (RFC 7515, 7516, 7797) or names another key; what `crit` lists must be understood. ORDS documents
 * none of them.
 */
const unsupportedHeaders = ["crit", "b64", "enc", "zip", "jwk", "jku", "x5u"];

/** Entries of a wrong type, and claims that ORDS requires and does not find. */
export function formProblems({ claims, header, raw, wrongTypes }: Token): string[] {
  const isWrong = (name: string) => wrongTypes.some((each) => each.name === name);
  const missing = (["iss", "sub", "aud", "iat", "exp"] as const).filter(
    (name) => claims[name] === undefined && !isWrong(name),
  );
  return [
    ...wrongTypes.map(
      ({ part, name, got, expected }) => `${part === "header" ? "header " : ""}${name} is ${got}, expected ${expected}`,
    ),
    ...missing.map((name) => `${name} is absent`),
    ...unsupportedHeaders
      .filter((name) => Object.hasOwn(raw.header, name))
      .map((name) => `header ${name} is ${shownValue(raw.header[name])}, expected none`),
    ...(header.typ === undefined || header.typ === "JWT"
      ? []
      : [`header typ is ${shownValue(header.typ)}, expected JWT or none`]),
  ];
}

/** Seconds by which a token may be of the future: the clock here is neither that of the domain nor that of ORDS. */
const tolerance = 60;

/** Whether it is not valid yet; `now` is in seconds since 1970. */
export function earlinessProblems({ claims: { iat, nbf } }: Token, now: number): string[] {
  return [
    ...(iat !== undefined && iat > now + tolerance ? [`iat is ${Math.ceil(iat - now)} s in the future`] : []),
    ...(nbf !== undefined && nbf > now + tolerance ? [`nbf is ${Math.ceil(nbf - now)} s in the future`] : []),
  ];
}

/** A span of time from now to `seconds` since 1970. */
export function distance(seconds: number, now: number): string {
  const left = Math.floor(seconds - now);
  return left >= 0 ? `in ${left} s` : `${-left} s ago`;
}

/** Everything but one slash at the end. */
export function withoutSlash(text: string): string {
  return text.replace(/\/$/, "");
}
