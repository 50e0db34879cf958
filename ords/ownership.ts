import type { Privilege, SeenProfile } from "./model";

/** How a privilege or a profile says whose it is: register changes and deletes nothing that lacks the marker of its stack. */
export function ownershipMarker(stack: string): string {
  return `managed by ords-jwt, stack ${stack}`;
}

/** The description of a profile, with the ownership marker at its end. */
export function markedDescription(description: string, stack: string): string {
  return `${description} (${ownershipMarker(stack)})`;
}

/** The stack whose marker a text ends with, in whichever of the two forms; undefined when it has none. */
export function ownerIn(text: string | null | undefined): string | undefined {
  const [, bare, bracketed] =
    /(?:^managed by ords-jwt, stack (.+)|\(managed by ords-jwt, stack (.+)\))$/.exec(text ?? "") ?? [];
  return bare ?? bracketed;
}

/** The description of a profile without the ownership marker of a stack. */
export function unmarkedDescription(description: string, stack: string): string {
  const marker = ` (${ownershipMarker(stack)})`;
  return description.endsWith(marker) ? description.slice(0, -marker.length) : description;
}

export function isOurPrivilege(privilege: Privilege, stack: string): boolean {
  return privilege.comments === ownershipMarker(stack);
}

/** By its description; where the database does not show one, by a privilege of ours beside it. */
export function isOurProfile(profile: SeenProfile, stack: string, privileges: readonly Privilege[]): boolean {
  if (profile.description === undefined) return privileges.some((privilege) => isOurPrivilege(privilege, stack));
  return profile.description?.endsWith(`(${ownershipMarker(stack)})`) ?? false;
}
