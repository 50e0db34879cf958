import { newId } from "../identifiers";
import type { User } from "../scim/types";
import { now } from "./clock";

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
