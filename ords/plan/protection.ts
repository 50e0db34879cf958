import type { Module, Privilege } from "../model";
import { areaOf, isInside } from "../pattern";
import { endpointsOf, leadsTo } from "./endpoints";

/** What ORDS looks at when a URL is called. */
export interface Protection {
  /** Path below the schema's base path, starting with `/`. */
  readonly path: string;
  /** The module that serves it; undefined when none does, as far as can be told. */
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
  const paths = pathsBelow(new URL(url).pathname, basePath);
  const [only, ...others] = paths.map((path) => decide(path, published));
  if (!only) {
    return {
      reason: `"${basePath}", under which the schema is published, is no part of the path: whatever is before ORDS may lead it anywhere`,
    };
  }
  if (others.length === 0) return only;
  const [served, ...more] = [only, ...others].filter(({ module }) => module !== undefined);
  if (served && more.length === 0) return served;
  return {
    reason: `"${basePath}", under which the schema is published, stands ${paths.length} times in the path, and it cannot be told which one counts`,
  };
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

function decide(path: string, { modules, privileges }: Published): Protection {
  const byPattern = privileges.flatMap(({ name, patterns }) => {
    const pattern = patterns.find((each) => isMatched(path, each));
    return pattern === undefined ? [] : [{ name, by: `pattern ${pattern}` }];
  });
  const byModule = (module: string) =>
    privileges
      .filter((privilege) => privilege.modules.includes(module))
      .map(({ name }) => ({ name, by: `module ${module}` }));

  const [sure, unsure] = (["surely", "perhaps"] as const).map((how) =>
    modules
      .filter((module) => module.templates.length > 0)
      .filter((module) => endpointsOf(module).some((endpoint) => leadsTo(path, endpoint) === how))
      // One module's base path may begin with another's.
      .sort((a, b) => b.basePath.length - a.basePath.length)
      .map(({ name }) => name),
  ) as [string[], string[]];
  const serving = [...new Set([...sure, ...unsure])];
  const open = (names: readonly string[]) => names.some((name) => byModule(name).length === 0);
  const access =
    byPattern.length > 0 || (serving.length > 0 && !open(serving)) ? "protected" : open(sure) ? "public" : "unknown";
  const named = serving.flatMap(byModule);
  return {
    path,
    module: serving[0],
    privileges: [...named, ...byPattern.filter(({ name }) => !named.some((each) => each.name === name))],
    access,
  };
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
