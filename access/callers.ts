import type { Privilege } from "../ords/model";
import type { Caller, Client, DomainAccess, Grantee, Lock } from "./model";

/** What decides whether tokens of the domain open a privilege. */
export interface Tokens {
  readonly domain: DomainAccess;
  /** JSON Pointer to the claim that holds roles; null for a scope-based profile. */
  readonly roleClaim: string | null;
  /** Why no token of the domain is taken, or why it cannot be told which are; undefined when they are taken. */
  readonly refused?: Pick<Lock, "reach" | "why">;
}

type Reach = Pick<Lock, "callers" | "reach" | "why">;

/** Grants by which a client gets a token for itself. */
const ownGrants = ["client_credentials", "tls_client_auth"];
/** Grants that only renew a token. */
const renewing = ["refresh_token"];

/** Who can get a token that opens a privilege, and with what. */
export function reachOf(privilege: Privilege, tokens: Tokens): Reach {
  if (tokens.refused) return { callers: [], ...tokens.refused };
  return tokens.roleClaim === null
    ? byScope(privilege, tokens.domain)
    : byRole(privilege, tokens.roleClaim, tokens.domain);
}

function byScope({ name }: Privilege, { scopes, clients, unread }: DomainAccess): Reach {
  const holders = clients.filter((client) => client.scopes.includes(name));
  const callers = holders.filter(({ isActive }) => isActive).flatMap(callersBy);
  if (callers.length > 0) return { callers, reach: "callers" };
  if (unread !== undefined) return { callers, reach: "unknown", why: "the domain could not be read" };
  if (!scopes.includes(name)) return nobody(`no active app of the domain has the scope ${name} for this audience`);
  return nobody(holders.length === 0 ? `no client may ask for the scope ${name}` : holders.map(whyUseless).join("; "));
}

function byRole({ roles }: Privilege, claim: string, { clients, groups, unread }: DomainAccess): Reach {
  // A role takes a user; which scope of the API the token is for does not matter.
  const able = clients.filter((client) => client.isActive && client.scopes.length > 0 && userGrants(client).length > 0);
  if (able.length === 0) {
    if (unread !== undefined) return { callers: [], reach: "unknown", why: "the domain could not be read" };
    return nobody("no active client may get tokens of users, and only users have roles");
  }
  const callers =
    roles.length === 0
      ? able.flatMap(callersBy).filter(({ who }) => who !== undefined)
      : able.flatMap((client) =>
          roles.flatMap((role) => {
            const group = groups.find(({ name }) => name === role);
            const who = group && within(group, client.users);
            return who ? [caller(who, client, userGrants(client))] : [];
          }),
        );
  if (callers.length > 0) return { callers, reach: "callers" };
  if (unread !== undefined) return { callers, reach: "unknown", why: "the domain could not be read" };
  return nobody(
    `no user who may sign in is in a group called ${roles.join(" or ")}; only if the domain fills ${claim} by another rule than its groups, others have the role`,
  );
}

/** Those of a group who may sign in; undefined when nobody is left. */
function within(group: Grantee, users: Client["users"]): Grantee | undefined {
  if (group.members?.length === 0) return undefined;
  if (users === "anyone" || users.some(({ kind, name }) => kind === "group" && name === group.name)) return group;
  // Of a group whose members are not known, all may be meant.
  if (users.some(({ kind, members }) => kind === "group" && !members) || !group.members) return group;
  const allowed = new Set(users.flatMap(({ kind, name, members = [] }) => (kind === "user" ? [name] : members)));
  const members = group.members.filter((member) => allowed.has(member));
  return members.length > 0 ? { ...group, members } : undefined;
}

/** Whether there is any way. */
export function canGetToken(client: Client): boolean {
  return client.isActive && callersBy(client).length > 0;
}

/** All ways in which a client gets tokens. */
function callersBy(client: Client): Caller[] {
  const own = client.isPublic ? [] : client.grants.filter((grant) => ownGrants.includes(grant));
  const forUsers = userGrants(client);
  const people = client.users === "anyone" ? (["anyone"] as const) : client.users.filter(isSomebody);
  return [
    ...(own.length > 0 ? [caller(undefined, client, own)] : []),
    ...(forUsers.length > 0 ? people.map((who) => caller(who, client, forUsers)) : []),
  ];
}

function caller(who: Caller["who"], { name, key }: Client, grants: readonly string[]): Caller {
  return { who, client: name, clientKey: key, grants };
}

/** Those by which a client gets tokens of users, with what renews them; empty when there are none. */
export function userGrants({ grants }: Client): string[] {
  const ways = grants.filter((grant) => !ownGrants.includes(grant) && !renewing.includes(grant));
  return ways.length === 0 ? [] : grants.filter((grant) => !ownGrants.includes(grant));
}

function isSomebody({ kind, members }: Grantee): boolean {
  return kind === "user" || members?.length !== 0;
}

/** Why no token comes of a client that may ask for a scope. */
export function whyUseless(client: Client): string {
  const { name, isActive, users } = client;
  if (!isActive) return `client ${name} is not active`;
  if (userGrants(client).length === 0) return `client ${name} has no grant that gives it a token`;
  return users.length === 0
    ? `client ${name} lets only those sign in that it is granted to, and it is granted to nobody`
    : `client ${name} is granted to groups without a member only`;
}

function nobody(why: string): Reach {
  return { callers: [], reach: "nobody", why };
}
