import type { From } from "./ast";
import { ora, type Position } from "./errors";
import { compileCondition } from "./expressions";
import { compileQuery } from "./query";
import type { Relation, RelationColumn, Scope } from "./scope";
import { type Source, SourceScope } from "./source-scope";

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
  const each: JoinTree["each"] = (visit) =>
    left.each(() => {
      let matched = false;
      const goOn = right.each(() => {
        if (on && on() !== true) return true;
        matched = true;
        return visit();
      });
      if (!goOn || matched || !from.outer) return goOn;
      for (const source of right.sources) source.row = source.columns.map(() => null);
      return visit();
    });
  if (!from.outer) return { sources, each };
  // What the outer side may leave empty can be NULL, whatever the table says.
  const nullable = right.sources.map((source) => Object.assign(source, { columns: withNulls(source.columns) }));
  return { sources: [...left.sources, ...nullable], each };
}

function withNulls(columns: readonly RelationColumn[]): RelationColumn[] {
  return columns.map((column) => ({ ...column, nullable: true }));
}
