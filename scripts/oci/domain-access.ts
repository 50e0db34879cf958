import type { Client, DomainAccess, Grantee } from "../../access/model";
import type { OrdsOutput } from "../../ords/output";
import { qualifiedScope } from "../../ords/scope";
import { apiEnforces, clientKeys } from "../declared-access";
import type { Oci, ScimValues } from "./client";
import type { ScimApp, ScimGroup } from "./domain-api";

const appAttributes = [
  "name",
  "displayName",
  "active",
  "isOAuthClient",
  "isOAuthResource",
  "clientType",
  "allowedGrants",
  "allowedScopes",
  "trustScope",
  "allowAccessControl",
  "audience",
  "secondaryAudiences",
  "scopes",
].join(",");

/** Grantees of an app and members of which are looked up by name. */
const most = 50;

/**
 * Who gets tokens for the audience of a stack's API, as the domain has it: all of its clients, whoever made them.
 * @param roles whose groups are looked for, once it is known which
 */
export async function readDomainAccess(
  oci: Oci,
  ords: OrdsOutput,
  roles: Promise<readonly string[]>,
): Promise<DomainAccess> {
  const url = ords.client.domainUrl;
  const [apps, setting, groups] = await Promise.all([
    oci.list(url, "Apps", { attributes: appAttributes }),
    oci.settings(url, "accountAlwaysTrustScope,defaultTrustScope"),
    roles.then((names) => Promise.all(names.map((name) => groupsCalled(oci, url, name)))),
  ]);
  const { audience } = ords.profile;
  const apis = apps.filter(
    (app) =>
      app.active && app.isOAuthResource && (app.audience === audience || app.secondaryAudiences?.includes(audience)),
  );
  const scopes = [...new Set(apis.flatMap((app) => (app.scopes ?? []).map(({ value }) => value)))].sort();
  const isEnforced = apis.some((app) => app.allowAccessControl);
  const keys = clientKeys(ords);
  const found = apps.flatMap((app) => {
    const key = keys.get(app.name ?? "");
    const asks = app.isOAuthClient ? scopesOf(app, { audience, scopes, setting }) : { scopes: [] };
    // A client of somebody else that can ask for nothing of the API has no part in this.
    const counts = key !== undefined || (app.active && asks.scopes.length > 0);
    return counts ? [{ app, key, asks }] : [];
  });
  const clients = await Promise.all(
    found.map(async ({ app, key, asks }): Promise<Client> => {
      const users = app.allowAccessControl ? await granteesOf(oci, url, app.id ?? "") : "anyone";
      const doubt = asks.doubt ?? (isEnforced && !app.allowAccessControl ? apiEnforces : undefined);
      return {
        key: key ?? app.name ?? "",
        name: app.displayName ?? app.name ?? "",
        clientId: app.name ?? null,
        isOurs: key !== undefined,
        isPublic: app.clientType === "public",
        isActive: app.active ?? false,
        grants: app.allowedGrants ?? [],
        scopes: asks.scopes,
        users,
        ...(doubt !== undefined && { doubt }),
      };
    }),
  );
  return { scopes, clients: [...clients, ...goneOf(keys, clients)].sort(byOwner), groups: groups.flat() };
}

/** What the state names and the domain does not have. */
function goneOf(keys: ReadonlyMap<string, string>, clients: readonly Client[]): Client[] {
  const seen = new Set(clients.map(({ key }) => key));
  return [...keys]
    .filter(([, key]) => !seen.has(key))
    .map(([clientId, key]) => ({
      key,
      name: key,
      clientId,
      isOurs: true,
      isPublic: false,
      isActive: false,
      grants: [],
      scopes: [],
      users: "anyone",
      doubt: "the domain has no app with this client id",
    }));
}

function byOwner(a: Client, b: Client): number {
  return Number(b.isOurs) - Number(a.isOurs);
}

interface Api {
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly setting: ScimValues;
}

/** Which scopes of the API a client may ask for. */
function scopesOf(app: ScimApp, { audience, scopes, setting }: Api): { scopes: readonly string[]; doubt?: string } {
  const trust = app.trustScope === "Default" ? setting.defaultTrustScope : app.trustScope;
  if (setting.accountAlwaysTrustScope || trust === "Account") return { scopes };
  if (trust === "Tags")
    return { scopes, doubt: "may ask for the scopes of apps with certain tags, which are not compared here" };
  const allowed = new Set((app.allowedScopes ?? []).map(({ fqs }) => fqs));
  return { scopes: scopes.filter((scope) => allowed.has(qualifiedScope(audience, scope))) };
}

async function groupsCalled(oci: Oci, url: string, name: string): Promise<Grantee[]> {
  const filter = `displayName eq ${JSON.stringify(name)}`;
  const groups = await oci.list(url, "Groups", { filter, attributes: "displayName,members" });
  // Filters may not mind upper and lower case; ORDS does.
  return groups.filter(({ displayName }) => displayName === name).map(groupOf);
}

function groupOf({ displayName, members = [] }: ScimGroup): Grantee {
  return {
    kind: "group",
    name: displayName ?? "",
    members: members.map(({ name, display, value }) => name ?? display ?? value),
  };
}

async function granteesOf(oci: Oci, url: string, appId: string): Promise<Grantee[]> {
  const grants = await oci.list(url, "Grants", { filter: `app.value eq "${appId}"` });
  const grantees = grants.flatMap(({ grantee }) => (grantee && /^(User|Group)$/.test(grantee.type) ? [grantee] : []));
  const unique = [...new Map(grantees.map((grantee) => [grantee.value, grantee])).values()];
  return Promise.all(
    unique.map(async ({ type, value, display }, index): Promise<Grantee> => {
      const kind = type === "Group" ? "group" : "user";
      if (index >= most) return { kind, name: display ?? value };
      if (kind === "group") return groupOf(await oci.get(url, "Groups", value, "displayName,members"));
      return { kind, name: (await oci.get(url, "Users", value, "userName")).userName ?? display ?? value };
    }),
  );
}
