import type { Expression, From } from "./ast";
import { ora, type Position } from "./errors";
import { compileCondition } from "./expressions";
import { compileQuery } from "./query";
import type { Relation, RelationColumn, Scope } from "./scope";
import { type Source, SourceScope } from "./source-scope";
import { rowKey, type Typed, typeFamily } from "./values";

/** FROM: its sources from left to right, and how to visit each combination of their rows. */
export interface JoinTree {
  readonly sources: readonly Source[];
  /** Stops early when `visit` returns false. */
  each(visit: () => boolean): boolean;
}

export function compileFrom(from: From, scope: Scope): JoinTree {
  if (from.kind === "join") return join(from, scope);
  const relation = from.kind === "relation" ? lookupRelation(from.path, from.at, scope) : derived(from.query, scope);
  const qualifiers = from.alias ? [from.alias] : from.kind === "relation" ? qualifiersOf(from.path) : [];
  const source: Source = { qualifiers, columns: relation.columns, row: [], rows: () => relation.rows() };
  return {
    sources: [source],
    each: (visit) =>
      source.rows().every((row) => {
        source.row = row;
        return visit();
      }),
  };
}

function lookupRelation(path: string[], at: Position, scope: Scope): Relation {
  const common = path.length === 1 ? scope.commonTable(path[0]!) : undefined;
  const relation = common ?? scope.environment.relation(path);
  if (!relation) throw ora(942, "table or view does not exist", at.offset);
  return relation;
}

function derived(query: (From & { kind: "derived" })["query"], scope: Scope): Relation {
  const compiled = compileQuery(query, scope);
  return { columns: compiled.columns, rows: () => compiled.run() };
}

function qualifiersOf(path: string[]): string[] {
  return [path.join("."), path.at(-1)!];
}

function join(from: From & { kind: "join" }, scope: Scope): JoinTree {
  const [left, right] = [compileFrom(from.left, scope), compileFrom(from.right, scope)];
  const sources = [...left.sources, ...right.sources];
  const on = from.on && compileCondition(from.on, new SourceScope(sources, scope));
  const equal = from.on ? equalColumns(from.on, left, right, scope) : [];
  const each: JoinTree["each"] = (visit) => {
    const candidates = rowsByKey(
      right,
      equal.map((pair) => pair[1]),
    );
    return left.each(() => {
      let matched = false;
      for (const rows of candidates.get(keyOf(equal.map((pair) => pair[0]))) ?? []) {
        standOn(right, rows);
        if (on && on() !== true) continue;
        matched = true;
        if (!visit()) return false;
      }
      if (matched || !from.outer) return true;
      for (const source of right.sources) source.row = source.columns.map(() => null);
      return visit();
    });
  };
  if (!from.outer) return { sources, each };
  // What the outer side may leave empty can be NULL, whatever the table says.
  const nullable = right.sources.map((source) => Object.assign(source, { columns: withNulls(source.columns) }));
  return { sources: [...left.sources, ...nullable], each };
}

/** The pairs of columns, left and right, that ON says must be equal: rows are looked up by them. */
function equalColumns(on: Expression, left: JoinTree, right: JoinTree, scope: Scope): [Typed, Typed][] {
  if (on.kind !== "binary") return [];
  if (on.operator === "AND") {
    return [on.left, on.right].flatMap((part) => equalColumns(part, left, right, scope));
  }
  if (on.operator !== "=") return [];
  const column = (operand: Expression, { sources }: JoinTree) =>
    operand.kind === "name" ? new SourceScope(sources, scope).column(operand.path, operand.at) : undefined;
  const pairs = [
    [column(on.left, left), column(on.right, right)],
    [column(on.right, left), column(on.left, right)],
  ];
  // Between text and number a conversion decides, not the text of the key.
  return pairs.filter((pair): pair is [Typed, Typed] => {
    const families = new Set(pair.map((side) => side && typeFamily(side.type)));
    return families.size === 1 && !families.has(undefined);
  });
}

/** All rows of a join tree, by these columns of theirs. */
function rowsByKey(tree: JoinTree, columns: Typed[]): Map<string, Source["row"][][]> {
  const byKey = new Map<string, Source["row"][][]>();
  tree.each(() => {
    const key = keyOf(columns);
    const rows = tree.sources.map((source) => source.row);
    const same = byKey.get(key);
    if (same) same.push(rows);
    else byKey.set(key, [rows]);
    return true;
  });
  return byKey;
}

function keyOf(columns: Typed[]): string {
  return rowKey(columns.map((column) => column.evaluate()));
}

function standOn({ sources }: JoinTree, rows: Source["row"][]): void {
  for (const [i, source] of sources.entries()) source.row = rows[i]!;
}

function withNulls(columns: readonly RelationColumn[]): RelationColumn[] {
  return columns.map((column) => ({ ...column, nullable: true }));
}
