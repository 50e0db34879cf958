import { canGetToken } from "./callers";
import type { AccessMap, Client, Finding } from "./model";
import { findingKinds } from "./model";

/** What a client may do with the API of one stack. */
interface Use {
  readonly stack: string;
  /** Without the audience. */
  readonly scopes: readonly string[];
  /** Names of the privileges that it is known to open. */
  readonly opens: readonly string[];
}

/** A client that may use the APIs of several stacks. */
export interface ClientOfSeveral {
  readonly name: string;
  readonly clientId: string;
  readonly domainUrl: string;
  /** The stack that made it; null for somebody else. */
  readonly madeBy: string | null;
  /** A token is for one audience, so it takes one for each of these. */
  readonly tokens: readonly { readonly audience: string; readonly uses: readonly Use[] }[];
}

/** Who can call what of several stacks. */
export interface AccessOfAll {
  /** In the order of their stacks' names. */
  readonly maps: readonly AccessMap[];
  /** What is the same in several stacks is one. */
  readonly findings: readonly (Finding & { readonly stacks: readonly string[] })[];
  readonly clients: readonly ClientOfSeveral[];
  readonly unseen: readonly { readonly what: string; readonly stacks: readonly string[] }[];
}

/** What the maps of several stacks say together. */
export function accessOfAll(maps: readonly AccessMap[]): AccessOfAll {
  const findings = inCommon(
    maps.map(({ stack, findings }) => ({ stack, items: findings })),
    ({ kind, what, why, change = "" }) => `${kind}\n${what}\n${why}\n${change}`,
  ).map(({ item, stacks }) => ({ ...item, stacks }));
  return {
    maps,
    findings: findingKinds.flatMap((kind) => findings.filter((finding) => finding.kind === kind)),
    clients: clientsOfSeveral(maps),
    unseen: inCommon(maps.map(unseenBy), String).map(({ item, stacks }) => ({ what: item, stacks })),
  };
}

function inCommon<T>(
  all: readonly { readonly stack: string; readonly items: readonly T[] }[],
  key: (item: T) => string,
): { item: T; stacks: string[] }[] {
  const found = new Map<string, { item: T; stacks: string[] }>();
  for (const { stack, items } of all) {
    for (const item of items) {
      const known = found.get(key(item));
      if (known) known.stacks.push(stack);
      else found.set(key(item), { item, stacks: [stack] });
    }
  }
  return [...found.values()];
}

function unseenBy({ stack, unseen, clients }: AccessMap): { stack: string; items: string[] } {
  const isNew = clients.some(({ clientId }) => clientId === null);
  return { stack, items: [...unseen, ...(isNew ? ["which other APIs a client may use that is not made yet"] : [])] };
}

/** What tells a client from all others; undefined where that is not known yet. */
export function clientIdentity({ domainUrl }: AccessMap, { clientId }: Client): string | undefined {
  return domainUrl === null || clientId === null ? undefined : `${new URL(domainUrl).host} ${clientId}`;
}

function clientsOfSeveral(maps: readonly AccessMap[]): ClientOfSeveral[] {
  const found = new Map<string, { map: AccessMap; client: Client }[]>();
  for (const map of maps) {
    for (const client of map.clients) {
      const identity = clientIdentity(map, client);
      if (identity === undefined || map.audience === null || client.change === "removed") continue;
      if (client.scopes.length === 0 || !canGetToken(client)) continue;
      found.set(identity, [...(found.get(identity) ?? []), { map, client }]);
    }
  }
  return [...found.values()]
    .filter((uses) => uses.length > 1)
    .map((uses): ClientOfSeveral => {
      const [{ map, client }] = uses as [(typeof uses)[number]];
      const audiences = [...new Set(uses.map((use) => use.map.audience!))].sort();
      return {
        name: client.name,
        clientId: client.clientId!,
        domainUrl: map.domainUrl!,
        madeBy: uses.find((use) => use.client.isOurs)?.map.stack ?? null,
        tokens: audiences.map((audience) => ({
          audience,
          uses: uses.filter((use) => use.map.audience === audience).map(useOf),
        })),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function useOf({ map, client }: { map: AccessMap; client: Client }): Use {
  const opens = map.locks.filter(
    ({ callers, change }) => change !== "removed" && callers.some(({ clientKey }) => clientKey === client.key),
  );
  return { stack: map.stack, scopes: client.scopes, opens: opens.map(({ name }) => name) };
}
