import type { Actual } from "../ords/model";
import { isOurProfile } from "../ords/ownership";
import { areaOf } from "../ords/pattern";
import { whyUseless } from "./callers";
import type { AccessMap, DomainAccess, Finding, FindingKind, Lock, Resource } from "./model";
import { findingKinds } from "./model";

/** A module that several privileges claim. */
export interface Shared {
  readonly module: string;
  readonly privileges: readonly string[];
}

interface Facts {
  readonly stack: string;
  readonly domain: DomainAccess;
  readonly actual: Actual;
  readonly users: readonly string[];
  /** Why no token of the stack is taken, whatever it holds. */
  readonly refusal: string | undefined;
  readonly shared: readonly Shared[];
}

/** What stands out: what is public, closed to everyone, in other hands, of no use, or not known. */
export function findingsOf(map: AccessMap, facts: Facts): Finding[] {
  const found = [
    ...map.open.flatMap(openFinding),
    ...facts.shared.map(sharedFinding),
    ...profileFindings(map, facts),
    ...map.locks.flatMap((lock) => lockFindings(lock, map, facts)),
    ...clientFindings(map, facts),
    ...userFindings(map, facts),
    ...scopeFindings(map, facts),
  ];
  return findingKinds.flatMap((kind) => found.filter((finding) => finding.kind === kind));
}

function finding(kind: FindingKind, what: string, why: string): Finding {
  return { kind, what, why };
}

const words: Record<Resource["kind"], string> = { module: "module", pattern: "pattern", object: "AutoREST object" };

/** `module hello (/hello/)` */
export function resourceName({ kind, name, path }: Resource): string {
  return kind === "pattern" ? `pattern ${name}` : `${words[kind]} ${name} (${path})`;
}

function openFinding(resource: Resource): Finding[] {
  const { kind, endpoints, total, isPublished } = resource;
  const what = resourceName(resource);
  if (!isPublished) {
    return [
      finding("closed", what, "not published, so nobody can call it; without a privilege it is public once it is"),
    ];
  }
  const open = endpoints.filter(({ exposure }) => exposure === "public");
  const perhaps = endpoints.filter(({ exposure }) => exposure === "perhaps");
  if (open.length === total) {
    const lacks = kind === "object" ? "enabled without authentication, and no pattern covers it" : "no privilege";
    return [finding("public", what, `${lacks}: anyone may call it`)];
  }
  return [
    ...(open.length > 0
      ? [finding("public", what, `protected in part; anyone may call ${few(open.map(({ path }) => path))}`)]
      : []),
    ...(perhaps.length > 0
      ? [
          finding(
            "unknown",
            what,
            kind === "object"
              ? "whether ORDS asks for authentication is not shown"
              : `no privilege protects ${few(perhaps.map(({ path }) => path))} with and without a slash at the end, and whether ORDS answers both is not documented`,
          ),
        ]
      : []),
  ];
}

function sharedFinding({ module, privileges }: Shared): Finding {
  return finding(
    "unknown",
    `module ${module}`,
    `claimed by privileges ${few(privileges)}: whether a token needs one of them or all is not documented`,
  );
}

/** What holds for everything at once is said once. */
function profileFindings({ locks, schema, profile }: AccessMap, { refusal, stack, actual }: Facts): Finding[] {
  const closed = locks.filter(({ resources }) => resources.length > 0).map(({ name }) => name);
  const isForeign = actual.profile && !isOurProfile(actual.profile, stack, actual.privileges);
  return [
    ...(refusal !== undefined && closed.length > 0
      ? [finding(profile ? "unknown" : "closed", few(closed.map((name) => `privilege ${name}`)), refusal)]
      : []),
    ...(isForeign
      ? [
          finding(
            "foreign",
            `JWT profile of schema ${schema}`,
            `not made by this stack (audience ${profile?.audience ?? "not shown"}, JWK URL ${profile?.jwkUrl ?? "not shown"})`,
          ),
        ]
      : []),
  ];
}

function lockFindings(lock: Lock, { profile }: AccessMap, { refusal }: Facts): Finding[] {
  const { name, owner, roles, reach, why = "", resources } = lock;
  const what = `privilege ${name}`;
  const odd = resources.filter(({ kind, name: pattern }) => kind === "pattern" && areaOf(pattern) === undefined);
  const isOther = owner !== "this stack";
  const dead = refusal === undefined && reach !== "callers" && resources.length > 0;
  return [
    ...odd.map((resource) =>
      finding(
        "unknown",
        `pattern ${resource.name} of ${what}`,
        "not one of the two documented forms: what it protects is not known",
      ),
    ),
    ...(profile && profile.roleClaim === null && roles.length > 0 && !isOrdsOwn(lock)
      ? [
          finding(
            "unknown",
            what,
            `names roles (${few(roles)}), while the JWT profile goes by scopes: whom ORDS lets in is not documented`,
          ),
        ]
      : []),
    ...(isOther && resources.length > 0
      ? [
          finding(
            "foreign",
            what,
            `made by ${ownerInWords(owner)}; protects ${few(resources.map(resourceName))}${dead ? `; ${why}` : ""}`,
          ),
        ]
      : []),
    ...(!isOther && dead ? [finding(reach === "nobody" ? "closed" : "unknown", what, why)] : []),
    ...(!isOther && resources.length === 0
      ? [finding("idle", what, "names no module that exists and no pattern: it protects nothing")]
      : []),
  ];
}

/** In words, for behind "made by". */
export function ownerInWords(owner: Lock["owner"]): string {
  if (typeof owner === "object") return owner.other;
  return owner === "ORDS" ? "ORDS itself" : owner;
}

function isOrdsOwn({ owner }: Lock): boolean {
  return owner === "ORDS";
}

function clientFindings({ clients, locks }: AccessMap, { refusal }: Facts): Finding[] {
  const opening = new Map<string, string[]>();
  for (const { name, callers } of locks) {
    for (const { clientKey } of callers) opening.set(clientKey, [...(opening.get(clientKey) ?? []), name]);
  }
  return clients.flatMap((client) => {
    const what = `client ${client.name}`;
    const opens = [...new Set(opening.get(client.key) ?? [])];
    if (!client.isOurs) {
      return opens.length > 0
        ? [
            finding(
              "foreign",
              `${what} (${client.clientId})`,
              `not of this stack, and may call what ${few(opens.map((name) => `privilege ${name}`))} protects`,
            ),
          ]
        : [];
    }
    if (opens.length > 0 || refusal !== undefined) return [];
    return [finding("idle", what, reasonOf(client, locks))];
  });
}

function reasonOf(client: AccessMap["clients"][number], locks: readonly Lock[]): string {
  if (client.scopes.length === 0) return "may ask for no scope of the API";
  const opens = locks.some(({ name, resources }) => client.scopes.includes(name) && resources.length > 0);
  return opens ? whyUseless(client) : `its tokens open nothing: no privilege is called ${few(client.scopes)}`;
}

/** Whoever signs in has the roles of the groups only. */
function userFindings({ profile, locks }: AccessMap, { users, domain, refusal }: Facts): Finding[] {
  const claim = profile?.roleClaim;
  if (!claim || domain.unread !== undefined || refusal !== undefined) return [];
  // A privilege without roles lets in every user; a group whose members are not known may hold each of them.
  if (locks.some(({ roles, owner }) => roles.length === 0 && owner !== "ORDS")) return [];
  if (domain.groups.some(({ members }) => members === undefined)) return [];
  const named = new Set(locks.flatMap(({ roles }) => roles));
  const members = new Set(domain.groups.filter(({ name }) => named.has(name)).flatMap((group) => group.members ?? []));
  return users
    .filter((user) => !members.has(user))
    .map((user) =>
      finding(
        "closed",
        `user ${user}`,
        `has none of the roles, as far as the groups of the domain fill ${claim}: can call nothing that is protected`,
      ),
    );
}

function scopeFindings({ locks, profile }: AccessMap, { domain, refusal }: Facts): Finding[] {
  if (refusal !== undefined || !profile || profile.roleClaim) return [];
  const privileges = new Set(locks.map(({ name }) => name));
  return domain.scopes
    .filter((scope) => !privileges.has(scope))
    .map((scope) => finding("idle", `scope ${scope}`, "the schema has no privilege of this name: it opens nothing"));
}

/** `1 privilege`, `2 privileges`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** A list that stays readable. */
export function few(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
