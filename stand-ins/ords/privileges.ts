import { resolvePointer } from "./jsonPointer";
import type { JwtProfile, Module, Privilege, Schema } from "./metadata";
import { Refusal } from "./refusal";
import type { Claims } from "./tokens";

/**
 * The privileges that protect a resource: those that list its module and those with a pattern that matches its path.
 *
 * @param path relative to the schema's base path, decoded, starts with `/`
 */
export function protectingPrivileges(schema: Schema, module: Module | undefined, path: string): Privilege[] {
  return schema.privileges.filter(
    (privilege) =>
      (module !== undefined && privilege.moduleIds.includes(module.id)) ||
      privilege.patterns.some((pattern) => matchesPattern(pattern, path)),
  );
}

/**
 * `/x/*` matches what is below `/x/` and `/x/` itself; any other pattern only the path it spells. That `/x/*` leaves `/x`
 * alone is not documented; scripts that want both list both. As every path starts with
 * `/`, a pattern without a leading slash matches nothing.
 */
export function matchesPattern(pattern: string, path: string): boolean {
  return pattern.endsWith("/*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

/**
 * Checks that a token grants every one of the privileges; with several on one resource it is unknown whether ORDS asks for
 * one or all. A profile is either scope-based (an entry of the scope is the privilege's name) or role-based.
 *
 * @throws Refusal
 */
export function requirePrivileges(privileges: Privilege[], profile: JwtProfile, claims: Claims): void {
  if (profile.roleClaimName === null) requireScopes(privileges, claims);
  else requireRoles(privileges, profile.roleClaimName, claims);
}

function requireScopes(privileges: Privilege[], claims: Claims): void {
  const scope = claims.scope ?? claims.scp ?? "";
  if (typeof scope !== "string") throw new Refusal("malformed_claim", "scope is not a space-separated string");
  const scopes = scope.split(" ");
  for (const { name } of privileges) {
    if (!scopes.includes(name)) throw new Refusal("missing_scope", `scope is "${scope}", the resource needs ${name}`);
  }
}

function requireRoles(privileges: Privilege[], pointer: string, claims: Claims): void {
  const roles = resolvePointer(claims, pointer);
  if (roles === undefined) throw new Refusal("missing_role_claim", `the token has nothing at ${pointer}`);
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === "string")) {
    throw new Refusal("malformed_claim", `the claim at ${pointer} is not an array of strings`);
  }
  for (const privilege of privileges) {
    // A privilege without roles asks only for a token that has the claim.
    if (privilege.roles.length > 0 && !privilege.roles.some((role) => roles.includes(role))) {
      const needed = privilege.roles.join(" or ");
      throw new Refusal("missing_role", `roles are [${roles}], privilege ${privilege.name} needs ${needed}`);
    }
  }
}
