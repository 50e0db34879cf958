import type { Module, Privilege } from "../model";
import { areaOf, isInside, widestAreaOf } from "../pattern";
import { endpointsOf, leadsTo } from "./endpoints";

/** What ORDS looks at when a URL is called. */
export interface Protection {
  /** Path below the schema's base path, starting with `/`. */
  readonly path: string;
  /** The module that serves it, or the one that would if it had such a template; undefined when there is none. */
  readonly module: string | undefined;
  /** The privileges that protect it, and by what. */
  readonly privileges: readonly { readonly name: string; readonly by: string }[];
  /** Whether it needs a token: `public` when anyone may call it or one of several modules that may serve it. */
  readonly access: "protected" | "public" | "unknown";
}

/** It cannot be told what decides about a URL. */
export interface Undecided {
  readonly reason: string;
}

/** The part of a schema that decides about a call. */
export interface Published {
  /** Below `/ords`, or null when the schema is not REST-enabled. */
  readonly basePath: string | null;
  readonly modules: readonly Module[];
  readonly privileges: readonly Privilege[];
}

/**
 * Which module and privileges decide about a URL. A gateway may put anything before the schema's base path, and hide `/ords`: what
 * follows the base path counts, wherever it stands.
 */
export function protectionOf(url: string, published: Published): Protection | Undecided {
  const { basePath } = published;
  if (basePath === null) return { reason: "the schema is not REST-enabled" };
  const readings = pathsBelow(new URL(url).pathname, basePath).map((path) => decide(path, published));
  if (readings.length === 0) {
    return {
      reason: `"${basePath}", under which the schema is published, is no part of the path: whatever is before ORDS may lead it anywhere`,
    };
  }
  // The base path may stand in the path twice: the reading counts that leads to a template, or at least to a module.
  for (const isIt of [({ served }: Reading) => served, ({ protection }: Reading) => protection.module !== undefined]) {
    const [only, ...others] = readings.length === 1 ? readings : readings.filter(isIt);
    if (only && others.length === 0) return only.protection;
    if (others.length > 0) break;
  }
  return {
    reason: `"${basePath}", under which the schema is published, stands ${readings.length} times in the path, and it cannot be told which one counts`,
  };
}

/**
 * The privileges whose patterns match, or may match, only some of the paths that a template with parameters stands for.
 * @param template below the schema's base path: `/employees/{id}`
 */
export function protectingSome(template: string, { privileges }: Published): string[] {
  const segments = template.split("/");
  if (!template.includes("{")) return [];
  const isOfSome = (pattern: string) => {
    if (isMatched(template, pattern)) return false;
    const { start, exact } = widestAreaOf(pattern);
    if (exact) return leadsTo(start, { module: "", path: template, areas: [] }) === "surely";
    const whole = start.split("/").slice(0, -1);
    const beginning = segments.slice(0, whole.length).join("/");
    return (
      segments.length > whole.length &&
      leadsTo(whole.join("/"), { module: "", path: beginning, areas: [] }) === "surely"
    );
  };
  return privileges.filter(({ patterns }) => patterns.some(isOfSome)).map(({ name }) => name);
}

interface Reading {
  readonly protection: Protection;
  /** Whether a template is there for it. */
  readonly served: boolean;
}

/** What follows the base path, for each place where it stands. */
function pathsBelow(pathname: string, basePath: string): string[] {
  const segments = pathname.split("/").map(decoded);
  const base = basePath.split("/").filter(Boolean);
  return segments.flatMap((_, index) =>
    base.every((segment, offset) => segments[index + offset] === segment)
      ? [`/${segments.slice(index + base.length).join("/")}`]
      : [],
  );
}

function decide(path: string, { modules, privileges }: Published): Reading {
  const byPattern = privileges.flatMap(({ name, patterns }) => {
    const pattern = patterns.find((each) => isMatched(path, each));
    return pattern === undefined ? [] : [{ name, by: `pattern ${pattern}` }];
  });
  const byModule = (module: string) =>
    privileges
      .filter((privilege) => privilege.modules.includes(module))
      .map(({ name }) => ({ name, by: `module ${module}` }));

  const [sure, unsure] = (["surely", "perhaps"] as const).map((how) =>
    longestFirst(modules.filter(({ templates }) => templates.length > 0))
      .filter((module) => endpointsOf(module).some((endpoint) => leadsTo(path, endpoint) === how))
      .map(({ name }) => name),
  ) as [string[], string[]];
  const serving = [...new Set([...sure, ...unsure])];
  const open = (names: readonly string[]) => names.some((name) => byModule(name).length === 0);
  const access =
    byPattern.length > 0 || (serving.length > 0 && !open(serving)) ? "protected" : open(sure) ? "public" : "unknown";
  const named = serving.flatMap(byModule);
  const nearest = longestFirst(modules.filter(({ basePath }) => path.startsWith(basePath)))[0]?.name;
  return {
    served: serving.length > 0,
    protection: {
      path,
      module: serving[0] ?? nearest,
      privileges: [...named, ...byPattern.filter(({ name }) => !named.some((each) => each.name === name))],
      access,
    },
  };
}

/** One module's base path may begin with another's. */
function longestFirst(modules: readonly Module[]): Module[] {
  return [...modules].sort((a, b) => b.basePath.length - a.basePath.length);
}

function isMatched(path: string, pattern: string): boolean {
  const area = areaOf(pattern);
  return area !== undefined && isInside({ start: path, exact: true }, area);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
