import type { Module } from "../model";
import { type Area, isInside, OwnedAreas } from "../pattern";

/** Where a schema answers: a template of a module, or all of a module as long as it has none. */
export interface Endpoint {
  readonly module: string;
  /** Base path and template together: `/hr/employees/:id`. */
  readonly path: string;
  /** Every path that may lead to it: to be closed, all of them have to be. */
  readonly areas: readonly Area[];
}

/** The endpoints of modules, in their order; those at a path are found without looking at each. */
export class Endpoints {
  private readonly byModule: ReadonlyMap<string, readonly Endpoint[]>;
  private readonly basePaths: ReadonlyMap<string, string>;
  private readonly positions: ReadonlyMap<Endpoint, number>;
  private readonly areas: OwnedAreas<Endpoint>;

  constructor(modules: readonly Module[]) {
    this.byModule = new Map(modules.map((module) => [module.name, endpointsOf(module)]));
    this.basePaths = new Map(modules.map(({ name, basePath }) => [name, basePath]));
    const all = [...this.byModule.values()].flat();
    this.positions = new Map(all.map((endpoint, position) => [endpoint, position]));
    this.areas = new OwnedAreas(
      all.flatMap((endpoint) => endpoint.areas.map((area): [Area, Endpoint] => [area, endpoint])),
    );
  }

  /** Where a module answers. */
  of(module: string): readonly Endpoint[] {
    return this.byModule.get(module) ?? [];
  }

  /** The path under which a module is published, if it exists. */
  basePath(module: string): string | undefined {
    return this.basePaths.get(module);
  }

  /** Those of these modules, and those to which a path in one of these areas may lead. */
  touchedBy(modules: readonly string[], areas: readonly Area[]): Endpoint[] {
    const touched = new Set([
      ...modules.flatMap((name) => this.of(name)),
      ...areas.flatMap((area) => [...this.areas.overlapping(area)]),
    ]);
    return [...touched].sort((a, b) => this.positions.get(a)! - this.positions.get(b)!);
  }
}

export function endpointsOf({ name, basePath, templates }: Module): Endpoint[] {
  if (templates.length === 0) {
    return [{ module: name, path: basePath, areas: [{ start: basePath, exact: false }] }];
  }
  return templates.map((template) => {
    const path = basePath + (template === "." ? "" : template.replace(/^\/+/, ""));
    return { module: name, path, areas: areasOf(path) };
  });
}

/**
 * Whether ORDS answers a path with and without a slash at its end alike is not documented, so both count. A parameter takes any
 * value; what a segment beyond `:name` and `{name}` takes is not known, perhaps nothing, or more than one.
 */
function areasOf(path: string): Area[] {
  const segments = path.split("/");
  const variable = segments.findIndex((segment) => !isLiteral(segment));
  if (variable < 0) {
    const bare = withoutSlash(path);
    return [bare, `${bare}/`].filter((start) => start !== "").map((start) => ({ start, exact: true }));
  }
  const parent = segments.slice(0, variable).join("/");
  const below: Area = { start: `${parent}/`, exact: false };
  return isParameter(segments[variable]!) || parent === "" ? [below] : [{ start: parent, exact: true }, below];
}

/** Whether a path leads to an endpoint. */
export function leadsTo(path: string, { path: template, areas }: Endpoint): "surely" | "perhaps" | "no" {
  if (fits(template, path)) return "surely";
  if (fits(withoutSlash(template), withoutSlash(path))) return "perhaps";
  const isOdd = template.split("/").some((segment) => !isLiteral(segment) && !isParameter(segment));
  return isOdd && areas.some((area) => isInside({ start: path, exact: true }, area)) ? "perhaps" : "no";
}

function fits(template: string, path: string): boolean {
  const [wanted, given] = [template.split("/"), path.split("/")];
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) => (isParameter(segment) ? given[index] !== "" : segment === given[index]))
  );
}

function isParameter(segment: string): boolean {
  return /^(:\w+|\{\w+\})$/.test(segment);
}

function isLiteral(segment: string): boolean {
  return !/[:{}*?]/.test(segment);
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, "");
}
