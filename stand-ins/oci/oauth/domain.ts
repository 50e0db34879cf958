import type { Store } from "../scim/store";
import type { OAuthMemory } from "./memory";
import type { SigningKey } from "./signing-key";

/** What OAuth needs to know of an identity domain. */
export interface OAuthDomain {
  store: Store;
  signingKey(): Promise<SigningKey>;
  /** `idcs-<32 hex>` */
  tenant: string;
  memory: OAuthMemory;
  displayName(): string;
}
