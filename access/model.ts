/** What a plan does to a part of the map; undefined where nothing changes, or where nothing is planned. */
export type Change = "added" | "removed" | "changed";

export interface Changeable {
  readonly change?: Change;
}

/** A user or a group of the domain. */
export interface Grantee {
  readonly kind: "user" | "group";
  /** Name to sign in with, or display name. */
  readonly name: string;
  /** Names of a group's members; undefined where they are not known. */
  readonly members?: readonly string[];
}

/** An OAuth client of the domain that may ask for scopes of the API. */
export interface Client extends Changeable {
  /** Stays the same when the client is replaced: where the environment declares it, or the client id of somebody else's. */
  readonly key: string;
  readonly name: string;
  /** null where it is known only after apply. */
  readonly clientId: string | null;
  /** Whether the stack made it. */
  readonly isOurs: boolean;
  readonly isPublic: boolean;
  readonly isActive: boolean;
  readonly grants: readonly string[];
  /** Without the audience. */
  readonly scopes: readonly string[];
  /** Who may sign in with it: those that it is granted to, or whoever the domain knows. */
  readonly users: "anyone" | readonly Grantee[];
  /** Why it may be less than is said here. */
  readonly doubt?: string;
}

/** The side of the identity domain: who gets which tokens. */
export interface DomainAccess {
  /** Why the domain could not be read: then what is here is what the state of the stack says, and not all that there is. */
  readonly unread?: string;
  /** Of the audience, as apps of the domain define them; without the audience. */
  readonly scopes: readonly string[];
  readonly clients: readonly Client[];
  /** Groups that have the name of a role. */
  readonly groups: readonly Grantee[];
}

/** Where a schema answers, and to what. */
export interface Endpoint {
  /** Below the schema's base path: `/hello/me`. */
  readonly path: string;
  /** Of its handlers; empty when it has none. */
  readonly methods: readonly string[];
  /** `perhaps` when only a path is open of which it is not known whether it leads here. */
  readonly exposure: "closed" | "perhaps" | "public";
}

/** A module, a pattern of a privilege, or a table or view that is enabled for AutoREST. */
export interface Resource extends Changeable {
  readonly kind: "module" | "pattern" | "object";
  readonly name: string;
  /** Base path of a module, or the pattern. */
  readonly path: string;
  /** Those that the privilege above it protects, or, where there is none, that are not closed. */
  readonly endpoints: readonly Endpoint[];
  /** How many the module has, protected or not. */
  readonly total: number;
  /** Whether ORDS answers there at all. */
  readonly isPublished: boolean;
}

/** One way to a token: who, with which client, by which grants. */
export interface Caller extends Changeable {
  /** undefined when the client acts for itself. */
  readonly who: Grantee | "anyone" | undefined;
  readonly client: string;
  readonly clientKey: string;
  readonly grants: readonly string[];
}

/** A privilege of the schema with both of its sides: who holds a token for it, and what it opens. */
export interface Lock extends Changeable {
  readonly name: string;
  /** Who made it: this stack, ORDS itself, or the words for somebody else. */
  readonly owner: "this stack" | "ORDS" | { readonly other: string };
  readonly roles: readonly string[];
  readonly callers: readonly Caller[];
  /** `nobody` and `unknown` come with the reason. */
  readonly reach: "callers" | "nobody" | "unknown";
  readonly why?: string;
  readonly resources: readonly Resource[];
}

/** In the order in which they matter. */
export const findingKinds = ["public", "unknown", "closed", "foreign", "idle"] as const;
export type FindingKind = (typeof findingKinds)[number];

/** What a person should see first. */
export interface Finding extends Changeable {
  readonly kind: FindingKind;
  /** `module hello`, `privilege hello.read`. */
  readonly what: string;
  readonly why: string;
}

/** The JWT profile, as far as the database shows it. */
export interface ProfileSummary {
  readonly issuer: string | null;
  readonly audience: string | null;
  readonly jwkUrl: string | null;
  readonly roleClaim: string | null;
}

/** Who can call what. */
export interface AccessMap {
  readonly stack: string;
  /** Of the identity domain; null where the stack is not deployed, or it is known only after apply. */
  readonly domainUrl: string | null;
  /** That tokens for the stack's API are for; null where the stack is not deployed. */
  readonly audience: string | null;
  readonly schema: string;
  /** Below `/ords`, or null when the schema is not REST-enabled. */
  readonly basePath: string | null;
  readonly ordsVersion: string;
  readonly profile: ProfileSummary | null;
  readonly findings: readonly Finding[];
  readonly clients: readonly Client[];
  /** What anyone may call without a token, and what cannot be told to be closed. */
  readonly open: readonly Resource[];
  /** Those that protect something or were made by this stack; ORDS's own only where they protect a module. */
  readonly locks: readonly Lock[];
  /** Names of the privileges of ORDS itself that are left out. */
  readonly ordsOwn: readonly string[];
  /** What this map cannot show. */
  readonly unseen: readonly string[];
}
