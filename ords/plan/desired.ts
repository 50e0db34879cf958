import type { Desired, Privilege } from "../model";
import { type OrdsOutput, requireRegistrable } from "../output";
import { markedDescription, ownershipMarker } from "../ownership";
import type { IsUnknown } from "../rules";

/** Whether privileges were made for a role-based profile; undefined where there is none to tell by. */
export function isRoleBased(privileges: readonly Privilege[]): boolean | undefined {
  return privileges.length === 0 ? undefined : privileges.some(({ roles }) => roles.length > 0);
}

/**
 * What the outputs of a stack ask for.
 * @throws OutputError naming everything that cannot be registered
 */
export function desiredState(output: OrdsOutput, isUnknown?: IsUnknown): Desired {
  requireRegistrable(output, isUnknown);
  const { stack, schema, profile, privileges } = output;
  return {
    schema,
    stack,
    profile: {
      issuer: profile.issuer,
      audience: profile.audience,
      jwkUrl: profile.jwkUrl,
      description: markedDescription(profile.description, stack),
      allowedSkew: profile.allowedSkew ?? null,
      allowedAge: profile.allowedAge ?? null,
      roleClaim: profile.roleClaim ?? null,
    },
    privileges: privileges
      .map((privilege) => ({
        name: privilege.name,
        label: privilege.label,
        description: privilege.description || null,
        comments: ownershipMarker(stack),
        roles: sorted(privilege.roles),
        modules: sorted(privilege.modules),
        patterns: sorted(privilege.patterns),
      }))
      .sort(byName),
  };
}

/** Each once, by code unit: as a set, in the same order on every machine. */
export function sorted(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}

export function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
