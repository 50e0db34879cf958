import type { Module, Privilege } from "../model";

/** What ORDS looks at when a URL is called. */
export interface Protection {
  /** Path below the schema's base path, starting with `/`. */
  readonly path: string;
  /** The module that serves it; undefined when none does. */
  readonly module: string | undefined;
  /** The privileges that protect it, and by what: none, and it is public. */
  readonly privileges: readonly { readonly name: string; readonly by: string }[];
}

/** The part of a schema that decides about a call. */
export interface Published {
  /** Below `/ords`, or null when the schema is not REST-enabled. */
  readonly basePath: string | null;
  readonly modules: readonly Module[];
  readonly privileges: readonly Privilege[];
}

/** Which module and privileges decide about a URL; undefined when it is not one of this schema. */
export function protectionOf(url: string, { basePath, modules, privileges }: Published): Protection | undefined {
  const path = basePath === null ? undefined : below(new URL(url).pathname, basePath);
  if (path === undefined) return undefined;
  const serving = modules.filter(({ basePath: start }) => `${path}/`.startsWith(start));
  // One module's base path may begin with another's.
  const module = serving.sort((a, b) => b.basePath.length - a.basePath.length)[0]?.name;
  return {
    path,
    module,
    privileges: privileges.flatMap(({ name, modules, patterns }) => {
      const pattern = patterns.find((each) => matches(each, path));
      if (module !== undefined && modules.includes(module)) return [{ name, by: `module ${module}` }];
      return pattern === undefined ? [] : [{ name, by: `pattern ${pattern}` }];
    }),
  };
}

/** ORDS is mounted at `/ords`, or at one segment of a gateway's own choice, or at none. */
function below(pathname: string, basePath: string): string | undefined {
  const [, first, ...rest] = pathname.split("/");
  const found = rest[0] === basePath ? rest.slice(1) : first === basePath ? rest : undefined;
  return found && `/${found.join("/")}`;
}

function matches(pattern: string, path: string): boolean {
  return pattern.endsWith("/*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}
