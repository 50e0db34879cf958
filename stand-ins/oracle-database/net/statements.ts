/** Execution of statements: binds in, rows and OUT binds out. */
import { type Column, OracleError, type Result, type Session, type Value } from "../database";
import { type Reader, Writer } from "./buffers";
import { type Cursor, Cursors } from "./cursors";
import { unimplemented } from "./errors";
import { type ExecuteRequest, hasReturning, Option } from "./execute";
import type { Lobs } from "./lobs";
import type { Terms } from "./negotiation";
import { ProtocolError } from "./packets";
import { type BatchError, NO_DATA_FOUND, writeDescribeInfo, writeOutcome, writeRowCounts } from "./replies";
import { checkShape, describe, readShape, readValue, type Shape, Type, writeValue } from "./types";

const ROW_HEADER = 6;
const ROW_DATA = 7;
const IO_VECTOR = 11;
const DIRECTION = { IN: 32, IN_OUT: 48 } as const;
const MAX_STRING = 32_767;
/** Our own bound: iterations without binds cost the client nothing. */
const MAX_ITERATIONS = 100_000;

interface Execution {
  readonly commit: boolean;
  readonly batchErrors?: boolean;
  readonly rowCounts?: boolean;
  /** Rows to send with the reply of a query. */
  readonly fetch?: number;
}

export class Statements {
  readonly cursors = new Cursors();

  constructor(
    private readonly session: Session,
    private readonly lobs: Lobs,
    private readonly terms: Terms,
  ) {}

  /** Reads the rest of an EXECUTE request, behind its head; gives what runs it. */
  parseExecute(request: ExecuteRequest, reader: Reader): () => Buffer {
    const { options, sql, cursorId } = request;
    if (options & Option.DESCRIBE_ONLY) {
      return () => {
        throw unimplemented("describe without execute");
      };
    }
    const shapes = reader.many(request.shapes, () => readShape(reader));
    const kind = (sql === undefined ? this.cursors.find(cursorId)?.kind : undefined) ?? request.kind;
    const isExecuted = (options & Option.EXECUTE) !== 0;
    const iterations = isExecuted && kind !== "query" ? request.iterations : 1;
    const text = sql ?? this.cursors.find(cursorId)?.sql ?? "";
    const rows = this.readRows({ binds: isExecuted ? shapes : [], kind, sql: text }, iterations, reader);
    return () => this.execute(request, shapes, rows);
  }

  /** Reads the rest of a request to run a statement again, with the binds as they were declared before. */
  parseReexecute(
    cursorId: number,
    { count, commit, andFetch }: { count: number; commit: boolean; andFetch: boolean },
    reader: Reader,
  ): () => Buffer {
    const known = this.cursors.find(cursorId);
    const iterations = andFetch || known?.kind === "query" ? 1 : count;
    const rows = known ? this.readRows(known, iterations, reader) : () => [];
    return () => {
      const writer = new Writer();
      const execution = { commit, fetch: andFetch ? count : undefined };
      this.run(writer, this.cursors.get(cursorId), execution, rows(), false);
      return writer.finish();
    };
  }

  private execute(request: ExecuteRequest, shapes: Shape[], rows: () => Value[][]): Buffer {
    const { sql, kind, cursorId } = request;
    if (cursorId !== 0) {
      const cursor = this.cursors.get(cursorId);
      if (sql !== undefined) Object.assign(cursor, { sql, kind });
      return this.perform(cursor, request, shapes, rows);
    }
    if (sql === undefined) throw new ProtocolError("EXECUTE with neither a cursor nor a statement");
    const cursor = this.cursors.open(sql, kind);
    try {
      return this.perform(cursor, request, shapes, rows);
    } catch (error) {
      // The client is told cursor 0 and will send the statement again.
      this.cursors.close(cursor.id);
      throw error;
    }
  }

  fetch(cursorId: number, count: number): Buffer {
    const cursor = this.cursors.get(cursorId);
    const writer = new Writer();
    this.writeRows(writer, cursor, count);
    return writer.finish();
  }

  private perform(cursor: Cursor, request: ExecuteRequest, shapes: Shape[], rows: () => Value[][]): Buffer {
    const { options } = request;
    const writer = new Writer();
    for (const shape of shapes) checkShape(shape);
    if (options & Option.DEFINE) cursor.defines = shapes;
    const fetch = options & Option.FETCH ? request.prefetch : undefined;
    if (options & Option.EXECUTE) {
      this.declareBinds(cursor, shapes);
      const execution = {
        commit: (options & Option.COMMIT) !== 0,
        batchErrors: (options & Option.BATCH_ERRORS) !== 0,
        rowCounts: request.rowCounts,
        fetch,
      };
      this.run(writer, cursor, execution, rows(), request.sql !== undefined);
    } else if (fetch !== undefined) {
      this.writeRows(writer, cursor, fetch);
    } else {
      this.writeSuccess(writer, cursor, 0);
    }
    return writer.finish();
  }

  private declareBinds(cursor: Cursor, shapes: Shape[]): void {
    if (this.session.bindNames(cursor.sql).length !== shapes.length) {
      throw new OracleError(1008, "ORA-01008: not all variables bound");
    }
    cursor.binds = shapes;
  }

  private run(writer: Writer, cursor: Cursor, execution: Execution, rows: Value[][], isDescribed: boolean): void {
    if (cursor.kind === "query") this.runQuery(writer, cursor, execution, rows[0] ?? [], isDescribed);
    else if (cursor.kind === "plsql") this.runBlock(writer, cursor, execution, rows);
    else this.runOther(writer, cursor, execution, rows);
  }

  /**
   * Reads the bind values of each iteration before anything runs: a malformed request changes nothing.
   *
   * @returns the rows; throws what is wrong with a value, which is for the reply
   */
  private readRows(
    { binds, kind, sql }: Pick<Cursor, "binds" | "kind" | "sql">,
    iterations: number,
    reader: Reader,
  ): () => Value[][] {
    try {
      if (binds.length > 0 && kind === "other" && hasReturning(sql)) throw unimplemented("RETURNING INTO");
      if (iterations > MAX_ITERATIONS) throw unimplemented(`${iterations} iterations`);
      for (const bind of binds) checkShape(bind);
      const rows =
        binds.length > 0
          ? reader.many(iterations, () => this.readRow(binds, kind, reader))
          : Array.from({ length: iterations }, (): Value[] => []);
      if (reader.remaining > 0) throw new ProtocolError(`${reader.remaining} bytes after the end of the request`);
      return () => rows;
    } catch (error) {
      if (!(error instanceof OracleError)) throw error;
      return () => {
        throw error;
      };
    }
  }

  private readRow(binds: Shape[], kind: Cursor["kind"], reader: Reader): Value[] {
    if (reader.u8() !== ROW_DATA) throw new ProtocolError("bind values expected");
    const values: Value[] = [];
    const read = (late: boolean) =>
      binds.forEach((bind, index) => {
        if (isLate(bind, kind) === late) values[index] = readValue(reader, bind, this.lobs);
      });
    read(false);
    read(true);
    return values;
  }

  private runQuery(writer: Writer, cursor: Cursor, execution: Execution, binds: Value[], isDescribed: boolean): void {
    cursor.rows = undefined;
    const result = this.call(cursor, binds, "query");
    if (!isDescribed && cursor.columns && changed(cursor.columns, result.columns)) {
      // The client parses such a statement anew.
      throw new OracleError(1007, "ORA-01007: variable not in select list");
    }
    Object.assign(cursor, { columns: result.columns, rows: result.rows, fetched: 0 });
    if (execution.commit) this.session.commit();
    if (isDescribed) {
      cursor.defines = undefined;
      writeDescribeInfo(writer, result.columns, this.terms);
    }
    // The client first says as what it wants LOBs, then it fetches.
    const awaitsDefine = !cursor.defines && result.columns.some(({ type }) => type === "CLOB");
    if (execution.fetch === undefined || awaitsDefine) this.writeSuccess(writer, cursor, 0);
    else this.writeRows(writer, cursor, execution.fetch);
  }

  private runBlock(writer: Writer, cursor: Cursor, execution: Execution, rows: Value[][]): void {
    const outputs = rows.map((row) => this.call(cursor, row, "plsql").out);
    const { binds } = cursor;
    if (binds.length > 0) {
      const assigned = binds.map((_, bind) => outputs.some((out) => out[bind] !== undefined));
      writer.u8(IO_VECTOR, 0).ub(binds.length % 256, Math.floor(binds.length / 256), 0, 0, 0, 0);
      writer.u8(...assigned.map((isOut) => (isOut ? DIRECTION.IN_OUT : DIRECTION.IN)));
      if (assigned.includes(true)) {
        outputs.forEach((out, row) => {
          writer.u8(ROW_DATA);
          binds.forEach((bind, index) => {
            if (!assigned[index]) return;
            const value = out[index];
            writeValue(writer, bind, value === undefined ? (rows[row]?.[index] ?? null) : value, this.lobs);
            writer.ub(0);
          });
        });
      }
    }
    // Not before the OUT values are known to fit.
    if (execution.commit) this.session.commit();
    this.writeSuccess(writer, cursor, 0);
  }

  private runOther(writer: Writer, cursor: Cursor, execution: Execution, rows: Value[][]): void {
    const counts: number[] = [];
    const batchErrors: BatchError[] = [];
    rows.forEach((values, row) => {
      try {
        // A block that begins with a label is none to the client, which then awaits no OUT binds.
        const result = this.call(cursor, values, "dml", "ddl", "plsql");
        counts.push(result.kind === "dml" ? result.rowCount : 0);
      } catch (error) {
        if (!execution.batchErrors || !(error instanceof OracleError)) throw error;
        counts.push(0);
        batchErrors.push({ row, error });
      }
    });
    if (execution.commit && batchErrors.length === 0) this.session.commit();
    if (execution.rowCounts) writeRowCounts(writer, counts);
    const rowCount = counts.reduce((total, count) => total + count, 0);
    this.writeSuccess(writer, cursor, rowCount, batchErrors);
  }

  /** Client and engine must agree on what the statement is, for the reply has another layout. */
  private call<K extends Result["kind"]>(cursor: Cursor, binds: Value[], ...kinds: K[]): Extract<Result, { kind: K }> {
    const result = this.session.execute(cursor.sql, binds);
    if (!(kinds as string[]).includes(result.kind)) {
      throw new OracleError(900, `ORA-00900: invalid SQL statement: ${result.kind} where the client expects ${kinds}`);
    }
    return result as Extract<Result, { kind: K }>;
  }

  private writeRows(writer: Writer, cursor: Cursor, count: number): void {
    const { columns, rows } = cursor;
    if (!columns || !rows) throw new OracleError(1002, "ORA-01002: fetch out of sequence");
    const shapes = columns.map((column, index) => {
      const { type, form, maxBytes } = describe(column);
      return cursor.defines?.[index] ?? { type, form, maxBytes, isArray: false };
    });
    const batch = rows.slice(cursor.fetched, cursor.fetched + count);
    if (batch.length > 0) writer.u8(ROW_HEADER, 0).ub(0, 0, 0, 0, 0, 0);
    for (const row of batch) {
      writer.u8(ROW_DATA);
      shapes.forEach((shape, index) => {
        writeValue(writer, shape, row[index] ?? null, this.lobs, false);
        const isLong = shape.type === Type.LONG || shape.type === Type.LONG_RAW || shape.maxBytes > MAX_STRING;
        if (isLong) writer.ub(0, 0);
      });
    }
    cursor.fetched += batch.length;
    const isEnd = cursor.fetched === rows.length;
    if (isEnd) cursor.rows = undefined;
    writeOutcome(writer, {
      inTransaction: this.session.inTransaction,
      cursor: cursor.id,
      rowCount: cursor.fetched,
      error: isEnd ? { number: NO_DATA_FOUND, message: "ORA-01403: no data found" } : undefined,
    });
  }

  private writeSuccess(writer: Writer, cursor: Cursor, rowCount: number, batchErrors?: BatchError[]): void {
    writeOutcome(writer, { inTransaction: this.session.inTransaction, cursor: cursor.id, rowCount, batchErrors });
  }
}

/** Long values of SQL statements (not of PL/SQL) come after all the others of their row. */
function isLate({ form, maxBytes }: Shape, kind: Cursor["kind"]): boolean {
  // National text is declared with four times the size that the client compares.
  return kind !== "plsql" && maxBytes > MAX_STRING * (form === 2 ? 4 : 1);
}

function changed(before: Column[], now: Column[]): boolean {
  return (
    before.length !== now.length ||
    before.some(({ name, type }, index) => name !== now[index]?.name || type !== now[index]?.type)
  );
}
