import { OutputError } from "./output";
import type { Desired, Privilege } from "./plan/desired";

/** Bytes in the database. Oracle publishes no lengths: names are taken to be as short as scopes, 4000 is what a column can hold. */
const maxName = 255;
const maxText = 4000;
const maxSchema = 128;
/** Modules, patterns and roles of one privilege: they are defined by one call, and a block takes 65,535 binds. */
const maxList = 10_000;

/**
 * Refuses what ORDS could not take, or would take and never match, before a database sees it.
 * @throws OutputError naming every wrong value
 */
export function requireValid({ schema, stack, profile, privileges }: Desired): void {
  const problems = [
    ...text("schema", schema, maxSchema),
    ...(schema.includes('"') ? [`schema ${quote(schema)} has a double quote: name it without quotes`] : []),
    ...text("issuer", profile.issuer, maxText),
    ...text("audience", profile.audience, maxText),
    ...text("JWK URL", profile.jwkUrl, maxText),
    ...text("profile description (with the mark of the stack)", profile.description, maxText),
    ...(profile.allowedSkew !== null && profile.allowedSkew > 60
      ? [`allowed skew is ${profile.allowedSkew} seconds, at most 60 are allowed: lower it`]
      : []),
    ...(profile.roleClaim === null ? [] : pointer(profile.roleClaim)),
    ...privileges.flatMap((privilege) => problemsOf(privilege, profile.roleClaim !== null)),
    ...twice("scope", privileges, ({ name }) => [name]),
    ...twice("module", privileges, ({ modules }) => modules),
    ...twice("pattern", privileges, ({ patterns }) => patterns),
  ];
  if (problems.length > 0) {
    throw new OutputError(`stack ${stack} cannot be registered:\n${problems.map((line) => `  ${line}`).join("\n")}`);
  }
}

function problemsOf(privilege: Privilege, byRoles: boolean): string[] {
  const { name, roles, modules, patterns } = privilege;
  const of = `of scope ${quote(name)}`;
  const things = modules.length + patterns.length + roles.length;
  return [
    ...text("scope", name, maxName),
    ...(/\s/.test(name) ? [`scope ${quote(name)} has white space, which separates scopes in a token: remove it`] : []),
    ...text(`label ${of}`, privilege.label, maxName),
    ...text(`description ${of}`, privilege.description, maxText),
    ...text(`mark ${of}`, privilege.comments, maxText),
    ...[...roles, ...modules, ...patterns].flatMap((value) => text(`name ${of}`, value, maxName)),
    ...patterns
      .filter((pattern) => !/^\/\S*$/.test(pattern))
      .map((pattern) => `pattern ${quote(pattern)} ${of} never matches: start it with a slash, without white space`),
    ...(things > maxList
      ? [`scope ${quote(name)} has ${things} modules, patterns and roles, at most ${maxList} are allowed: split it`]
      : []),
    ...(byRoles && roles.length === 0
      ? [`scope ${quote(name)} names no role, but the profile goes by roles: every validated token would be let in`]
      : []),
    ...(!byRoles && roles.length > 0
      ? [`scope ${quote(name)} names roles, but the profile goes by scopes: set roleClaim or remove the roles`]
      : []),
  ];
}

function text(what: string, value: string | null, max: number): string[] {
  if (value === null) return [];
  const bytes = Buffer.byteLength(value);
  return [
    ...(value === "" ? [`${what} is empty: give it a value`] : []),
    ...(bytes > max ? [`${what} ${quote(value)} has ${bytes} bytes, at most ${max} are allowed: shorten it`] : []),
    ...(/\0|\p{Surrogate}/u.test(value) ? [`${what} ${quote(value)} holds what is no character: correct it`] : []),
  ];
}

function pointer(claim: string): string[] {
  if (/^(\/([^~/]|~[01])*)+$/.test(claim)) return [];
  return [`role claim ${quote(claim)} is no JSON pointer: start it with a slash; "~" in a name is "~0", "/" is "~1"`];
}

function twice(what: string, privileges: readonly Privilege[], of: (privilege: Privilege) => readonly string[]) {
  const owners = new Map<string, string>();
  return privileges.flatMap((privilege) =>
    of(privilege).flatMap((thing) => {
      const other = owners.get(thing);
      owners.set(thing, privilege.name);
      if (other === undefined) return [];
      return what === "scope"
        ? [`scope ${quote(thing)} is named twice: remove one`]
        : [
            `${what} ${quote(thing)} belongs to the scopes ${quote(other)} and ${quote(privilege.name)}: it can belong to one`,
          ];
    }),
  );
}

/** Short, and with nothing that a terminal would obey. */
function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
}
