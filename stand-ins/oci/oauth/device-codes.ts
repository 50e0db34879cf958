import { randomInt, randomUUID } from "node:crypto";
import type { App, User } from "../scim/types";
import { now } from "./clock";
import { oauthError } from "./errors";
import type { Authorization } from "./one-time-values";
import type { Session } from "./sessions";

/** Seconds within which the user has to decide and the client to fetch its token. */
const life = 300;
/** Seconds that RFC 8628 adds after `slow_down`. */
const penalty = 5;

/** What a device has asked for. */
export interface DeviceRequest {
  /** What the user types in: eight letters. */
  userCode: string;
  clientId: string;
  scope: string;
  /** Seconds since 1970. */
  expiresAt: number;
  /** What the user has decided: an authorization, or `denied`. */
  decision?: Authorization | "denied";
  isUsed: boolean;
  /** Seconds that the client has to leave between two polls. */
  interval: number;
  /** Milliseconds since 1970. */
  polledAt?: number;
}

/** The requests of devices (RFC 8628), by device code and by user code. */
export class DeviceCodes {
  private readonly requests = new Map<string, DeviceRequest>();

  /** @param interval seconds between two polls */
  constructor(private readonly interval: number) {}

  start(client: App, scope: string): { deviceCode: string; userCode: string; expiresIn: number } {
    const deviceCode = randomUUID();
    const userCode = newUserCode();
    this.requests.set(deviceCode, {
      userCode,
      clientId: client.id,
      scope,
      expiresAt: now() + life,
      isUsed: false,
      interval: this.interval,
    });
    return { deviceCode, userCode, expiresIn: life };
  }

  /** The request that still waits for a decision under a code as a user types it. */
  waiting(typed: string): DeviceRequest | undefined {
    const code = typed.replaceAll(/[\s-]/g, "").toUpperCase();
    const waits = ({ userCode, decision, expiresAt }: DeviceRequest) =>
      userCode === code && decision === undefined && expiresAt > now();
    return [...this.requests.values()].find(waits);
  }

  decide(request: DeviceRequest, decision: { user: User; session: Session } | "denied"): void {
    if (decision === "denied") {
      request.decision = "denied";
      return;
    }
    const { user, session } = decision;
    const { clientId, scope } = request;
    request.decision = {
      ...{ clientId, userId: user.id, session, scope },
      ...{ redirectUri: "", accessTokens: [], isRevoked: false },
    };
  }

  /**
   * What a client gets that asks for its token: the authorization of the user, once.
   * @throws OAuthError `authorization_pending`, `slow_down`, `access_denied`, `expired_token` or `invalid_grant`
   */
  take(deviceCode: string | null, client: App): Authorization {
    if (!deviceCode) throw oauthError(400, "invalid_request", "device_code is missing");
    const request = this.requests.get(deviceCode);
    if (!request || request.clientId !== client.id)
      throw oauthError(400, "invalid_grant", "the device code is unknown");
    if (request.isUsed) throw oauthError(400, "invalid_grant", "the device code was used before");
    if (request.expiresAt <= now()) throw oauthError(400, "expired_token", "the device code has expired");
    checkPace(request);
    if (request.decision === undefined) throw oauthError(400, "authorization_pending", "the user has not decided yet");
    request.isUsed = true;
    if (request.decision === "denied") throw oauthError(400, "access_denied", "the user did not allow it");
    return request.decision;
  }
}

/** A client that polls faster than it may is told so, and has to leave more time from then on. */
function checkPace(request: DeviceRequest): void {
  const since = Date.now() - (request.polledAt ?? Number.NEGATIVE_INFINITY);
  request.polledAt = Date.now();
  // A timer may fire a little early.
  if (since >= request.interval * 1000 - 500) return;
  request.interval += penalty;
  throw oauthError(400, "slow_down", `polled after ${since} ms: leave ${request.interval} s between two polls`);
}

/** No vowels, so that no words come of it (RFC 8628, section 6.1). */
function newUserCode(): string {
  const letters = "BCDFGHJKLMNPQRSTVWXZ";
  return Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join("");
}
