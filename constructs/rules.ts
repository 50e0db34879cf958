import { Token } from "cdktf";
import { grantNames, licenseTypes } from "../config/words";

/** Longest display name of a domain, an app or a group that the service is known to take. */
const maxDisplayName = 100;
/** Longest scope: it becomes the name of an ORDS privilege; how long that may be is not published. */
const maxScope = 255;
/** Seconds an access token may live: one minute to one year. */
const tokenExpiry = { min: 60, max: 31_536_000 };

/** Names of ORDS's own privileges, but for those with a space; a token must not be able to carry one as a scope. */
const builtInPrivilege = /^(oracle|ords)\./i;

/** What a scope is and what it protects, as far as it can be wrong. */
export interface RuledScope {
  readonly value: string;
  readonly modules?: readonly string[];
  readonly patterns?: readonly string[];
  readonly roles?: readonly string[];
}

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

export function requireAudience(audience: string): void {
  if (Token.isUnresolved(audience)) return;
  if (!audience.endsWith("/")) {
    throw new Error(
      `audience "${audience}" does not end in a slash: OCI joins audience and scope with nothing between, use "${audience}/"`,
    );
  }
}

export function requireScopes(audience: string, scopes: readonly RuledScope[], roleBased: boolean): void {
  if (scopes.length === 0)
    throw new Error("an API app needs at least one scope (received none): add one, or no token can be asked for");
  for (const scope of scopes) requireScope(audience, scope, roleBased);
  requireOnce(
    "scope",
    scopes.map((scope) => [scope.value, scope.value]),
  );
  requireOnce(
    "module",
    scopes.flatMap((scope) => (scope.modules ?? []).map((module) => [module, scope.value])),
  );
  requireOnce(
    "pattern",
    scopes.flatMap((scope) => (scope.patterns ?? []).map((pattern) => [pattern, scope.value])),
  );
}

function requireScope(audience: string, scope: RuledScope, roleBased: boolean): void {
  const { value, modules = [], patterns = [], roles = [] } = scope;
  if (value.startsWith(audience)) {
    throw new Error(`scope "${value}" holds the audience: name it without, "${value.slice(audience.length)}"`);
  }
  if (!/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value)) {
    throw new Error(
      `scope ${JSON.stringify(value)} is not a scope: allowed are printable ASCII characters without space, quote and backslash`,
    );
  }
  if (value.length > maxScope)
    throw new Error(
      `scope "${value.slice(0, 40)}..." has ${value.length} characters, at most ${maxScope} are allowed: shorten it`,
    );
  if (builtInPrivilege.test(value))
    throw new Error(`scope "${value}" is named like a privilege of ORDS itself: choose another name`);
  if (modules.length + patterns.length === 0) {
    throw new Error(`scope "${value}" protects nothing: name modules or patterns, or remove it`);
  }
  for (const pattern of patterns) {
    if (pattern.startsWith("/ords/")) {
      throw new Error(
        `pattern "${pattern}" of scope "${value}" starts with /ords/: patterns are relative to the schema's base path, so it would protect nothing; leave out /ords and the base path`,
      );
    }
    if (!pattern.startsWith("/"))
      throw new Error(
        `pattern "${pattern}" of scope "${value}" does not start with a slash: ORDS would never match it, use "/${pattern}"`,
      );
  }
  if (roleBased && roles.length === 0) {
    throw new Error(
      `scope "${value}" names no role, but the JWT profile is role-based: it would admit every validated token; name its roles`,
    );
  }
  if (!roleBased && roles.length > 0) {
    throw new Error(
      `scope "${value}" names the roles ${roles.join(", ")}, but the JWT profile is scope-based: set roleClaim or remove the roles`,
    );
  }
}

/** ORDS asks for every privilege on a resource or for any of them: nobody outside knows, so one thing belongs to one scope. */
function requireOnce(what: string, owned: readonly (readonly string[])[]): void {
  const owners = new Map<string, string>();
  for (const [thing = "", owner = ""] of owned) {
    const other = owners.get(thing);
    if (other !== undefined) {
      throw new Error(
        what === "scope"
          ? `scope "${thing}" is declared twice: remove one`
          : `${what} "${thing}" belongs to the scopes "${other}" and "${owner}": it can belong to one; split the ${what}, or let one scope protect it`,
      );
    }
    owners.set(thing, owner);
  }
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
  if (!URL.canParse(uri)) throw new Error(`"${uri}" is not an absolute URL: use https://HOST/PATH`);
  if (new URL(uri).protocol !== "https:") {
    throw new Error(
      `"${uri}" is not https: the domain would have to stop checking URLs; for a tool on a developer's machine use a DeveloperClient`,
    );
  }
  if (uri.includes("#")) throw new Error(`"${uri}" has a fragment: a redirect URI must not; remove everything from #`);
  if (uri.includes("*")) throw new Error(`"${uri}" has a wildcard: redirect URIs are compared exactly; list each one`);
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
