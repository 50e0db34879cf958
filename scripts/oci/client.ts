import { setTimeout as sleep } from "node:timers/promises";
import type { AuthenticationDetailsProvider, RegionProvider, RetryConfiguration } from "oci-common";
import type { IdentityClient, models as identityModels } from "oci-identity";
import type { Authentication } from "../../config/authentication";
import { ConfigurationError } from "../../config/configuration-error";
import type { Environment } from "../../config/environment";
import { reasonOf } from "../../oauth/http";
import { remember } from "../terminal/secrets";
import type { Terminal } from "../terminal/terminal";
import { type Collections, DomainApi, maxPages, ociTags, type Query, resource } from "./domain-api";
import { LimitedHttpClient } from "./http-client";
import { common, identity } from "./sdk";

const Active: string = "ACTIVE";
const Inactive: string = "INACTIVE";

/** How long to wait for what somebody else started in a domain, in milliseconds. */
const patience = 20 * 60_000;

/** The SDK's own rules look at a code that throttled requests to identity domains do not have. */
const retryConfiguration = (): RetryConfiguration => {
  const { OciSdkDefaultRetryConfiguration: standard } = common();
  return {
    ...standard,
    retryCondition: (error) => error.statusCode === 429 || (standard.retryCondition?.(error) ?? false),
  };
};

/** A free-form tag. */
interface Tag {
  readonly key: string;
  readonly value: string;
}

export type TaggedCollection = "Apps" | "Groups" | "Users";

/** What a domain says of something inside it; others may have written any of it. */
export type ScimValues = Readonly<Record<string, unknown>>;

/** Something inside a domain. */
interface Tagged {
  readonly id: string;
  /** Display name, or of a user the name to sign in with. */
  readonly name: string;
  readonly active: boolean;
}

export type Domain = identityModels.Domain;
/** What apps, groups and users are called by. */
type Named = Partial<Collections["Apps"] & Collections["Users"]>;

/** By the key alone: whether a filter may name both of them is not documented. */
function tagFilter({ key }: Tag): string {
  return `urn:ietf:params:scim:schemas:oracle:idcs:extension:OCITags:freeformTags.key eq "${key}"`;
}

/** The little that is asked of OCI outside Terraform. Requests that may be repeated are, on 429 and 5xx. */
export class Oci {
  #signedIn: Promise<AuthenticationDetailsProvider> | undefined;

  /**
   * @param say is told what is waited for
   * @param once whether requests that fail are left so: somebody waits, and can do without
   */
  constructor(
    readonly authentication: Authentication,
    readonly say: (line: string) => void,
    private readonly once = false,
  ) {}

  /** Reads the credentials, without asking OCI anything. */
  async signIn(): Promise<void> {
    await this.#provider();
  }

  /** State of a domain, or undefined when there is no such domain (any more). */
  async domainState(domainId: string): Promise<string | undefined> {
    return (await this.domain(domainId))?.lifecycleState;
  }

  /** The same, once nothing is going on in the domain any more: ACTIVE, INACTIVE or undefined. */
  async settledState(domainId: string): Promise<string | undefined> {
    for (const end = Date.now() + patience; ; await sleep(2000)) {
      const found = await this.domain(domainId);
      if (!found) return undefined;
      const { lifecycleState, lifecycleDetails } = found;
      if (!lifecycleDetails && (lifecycleState === Active || lifecycleState === Inactive)) return lifecycleState;
      const now = `domain ${domainId} is ${lifecycleDetails ?? lifecycleState}`;
      if (Date.now() > end) throw new Error(`${now} and does not get further: try again later`);
      this.say(`${now}: waiting`);
    }
  }

  /** State of the domain with this URL, or undefined when the compartment has none. */
  async domainStateByUrl(compartmentId: string, url: string): Promise<string | undefined> {
    const client = await this.#identity();
    const { items } = await client.listDomains({ compartmentId, url });
    return items[0]?.lifecycleState;
  }

  /** The app of a domain that has this client id, or undefined when there is none. */
  async app(endpoint: string, clientId: string): Promise<{ displayName: string; active: boolean } | undefined> {
    const [app] = await this.list(endpoint, "Apps", {
      filter: `name eq "${clientId}"`,
      attributes: "displayName,active",
    });
    return app && { displayName: app.displayName ?? "", active: app.active ?? false };
  }

  /** A domain, or undefined when there is no such domain (any more). */
  async domain(domainId: string): Promise<Domain | undefined> {
    const client = await this.#identity();
    return (await unlessGone(client.getDomain({ domainId })))?.domain;
  }

  /** The URL of a domain, or undefined when there is no such domain (any more). */
  async domainUrl(domainId: string): Promise<string | undefined> {
    return (await this.domain(domainId))?.url;
  }

  /** The home region of a tenancy, for example `eu-frankfurt-1`. */
  async homeRegion(tenancyId: string): Promise<string | undefined> {
    const client = await this.#identity();
    const { items } = await client.listRegionSubscriptions({ tenancyId });
    return items.find(({ isHomeRegion }) => isHomeRegion)?.regionName;
  }

  /** The active compartments of a tenancy that we may see, without the root. */
  async compartments(tenancyId: string): Promise<{ id: string; name: string }[]> {
    const client = await this.#identity();
    const found: { id: string; name: string }[] = [];
    const request = { compartmentId: tenancyId, compartmentIdInSubtree: true };
    for await (const { id, name, lifecycleState } of client.listCompartmentsRecordIterator(request)) {
      if (lifecycleState === Active) found.push({ id, name });
    }
    return found;
  }

  /** The active domains of a compartment. */
  async domains(compartmentId: string): Promise<{ name: string; url: string }[]> {
    const client = await this.#identity();
    const found: { name: string; url: string }[] = [];
    for await (const { displayName, url, lifecycleState } of client.listDomainsRecordIterator({ compartmentId })) {
      if (lifecycleState === Active) found.push({ name: displayName, url });
    }
    return found;
  }

  /** The domains of a compartment that carry a free-form tag and are not being deleted. */
  async taggedDomains(compartmentId: string, tag: Tag): Promise<{ id: string; name: string; url: string }[]> {
    const client = await this.#identity();
    const found: { id: string; name: string; url: string }[] = [];
    let page: string | undefined;
    for (let pages = 0; pages < maxPages; pages++) {
      const { items, opcNextPage } = await client.listDomains({ compartmentId, page });
      for (const { id, displayName, url, lifecycleState, freeformTags } of items) {
        if (freeformTags?.[tag.key] !== tag.value || lifecycleState === "DELETING") continue;
        found.push({ id, name: displayName, url });
      }
      if (!opcNextPage) return found;
      page = opcNextPage;
    }
    throw new Error(`the list of domains in compartment ${compartmentId} has no end`);
  }

  /** What a domain holds that carries a free-form tag. */
  async tagged(endpoint: string, collection: TaggedCollection, tag: Tag): Promise<Tagged[]> {
    const found = await this.list(endpoint, collection, { filter: tagFilter(tag), attributeSets: "all" });
    return found.flatMap((one) => {
      const { id, active, displayName, userName, [ociTags]: tags }: Named = one;
      const isTagged = tags?.freeformTags?.some(({ key, value }) => key === tag.key && value === tag.value);
      return id && isTagged ? [{ id, name: userName ?? displayName ?? id, active: active ?? false }] : [];
    });
  }

  /** All that a SCIM filter finds in a domain, with all of its attributes: tags and members come only when all is asked for. */
  async resources(endpoint: string, collection: keyof Collections, filter: string): Promise<readonly ScimValues[]> {
    const found = await this.list(endpoint, collection, { filter, attributeSets: "all" });
    return found.map((one) => ({ ...one }));
  }

  /** All pages of a list in a domain. */
  async list<Name extends keyof Collections>(
    endpoint: string,
    collection: Name,
    query: Query,
  ): Promise<Collections[Name][]> {
    return (await this.#domain(endpoint)).list(collection, query);
  }

  /** One resource of a domain. */
  async get<Name extends keyof Collections>(
    endpoint: string,
    collection: Name,
    id: string,
    attributes: string,
  ): Promise<Collections[Name]> {
    const domain = await this.#domain(endpoint);
    return (await domain.send("GET", resource(collection, id), { attributes })) as Collections[Name];
  }

  /** The settings of a domain. @param attributes names, separated by commas. @default - all */
  async settings(endpoint: string, attributes?: string): Promise<ScimValues> {
    const domain = await this.#domain(endpoint);
    return (await domain.send("GET", resource("Settings", "Settings"), { attributes })) as ScimValues;
  }

  /** The grants of an app: to whom. */
  async grantsOf(endpoint: string, appId: string): Promise<{ id: string; granteeId: string }[]> {
    const grants = await this.list(endpoint, "Grants", { filter: `app.value eq "${appId}"`, attributeSets: "all" });
    return grants.flatMap(({ id, grantee }) => (id && grantee ? [{ id, granteeId: grantee.value }] : []));
  }

  /** Deletes an INACTIVE domain and waits for it. */
  async deleteDomain(domainId: string): Promise<string> {
    const client = await this.#identity();
    const { opcWorkRequestId } = await client.deleteDomain({ domainId });
    await client.createWaiters().forIamWorkRequest({ iamWorkRequestId: opcWorkRequestId });
    const state = await this.domainState(domainId);
    if (state) throw new Error(`domain ${domainId} was to be deleted and is ${state}`);
    return `domain ${domainId} is deleted`;
  }

  /** Makes an ACTIVE domain INACTIVE and waits for it; no app of the domain may be active. */
  async deactivateDomain(domainId: string): Promise<string> {
    const state = await this.settledState(domainId);
    if (state === undefined) return `domain ${domainId} is already gone`;
    if (state === Inactive) return `domain ${domainId} is already inactive`;
    const client = await this.#identity();
    await this.#finish(domainId, Inactive, (await client.deactivateDomain({ domainId })).opcWorkRequestId);
    return `domain ${domainId} is inactive`;
  }

  /** Makes an INACTIVE domain ACTIVE and waits for it. */
  async activateDomain(domainId: string): Promise<string> {
    const client = await this.#identity();
    await this.#finish(domainId, Active, (await client.activateDomain({ domainId })).opcWorkRequestId);
    return `domain ${domainId} is active`;
  }

  async deactivateApp(endpoint: string, appId: string): Promise<string> {
    const domain = await this.#domain(endpoint);
    const patched = await unlessGone(
      domain.send(
        "PATCH",
        resource("Apps", appId),
        {},
        {
          schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
          Operations: [{ op: "replace", path: "active", value: [false] }],
        },
      ),
    );
    return patched ? `app ${appId} is inactive` : `app ${appId} is already gone`;
  }

  /** Reads or deletes a resource of a domain once more. @throws OciError with the words of the domain */
  async repeat(method: "GET" | "DELETE", endpoint: string, collection: string, id: string): Promise<void> {
    if (!["Apps", "Grants", "Groups", "Settings", "Users"].includes(collection))
      throw new Error(`requests for ${collection} are not repeated`);
    const domain = await this.#domain(endpoint);
    await domain.send(method, resource(collection, id), method === "DELETE" ? { forceDelete: true } : {});
  }

  /** Ids of what a SCIM filter finds among the apps, groups or users of a domain. */
  async having(endpoint: string, collection: string, filter: string): Promise<string[]> {
    if (collection !== "Apps" && collection !== "Groups" && collection !== "Users") return [];
    return (await this.list(endpoint, collection, { filter })).flatMap(({ id }) => id ?? []);
  }

  async #domain(endpoint: string): Promise<DomainApi> {
    return new DomainApi(endpoint, await this.#provider(), this.#configuration().retryConfiguration);
  }

  async #identity(): Promise<IdentityClient> {
    const httpClient = new LimitedHttpClient(await this.#provider());
    const client = new (identity().IdentityClient)({ httpClient }, this.#configuration());
    const override = identityEndpoint();
    if (override) client.endpoint = override;
    else client.regionId = this.authentication.region;
    return client;
  }

  async #finish(domainId: string, wanted: string, iamWorkRequestId: string): Promise<void> {
    const client = await this.#identity();
    await client.createWaiters().forIamWorkRequest({ iamWorkRequestId });
    const state = await this.settledState(domainId);
    if (state === wanted) return;
    const { items } = await client.listIamWorkRequestErrors({ iamWorkRequestId });
    const reason = items.map(({ message }) => message).join("; ") || `see work request ${iamWorkRequestId}`;
    throw new Error(`domain ${domainId} is ${state ?? "gone"} and not ${wanted}: ${reason}`);
  }

  #configuration() {
    return {
      retryConfiguration: this.once ? common().NoRetryConfigurationDetails : retryConfiguration(),
      // It would count what it never sees, with a timer that does not end.
      circuitBreaker: new (common().CircuitBreaker)({ disableClientCircuitBreaker: true }),
    };
  }

  #provider(): Promise<AuthenticationDetailsProvider> {
    this.#signedIn ??= signIn(this.authentication);
    return this.#signedIn;
  }
}

/** Signs in as an environment says. */
export function ociOf(
  { region, authentication }: Pick<Environment, "region" | "authentication">,
  terminal: Terminal,
): Oci {
  return new Oci({ region, ...authentication }, (line) => terminal.log(line));
}

/** What somebody must be allowed in IAM; see docs/privileges.md. */
export interface Needed {
  readonly verb: "read" | "manage";
  readonly compartmentOcid: string;
}

/** The message of an error of the SDK, with the status that its text leaves out and, for a refusal, the policy that is missing. */
export function ociMessage(error: unknown, needed?: Needed): string {
  if (!(error instanceof common().OciError)) {
    const { message } = error as Error;
    // Of fetch, which the SDK calls to sign in.
    return message === "fetch failed" ? `cannot be reached: ${reasonOf(error)}` : message;
  }
  const message = `${error.statusCode} ${error.message}`;
  if (!needed || ![401, 403, 404].includes(error.statusCode)) return message;
  const { verb, compartmentOcid } = needed;
  return `${message}; it takes a policy such as: allow group <group> to ${verb} domains in compartment id ${compartmentOcid}`;
}

/** Signs in as the provider does. */
async function signIn({ type = "ApiKey", configFileProfile = "DEFAULT" }: Omit<Authentication, "region">) {
  const sdk = common();
  const providers: Record<
    NonNullable<Authentication["type"]>,
    () => AuthenticationDetailsProvider | Promise<AuthenticationDetailsProvider>
  > = {
    ApiKey: () => new sdk.ConfigFileAuthenticationDetailsProvider(undefined, configFileProfile),
    SecurityToken: () => new sdk.SessionAuthDetailProvider(undefined, configFileProfile),
    InstancePrincipal: () => new sdk.InstancePrincipalsAuthenticationDetailsProviderBuilder().build(),
    ResourcePrincipal: () => sdk.ResourcePrincipalAuthenticationDetailsProvider.builder(),
  };
  const provider = providers[type];
  if (!provider) throw new Error(`unknown authentication "${type}": known are ${Object.keys(providers).join(", ")}`);
  const signedIn = await provider();
  // Those of the instance and of the resource renew theirs, and no file holds them.
  if (type === "ApiKey" || type === "SecurityToken") remember([signedIn.getPrivateKey(), signedIn.getPassphrase()]);
  return signedIn;
}

/**
 * The region that the credentials name.
 * @throws ConfigurationError when they name none
 */
export async function regionOf(authentication: Omit<Authentication, "region">): Promise<string> {
  const provider: AuthenticationDetailsProvider & Partial<RegionProvider> = await signIn(authentication);
  const region = provider.getRegion?.()?.regionId;
  if (region) return region;
  throw new ConfigurationError("the credentials of OCI name no region: give the tenancy's home region with --region");
}

/** Address of the Identity API of a region, as the SDK makes it. */
export function identityUrl(region: string): string {
  return (
    identityEndpoint() ??
    common().EndpointBuilder.createEndpointFromRegionId("https://identity.{region}.oci.{secondLevelDomain}", region)
  );
}

/** Where the provider is told to find the Identity API, so that we find the same one. */
function identityEndpoint(): string | undefined {
  const entries = (process.env.CLIENT_HOST_OVERRIDES ?? "").split(";").map((entry) => entry.split("="));
  return entries.find(([client]) => client === "oci_identity.IdentityClient")?.[1];
}

async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof common().OciError && error.statusCode === 404) return undefined;
    throw error;
  }
}
