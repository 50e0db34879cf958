import { jwtVerify } from "jose";
import {
  type Faults,
  type Listener,
  listen,
  type Refusal,
  type Refuse,
  type Reply,
  type Request,
  Router,
  type Tls,
} from "./http";
import { newId } from "./identifiers";
import { oauthError } from "./oauth/errors";
import { OAuthMemory } from "./oauth/memory";
import { oauthRoutes } from "./oauth/routes";
import type { SigningKey } from "./oauth/signing-key";
import { scimError } from "./scim/errors";
import { resourceTypes } from "./scim/resources";
import { initialSettings } from "./scim/resources/settings";
import { scimRoutes } from "./scim/routes";
import { Store } from "./scim/store";
import type { Caller, DomainFacts } from "./scim/types";
import { checkSignature, SignatureError } from "./signatures";

/** What the Identity API shows of a domain and lets a caller set. */
export interface DomainAttributes {
  compartmentId: string;
  displayName: string;
  description: string;
  homeRegion: string;
  licenseType: string;
  isHiddenOnLogin: boolean;
  freeformTags: Record<string, string>;
  definedTags: Record<string, Record<string, unknown>>;
}

export interface IdentityDomainOptions {
  id: string;
  attributes: DomainAttributes;
  facts: Omit<DomainFacts, "url">;
  /** Makes the key when it is first asked for. */
  signingKey: () => Promise<SigningKey>;
  /** `idcs-<32 hex>` */
  tenant: string;
  /** The caller's public key, PEM. */
  callerPublicKey?: string;
  faults?: Faults;
  /** How long a client that polls with a device code has to wait between two polls. */
  devicePollSeconds: number;
  tls: Tls;
}

/** One identity domain: what the Identity API says of it, and the HTTPS server with its SCIM and OAuth endpoints. */
export class IdentityDomain {
  lifecycleState: "CREATING" | "ACTIVE" | "INACTIVE" | "DELETING" = "CREATING";
  /** What is going on; null when nothing is. */
  lifecycleDetails: null | "ACTIVATING" | "DEACTIVATING" | "UPDATING" = null;
  readonly id: string;
  readonly attributes: DomainAttributes;
  readonly store: Store;
  readonly memory: OAuthMemory;
  private readonly timeCreated = new Date().toISOString();
  private readonly scim = scimRoutes();
  private readonly open = openRoutes();

  private constructor(
    private readonly options: IdentityDomainOptions,
    private readonly listener: Listener,
    creator: Caller,
  ) {
    this.id = options.id;
    this.attributes = options.attributes;
    this.store = new Store({ ...options.facts, url: listener.url }, resourceTypes);
    this.memory = new OAuthMemory(this.store, options.devicePollSeconds);
    this.store.create("Settings", initialSettings, creator, "Settings");
  }

  /** Opens the domain's own server on a free port. */
  static async open(options: IdentityDomainOptions, creator: Caller): Promise<IdentityDomain> {
    let domain: IdentityDomain | undefined;
    const handle = (request: Request) => (domain as IdentityDomain).handle(request);
    domain = new IdentityDomain(options, await listen(options.tls, 0, handle, refuseOn, options.faults), creator);
    return domain;
  }

  get url(): string {
    return this.listener.url;
  }

  get tenant(): string {
    return this.options.tenant;
  }

  signingKey(): Promise<SigningKey> {
    return this.options.signingKey();
  }

  displayName(): string {
    return this.attributes.displayName;
  }

  /** The domain as the Identity API shows it. */
  view(): Record<string, unknown> {
    return {
      id: this.id,
      ...this.attributes,
      url: this.url,
      homeRegionUrl: this.url,
      replicaRegions: [],
      type: "SECONDARY",
      timeCreated: this.timeCreated,
      lifecycleState: this.lifecycleState,
      lifecycleDetails: this.lifecycleDetails,
    };
  }

  close(): Promise<void> {
    return this.listener.close();
  }

  private async handle(request: Request): Promise<Reply> {
    const refuse = refuseOn(request.path);
    // Status and text are this stand-in's own: what a domain that is not active answers is not known.
    if (this.lifecycleState !== "ACTIVE") throw refuse(403, `the identity domain is ${this.lifecycleState}`);
    if (isOpen(request.path)) return this.open.handle(request, this, refuse);
    const caller = this.signer(request);
    return this.scim.handle(request, { store: this.store, caller }, refuse);
  }

  private signer(request: Request): Caller {
    try {
      return checkSignature(request, this.options.callerPublicKey);
    } catch (error) {
      if (error instanceof SignatureError) throw unauthorized(error.message);
      throw error;
    }
  }

  /** The signing keys, for everybody once the settings say so, before that for callers who authenticate. */
  async signingCertificates(request: Request): Promise<Reply> {
    if (!this.store.get("Settings", "Settings").signingCertPublicAccess) {
      const [, bearer] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
      if (bearer) await this.checkBearer(bearer);
      else this.signer(request);
    }
    return { status: 200, body: { keys: [(await this.signingKey()).jwk] } };
  }

  private async checkBearer(bearer: string): Promise<void> {
    try {
      await jwtVerify(bearer, (await this.signingKey()).publicKey);
    } catch (error) {
      throw unauthorized(`the bearer token is not valid here: ${(error as Error).message}`);
    }
  }
}

/** What needs no OCI signature; every endpoint decides for itself. */
function openRoutes(): Router<IdentityDomain> {
  return oauthRoutes(new Router<IdentityDomain>()).on("GET", "/admin/v1/SigningCert/jwk", (request, _params, domain) =>
    domain.signingCertificates(request),
  );
}

function isOpen(path: string): boolean {
  return !path.startsWith("/admin/v1/") || path === "/admin/v1/SigningCert/jwk";
}

/** SCIM's error form below `/admin`, OAuth's elsewhere. */
function refuseOn(path: string): Refuse {
  if (path.startsWith("/admin/")) return scimError;
  return (status, message) => oauthError(status, status < 500 ? "invalid_request" : "server_error", message);
}

function unauthorized(detail: string): Refusal {
  return scimError(401, detail, "error.common.unauthorized");
}

/** `idcs-<32 hex>`, the name of a domain's tenant in tokens and certificates. */
export function newTenant(): string {
  return `idcs-${newId()}`;
}
