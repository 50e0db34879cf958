import { type AccessOfAll, clientIdentity } from "./all";
import { counted, resourceName } from "./findings";
import { Boxes, type Graph, type GraphWords, isPublic, split } from "./graph";
import { type AccessMap, type Caller, type Change, type Changeable, type Client, findingKinds } from "./model";

/** So many boxes of a kind are drawn before the rest of them becomes one. */
const most = { who: 8, client: 10, stack: 14 };

/**
 * The picture of several maps: who, with which client, to the API of which stack, and the schema behind it. It stays legible however many
 * there are.
 */
export function graphOfAll({ maps }: AccessOfAll, words: GraphWords): Graph {
  // What stands out is seen before what is as it should be.
  const [shown, rest] = split(
    [...maps].sort((a, b) => worst(a) - worst(b)),
    most.stack,
  );
  const drawing = new Drawing(maps, words);
  const drawn = new Set(shown);
  for (const map of maps) if (drawn.has(map)) drawing.stack(map);
  if (rest.length > 0) drawing.rest(rest);
  return drawing.graph;
}

function worst({ findings }: AccessMap): number {
  const kinds = new Set(findings.filter(({ change }) => change !== "removed").map(({ kind }) => kind));
  const rank = findingKinds.findIndex((kind) => kinds.has(kind));
  return rank < 0 ? findingKinds.length : rank;
}

class Drawing extends Boxes {
  readonly #severalDomains: boolean;
  /** By what tells them apart, those that have a box of their own. */
  readonly #people: ReadonlySet<string>;
  readonly #clients: ReadonlySet<string>;
  readonly #ours: ReadonlySet<string>;
  readonly #manyPeople: number;
  readonly #manyClients: number;

  constructor(
    maps: readonly AccessMap[],
    private readonly words: GraphWords,
  ) {
    super();
    this.#severalDomains = new Set(maps.map(domainOf)).size > 1;
    const callers = maps.flatMap((map) => callersOf(map).map((caller) => ({ map, caller })));
    const [people, morePeople] = split(
      unique(callers.flatMap(({ map, caller: { who } }) => (who ? [this.#person(map, who).join("\n")] : []))),
      most.who,
    );
    this.#ours = new Set(
      maps.flatMap((map) => map.clients.filter(({ isOurs }) => isOurs).map((client) => identityOf(map, client))),
    );
    // Whoever reaches most of them comes first, and of these, whom none of the stacks made.
    const reached = new Map<string, Set<string>>();
    for (const { map, caller } of callers) {
      const id = identityOf(map, clientOf(map, caller));
      reached.set(id, (reached.get(id) ?? new Set()).add(map.stack));
    }
    const ranked = [...reached.keys()].sort(
      (a, b) => reached.get(b)!.size - reached.get(a)!.size || Number(this.#ours.has(a)) - Number(this.#ours.has(b)),
    );
    const [clients, moreClients] = split(ranked, most.client);
    this.#people = new Set(people);
    this.#clients = new Set(clients);
    this.#manyPeople = morePeople.length;
    this.#manyClients = moreClients.length;
  }

  stack(map: AccessMap): void {
    const { stack, audience, schema, basePath, locks } = map;
    const closing = staying(locks).filter(({ resources }) => resources.length > 0);
    const mark = closing.some(({ reach }) => reach === "unknown")
      ? "unknown"
      : closing.length > 0 && closing.every(({ reach }) => reach === "nobody")
        ? "closed"
        : undefined;
    const about = audience ?? "not deployed";
    const lines = [stack, about, counted(locks.length, "privilege")];
    const id = this.node("lock", stack, lines, mark, changeOf(locks));
    this.#callers(map, id);
    const names = new Set(closing.flatMap(({ resources }) => resources.map(resourceName)));
    const where = basePath === null ? "not REST-enabled" : `/ords/${basePath}/`;
    const schemaId = this.#schema(map, [`schema ${schema}`, where, `${names.size} protected`]);
    if (names.size > 0) this.edge(id, schemaId);
    const open = staying(map.open);
    if (open.length > 0) this.edge(this.#anyone(open.some(isPublic)), schemaId, open.some(isPublic));
  }

  /** Many stacks as one box. */
  rest(maps: readonly AccessMap[]): void {
    const id = this.node("lock", "\0", [`${maps.length} more stacks`]);
    for (const map of maps) this.#callers(map, id);
    this.edge(id, this.node("resource", "\0", [`${maps.length} more schemas`]));
  }

  #schema({ stack, open }: AccessMap, lines: readonly string[]): string {
    const left = staying(open);
    return this.node(
      "resource",
      stack,
      lines,
      left.some(isPublic) ? "public" : left.length > 0 ? "unknown" : undefined,
    );
  }

  #anyone(isPublic: boolean): string {
    const mark = isPublic || this.known("lock", "\0open")?.mark === "public" ? "public" : "unknown";
    return this.node("lock", "\0open", ["no privilege", "anyone, without a token"], mark);
  }

  #callers(map: AccessMap, to: string): void {
    for (const caller of callersOf(map)) {
      const from = this.#client(map, caller);
      this.edge(from, to, false, caller.change);
      if (caller.who === undefined) continue;
      const lines = this.#person(map, caller.who);
      const key = lines.join("\n");
      const isShown = this.#people.has(key);
      this.edge(isShown ? this.node("who", key, lines) : this.node("who", "\0", [`${this.#manyPeople} more`]), from);
    }
  }

  #client(map: AccessMap, caller: Caller): string {
    const client = clientOf(map, caller);
    const key = identityOf(map, client);
    if (!this.#clients.has(key)) return this.node("client", "\0", [`${this.#manyClients} more clients`]);
    const known = this.known("client", key)?.lines[1]?.split(", ") ?? [];
    const ways = unique([...known, ...caller.grants.map(this.words.grant)]).join(", ");
    const mark = this.#ours.has(key) ? undefined : "foreign";
    return this.node("client", key, [caller.client, ways, ...this.#domain(map)], mark, client?.change);
  }

  #person(map: AccessMap, who: Exclude<Caller["who"], undefined>): string[] {
    return [this.words.who(who), ...this.#domain(map)];
  }

  /** Users and clients of two domains may have one name. */
  #domain(map: AccessMap): string[] {
    return this.#severalDomains ? [`in ${domainOf(map)}`] : [];
  }
}

function domainOf({ domainUrl, stack }: AccessMap): string {
  return domainUrl === null ? `the domain of ${stack}` : new URL(domainUrl).host;
}

function callersOf({ locks }: AccessMap): Caller[] {
  return staying(locks).flatMap(({ callers, change }) =>
    staying(callers).map((caller) => ({ ...caller, change: change === "added" ? change : caller.change })),
  );
}

function staying<T extends Changeable>(items: readonly T[]): T[] {
  return items.filter(({ change }) => change !== "removed");
}

/** What becomes of all of them together. */
function changeOf(locks: AccessMap["locks"]): Change | undefined {
  const changes = new Set(locks.map(({ change }) => change));
  const [only] = changes;
  if (changes.size === 1) return only;
  return changes.size > 1 ? "changed" : undefined;
}

function clientOf({ clients }: AccessMap, { clientKey }: Caller): Client | undefined {
  return clients.find(({ key }) => key === clientKey);
}

function identityOf(map: AccessMap, client: Client | undefined): string {
  return (client && clientIdentity(map, client)) ?? `${map.stack} ${client?.key}`;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
