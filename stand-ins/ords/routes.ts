import type { Metadata, Module, Schema, Template } from "./metadata";
import { HttpError } from "./responses";

/** Where a request leads to. */
export interface Route {
  readonly module: Module;
  readonly template: Template;
  /** Path parameters, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The decoded path below `/ords`. Privileges and templates are compared with this one form, so no spelling of a path can
 * reach a template past its privilege; an encoded slash, which would change the path's shape, is refused.
 *
 * @returns `undefined` for a path outside `/ords/`
 */
export function decodePath(pathname: string): string | undefined {
  if (!pathname.startsWith("/ords/")) return undefined;
  try {
    const segments = pathname.slice("/ords".length).split("/").map(decodeURIComponent);
    if (!segments.some((segment) => segment.includes("/"))) return segments.join("/");
  } catch {
    // Not UTF-8 in percent-encoding: answered below.
  }
  throw new HttpError(400, "the path has an encoded slash or a malformed percent-encoding");
}

/** The schema whose pattern a path begins with, and the rest of the path, which starts with `/`. */
export function findSchema(metadata: Metadata, path: string): { schema: Schema; path: string } | undefined {
  const schema = metadata
    .filter(({ pattern }) => path.startsWith(`/${pattern}/`))
    .sort((a, b) => b.pattern.length - a.pattern.length)[0];
  return schema && { schema, path: path.slice(schema.pattern.length + 1) };
}

/**
 * The template that matches a path: the highest priority first, then a literal before a parameter, segment by segment.
 * ORDS's own order between templates of equal priority is not documented.
 */
export function findRoute(schema: Schema, path: string): Route | undefined {
  const candidates = schema.modules.flatMap((module) =>
    module.templates.flatMap((template) => {
      if (isUnsupported(template)) return [];
      const match = matchTemplate(module.uriPrefix, template.pattern, path);
      return match ? [{ module, template, ...match }] : [];
    }),
  );
  return candidates.sort((a, b) => b.template.priority - a.template.priority || a.rank.localeCompare(b.rank))[0];
}

/**
 * Compares a path with a module's prefix and a template. A segment is literal, `:name` or `{name}`; `.` is the module's
 * own path. The slash at the end counts.
 *
 * @returns `rank` sorts the more literal template first
 */
export function matchTemplate(
  uriPrefix: string,
  pattern: string,
  path: string,
): { parameters: Record<string, string>; rank: string } | undefined {
  const template = uriPrefix + (pattern === "." ? "" : pattern.replace(/^\//, ""));
  const segments = template.split("/");
  const values = path.split("/");
  if (segments.length !== values.length) return undefined;
  const parameters: Record<string, string> = {};
  let rank = "";
  for (const [index, segment] of segments.entries()) {
    const value = values[index]!;
    const name = parameterName(segment);
    if (name === undefined ? value !== segment : value === "") return undefined;
    if (name !== undefined) parameters[name] = value;
    rank += name === undefined ? "0" : "1";
  }
  return { parameters, rank };
}

function parameterName(segment: string): string | undefined {
  return /^(?::(\w+)|\{(\w+)\})$/.exec(segment)?.slice(1).find(Boolean);
}

/** A template near the path that this stand-in cannot match, for an answer better than 404. */
export function findUnsupportedTemplate(schema: Schema, path: string): Template | undefined {
  return schema.modules
    .filter(({ uriPrefix }) => path.startsWith(uriPrefix))
    .flatMap(({ templates }) => templates.filter(isUnsupported))[0];
}

/** True for a template with a route pattern beyond `:name` and `{name}`, such as `:id?`, `:a,:b` or `*`. */
function isUnsupported(template: Template): boolean {
  return template.pattern.split("/").some((segment) => /[:{}*?]/.test(segment) && parameterName(segment) === undefined);
}
