import type { Decoded } from "../../oauth/decode";
import { shownValue, type Token } from "../../oauth/token";
import { jwkPath } from "../../ords/rules";
import { clean } from "./clean";

/** What claims mean, for those that a person asks about; the others are shown by name. */
const words = new Map(
  Object.entries({
    iss: "issuer",
    aud: "audience",
    sub: "subject",
    sub_type: "kind of subject",
    scope: "scopes",
    iat: "issued at",
    nbf: "not before",
    exp: "expires",
    client_id: "client",
    client_name: "client's name",
    tenant_iss: "identity domain",
    gtp: "grant",
    tok_type: "kind of token",
    jti: "token id",
  }),
);

const grants = new Map([
  ["azc", "authorization code"],
  ["cc", "client credentials"],
  ["jwt", "JWT assertion"],
]);

const times = ["iat", "nbf", "exp", "auth_time", "session_exp"];

/** A token in words: header, claims, what is wrong with it, and the three values that ORDS needs. */
export function renderDecoded({ token, signature, problems }: Decoded, jwkUrl: string | undefined, now: Date): string {
  const { issuer, audience, jwkUrl: keys } = forOrds(token, jwkUrl);
  return [
    "header",
    ...table(Object.entries(token.raw.header).map(([name, value]) => [name, shownValue(value)])),
    "claims",
    ...table(ordered(token.raw.claims).map(([name, value]) => [words.get(name) ?? name, claim(name, value, now)])),
    `signature: ${signature}${signature === "not checked" ? " (name the environment: --environment ENV)" : ""}`,
    ...(problems.length > 0 ? ["ORDS would refuse it", ...problems.map((problem) => `  ${clean(problem)}`)] : []),
    "for the JWT profile in ORDS",
    ...table([
      ["issuer", shownValue(issuer)],
      ["audience", `${shownValue(audience)}${Array.isArray(audience) ? ", which ORDS may refuse" : ""}`],
      ["JWK URL", keys ?? "(not told by the token)"],
    ]),
  ].join("\n");
}

/** The same for programs. */
export function decodedJson({ token, signature, problems }: Decoded, jwkUrl: string | undefined) {
  const { header, claims } = token.raw;
  return { header, claims, signature, problems, forOrds: forOrds(token, jwkUrl) };
}

/** What ORDS compares a token with. */
function forOrds({ claims: { iss, aud, tenant_iss: domain } }: Token, jwkUrl: string | undefined) {
  return { issuer: iss, audience: aud, jwkUrl: jwkUrl ?? (domain && `${domain}${jwkPath}`) };
}

/** Those with a meaning first, in the order above. */
function ordered(claims: Record<string, unknown>): [string, unknown][] {
  const names = [...words.keys()];
  const rank = (name: string) => (words.has(name) ? names.indexOf(name) : names.length);
  return Object.entries(claims).sort(([a], [b]) => rank(a) - rank(b));
}

function claim(name: string, value: unknown, now: Date): string {
  if (name === "gtp" && typeof value === "string") return grants.get(value) ?? shownValue(value);
  if (!times.includes(name) || typeof value !== "number") return shownValue(value);
  const date = new Date(value * 1000);
  if (Number.isNaN(date.getTime())) return shownValue(value);
  const distance = Math.round(value - now.getTime() / 1000);
  const span = duration(Math.abs(distance));
  return `${date.toISOString()} (${distance <= 0 ? `${span} ago` : `in ${span}`})`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

function table(rows: [string, string][]): string[] {
  const shown = rows.map((row) => row.map(clean));
  const width = Math.max(...shown.map(([name = ""]) => name.length));
  return shown.map(([name = "", value]) => `  ${name.padEnd(width)}  ${value}`);
}
