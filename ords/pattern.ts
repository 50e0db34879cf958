/**
 * The two forms of a pattern on which documentation and observation agree, relative to the schema's base path: `/x` is that
 * one path, `/x/*` is everything below it. `:id`, `{id}` and a `*` anywhere else have a meaning only in templates.
 */
const character = "[\\w.~!$&'()+,=@-]";
const literal = new RegExp(`^${character}+$`);
const wellFormed = new RegExp(`^(/(?!\\.\\.?(/|$))${character}+)+(/\\*)?$|^/\\*$`);

/** A set of paths: one, or everything that begins alike. */
export interface Area {
  readonly start: string;
  readonly exact: boolean;
}

/** What a pattern is certain to match; undefined when it has neither form: then it is not known to match anything. */
export function areaOf(pattern: string): Area | undefined {
  return wellFormed.test(pattern) ? areaAsWritten(pattern) : undefined;
}

/** What a pattern may match, should ORDS take it in another way than is documented. */
export function widestAreaOf(pattern: string): Area {
  const known = areaOf(pattern);
  if (known) return known;
  const [, beginning = ""] = /^([^*:{}%?;]*)/.exec(pattern) ?? [];
  return { start: beginning.startsWith("/") ? beginning : "/", exact: false };
}

function areaAsWritten(pattern: string): Area {
  return pattern.endsWith("/*") ? { start: pattern.slice(0, -1), exact: false } : { start: pattern, exact: true };
}

/** Whether all of an area is inside another. */
export function isInside(inner: Area, outer: Area): boolean {
  return outer.exact ? inner.exact && inner.start === outer.start : inner.start.startsWith(outer.start);
}

/** Many areas, in which looking one up takes as long however many there are. */
export class Areas {
  private readonly exact: ReadonlySet<string>;
  private readonly beginnings: ReadonlySet<string>;

  /** @param areas of {@link areaOf}: what is not exact ends in a slash */
  constructor(areas: readonly Area[]) {
    this.exact = new Set(areas.filter(({ exact }) => exact).map(({ start }) => start));
    this.beginnings = new Set(areas.filter(({ exact }) => !exact).map(({ start }) => start));
  }

  /** Whether all of an area is inside one of these. */
  cover({ start, exact }: Area): boolean {
    if (exact && this.exact.has(start)) return true;
    for (let end = start.indexOf("/"); end >= 0; end = start.indexOf("/", end + 1)) {
      if (this.beginnings.has(start.slice(0, end + 1))) return true;
    }
    return false;
  }
}

/** Whether two areas have a path in common. */
export function overlap(a: Area, b: Area): boolean {
  return isInside(a, b) || isInside(b, a);
}

/** Areas and whose they are; finds those that overlap with another without looking at each. */
export class OwnedAreas<Owner> {
  /** By their starts, so that those which begin alike stand together. */
  private readonly sorted: readonly (readonly [Area, Owner])[];
  private readonly beginnings = new Map<string, Owner[]>();

  constructor(areas: readonly (readonly [Area, Owner])[]) {
    this.sorted = [...areas].sort(([a], [b]) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
    for (const [{ start, exact }, owner] of areas) {
      if (exact) continue;
      const owners = this.beginnings.get(start);
      if (owners) owners.push(owner);
      else this.beginnings.set(start, [owner]);
    }
  }

  /** Whose areas have a path in common with this one. */
  overlapping({ start, exact }: Area): Set<Owner> {
    const owners = new Set<Owner>();
    for (let index = this.firstFrom(start); index < this.sorted.length; index++) {
      const [area, owner] = this.sorted[index]!;
      if (exact ? area.start !== start : !area.start.startsWith(start)) break;
      owners.add(owner);
    }
    // Those that begin earlier and hold all of it.
    for (let end = 0; end < start.length; end++) {
      for (const owner of this.beginnings.get(start.slice(0, end)) ?? []) owners.add(owner);
    }
    return owners;
  }

  /** The index of the first area that does not start before this. */
  private firstFrom(start: string): number {
    let [from, to] = [0, this.sorted.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.sorted[middle]![0].start < start) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** Why a pattern would match nothing, or only itself, and what to write instead; undefined when it has one of the two forms. */
export function patternProblem(pattern: string): string | undefined {
  if (/^\/ords(\/|$)/.test(pattern)) {
    return "starts with /ords/: patterns are relative to the schema's base path, so it would protect nothing; leave out /ords and the base path";
  }
  if (wellFormed.test(pattern)) return undefined;
  const instead = intended(pattern).map((each) => `"${each}"`);
  return `${reasonFor(pattern)}: it never matches what it seems to, use ${instead.join(" and ")}`;
}

function reasonFor(pattern: string): string {
  if (!pattern.startsWith("/")) return "does not start with a slash";
  if (/[:{}]/.test(pattern)) return "has a parameter, which only a template can have";
  if (pattern.replace(/\/\*$/, "").includes("*")) return "has an asterisk that is not the whole last segment";
  if (pattern.includes("//")) return "has two slashes in a row";
  if (pattern.includes("%")) return "is percent-encoded, while paths are compared decoded";
  if (/\/\.\.?(\/|$)/.test(pattern)) return "has a dot segment, which no path keeps";
  if (pattern.endsWith("/")) return "ends in a slash";
  return "has a character that is not compared in a documented way";
}

/** The nearest pattern that protects at least what was meant. */
function intended(pattern: string): string[] {
  const segments: string[] = [];
  for (const segment of decoded(pattern.trim()).split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const odd = segments.findIndex((segment) => !literal.test(segment));
  const plain = (odd < 0 ? segments : segments.slice(0, odd)).map((segment) => `/${segment}`).join("");
  if (odd < 0) return pattern.endsWith("/") && plain !== "" ? [plain, `${plain}/*`] : [plain || "/*"];
  // `/x*` is written by who means `/x` and what is below.
  const [, beginning] = /^(.+?)\*+$/.exec(segments[odd]!) ?? [];
  if (odd === segments.length - 1 && beginning !== undefined && literal.test(beginning)) {
    return [`${plain}/${beginning}`, `${plain}/${beginning}/*`];
  }
  return [`${plain}/*`];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not UTF-8 in percent-encoding: cut at that segment.
    return text;
  }
}
