/** The open cursors of one session. */
import { type Column, OracleError, type Value } from "../database";
import type { Shape } from "./types";

export const MAX_OPEN_CURSORS = 300;

export interface Cursor {
  readonly id: number;
  sql: string;
  kind: "query" | "plsql" | "other";
  binds: Shape[];
  /** The types a client wants for the columns of a query with LOBs. */
  defines?: Shape[];
  columns?: Column[];
  /** All rows; none when nothing was executed or all of them are fetched. */
  rows?: Value[][];
  /** Rows fetched so far. */
  fetched: number;
}

export class Cursors {
  private readonly cursors = new Map<number, Cursor>();
  /** Ids have two bytes on the wire, so freed ones are used again. */
  private readonly freeIds: number[] = [];

  open(sql: string, kind: Cursor["kind"]): Cursor {
    if (this.cursors.size >= MAX_OPEN_CURSORS) throw new OracleError(1000, "ORA-01000: maximum open cursors exceeded");
    const cursor: Cursor = { id: this.freeIds.pop() ?? this.cursors.size + 1, sql, kind, binds: [], fetched: 0 };
    this.cursors.set(cursor.id, cursor);
    return cursor;
  }

  find(id: number): Cursor | undefined {
    return this.cursors.get(id);
  }

  get(id: number): Cursor {
    const cursor = this.find(id);
    if (!cursor) throw new OracleError(1001, "ORA-01001: invalid cursor");
    return cursor;
  }

  close(id: number): void {
    if (this.cursors.delete(this.get(id).id)) this.freeIds.push(id);
  }
}
