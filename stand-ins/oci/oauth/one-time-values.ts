import { randomBytes } from "node:crypto";
import type { App } from "../scim/types";
import { now } from "./clock";
import { oauthError } from "./errors";
import type { Session } from "./sessions";

/** What a user has allowed a client, from the code to the last token that comes of it. */
export interface Authorization {
  clientId: string;
  userId: string;
  session: Session;
  /** As requested: fully qualified ones and those of OpenID. */
  scope: string;
  redirectUri: string;
  codeChallenge?: string;
  nonce?: string;
  /** The `jti` of the access tokens given so far. */
  accessTokens: string[];
  isRevoked: boolean;
}

/** Codes or refresh tokens: each stands for an authorization, once. */
export class OneTimeValues {
  private readonly values = new Map<string, { authorization: Authorization; expiresAt: number; isUsed: boolean }>();

  /** @param name what such a value is called in errors */
  constructor(private readonly name: string) {}

  /** @param life seconds */
  issue(authorization: Authorization, life: number): string {
    // Base64 with padding, as Oracle's: who forgets to encode it in a form fails here as well.
    const value = randomBytes(160).toString("base64");
    this.values.set(value, { authorization, expiresAt: now() + life, isUsed: false });
    return value;
  }

  /**
   * The authorization that a client may go on with.
   * @param onReuse called when the value was used before: then it has leaked, and what came of it can no longer be trusted
   * @throws OAuthError invalid_grant
   */
  check(value: string | null, client: App, onReuse: (authorization: Authorization) => void): Authorization {
    if (!value) throw oauthError(400, "invalid_request", `the ${this.name} is missing`);
    const known = this.values.get(value);
    if (!known || known.authorization.clientId !== client.id) throw this.invalid("is unknown");
    if (known.isUsed) {
      onReuse(known.authorization);
      throw this.invalid("was used before");
    }
    if (known.authorization.isRevoked) throw this.invalid("is revoked");
    if (known.expiresAt <= now()) throw this.invalid("has expired");
    return known.authorization;
  }

  useUp(value: string | null): void {
    const known = this.values.get(value ?? "");
    if (known) known.isUsed = true;
  }

  /** The authorization behind a value that still works. */
  find(value: string): Authorization | undefined {
    const known = this.values.get(value);
    const works = known && !known.isUsed && !known.authorization.isRevoked && known.expiresAt > now();
    return works ? known.authorization : undefined;
  }

  private invalid(why: string) {
    return oauthError(400, "invalid_grant", `the ${this.name} ${why}`);
  }
}
