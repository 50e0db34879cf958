import type { Store } from "../scim/store";
import type { App, User } from "../scim/types";

/**
 * Whether apps that enforce grants (`allowAccessControl`) are granted to a user, directly or by one of the user's groups.
 * Whether Oracle asks this of the client, of the resource server or of both is not known: here it is both.
 */
export function mayUse(store: Store, user: User, apps: (App | undefined)[]): boolean {
  const groups = store.all("Groups").filter((group) => group.members?.some(({ value }) => value === user.id));
  const grantees = [user.id, ...groups.map(({ id }) => id)];
  return apps.every((app) => {
    if (!app?.allowAccessControl) return true;
    return store.all("Grants").some((grant) => grant.app?.value === app.id && grantees.includes(grant.grantee.value));
  });
}
