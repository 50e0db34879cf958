import type { Module, Privilege } from "../model";
import { type Area, Areas, areaOf, OwnedAreas, overlap, widestAreaOf } from "../pattern";
import { type Endpoint, Endpoints } from "./endpoints";

/** What a privilege protects: endpoints of a module, or whatever a pattern leads to. */
export type ProtectedResource =
  | { readonly kind: "module"; readonly name: string; readonly endpoints: readonly Endpoint[] }
  | { readonly kind: "pattern"; readonly name: string };

/**
 * What a set of privileges protects. In ORDS everything else is public. A module that is named is protected itself, and no other
 * one whose base path happens to lie below; a path is protected by a pattern that is certain to match it. What cannot be told
 * counts as public.
 */
export class Coverage {
  private readonly named: ReadonlySet<string>;
  private readonly areas: Areas;
  /** Below the base paths of the modules that are named. */
  private readonly belowNamed: Areas;
  private readonly all: Endpoints;

  constructor(privileges: readonly Privilege[], modules: readonly Module[] | Endpoints) {
    this.all = modules instanceof Endpoints ? modules : new Endpoints(modules);
    this.named = new Set(privileges.flatMap((privilege) => privilege.modules));
    this.areas = new Areas(privileges.flatMap(({ patterns }) => patterns.flatMap((pattern) => areaOf(pattern) ?? [])));
    const bases = [...this.named].flatMap((name) => this.all.basePath(name) ?? []);
    this.belowNamed = new Areas(bases.map((start) => ({ start, exact: false })));
  }

  /** Where a module answers. */
  endpoints(module: string): readonly Endpoint[] {
    return this.all.of(module);
  }

  /** The paths that may lead to an endpoint and that no privilege protects; none when it is closed. */
  openAreas({ module, areas }: Endpoint): Area[] {
    if (this.named.has(module)) return [];
    return areas.filter((area) => !this.areas.cover(area));
  }

  /** `perhaps` when only a path is open of which it is not known whether it leads to the endpoint. */
  exposureOf(endpoint: Endpoint): "closed" | "perhaps" | "public" {
    const open = this.openAreas(endpoint);
    if (open.length === 0) return "closed";
    return open.some(({ start, exact }) => !exact || start === endpoint.path) ? "public" : "perhaps";
  }

  /** Those of `resources` that are public: `module NAME`, `template PATH of module NAME`, or `pattern PATTERN`. */
  missing(resources: readonly ProtectedResource[]): string[] {
    return resources.flatMap((resource) => {
      if (resource.kind === "pattern") {
        return this.coversPattern(resource.name) ? [] : [`pattern ${resource.name}`];
      }
      const open = resource.endpoints.filter((endpoint) => this.exposureOf(endpoint) !== "closed");
      return open.length === this.endpoints(resource.name).length
        ? [`module ${resource.name}`]
        : open.map(({ path }) => `template ${path} of module ${resource.name}`);
    });
  }

  /** By another pattern; or because all that it leads to is in a module that is named, and no other module answers there. */
  private coversPattern(pattern: string): boolean {
    const area = widestAreaOf(pattern);
    if (this.areas.cover(area)) return true;
    return (
      this.belowNamed.cover(area) &&
      this.all.touchedBy([], [area]).every((endpoint) => this.exposureOf(endpoint) === "closed")
    );
  }
}

/** What a privilege protects. Modules that do not exist are left out. */
export function protectedBy(privilege: Privilege, endpoints: Endpoints): ProtectedResource[] {
  const patterns = privilege.patterns.map((name): ProtectedResource => ({ kind: "pattern", name }));
  const touched = endpoints.touchedBy(privilege.modules, privilege.patterns.map(widestAreaOf));
  if (touched.length === 0) return patterns;
  const alone = new Coverage([privilege], endpoints);
  const closed = touched.filter((endpoint) => alone.exposureOf(endpoint) === "closed");
  const modules = new Map(closed.map(({ module }): [string, Endpoint[]] => [module, []]));
  for (const endpoint of closed) modules.get(endpoint.module)!.push(endpoint);
  return [
    ...[...modules].map(([name, own]): ProtectedResource => ({ kind: "module", name, endpoints: own })),
    ...patterns,
  ];
}

/** What a privilege names, ready to be compared with what others name. */
interface Claim {
  readonly privilege: Privilege;
  readonly modules: ReadonlySet<string>;
  readonly patterns: readonly { readonly pattern: string; readonly area: Area }[];
  /** Where its modules answer. */
  readonly endpoints: readonly Endpoint[];
  /** Everything that it may have something to do with. */
  readonly reach: readonly Area[];
}

/** What of a privilege another one may claim as well. */
export interface Shared {
  readonly other: Privilege;
  /** `module NAME` or `pattern PATTERN`. */
  readonly resources: readonly string[];
}

/** What privileges may claim alike; looking one up takes as long however many others have nothing to do with it. */
export class Claims {
  private readonly claims: readonly Claim[];
  private readonly areas: OwnedAreas<number>;

  constructor(privileges: readonly Privilege[], endpoints: Endpoints) {
    this.claims = privileges.map((privilege) => claimOf(privilege, endpoints));
    this.areas = new OwnedAreas(
      this.claims.flatMap(({ reach }, index) => reach.map((area): [Area, number] => [area, index])),
    );
  }

  /** What of the privilege at this index the others may claim, in their order. */
  sharedOf(index: number): (Shared & { readonly index: number })[] {
    const claim = this.claims[index]!;
    const candidates = new Set(claim.reach.flatMap((area) => [...this.areas.overlapping(area)]));
    return [...candidates]
      .filter((other) => other !== index)
      .sort((a, b) => a - b)
      .map((other) => ({
        index: other,
        other: this.claims[other]!.privilege,
        resources: claimedToo(claim, this.claims[other]!),
      }))
      .filter(({ resources }) => resources.length > 0);
  }
}

function claimOf(privilege: Privilege, all: Endpoints): Claim {
  const patterns = privilege.patterns.map((pattern) => ({ pattern, area: widestAreaOf(pattern) }));
  const endpoints = privilege.modules.flatMap((name) => all.of(name));
  const reach = [...patterns.map(({ area }) => area), ...endpoints.flatMap(({ areas }) => areas)];
  return { privilege, modules: new Set(privilege.modules), patterns, endpoints, reach };
}

function claimedToo({ privilege, patterns, endpoints }: Claim, other: Claim): string[] {
  const isClaimed = ({ module, areas }: Endpoint) =>
    other.modules.has(module) || areas.some((own) => other.patterns.some(({ area }) => overlap(own, area)));
  return [
    ...privilege.modules
      .filter((name) => endpoints.some((endpoint) => endpoint.module === name && isClaimed(endpoint)))
      .map((name) => `module ${name}`),
    ...patterns
      .filter(({ area }) => other.reach.some((each) => overlap(area, each)))
      .map(({ pattern }) => `pattern ${pattern}`),
  ];
}
