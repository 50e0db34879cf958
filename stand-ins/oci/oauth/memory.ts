import type { Store } from "../scim/store";
import { Activations } from "./activation-links";
import { DeviceCodes } from "./device-codes";
import { OneTimeValues } from "./one-time-values";
import { Sessions } from "./sessions";

/** What the OAuth endpoints of a domain keep in mind between requests. */
export class OAuthMemory {
  readonly sessions = new Sessions();
  readonly activations: Activations;
  readonly codes = new OneTimeValues("authorization code");
  readonly refreshTokens = new OneTimeValues("refresh token");
  /** User id and client id -> fully qualified scopes to which the user has consented. */
  readonly consents = new Map<string, Set<string>>();
  /** The `jti` of access tokens that were revoked before they expired. */
  readonly revokedAccessTokens = new Set<string>();

  readonly deviceCodes: DeviceCodes;

  /** @param devicePollSeconds that a client has to leave between two polls */
  constructor(store: Store, devicePollSeconds: number) {
    this.activations = new Activations(store);
    this.deviceCodes = new DeviceCodes(devicePollSeconds);
  }
}
