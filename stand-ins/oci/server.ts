import { IdentityDomain, newTenant } from "./domain";
import { type Faults, listen, type Tls } from "./http";
import { newOcid } from "./identifiers";
import { type CreateDomain, identityRoutes, refuse } from "./identity-api";
import { signingKeys } from "./oauth/signing-key";
import type { App, DomainFacts, Group, User } from "./scim/types";
import { type Caller, checkSignature, SignatureError } from "./signatures";
import { type WorkRequestDuration, WorkRequests } from "./work-requests";

export interface OciOptions {
  /** For the Identity API and every identity domain; must be valid for `localhost`. */
  tls: Tls;
  /** Port of the Identity API. @default 0, a free one */
  port?: number;
  /** @default "eu-frankfurt-1" */
  homeRegion?: string;
  /** Region whose Identity API this is: nothing can be changed through another region's. @default the home region */
  region?: string;
  /** How long a work request stays IN_PROGRESS. @default 100 */
  workRequestMillis?: WorkRequestDuration;
  /** Public key of the caller, PEM. When given, signatures are verified with it; without it only their form is checked. */
  callerPublicKey?: string;
  /** Add schemas of extensions to apps, users and groups, as the service does. @default false */
  appendsSchemas?: boolean;
  /** Give users a recovery e-mail, as the service does. @default false */
  addsRecoveryEmail?: boolean;
  /**
   * What a PUT of the settings does to those that it leaves out, which is not known of the service: it keeps them or sets
   * them back to what a new domain starts with. @default "merges"
   */
  settingsPut?: DomainFacts["settingsPut"];
  /** Seconds between two polls with a device code; a client that polls faster is told `slow_down`. @default 5 */
  devicePollSeconds?: number;
  /** Makes requests fail, to the Identity API as to the domains. @default none */
  faults?: Faults;
}

/** A domain as tests look at it. The resources are copies. */
interface DomainSummary {
  id: string;
  displayName: string;
  lifecycleState: string;
  /** `https://localhost:PORT` */
  url: string;
  apps(): App[];
  users(): UserSummary[];
  groups(): Group[];
}

interface UserSummary extends User {
  password: undefined;
  /** The link that the service would mail: where a user without a password chooses one. It works once. */
  activationUrl?: string;
}

export interface OciServer {
  /** Base of the Identity API, `https://localhost:PORT`. */
  url: string;
  /** All domains that exist. */
  domains(): DomainSummary[];
  /** Stops everything; what is in progress is forgotten. */
  close(): Promise<void>;
}

/** Starts a stand-in for Oracle's Identity API and identity domains on loopback. */
export async function startOci(options: OciOptions): Promise<OciServer> {
  const { tls, port = 0, homeRegion = "eu-frankfurt-1", workRequestMillis = 100, callerPublicKey, faults } = options;
  const { region = homeRegion } = options;
  const signingKeyOf = signingKeys();
  const domains = new Map<string, IdentityDomain>();
  const workRequests = new WorkRequests(workRequestMillis);
  const routes = identityRoutes();

  async function openDomain(details: CreateDomain, caller: Caller): Promise<IdentityDomain> {
    const { adminEmail, adminFirstName, adminLastName, adminUserName, ...rest } = details;
    const { isNotificationBypassed: _, isPrimaryEmailRequired = true, ...attributes } = rest;
    const id = newOcid("domain");
    const tenant = newTenant();
    const domain = await IdentityDomain.open(
      {
        id,
        tenant,
        tls,
        callerPublicKey,
        faults,
        devicePollSeconds: options.devicePollSeconds ?? 5,
        signingKey: signingKeyOf(tenant),
        attributes: { isHiddenOnLogin: false, freeformTags: {}, definedTags: {}, ...attributes },
        facts: {
          domainOcid: id,
          tenancyOcid: caller.tenancyId,
          compartmentOcid: attributes.compartmentId,
          homeRegion,
          isPrimaryEmailRequired,
          appendsSchemas: options.appendsSchemas ?? false,
          addsRecoveryEmail: options.addsRecoveryEmail ?? false,
          settingsPut: options.settingsPut ?? "merges",
        },
      },
      caller,
    );
    if (adminUserName) {
      const administrator = {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
        userName: adminUserName,
        name: { familyName: adminLastName, ...(adminFirstName && { givenName: adminFirstName }) },
        emails: [{ type: "work", value: adminEmail, primary: true }],
      };
      domain.store.create("Users", administrator, caller);
    }
    return domain;
  }

  const listener = await listen(
    tls,
    port,
    (request) => {
      const caller = signer(() => checkSignature(request, callerPublicKey));
      return routes.handle(request, { caller, homeRegion, region, domains, workRequests, openDomain }, refuse);
    },
    () => refuse,
    faults,
  );
  return {
    url: listener.url,
    domains: () => [...domains.values()].map(summary),
    async close() {
      workRequests.stop();
      await Promise.all([listener.close(), ...[...domains.values()].map((domain) => domain.close())]);
    },
  };
}

function signer(check: () => Caller): Caller {
  try {
    return check();
  } catch (error) {
    if (error instanceof SignatureError) throw refuse(401, error.message);
    throw error;
  }
}

function summary(domain: IdentityDomain): DomainSummary {
  return {
    id: domain.id,
    displayName: domain.displayName(),
    lifecycleState: domain.lifecycleState,
    url: domain.url,
    apps: () => structuredClone(domain.store.all("Apps")),
    users: () =>
      domain.store.all("Users").map((user) => ({
        ...structuredClone(user),
        password: undefined,
        activationUrl: domain.memory.activations.urlOf(user),
      })),
    groups: () => structuredClone(domain.store.all("Groups")),
  };
}
