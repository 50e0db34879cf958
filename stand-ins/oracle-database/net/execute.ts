/** The head of an EXECUTE request. */
import type { Reader } from "./buffers";

export const Option = {
  DEFINE: 0x10,
  EXECUTE: 0x20,
  FETCH: 0x40,
  COMMIT: 0x100,
  NOT_PLSQL: 0x8000,
  DESCRIBE_ONLY: 0x20000,
  BATCH_ERRORS: 0x80000,
} as const;
const ROW_COUNTS = 0x4000;

export interface ExecuteRequest {
  readonly options: number;
  /** 0 = a new statement. */
  readonly cursorId: number;
  /** Only when the client sends the text. */
  readonly sql?: string;
  readonly kind: "query" | "plsql" | "other";
  /** How many rows to send with the reply of a query. */
  readonly prefetch: number;
  readonly iterations: number;
  /** How many binds or defines follow. */
  readonly shapes: number;
  /** The client wants the row count of each iteration. */
  readonly rowCounts: boolean;
}

export function readExecute(reader: Reader): ExecuteRequest {
  const options = reader.ub();
  const cursorId = reader.ub();
  const hasSql = reader.u8() === 1;
  reader.ub();
  reader.u8();
  reader.ub();
  reader.skip(3);
  const prefetch = reader.ub();
  reader.ub();
  reader.u8();
  const binds = reader.ub();
  reader.skip(6);
  const defines = reader.ub();
  reader.ub();
  reader.skip(3);
  reader.ub();
  reader.u8();
  reader.ub();
  reader.ub();
  reader.u8();
  reader.ub();
  reader.u8();
  const sql = hasSql ? reader.text() : undefined;
  const vector = Array.from({ length: 13 }, () => reader.ub());
  const isQuery = vector[7] === 1;
  return {
    options,
    cursorId,
    sql,
    kind: isQuery ? "query" : options & Option.NOT_PLSQL ? "other" : "plsql",
    prefetch,
    iterations: vector[1] ?? 0,
    shapes: options & Option.DEFINE ? defines : binds,
    rowCounts: ((vector[9] ?? 0) & ROW_COUNTS) !== 0,
  };
}

const quotedOrComment =
  /q'\[[\s\S]*?\]'|q'\{[\s\S]*?\}'|q'\([\s\S]*?\)'|q'<[\s\S]*?>'|q'([^\s[{(<])[\s\S]*?\1'|'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\//gi;

/** DML with `RETURNING ... INTO :bind`: those binds have no values in the request. */
export function hasReturning(sql: string): boolean {
  return /\breturn(ing)?\b[\s\S]*\binto\b/i.test(sql.replace(quotedOrComment, " "));
}
