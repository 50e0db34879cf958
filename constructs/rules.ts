import { Token } from "cdktf";
import { uriProblem } from "../config/uris";
import { grantNames, licenseTypes, maxDisplayName } from "../config/words";
import { audienceProblems, scopesProblems } from "../ords/rules";

/** Seconds an access token may live: one minute to one year. */
const tokenExpiry = { min: 60, max: 31_536_000 };

/** Every rule throws an error that says the value got, what is allowed and what to do; a token is known only later and passes. */
export function requireDisplayName(what: string, name: string): void {
  if (Token.isUnresolved(name)) return;
  if (name.trim() === "") throw new Error(`the display name of ${what} is empty: give it one`);
  if (name.length > maxDisplayName) {
    throw new Error(
      `the display name of ${what} has ${name.length} characters, at most ${maxDisplayName} are allowed: shorten "${name.slice(0, 40)}..."`,
    );
  }
}

/** What the domain itself needs of an API; the rest of the rule book is about the schema. */
export function requireApi(audience: string, scopes: readonly string[]): void {
  const problems = [
    ...(Token.isUnresolved(audience) ? [] : audienceProblems(audience)),
    ...scopesProblems(scopes, audience, Token.isUnresolved),
  ];
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

export interface RuledClient {
  readonly grants: readonly string[];
  readonly redirectUris?: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[];
  readonly logoutUri?: string;
  readonly public?: boolean;
}

export function requireClient(client: RuledClient): void {
  const { grants, redirectUris = [], postLogoutRedirectUris = [], logoutUri } = client;
  if (grants.length === 0)
    throw new Error(`a client needs a grant (received none): allowed are ${grantNames.join(", ")}`);
  for (const grant of grants) {
    if (grant === "implicit" || grant === "password") {
      throw new Error(
        `grant "${grant}" is not allowed (RFC 9700): use authorization_code for people, client_credentials for programs`,
      );
    }
    if (!(grantNames as readonly string[]).includes(grant))
      throw new Error(`unknown grant "${grant}": allowed are ${grantNames.join(", ")}`);
  }
  if (client.public && grants.includes("client_credentials")) {
    throw new Error(
      'grant "client_credentials" needs a secret, which a public client cannot keep: make the client confidential or remove the grant',
    );
  }
  if (grants.includes("authorization_code") && redirectUris.length === 0) {
    throw new Error(
      'grant "authorization_code" needs a redirect URI (received none): add redirectUris or remove the grant',
    );
  }
  for (const uri of [...redirectUris, ...postLogoutRedirectUris, ...(logoutUri ? [logoutUri] : [])])
    requireHttpsUri(uri);
}

function requireHttpsUri(uri: string): void {
  if (Token.isUnresolved(uri)) return;
  const problem = uriProblem(uri);
  if (problem !== undefined) throw new Error(`"${uri}" ${problem}`);
}

export function requireTokenExpiry(what: string, seconds: number | undefined): void {
  if (seconds === undefined || Token.isUnresolved(seconds)) return;
  if (!Number.isInteger(seconds) || seconds < tokenExpiry.min || seconds > tokenExpiry.max) {
    throw new Error(
      `${what} is ${seconds} seconds, allowed are ${tokenExpiry.min} to ${tokenExpiry.max}: choose one within`,
    );
  }
}

export function requireLicenseType(licenseType: string): void {
  if (Token.isUnresolved(licenseType)) return;
  if (!(licenseTypes as readonly string[]).includes(licenseType)) {
    throw new Error(`unknown license type "${licenseType}": allowed are ${licenseTypes.join(", ")}`);
  }
}
