import type { Module, Privilege } from "../model";

/** Something that a caller can reach: a module, or whatever a pattern leads to. */
export interface ProtectedResource {
  readonly kind: "module" | "pattern";
  readonly name: string;
  /** The path that a wide pattern would have to match; undefined for a module that the schema does not have. */
  readonly path: string | undefined;
}

/** What a set of privileges protects. In ORDS everything else is public. */
export class Coverage {
  private readonly named: ReadonlySet<string>;
  /** Beginnings of paths, from patterns such as `/x/*` and from the base paths of modules. */
  private readonly below: readonly string[];

  constructor(privileges: readonly Privilege[], modules: readonly Module[]) {
    const protectedModules = new Set(privileges.flatMap((privilege) => privilege.modules));
    const patterns = privileges.flatMap((privilege) => privilege.patterns);
    this.named = new Set([
      ...[...protectedModules].map((name) => `module ${name}`),
      ...patterns.map((p) => `pattern ${p}`),
    ]);
    this.below = [
      ...patterns.flatMap(beginning),
      ...modules.filter(({ name }) => protectedModules.has(name)).map(({ basePath }) => basePath),
    ];
  }

  /** Whether a privilege names it, or a wider pattern or a module holds all of it. */
  covers(resource: ProtectedResource): boolean {
    const { path } = resource;
    return this.named.has(show(resource)) || (path !== undefined && this.below.some((start) => path.startsWith(start)));
  }

  /** Those of `resources` that are public, as `module NAME` or `pattern PATTERN`. */
  missing(resources: readonly ProtectedResource[]): string[] {
    return resources.filter((resource) => !this.covers(resource)).map(show);
  }
}

/** What a privilege protects: modules that exist, by name or below a pattern, and its patterns. */
export function protectedBy({ modules: names, patterns }: Privilege, modules: readonly Module[]): ProtectedResource[] {
  const starts = patterns.flatMap(beginning);
  return [
    ...modules
      .filter(({ name, basePath }) => names.includes(name) || starts.some((start) => basePath.startsWith(start)))
      .map(moduleResource),
    ...patterns.map((name): ProtectedResource => ({ kind: "pattern", name, path: name })),
  ];
}

export function moduleResource({ name, basePath }: Module): ProtectedResource {
  return { kind: "module", name, path: basePath };
}

/** `/x/*` is all that begins with `/x/`; any other pattern is one path. */
function beginning(pattern: string): string[] {
  return pattern.endsWith("/*") ? [pattern.slice(0, -1)] : [];
}

function show({ kind, name }: ProtectedResource): string {
  return `${kind} ${name}`;
}
