import type { Value } from "../database";
import { ora, type Position } from "./errors";
import type { Environment, RelationColumn, Scope } from "./scope";
import type { Typed } from "./values";

/** One table, view or subquery in FROM. While a query runs, `row` is the row it stands on. */
export interface Source {
  /** What qualifies its columns: the alias, or the name with or without its schema. */
  readonly qualifiers: readonly string[];
  readonly columns: readonly RelationColumn[];
  row: readonly Value[];
  rows: () => Value[][];
}

/** Columns of these sources first, then what surrounds the query. */
export class SourceScope implements Scope {
  readonly plsql = false;

  constructor(
    readonly sources: readonly Source[],
    protected readonly outer: Scope,
  ) {}

  get environment(): Environment {
    return this.outer.environment;
  }

  lookup(path: string[], at: Position): Typed | undefined {
    return this.column(path, at) ?? this.outer.lookup(path, at);
  }

  /** A column of this query itself. */
  column(path: string[], at: Position): Typed | undefined {
    const name = path.at(-1)!;
    const qualifier = path.slice(0, -1).join(".");
    const found: { source: Source; i: number }[] = [];
    for (const source of this.sources) {
      if (qualifier && !source.qualifiers.includes(qualifier)) continue;
      for (const [i, column] of source.columns.entries()) if (column.name === name) found.push({ source, i });
    }
    if (found.length > 1) throw ora(918, "column ambiguously defined", at.offset);
    const [match] = found;
    if (!match) return undefined;
    const { source, i } = match;
    return { ...source.columns[i]!, evaluate: () => source.row[i]! };
  }

  collection(path: string[]) {
    return this.outer.collection(path);
  }

  commonTable(name: string) {
    return this.outer.commonTable(name);
  }

  aggregate(call: Parameters<Scope["aggregate"]>[0]): Typed {
    throw ora(934, "group function is not allowed here", call.at.offset);
  }
}
