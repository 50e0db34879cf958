import type { OracleNumber, Value } from "../database";
import type { TableDefinition } from "./tables";
import { isNumber } from "./values";

/** A row by column name. Rows are never changed, only replaced. */
export type Row = Readonly<Record<string, Value>>;

/** Rows of one table by id, with an index on each column of its unique keys. */
export class Rows {
  private readonly byId = new Map<string, Row>();
  private readonly indexes: ReadonlyMap<string, Map<string, Set<Row>>>;

  constructor({ unique }: TableDefinition) {
    this.indexes = new Map(unique.flatMap(({ columns }) => columns.map((column) => [column, new Map()] as const)));
  }

  get(id: string): Row | undefined {
    return this.byId.get(id);
  }

  /** Adds a row, or replaces the one with its id. */
  set(row: Row): void {
    this.unindex(idOf(row));
    this.byId.set(idOf(row), row);
    for (const [column, index] of this.indexes) {
      const key = keyOf(row[column]!);
      const rows = index.get(key);
      if (rows) rows.add(row);
      else index.set(key, new Set([row]));
    }
  }

  delete(id: string): void {
    this.unindex(id);
    this.byId.delete(id);
  }

  /** Rows that have these values, looked for where an index leaves the fewest. */
  matching(match: Row): Row[] {
    const columns = Object.keys(match);
    const keys = columns.map((column) => keyOf(match[column]!));
    let fewest: Set<Row> | undefined;
    for (const [i, column] of columns.entries()) {
      const index = this.indexes.get(column);
      if (!index) continue;
      const rows = index.get(keys[i]!);
      if (!rows) return [];
      if (!fewest || rows.size < fewest.size) fewest = rows;
    }
    const candidates = [...(fewest ?? this.byId.values())];
    return candidates.filter((row) => columns.every((column, i) => keyOf(row[column]!) === keys[i]));
  }

  private unindex(id: string): void {
    const row = this.byId.get(id);
    if (!row) return;
    for (const [column, index] of this.indexes) {
      const key = keyOf(row[column]!);
      const rows = index.get(key)!;
      rows.delete(row);
      if (rows.size === 0) index.delete(key);
    }
  }
}

/** What rows of one table have become: their new versions by id, and which are gone. */
export class Changes {
  private readonly rows: Rows;
  private readonly versions = new Map<string, Row | undefined>();

  constructor(definition: TableDefinition) {
    this.rows = new Rows(definition);
  }

  has(id: string): boolean {
    return this.versions.has(id);
  }

  /** `undefined` = the row is gone. */
  set(id: string, row: Row | undefined): void {
    this.versions.set(id, row);
    if (row) this.rows.set(row);
    else this.rows.delete(id);
  }

  /** As if the row had not been touched. */
  forget(id: string): void {
    this.versions.delete(id);
    this.rows.delete(id);
  }

  get(id: string): Row | undefined {
    return this.versions.get(id);
  }

  matching(match: Row): Row[] {
    return this.rows.matching(match);
  }

  [Symbol.iterator]() {
    return this.versions.entries();
  }
}

export function idOf(row: Row): string {
  return (row.ID as OracleNumber).number;
}

/** Text that is equal for equal values, and for no others. */
export function keyOf(value: Value): string {
  if (typeof value === "string") return `"${value}`;
  return isNumber(value) ? value.number : JSON.stringify(value);
}
