import type { Request } from "../http";
import type { User } from "../scim/types";
import { readCookie } from "./cookies";
import type { OAuthDomain } from "./domain";
import type { Session } from "./sessions";

/** The session of the browser that sends a request, with its user; none when the user may no longer sign in. */
export function signedIn(request: Request, domain: OAuthDomain): { session: Session; user: User } | undefined {
  const session = domain.memory.sessions.find(readCookie("session", request, domain));
  const user = session && domain.store.find("Users", session.userId);
  return session && user && !whyNotSignIn(user) ? { session, user } : undefined;
}

/** Why a user may not sign in, whatever the password; undefined for one who may. */
export function whyNotSignIn(user: User): string | undefined {
  if (!user.active) return "Your account is deactivated. Ask an administrator of the domain.";
  if (user["urn:ietf:params:scim:schemas:oracle:idcs:extension:userState:User"]?.locked?.on) {
    return "Your account is locked. Ask an administrator of the domain.";
  }
  if (!user.password) return "Your account is not activated yet. Open your activation link first.";
  return undefined;
}
