import type { Client, DomainAccess, Grantee } from "../access/model";
import type { Environment } from "../config/environment";
import type { OrdsOutput } from "../ords/output";
import type { IsUnknown } from "../ords/rules";
import { unqualifiedScope } from "../ords/scope";

/** Where the environment declares the clients of a stack, and their ids. */
export function clientKeys({ client, developerClient, clients }: OrdsOutput): Map<string, string> {
  return new Map([
    [client.clientId, "app"],
    ...(developerClient ? [[developerClient.clientId, "developerClient"] as const] : []),
    ...Object.entries(clients ?? {}).map(([key, { clientId }]) => [clientId, `clients.${key}`] as const),
  ]);
}

/** What an environment declares in its domain, with the outputs that it leads to. */
export function declaredAccess(
  environment: Environment,
  ords: OrdsOutput,
  isUnknown: IsUnknown = () => false,
): DomainAccess {
  const { app, clients, groups, users } = environment;
  const grantee = (key: string): Grantee[] => {
    const [user, group] = [users[key], groups[key]];
    if (user) return [{ kind: "user", name: user.userName }];
    return group ? [groupOf(group)] : [];
  };
  const groupOf = ({ displayName, members }: Environment["groups"][string]): Grantee => ({
    kind: "group",
    name: displayName,
    members: members.flatMap((key) => users[key]?.userName ?? []),
  });
  const client = (
    key: string,
    { displayName, active = true }: { displayName: string; active?: boolean },
    { clientId, grants, scopes }: { clientId: string; grants: readonly string[]; scopes: readonly string[] },
    isPublic = false,
  ): Client => ({
    key,
    name: displayName,
    clientId: isUnknown(clientId) ? null : clientId,
    isOurs: true,
    isPublic,
    isActive: active,
    grants,
    scopes: scopes.map((scope) => unqualifiedScope(ords.profile.audience, scope) ?? scope),
    users: key === "app" && app.enforceGrants ? app.grantedTo.flatMap(grantee) : "anyone",
    ...(key !== "app" && app.enforceGrants && { doubt: apiEnforces }),
  });
  return {
    scopes: ords.privileges.map(({ name }) => name),
    clients: [
      client("app", app, ords.client),
      ...(ords.developerClient
        ? [client("developerClient", { displayName: `${app.displayName} developers` }, ords.developerClient, true)]
        : []),
      ...Object.entries(ords.clients ?? {}).map(([key, output]) =>
        client(`clients.${key}`, clients[key] ?? { displayName: key }, output, output.public),
      ),
    ],
    groups: Object.values(groups).map(groupOf),
  };
}

export const apiEnforces =
  "the API's app lets only those in that it is granted to; whether the domain asks that of users of other clients is not documented";

/** What is declared, beside what others have in the same domain. */
export function besideOthers(declared: DomainAccess, live: DomainAccess): DomainAccess {
  const names = new Set(declared.groups.map(({ name }) => name));
  return {
    ...declared,
    clients: [
      ...declared.clients,
      ...live.clients
        .filter(({ isOurs }) => !isOurs)
        .map((client) => ({ ...client, scopes: client.scopes.filter((scope) => declared.scopes.includes(scope)) })),
    ],
    groups: [...declared.groups, ...live.groups.filter(({ name }) => !names.has(name))],
  };
}
