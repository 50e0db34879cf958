import { resourceName } from "./findings";
import type { AccessMap, Caller, Change, Lock, Resource } from "./model";

/** What a box of the picture stands for. */
export type NodeKind = "who" | "client" | "lock" | "resource";

export interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  /** In the first line what it is, in the others what there is to know. */
  readonly lines: readonly string[];
  readonly mark?: "public" | "closed" | "foreign" | "unknown";
  readonly change?: Change;
}

interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly isPublic: boolean;
  readonly change?: Change;
}

/** A map as boxes in four columns, joined by lines: who, with which client, for which scope and privilege, to what. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** So many boxes of a kind are drawn before the rest of them becomes one. */
const most = { who: 8, client: 8, lock: 8, resource: 14 };

/** How to say who somebody is, and what a grant is called. */
export interface GraphWords {
  readonly who: (who: Exclude<Caller["who"], undefined>) => string;
  readonly grant: (grant: string) => string;
}

/** The picture of a map; it stays legible however large the map is. */
export function graphOf(map: AccessMap, words: GraphWords): Graph {
  // What nobody or somebody else opens, or what changes, is seen before what is as it should be.
  const ranked = [...map.locks].sort((a, b) => Number(isPlain(a)) - Number(isPlain(b)));
  const [shown, rest] = split(ranked, most.lock);
  const drawn = new Set(shown);
  const drawing = new Drawing(map, words, Math.max(1, Math.floor(most.resource / (shown.length + 1))));
  for (const lock of map.locks) if (drawn.has(lock)) drawing.lock(lock);
  if (rest.length > 0) drawing.rest(rest);
  if (map.open.length > 0) drawing.open(map.open);
  return drawing.graph;
}

function isPlain({ reach, owner, change }: Lock): boolean {
  return reach === "callers" && owner === "this stack" && change === undefined;
}

type Mark = GraphNode["mark"];

/** A picture while it is drawn. */
export class Boxes {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #edges = new Map<string, GraphEdge>();

  get graph(): Graph {
    return { nodes: [...this.#nodes.values()], edges: [...this.#edges.values()] };
  }

  known(kind: NodeKind, key: string): GraphNode | undefined {
    return this.#nodes.get(keyOf(kind, key));
  }

  /** Draws over what has the same key. @returns its id */
  node(kind: NodeKind, key: string, lines: readonly string[], mark?: Mark, change?: Change): string {
    const id = keyOf(kind, key);
    this.#nodes.set(id, { id, kind, lines, mark, change });
    return id;
  }

  edge(from: string, to: string, isPublic = false, change?: Change): void {
    this.#edges.set(`${from}\n${to}`, { from, to, isPublic, change });
  }
}

class Drawing extends Boxes {
  /** By key, those that have a box of their own. */
  readonly #people: ReadonlySet<string>;
  readonly #clients: ReadonlyMap<string, AccessMap["clients"][number]>;
  readonly #manyPeople: number;
  readonly #manyClients: number;

  constructor(
    { clients, locks }: AccessMap,
    private readonly words: GraphWords,
    private readonly perLock: number,
  ) {
    super();
    const callers = locks.flatMap((lock) => lock.callers);
    const [people, morePeople] = split(
      [...new Set(callers.flatMap(({ who }) => (who ? [words.who(who)] : [])))],
      most.who,
    );
    const keys = new Set(callers.map(({ clientKey }) => clientKey));
    const calling = clients.filter(({ key }) => keys.has(key)).sort((a, b) => Number(a.isOurs) - Number(b.isOurs));
    const [shown, moreClients] = split(calling, most.client);
    this.#people = new Set(people);
    this.#clients = new Map(shown.map((client) => [client.key, client]));
    this.#manyPeople = morePeople.length;
    this.#manyClients = moreClients.length;
  }

  lock(lock: Lock): void {
    const { name, owner, reach, callers, resources, change } = lock;
    const about = typeof owner === "object" ? [`made by ${owner.other}`] : owner === "ORDS" ? ["made by ORDS"] : [];
    const remark = { nobody: ["nobody"], unknown: ["not known who"], callers: [] }[reach];
    const id = this.node("lock", name, [name, ...about, ...remark], markOf(lock), change);
    // With a privilege that comes or goes, its lines do.
    const whole = change === "changed" ? undefined : change;
    for (const caller of callers) this.#caller({ ...caller, change: whole ?? caller.change }, id);
    this.#resources(
      resources.map((each) => ({ ...each, change: whole ?? each.change })),
      id,
    );
  }

  /** Many privileges as one box. */
  rest(locks: readonly Lock[]): void {
    const id = this.node("lock", "\0", [`${locks.length} more privileges`]);
    for (const caller of locks.flatMap(({ callers }) => callers)) this.#caller(caller, id);
    const count = new Set(locks.flatMap(({ resources }) => resources.map(resourceName))).size;
    if (count > 0) this.edge(id, this.node("resource", "\0", [`${count} modules and patterns`]));
  }

  open(open: readonly Resource[]): void {
    const mark = open.some(isPublic) ? "public" : "unknown";
    const id = this.node("lock", "\0open", ["no privilege", "anyone, without a token"], mark);
    this.#resources(open, id);
  }

  #caller({ who, client, clientKey, grants, change }: Caller, lock: string): void {
    const id = this.#client(client, clientKey, grants);
    this.edge(id, lock, false, change);
    if (who === undefined) return;
    const text = this.words.who(who);
    const isShown = this.#people.has(text);
    this.edge(isShown ? this.node("who", text, [text]) : this.node("who", "\0", [`${this.#manyPeople} more`]), id);
  }

  /** One box a client, with the grants of all its ways. */
  #client(name: string, key: string, grants: readonly string[]): string {
    const client = this.#clients.get(key);
    if (!client && this.#manyClients > 0) return this.node("client", "\0", [`${this.#manyClients} more clients`]);
    const known = this.known("client", key)?.lines[1]?.split(", ") ?? [];
    const ways = [...new Set([...known, ...grants.map(this.words.grant)])].join(", ");
    const mark = client?.isOurs === false ? "foreign" : undefined;
    return this.node("client", key, [name, ways], mark, client?.change);
  }

  #resources(resources: readonly Resource[], from: string): void {
    const [shown, rest] = split(resources, this.perLock);
    for (const resource of shown) {
      const { kind, endpoints, isPublished, change } = resource;
      const about = isPublished ? `${endpoints.length} template${endpoints.length === 1 ? "" : "s"}` : "not published";
      const name = resourceName(resource);
      const id = keyOf("resource", name);
      // What is no longer so is a line; the box says what will be.
      if (change !== "removed" || !this.known("resource", name)) {
        const isOpen = change !== "removed" && endpoints.some(({ exposure }) => exposure === "perhaps");
        const mark = change !== "removed" && isPublic(resource) ? "public" : isOpen ? "unknown" : undefined;
        this.node("resource", name, kind === "object" ? [name] : [name, about], mark);
      }
      this.edge(from, id, isPublic(resource), change);
    }
    if (rest.length === 0) return;
    const mark = rest.some((each) => isPublic(each) && each.change !== "removed") ? "public" : undefined;
    this.edge(from, this.node("resource", `\0${from}`, [`${rest.length} more`], mark), mark === "public");
  }
}

function markOf({ reach, owner }: Lock): Mark {
  if (reach === "nobody") return "closed";
  return reach === "unknown" ? "unknown" : owner === "this stack" ? undefined : "foreign";
}

export function isPublic({ endpoints, isPublished }: Resource): boolean {
  return isPublished && endpoints.some(({ exposure }) => exposure === "public");
}

function keyOf(kind: NodeKind, key: string): string {
  return `${kind} ${key}`;
}

/** What is shown, and what becomes one box: never one that stands for a single one. */
export function split<T>(items: readonly T[], count: number): [T[], T[]] {
  return items.length <= count + 1 ? [[...items], []] : [items.slice(0, count), items.slice(count)];
}
