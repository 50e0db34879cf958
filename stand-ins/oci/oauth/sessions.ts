import type { Request } from "../http";
import { newId } from "../identifiers";
import type { User } from "../scim/types";
import { now } from "./clock";
import { readCookie } from "./cookies";
import type { OAuthDomain } from "./token";

/** Seconds a user stays signed in. */
const sessionLife = 8 * 60 * 60;

/** A user who is signed in at the domain, in one browser. */
export interface Session {
  id: string;
  userId: string;
  /** Seconds since 1970. */
  startedAt: number;
  expiresAt: number;
}

/** Who is signed in. */
export class Sessions {
  private readonly sessions = new Map<string, Session>();

  start(user: User): Session {
    const startedAt = now();
    const session = { id: newId(), userId: user.id, startedAt, expiresAt: startedAt + sessionLife };
    this.sessions.set(session.id, session);
    return session;
  }

  find(id: string | undefined): Session | undefined {
    const session = this.sessions.get(id ?? "");
    return session && session.expiresAt > now() ? session : undefined;
  }

  end(id: string | undefined): void {
    this.sessions.delete(id ?? "");
  }
}

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
