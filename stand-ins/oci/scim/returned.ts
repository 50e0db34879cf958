import type { Attribute, Schema } from "./schema";

type Values = Record<string, unknown>;

/** Decides from `attributes` and `attributeSets` of a query which attributes an answer holds. */
export class Selection {
  private readonly named: Set<string> | undefined;
  private readonly sets: Set<string>;

  constructor(
    private readonly schema: Schema,
    query: URLSearchParams,
  ) {
    const list = (name: string) =>
      query.getAll(name).flatMap((value) => value.split(",").filter((word) => word !== ""));
    const attributes = list("attributes").map((path) => pathOf(schema.resolve(path.trim())));
    this.sets = new Set(list("attributeSets"));
    this.named = attributes.length > 0 ? new Set(attributes) : undefined;
    if (this.sets.size === 0 && !this.named) this.sets.add("default");
  }

  apply(resource: Values): Values {
    const entries = Object.entries(resource).map(([name, value]) => {
      const attribute = this.schema.attribute(name);
      return [name, attribute && this.select([attribute], value)] as const;
    });
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }

  /** The part of a value that is returned, or undefined. */
  private select(chain: Attribute[], value: unknown): unknown {
    const attribute = chain.at(-1) as Attribute;
    if (attribute.is.has("never")) return undefined;
    const isWanted = this.isWanted(chain);
    if (attribute.children.size === 0) return isWanted ? value : undefined;
    if (Array.isArray(value)) {
      const elements = value.map((element) => this.selectComplex(chain, element, isWanted));
      return isWanted || elements.some((element) => element !== undefined)
        ? elements.map((element) => element ?? {})
        : undefined;
    }
    return this.selectComplex(chain, value, isWanted);
  }

  /** A complex value comes with its wanted members; one that is not itself wanted still shows members that are. */
  private selectComplex(chain: Attribute[], value: unknown, isWanted: boolean): unknown {
    const attribute = chain.at(-1) as Attribute;
    const entries = Object.entries(value as Values).flatMap(([name, inner]) => {
      const child = attribute.children.get(name.toLowerCase());
      const selected = child ? this.select([...chain, child], inner) : isWanted ? inner : undefined;
      return selected === undefined ? [] : [[name, selected] as const];
    });
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }

  private isWanted(chain: Attribute[]): boolean {
    const attribute = chain.at(-1) as Attribute;
    const parents = chain.slice(0, -1);
    if (this.named?.has(pathOf(chain))) return true;
    // A sub-attribute that always comes does so even alone, unless its parent has to be asked for and was not.
    if (attribute.is.has("always")) {
      return parents.every((parent) => !parent.is.has("request") || this.isWanted(parents));
    }
    if (this.sets.has("all")) return true;
    if (attribute.is.has("request")) return this.sets.has("request");
    if (parents.length > 0) return this.isWanted(parents);
    return this.sets.has("default");
  }
}

function pathOf(chain: Attribute[]): string {
  return chain.map(({ name }) => name).join("\n");
}
