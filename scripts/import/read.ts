import { ConfigurationError } from "../../config/configuration-error";
import { type Oci, ociMessage } from "../oci/client";
import { OutsideError } from "../terminal/failure";
import { remember } from "../terminal/secrets";
import { asApp, asGrant, asGroup, asSettings, asUser, type Found, type FoundApp, type FoundGroup } from "./found";

/** Most members of a group that are written down. */
export const mostMembers = 50;

/** Where to look, as the caller says it. */
export interface Target {
  /** URL or OCID. */
  readonly domain: string;
  /** Display name, client id or id. */
  readonly app: string;
}

/**
 * Reads what there is around an app, and changes nothing.
 * @throws ConfigurationError when the domain or the app is not there; OutsideError when OCI cannot be read
 */
export async function readOci({ domain, app: wanted }: Target, oci: Oci): Promise<Omit<Found, "schema">> {
  const isOcid = domain.startsWith("ocid1.");
  const byOcid = isOcid ? await oci.domain(domain) : undefined;
  if (isOcid && !byOcid) throw new ConfigurationError(`there is no identity domain ${domain}, or you may not see it`);
  const url = byOcid?.url ?? urlIn(domain);
  const all = (collection: "Apps" | "Grants" | "Groups" | "Users", filter: string) =>
    oci.resources(url, collection, filter);

  const app = await find(wanted, async (filter) => (await all("Apps", filter)).map(withoutSecret).map(asApp));
  const owner = byOcid ?? (app.domainOcid === undefined ? undefined : await oci.domain(app.domainOcid));
  const grants = (await all("Grants", equals("app.value", app.id))).map(asGrant);
  const grantsToApp = (await all("Grants", equals("grantee.value", app.id))).map(asGrant);
  const groups: FoundGroup[] = [];
  for (const id of granteesOf(grants, "Group")) {
    for (const values of await all("Groups", equals("id", id))) {
      const group = asGroup(values);
      const users =
        group.members.length > mostMembers ? undefined : (await all("Users", equals("groups.value", id))).map(asUser);
      groups.push({ ...group, users });
    }
  }
  const users = [];
  for (const id of granteesOf(grants, "User")) users.push(...(await all("Users", equals("id", id))).map(asUser));
  const others = (await all("Apps", "isOAuthClient eq true")).map(withoutSecret).map(asApp);
  return {
    domainUrl: owner && sameHost(owner.url, url) ? owner.url : url,
    domain: owner,
    settings: asSettings(await oci.settings(url)),
    app,
    grants,
    grantsToApp,
    users,
    groups,
    clients: others.filter((client) => client.id !== app.id && mayAskFor(client, app)),
  };
}

/** @throws OutsideError in the words of whoever refused */
export async function inWords<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigurationError || error instanceof OutsideError) throw error;
    throw new OutsideError(`cannot read ${what}: ${ociMessage(error)}`);
  }
}

async function find(wanted: string, list: (filter: string) => Promise<FoundApp[]>): Promise<FoundApp> {
  for (const attribute of ["id", "name", "displayName"] as const) {
    const apps = await list(equals(attribute, wanted));
    // A filter may compare without regard to case.
    const exact = apps.filter((app) => app[attribute] === wanted);
    const [app, ...more] = exact.length > 0 ? exact : apps;
    if (app && more.length === 0) return app;
    if (app) {
      const ids = [app, ...more].map(({ id }) => id).join(", ");
      throw new ConfigurationError(`the domain has several apps ${JSON.stringify(wanted)}: name one by its id, ${ids}`);
    }
  }
  throw new ConfigurationError(
    `the domain has no app whose name, client id or id is ${JSON.stringify(wanted)}: compare with its page in the console`,
  );
}

/** By name, or because it may ask for whatever there is. */
function mayAskFor(client: FoundApp, { scopes, audience = "" }: FoundApp): boolean {
  if (client.isOPCService) return false;
  const named = new Set(scopes.map(({ value }) => audience + value));
  return client.trustScope === "Account" || client.allowedScopes.some(({ fqs }) => named.has(fqs));
}

/** It is of no use here: not even a fault may show it. */
function withoutSecret({ clientSecret, hashedClientSecret, ...rest }: Readonly<Record<string, unknown>>) {
  remember([clientSecret, hashedClientSecret]);
  return rest;
}

function granteesOf(grants: Found["grants"], type: string): string[] {
  return [...new Set(grants.filter(({ grantee }) => grantee.type === type).map(({ grantee }) => grantee.value))];
}

/** A SCIM filter; what stands in quotes is written as in JSON. */
function equals(attribute: string, value: string): string {
  return `${attribute} eq ${JSON.stringify(value)}`;
}

function urlIn(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:" || url.pathname !== "/" || url.search || url.hash || url.username || url.password) {
    throw new ConfigurationError(
      "--domain is neither an OCID (ocid1.domain...) nor the URL of a domain without a path (https://idcs-....identity.oraclecloud.com:443)",
    );
  }
  return text.replace(/\/$/, "");
}

function sameHost(a: string, b: string): boolean {
  return new URL(a).host === new URL(b).host;
}

/** The URL of the domain as the JWT profile spells it, where it is the same: then the profile stays as it is. */
export function urlOfProfile(jwkUrl: string | undefined, domainUrl: string): string {
  const spelt = jwkUrl?.replace(/\/admin\/v1\/SigningCert\/jwk$/, "");
  return spelt && spelt !== jwkUrl && /^https:\/\/[^/?#@]+$/.test(spelt) && sameHost(spelt, domainUrl)
    ? spelt
    : domainUrl;
}
