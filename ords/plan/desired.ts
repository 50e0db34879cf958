import type { OrdsOutput } from "../output";
import { requireValid } from "../rules";

/** The JWT profile of a schema. Times in seconds; null means that ORDS's own setting counts. */
export interface Profile {
  readonly issuer: string;
  readonly audience: string;
  readonly jwkUrl: string;
  readonly description: string | null;
  readonly allowedSkew: number | null;
  readonly allowedAge: number | null;
  /** JSON pointer to the claim that holds roles; null for a profile that goes by scopes. */
  readonly roleClaim: string | null;
}

/** A profile as the database shows it: undefined is a value for which the view has no column, so it cannot be compared. */
export type SeenProfile = { readonly [Key in keyof Profile]: Profile[Key] | undefined };

/** An ORDS privilege with all that it protects; the lists are sets, kept sorted. */
export interface Privilege {
  readonly name: string;
  readonly label: string | null;
  readonly description: string | null;
  readonly comments: string | null;
  readonly roles: readonly string[];
  readonly modules: readonly string[];
  readonly patterns: readonly string[];
}

/** What the schema must hold. */
export interface Desired {
  readonly schema: string;
  readonly stack: string;
  readonly profile: Profile;
  readonly privileges: readonly Privilege[];
}

/** How a privilege or a profile says that it is ours: register changes and deletes nothing that lacks it. */
export function marker(stack: string): string {
  return `managed by ords-jwt, stack ${stack}`;
}

export function isOurPrivilege(privilege: Privilege, stack: string): boolean {
  return privilege.comments === marker(stack);
}

/** By its description; where the database does not show one, by a privilege of ours beside it. */
export function isOurProfile(profile: SeenProfile, stack: string, privileges: readonly Privilege[]): boolean {
  if (profile.description === undefined) return privileges.some((privilege) => isOurPrivilege(privilege, stack));
  return profile.description?.endsWith(`(${marker(stack)})`) ?? false;
}

/** Whether privileges were made for a profile by roles; undefined where there is none to tell by. */
export function goByRoles(privileges: readonly Privilege[]): boolean | undefined {
  return privileges.length === 0 ? undefined : privileges.some(({ roles }) => roles.length > 0);
}

/**
 * What the outputs of a stack ask for.
 * @throws OutputError for values that ORDS could not take
 */
export function desiredState(output: OrdsOutput): Desired {
  const { stack, schema, profile, privileges } = output;
  const desired: Desired = {
    schema,
    stack,
    profile: {
      issuer: profile.issuer,
      audience: profile.audience,
      jwkUrl: profile.jwkUrl,
      description: `${profile.description} (${marker(stack)})`,
      allowedSkew: profile.allowedSkew ?? null,
      allowedAge: profile.allowedAge ?? null,
      roleClaim: profile.roleClaim ?? null,
    },
    privileges: privileges
      .map((privilege) => ({
        name: privilege.name,
        label: privilege.label,
        description: privilege.description || null,
        comments: marker(stack),
        roles: sorted(privilege.roles),
        modules: sorted(privilege.modules),
        patterns: sorted(privilege.patterns),
      }))
      .sort(byName),
  };
  requireValid(desired);
  return desired;
}

/** Each once, by code unit: as a set, in the same order on every machine. */
export function sorted(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}

export function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
