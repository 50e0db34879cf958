import { randomBytes } from "node:crypto";
import type { Store } from "../scim/store";
import type { User } from "../scim/types";

/** The links that the service would mail to users who have no password yet. */
export class Activations {
  /** User id -> token. */
  private readonly tokens = new Map<string, string>();

  constructor(private readonly store: Store) {}

  /** The user's link; none with a password, when inactive, and when the mail was to be bypassed. */
  urlOf(user: User): string | undefined {
    if (!isPending(user)) return undefined;
    const token = this.tokens.get(user.id) ?? randomBytes(24).toString("base64url");
    this.tokens.set(user.id, token);
    return `${this.store.domain.url}/ui/v1/activate?token=${token}`;
  }

  userOf(token: string | null): User | undefined {
    const user = this.store.all("Users").find(({ id }) => token !== null && this.tokens.get(id) === token);
    return user && isPending(user) ? user : undefined;
  }

  /** Sets the first password; the link is used up. */
  activate(user: User, password: string): void {
    this.tokens.delete(user.id);
    user.password = password;
  }
}

function isPending(user: User): boolean {
  const { bypassNotification } = user["urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User"] ?? {};
  return user.active && !user.password && !bypassNotification;
}
