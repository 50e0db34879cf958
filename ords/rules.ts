import { markedDescription, ownershipMarker } from "./ownership";
import { patternProblem } from "./pattern";
import { unqualifiedScope } from "./scope";

// The one place that decides what may be registered, whichever way it comes: from an environment file, a state, a plan, or a
// hand-over file. Every rule says what is wrong, the value got, what is allowed and what to do.

/** Bytes in the database. Oracle publishes no lengths: names are taken to be as short as scopes, 4000 is what a column can hold. */
const maxName = 255;
const maxText = 4000;
const maxSchema = 128;
/** Seconds. */
const maxSkew = 60;
/** Modules, patterns and roles of one privilege: they are defined by one call, and a block takes 65,535 binds. */
const maxList = 10_000;

/** Issuer of every identity domain that has not been given one of its own, slash included. */
export const oracleIssuer = "https://identity.oraclecloud.com/";
/** Where every identity domain publishes its keys. */
export const jwkPath = "/admin/v1/SigningCert/jwk";

/** What is to be registered, as the output `ords` says it. */
export interface Registration {
  readonly stack: string;
  readonly schema: string;
  readonly profile: {
    readonly issuer: string;
    readonly audience: string;
    readonly jwkUrl: string;
    readonly description: string;
    readonly allowedSkew?: number | null;
    readonly allowedAge?: number | null;
    readonly roleClaim?: string | null;
  };
  readonly privileges: readonly RegisteredScope[];
}

interface RegisteredScope {
  readonly name: string;
  readonly label: string;
  readonly description?: string | null;
  readonly roles: readonly string[];
  readonly modules: readonly string[];
  readonly patterns: readonly string[];
}

/** Whether a value stands for one that is known only after apply; such a value passes every rule about it. */
export type IsUnknown = (value: string) => boolean;

/** Everything that ORDS could not take, or would take and not do what it seems to; empty when it may be registered. */
export function problemsOf(
  { stack, schema, profile, privileges }: Registration,
  isUnknown: IsUnknown = () => false,
): string[] {
  const known = (value: string, rule: (value: string) => string[]) => (isUnknown(value) ? [] : rule(value));
  return [
    ...known(schema, schemaProblems),
    ...profileProblems(profile, stack, isUnknown),
    ...scopesProblems(
      privileges.map(({ name }) => name),
      profile.audience,
      isUnknown,
    ),
    ...privileges.flatMap((each) => privilegeProblems(each, stack, profile.roleClaim ?? null, isUnknown)),
    ...sharedProblems("module", privileges, ({ modules }) => modules),
    ...sharedProblems("pattern", privileges, ({ patterns }) => patterns),
  ];
}

/** What is wrong with a primary audience of an identity domain. */
export function audienceProblems(audience: string): string[] {
  return audience.endsWith("/")
    ? []
    : [
        `audience ${quote(audience)} does not end in a slash: OCI joins audience and scope with nothing between, use ${quote(`${audience}/`)}`,
      ];
}

/** What is wrong with the scopes of an API, named without the audience. */
export function scopesProblems(scopes: readonly string[], audience: string, isUnknown: IsUnknown): string[] {
  if (scopes.length === 0) {
    return ["an API needs at least one scope (received none): add one, or no token can be asked for"];
  }
  const known = scopes.filter((scope) => !isUnknown(scope));
  return [
    ...known.flatMap((scope) => scopeProblems(scope, audience)),
    ...twice(known).map((scope) => `scope ${quote(scope)} is declared twice: remove one`),
  ];
}

function scopeProblems(scope: string, audience: string): string[] {
  const bare = unqualifiedScope(audience, scope);
  return [
    ...(bare !== undefined && audience !== ""
      ? [`scope ${quote(scope)} holds the audience: name it without, ${quote(bare)}`]
      : []),
    // RFC 6749, section 3.3.
    ...(/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)
      ? []
      : [
          `scope ${quote(scope)} is not a scope: allowed are printable ASCII characters without white space, quote and backslash`,
        ]),
    ...lengthProblems("scope", scope, maxName),
    // A token must not be able to carry the name of one of ORDS's own privileges.
    ...(/^(oracle|ords)\./i.test(scope)
      ? [`scope ${quote(scope)} is named like a privilege of ORDS itself: choose another name`]
      : []),
  ];
}

function schemaProblems(schema: string): string[] {
  return [
    ...textProblems("schema", schema, maxSchema),
    ...(schema.includes('"') ? [`schema ${quote(schema)} has a double quote: name it without quotes`] : []),
  ];
}

function profileProblems(profile: Registration["profile"], stack: string, isUnknown: IsUnknown): string[] {
  const { issuer, audience, jwkUrl, description, allowedSkew = null, allowedAge = null, roleClaim = null } = profile;
  // Another issuer's audience is whatever its tokens say.
  const isIdentityDomain = issuer === oracleIssuer || jwkUrl.endsWith(jwkPath);
  return [
    ...(isUnknown(issuer) ? [] : textProblems("issuer", issuer, maxText)),
    ...(isUnknown(audience) ? [] : textProblems("audience", audience, maxText)),
    ...(isUnknown(audience) || !isIdentityDomain ? [] : audienceProblems(audience)),
    ...(isUnknown(jwkUrl) ? [] : jwkUrlProblems(jwkUrl)),
    ...(isUnknown(description)
      ? []
      : textProblems(
          "profile description (with the ownership marker of the stack)",
          markedDescription(description, stack),
          maxText,
        )),
    ...(allowedSkew !== null && !(Number.isInteger(allowedSkew) && allowedSkew >= 1 && allowedSkew <= maxSkew)
      ? [
          `allowed skew is ${allowedSkew} seconds, at least 1 and at most ${maxSkew} are allowed: change it, or leave it out for ORDS's own setting`,
        ]
      : []),
    ...(allowedAge !== null && !(Number.isInteger(allowedAge) && allowedAge >= 1)
      ? [
          `allowed age is ${allowedAge} seconds, at least 1 is allowed: change it, or leave it out for ORDS's own setting`,
        ]
      : []),
    ...(roleClaim === null || isUnknown(roleClaim) ? [] : pointerProblems(roleClaim)),
  ];
}

/** A user's name and password in a URL would be printed wherever the URL is. */
export function hasCredentials(url: string): boolean {
  return URL.canParse(url) && new URL(url).username + new URL(url).password !== "";
}

function jwkUrlProblems(url: string): string[] {
  if (hasCredentials(url)) return ["JWK URL must not hold a user and password: ORDS fetches keys without signing in"];
  const isHttps = URL.canParse(url) && new URL(url).protocol === "https:";
  return [
    ...textProblems("JWK URL", url, maxText),
    ...(isHttps ? [] : [`JWK URL ${quote(url)} must be an https URL: ORDS fetches keys in no other way`]),
  ];
}

function pointerProblems(claim: string): string[] {
  if (/^(\/([^~/]|~[01])*)+$/.test(claim)) return [];
  return [
    `role claim ${quote(claim)} is not a JSON Pointer: start it with a slash; in a name write "~0" for "~" and "~1" for "/"`,
  ];
}

function privilegeProblems(
  { name, label, description, roles, modules, patterns }: RegisteredScope,
  stack: string,
  roleClaim: string | null,
  isUnknown: IsUnknown,
): string[] {
  const scope = `scope ${quote(name)}`;
  const known = (values: readonly string[]) => values.filter((value) => !isUnknown(value));
  const count = modules.length + patterns.length + roles.length;
  return [
    ...known([label]).flatMap((value) => textProblems(`label of ${scope}`, value, maxName)),
    // An empty description is none.
    ...known(description ? [description] : []).flatMap((value) =>
      textProblems(`description of ${scope}`, value, maxText),
    ),
    ...textProblems(`ownership marker of ${scope}`, ownershipMarker(stack), maxText),
    ...known([...roles, ...modules, ...patterns]).flatMap((value) => textProblems(`name of ${scope}`, value, maxName)),
    ...(modules.length + patterns.length === 0
      ? [`${scope} protects nothing: name modules or patterns, or remove it`]
      : []),
    ...known(patterns).flatMap((pattern) => {
      const problem = pattern === "" ? undefined : patternProblem(pattern);
      return problem === undefined ? [] : [`pattern ${quote(pattern)} of ${scope} ${problem}`];
    }),
    ...(count > maxList
      ? [`${scope} has ${count} modules, patterns and roles, at most ${maxList} are allowed: split it`]
      : []),
    ...(roleClaim !== null && roles.length === 0
      ? [
          `${scope} names no role, but the JWT profile is role-based: every validated token would be let in; name its roles`,
        ]
      : []),
    ...(roleClaim === null && roles.length > 0
      ? [
          `${scope} names the roles ${roles.map(quote).join(", ")}, but the JWT profile is scope-based: set roleClaim or remove the roles`,
        ]
      : []),
  ];
}

function textProblems(what: string, value: string, max: number): string[] {
  return [...(value === "" ? [`${what} is empty: give it a value`] : []), ...lengthProblems(what, value, max)];
}

function lengthProblems(what: string, value: string, max: number): string[] {
  const bytes = Buffer.byteLength(value);
  return [
    ...(bytes > max ? [`${what} ${quote(value)} has ${bytes} bytes, at most ${max} are allowed: shorten it`] : []),
    ...(/\0|\p{Surrogate}/u.test(value) ? [`${what} ${quote(value)} holds a NUL or half a character: remove it`] : []),
  ];
}

/** ORDS asks for every privilege on a resource or for any of them: nobody outside knows, so one thing belongs to one scope. */
function sharedProblems(
  what: "module" | "pattern",
  privileges: readonly RegisteredScope[],
  of: (privilege: RegisteredScope) => readonly string[],
): string[] {
  const owners = new Map<string, string>();
  return privileges.flatMap((privilege) =>
    [...new Set(of(privilege))].flatMap((name) => {
      const other = owners.get(name);
      owners.set(name, privilege.name);
      if (other === undefined || other === privilege.name) return [];
      return [
        `${what} ${quote(name)} belongs to the scopes ${quote(other)} and ${quote(privilege.name)}: it can belong to one; split the ${what}, or let one scope protect it`,
      ];
    }),
  );
}

function twice(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** Short, and with nothing that a terminal would obey. */
function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
}
