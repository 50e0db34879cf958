import { resolvePointer } from "./jsonPointer";
import type { JwtProfile, Module, Privilege, Schema } from "./metadata";
import { Refusal } from "./refusal";
import type { GatewayRules } from "./rules";
import type { Claims } from "./tokens";

/**
 * The privileges that protect a resource: those that list its module and those with a pattern that matches its path.
 *
 * @param path relative to the schema's base path, decoded, starts with `/`
 */
export function protectingPrivileges(
  schema: Schema,
  module: Module | undefined,
  path: string,
  rules: GatewayRules,
): Privilege[] {
  const covering = schema.modules.filter(({ id, uriPrefix }) => {
    return id === module?.id || (rules.modulePrivilege === "below" && path.startsWith(uriPrefix));
  });
  return schema.privileges.filter(
    ({ moduleIds, patterns }) =>
      covering.some(({ id }) => moduleIds.includes(id)) ||
      patterns.some((pattern) => matchesPattern(pattern, path, rules)),
  );
}

/**
 * `/x/*` matches what is below `/x/` and `/x/` itself; any other pattern only the path it spells. As every path starts with
 * `/`, a pattern without a leading slash matches nothing.
 */
export function matchesPattern(pattern: string, path: string, { subtreePattern }: GatewayRules): boolean {
  if (!pattern.endsWith("/*")) return path === pattern;
  return path.startsWith(pattern.slice(0, -1)) || (subtreePattern === "itself" && path === pattern.slice(0, -2));
}

/**
 * Checks that a token grants the privileges. A profile is either scope-based (an entry of the scope is the privilege's name) or
 * role-based.
 *
 * @throws Refusal
 */
export function requirePrivileges(
  privileges: Privilege[],
  profile: JwtProfile,
  claims: Claims,
  rules: GatewayRules,
): void {
  const { roleClaimName } = profile;
  const missing =
    roleClaimName === null ? missingScopes(privileges, claims, rules) : missingRoles(privileges, roleClaimName, claims);
  const allowed = rules.severalPrivileges === "all" ? 0 : privileges.length - 1;
  if (missing[0] && missing.length > allowed) throw missing[0];
}

function missingScopes(privileges: Privilege[], claims: Claims, { scopeList }: GatewayRules): Refusal[] {
  const scope = claims.scope !== undefined ? claims.scope : claims.scp === undefined ? "" : claims.scp;
  const isList = Array.isArray(scope) && scope.every((each) => typeof each === "string") && scopeList === "accepted";
  if (typeof scope !== "string" && !isList) {
    throw new Refusal("malformed_claim", "scope is not a space-separated string");
  }
  const scopes: string[] = isList ? scope : (scope as string).split(" ");
  return privileges
    .filter(({ name }) => !scopes.includes(name))
    .map(({ name }) => new Refusal("missing_scope", `scope is "${scopes.join(" ")}", the resource needs ${name}`));
}

/** A privilege without roles asks only for a token that has the claim. */
function missingRoles(privileges: Privilege[], pointer: string, claims: Claims): Refusal[] {
  const roles = resolvePointer(claims, pointer);
  if (roles === undefined) throw new Refusal("missing_role_claim", `the token has nothing at ${pointer}`);
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === "string")) {
    throw new Refusal("malformed_claim", `the claim at ${pointer} is not an array of strings`);
  }
  return privileges
    .filter((privilege) => privilege.roles.length > 0 && !privilege.roles.some((role) => roles.includes(role)))
    .map(({ name, roles: needed }) => {
      return new Refusal("missing_role", `roles are [${roles}], privilege ${name} needs ${needed.join(" or ")}`);
    });
}
