import type { Actual, AutoRestObject, Module, Privilege, SeenProfile, Served } from "../ords/model";
import { isOurPrivilege } from "../ords/ownership";
import { type Area, areaOf, isInside } from "../ords/pattern";
import { Coverage } from "../ords/plan/coverage";
import { byName, sorted } from "../ords/plan/desired";
import { endpointsOf, type Endpoint as Place } from "../ords/plan/endpoints";
import { hasPoolProfile } from "../ords/version";
import { reachOf, type Tokens } from "./callers";
import { findingsOf, type Shared } from "./findings";
import type { AccessMap, DomainAccess, Endpoint, Grantee, Lock, ProfileSummary, Resource } from "./model";

/** Both sides of a stack, now or as they are planned. */
export interface BothSides {
  readonly stack: string;
  readonly domain: DomainAccess;
  readonly actual: Actual;
  readonly served: Served;
  /** What tokens for the stack's API look like; undefined when the stack is not deployed. */
  readonly tokens: Pick<SeenProfile, "issuer" | "audience" | "jwkUrl"> | undefined;
  /** Of the identity domain. @default - not known */
  readonly domainUrl?: string;
  /** Names of the users that the stack makes. */
  readonly users: readonly string[];
}

/** Who can call what. Where it cannot be told whether something is closed, it is open. */
export function accessMap(given: BothSides): AccessMap {
  const sides = { ...given, domain: inOrder(given.domain) };
  const { stack, domain, domainUrl = null, actual, served, tokens } = sides;
  const { schema, basePath, ordsVersion, profile, privileges } = actual;
  const schemaAccess = new SchemaAccess(actual, served);
  const taken: Tokens = { domain, roleClaim: profile?.roleClaim ?? null, ...refusalBy(actual, tokens) };
  const all = privileges.map(
    (privilege): Lock => ({
      name: privilege.name,
      owner: ownerOf(privilege, stack),
      roles: privilege.roles,
      ...reachOf(privilege, taken),
      resources: schemaAccess.behind(privilege),
    }),
  );
  const isOrdsOwn = ({ owner, resources }: Lock) =>
    owner === "ORDS" && resources.every(({ endpoints }) => endpoints.length === 0);
  const map: AccessMap = {
    stack,
    domainUrl,
    audience: tokens?.audience ?? null,
    schema,
    basePath,
    ordsVersion,
    profile: profile && summary(profile),
    findings: [],
    clients: domain.clients,
    open: schemaAccess.open(),
    locks: all.filter((lock) => !isOrdsOwn(lock)).sort((a, b) => rank(a) - rank(b)),
    ordsOwn: all.filter(isOrdsOwn).map(({ name }) => name),
    unseen: unseenBy(sides),
  };
  const refusal = taken.refused?.why;
  return { ...map, findings: findingsOf(map, { refusal, shared: schemaAccess.shared(), ...sides }) };
}

/** What are sets to the domain comes in the same order from wherever it was read. */
function inOrder(domain: DomainAccess): DomainAccess {
  const grantee = (each: Grantee) => (each.members ? { ...each, members: sorted(each.members) } : each);
  return {
    ...domain,
    scopes: sorted(domain.scopes),
    clients: domain.clients.map((client) => ({
      ...client,
      grants: sorted(client.grants),
      scopes: sorted(client.scopes),
      users: client.users === "anyone" ? client.users : client.users.map(grantee).sort(byName),
    })),
    groups: domain.groups.map(grantee).sort(byName),
  };
}

/** Ours first, those of ORDS last; by name within. */
function rank({ owner }: Lock): number {
  return owner === "this stack" ? 0 : owner === "ORDS" ? 2 : 1;
}

/** Why the profile takes no token of this stack. */
function refusalBy({ profile, schema, ordsVersion }: Actual, tokens: BothSides["tokens"]): Pick<Tokens, "refused"> {
  if (!profile) {
    const pool = hasPoolProfile(ordsVersion) ? ", unless ORDS has one for the whole pool" : "";
    return { refused: { reach: "nobody", why: `schema ${schema} has no JWT profile: ORDS takes no token${pool}` } };
  }
  if (!tokens) return {};
  const differs = (["issuer", "audience", "jwkUrl"] as const).filter(
    // What the database does not show cannot be said to differ.
    (key) => profile[key] !== undefined && profile[key] !== tokens[key],
  );
  if (differs.length === 0) return {};
  const words = { issuer: "issuer", audience: "audience", jwkUrl: "JWK URL" };
  const values = differs.map((key) => `${words[key]} ${profile[key]}`).join(", ");
  return {
    refused: {
      reach: "unknown",
      why: `the JWT profile is for other tokens than this stack's (${values}): who gets those is not known here`,
    },
  };
}

function ownerOf(privilege: Privilege, stack: string): Lock["owner"] {
  if (isOurPrivilege(privilege, stack)) return "this stack";
  if (privilege.name.startsWith("oracle.")) return "ORDS";
  const [, other] = /^managed by ords-jwt, stack (.+)$/s.exec(privilege.comments ?? "") ?? [];
  return { other: other === undefined ? "somebody else" : `stack ${other}` };
}

function summary({ issuer, audience, jwkUrl, roleClaim }: SeenProfile): ProfileSummary {
  return {
    issuer: issuer ?? null,
    audience: audience ?? null,
    jwkUrl: jwkUrl ?? null,
    roleClaim: roleClaim ?? null,
  };
}

function unseenBy({ domain, actual: { ordsVersion, profile }, served: { objects } }: BothSides): string[] {
  return [
    ...(domain.unread === undefined
      ? []
      : [
          `the identity domain (${domain.unread}): clients are those that the state of the stack names, and whoever else may ask for these scopes is not known`,
        ]),
    ...("unread" in objects ? [`objects enabled for AutoREST, which may be public (${objects.unread})`] : []),
    ...(profile && profile.roleClaim === undefined
      ? ["whether the JWT profile is role-based: the database does not show it, so it is taken for scope-based"]
      : []),
    "who else ORDS lets in: its own OAuth clients, and database users who sign in with a role of the privilege",
    ...(hasPoolProfile(ordsVersion)
      ? [
          `whether ORDS ${ordsVersion} has one JWT profile for the whole pool (security.jwt.profile.mode=POOL), which goes before the schema's`,
        ]
      : []),
    "what a proxy or gateway before ORDS lets through",
  ];
}

/** What a schema answers, and which privilege is before it. */
class SchemaAccess {
  readonly #coverage: Coverage;
  readonly #modules: ReadonlyMap<string, Module>;
  readonly #places: ReadonlyMap<string, readonly Place[]>;
  readonly #endpoints = new Map<Place, Endpoint>();
  /** Which privileges claim a place. */
  readonly #claims = new Map<Place, Set<string>>();

  constructor(
    { privileges, modules }: Actual,
    private readonly served: Served,
  ) {
    this.#coverage = new Coverage(privileges, modules);
    this.#modules = new Map(modules.map((module) => [module.name, module]));
    this.#places = new Map(modules.map((module) => [module.name, endpointsOf(module)]));
    for (const module of modules) this.#see(module);
  }

  #see(module: Module): void {
    const methods = new Map<string, string[]>();
    for (const [template, names] of this.served.methods.get(module.name) ?? []) {
      // As the places are made of templates.
      for (const { path } of endpointsOf({ ...module, templates: [template] })) {
        methods.set(path, [...(methods.get(path) ?? []), ...names].sort(byUse));
      }
    }
    for (const place of this.#places.get(module.name)!) {
      const { path } = place;
      const exposure = this.#coverage.exposureOf(place);
      this.#endpoints.set(place, { path, methods: methods.get(path) ?? [], exposure });
    }
  }

  /** What a privilege protects: its modules, and what its patterns match for certain. */
  behind(privilege: Privilege): Resource[] {
    const named = privilege.modules.flatMap((name) => this.#modules.get(name) ?? []);
    return [
      ...named.map((module) => {
        const places = this.#places.get(module.name)!;
        this.#claim(places, privilege);
        return this.#resource(module, places);
      }),
      ...privilege.patterns.map((pattern) => this.#behindPattern(pattern, privilege)),
    ];
  }

  #behindPattern(pattern: string, privilege: Privilege): Resource {
    const outer = areaOf(pattern);
    // A slash at the end is another path: of a pattern that matches only that, it is not known whether it leads there.
    const isMatched = ({ path, areas }: Place, by: Area) =>
      areas.some((area) => (!area.exact || area.start === path) && isInside(area, by));
    const matched = outer ? [...this.#places.values()].flat().filter((place) => isMatched(place, outer)) : [];
    this.#claim(matched, privilege);
    return {
      kind: "pattern",
      name: pattern,
      path: pattern,
      endpoints: matched.map((place) => this.#endpoints.get(place)!),
      total: matched.length,
      isPublished: matched.length === 0 || matched.some(({ module }) => !this.served.unpublished.has(module)),
    };
  }

  /** What no privilege protects for certain. */
  open(): Resource[] {
    const { objects } = this.served;
    return [
      ...[...this.#modules.values()].flatMap((module) => {
        const places = this.#places.get(module.name)!;
        const open = places.filter((place) => this.#endpoints.get(place)!.exposure !== "closed");
        return open.length === 0 ? [] : [this.#resource(module, open)];
      }),
      ...("unread" in objects ? [] : objects.flatMap((object) => this.#openObject(object))),
    ];
  }

  #openObject({ name, path, isProtected }: AutoRestObject): Resource[] {
    // No privilege can name an object as its module.
    const exposure = this.#coverage.exposureOf({ module: "", path, areas: [{ start: path, exact: false }] });
    if (isProtected === true || exposure === "closed") return [];
    const endpoint: Endpoint = { path, methods: [], exposure: isProtected === undefined ? "perhaps" : exposure };
    return [{ kind: "object", name, path, endpoints: [endpoint], total: 1, isPublished: true }];
  }

  /** Modules with places that more than one privilege claims, and those privileges. */
  shared(): Shared[] {
    const byModule = new Map<string, Set<string>>();
    for (const [{ module }, names] of this.#claims) {
      if (names.size > 1) byModule.set(module, new Set([...(byModule.get(module) ?? []), ...names]));
    }
    return [...byModule].map(([module, names]) => ({ module, privileges: [...names].sort() }));
  }

  #claim(places: readonly Place[], { name }: Privilege): void {
    for (const place of places) {
      const names = this.#claims.get(place);
      if (names) names.add(name);
      else this.#claims.set(place, new Set([name]));
    }
  }

  #resource({ name, basePath }: Module, places: readonly Place[]): Resource {
    return {
      kind: "module",
      name,
      path: basePath,
      endpoints: places.map((place) => this.#endpoints.get(place)!),
      total: this.#places.get(name)!.length,
      isPublished: !this.served.unpublished.has(name),
    };
  }
}

const order = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** In the usual order, what is not usual at the end. */
function byUse(a: string, b: string): number {
  const rank = (method: string) => (order.includes(method) ? order.indexOf(method) : order.length);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
