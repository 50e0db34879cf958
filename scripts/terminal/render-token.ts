import type { Decoded } from "../../oauth/decode";
import { claimText } from "../../oauth/token-claims";
import { clean } from "./clean";

/** What claims mean, for those that a person asks about; the others are shown by name. */
const words: Record<string, string> = {
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
};

const grants: Record<string, string> = { azc: "authorization code", cc: "client credentials", jwt: "JWT assertion" };

const times = ["iat", "nbf", "exp", "auth_time", "session_exp"];

/** A token in words: header, claims, and the three values that ORDS needs. */
export function renderDecoded({ header, claims, signature, forOrds }: Decoded, now: Date): string {
  return [
    "header",
    ...table(Object.entries(header).map(([name, value]) => [name, claimText(value)])),
    "claims",
    ...table(ordered(claims).map(([name, value]) => [words[name] ?? name, claim(name, value, now)])),
    `signature: ${signature}${signature === "not checked" ? " (name the environment: --environment ENV)" : ""}`,
    "for the JWT profile in ORDS",
    ...table([
      ["issuer", forOrds.issuer ?? "(absent)"],
      [
        "audience",
        Array.isArray(forOrds.audience)
          ? `${claimText(forOrds.audience)}, which ORDS may refuse`
          : claimText(forOrds.audience),
      ],
      ["JWK URL", forOrds.jwkUrl ?? "(not told by the token)"],
    ]),
  ].join("\n");
}

/** Those with a meaning first, in the order above. */
function ordered(claims: Decoded["claims"]): [string, unknown][] {
  const rank = (name: string) => (name in words ? Object.keys(words).indexOf(name) : Number.MAX_SAFE_INTEGER);
  return Object.entries(claims).sort(([a], [b]) => rank(a) - rank(b));
}

function claim(name: string, value: unknown, now: Date): string {
  if (name === "gtp") return grants[String(value)] ?? claimText(value);
  if (!times.includes(name) || typeof value !== "number") return claimText(value);
  const distance = Math.round(value - now.getTime() / 1000);
  const span = duration(Math.abs(distance));
  return `${new Date(value * 1000).toISOString()} (${distance <= 0 ? `${span} ago` : `in ${span}`})`;
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
