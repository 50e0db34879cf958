import { closest, distance } from "fastest-levenshtein";
import { endpointsOf } from "../ords/plan/endpoints";
import type { Evidence } from "./cause";

/** The path of a call, against what the schema has. What was not seen is undefined. */
export interface Path {
  readonly pathname: string;
  readonly segments: readonly string[];
  /** Base path of the schema. */
  readonly alias: string | undefined;
  /** Below the schema's base path; undefined when the URL is not one of the schema. */
  readonly rest: string | undefined;
  /** The module that serves it, if any. */
  readonly module: string | undefined;
  readonly basePaths: readonly string[];
  /** Paths of the module's templates below the schema's base path, with their parameters. */
  readonly templates: readonly string[] | undefined;
}

export function pathOf(url: string, { schema, protection }: Evidence): Path {
  const { pathname } = new URL(url);
  const module = schema?.modules.find(({ name }) => name === protection?.module);
  return {
    pathname,
    segments: pathname.split("/").filter(Boolean),
    alias: schema?.basePath?.split("/").filter(Boolean).join("/"),
    rest: protection?.path,
    module: module?.name,
    basePaths: schema?.modules.map(({ basePath }) => basePath) ?? [],
    templates: module && endpointsOf(module).map(({ path }) => path),
  };
}

/** Runs of as many segments as `alias` has, from the first on. */
export function runsLike(alias: string, segments: readonly string[]): string[] {
  const { length } = alias.split("/");
  return segments
    .slice(0, Math.max(0, segments.length - length + 1))
    .map((_, start) => segments.slice(start, start + length).join("/"));
}

/** Whether a template matches a path; undefined for templates of a form whose meaning is not known here. */
export function matches(template: string, path: string): boolean | undefined {
  const [wanted, got] = [template.split("/"), path.split("/")];
  if (wanted.some((segment) => /[:{}*?]/.test(segment) && !isParameter(segment))) return undefined;
  return (
    wanted.length === got.length &&
    wanted.every((segment, index) => (isParameter(segment) ? got[index] !== "" : got[index] === segment))
  );
}

/** The one of `names` that is meant, if it is like one: upper and lower case count for nothing. */
export function nearest(names: readonly string[], meant: string): string | undefined {
  if (names.length === 0) return undefined;
  const lower = (text: string) => text.toLowerCase();
  const name = names.find((each) => lower(each) === lower(closest(lower(meant), names.map(lower))));
  return name !== undefined && distance(lower(name), lower(meant)) <= Math.max(2, meant.length / 2) ? name : undefined;
}

/** The other of a path with and without a slash at its end. */
export function withOtherEnd(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
}

function isParameter(segment: string): boolean {
  return /^(:\w+|\{\w+\})$/.test(segment);
}
