/** Execution of statements: binds in, rows and OUT binds out. */
import { type Column, OracleError, type Result, type Session, type Value } from "../database";
import { type Reader, Writer } from "./buffers";
import { type Cursor, Cursors } from "./cursors";
import { unimplemented } from "./errors";
import { type ExecuteRequest, hasReturning, Option } from "./execute";
import type { Lobs } from "./lobs";
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
  /** How often to execute (array DML), each time with a row of binds. */
  readonly iterations: number;
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
  ) {}

  /** Runs an EXECUTE request; `reader` stands behind its head. */
  execute(request: ExecuteRequest, reader: Reader): Buffer {
    const { options, sql, kind } = request;
    if (options & Option.DESCRIBE_ONLY) {
      throw unimplemented("describe without execute");
    }
    if (request.cursorId !== 0) {
      const cursor = this.cursors.get(request.cursorId);
      if (sql !== undefined) Object.assign(cursor, { sql, kind });
      return this.perform(cursor, request, reader);
    }
    if (sql === undefined) throw new ProtocolError("EXECUTE with neither a cursor nor a statement");
    const cursor = this.cursors.open(sql, kind);
    try {
      return this.perform(cursor, request, reader);
    } catch (error) {
      // The client is told cursor 0 and will send the statement again.
      this.cursors.close(cursor.id);
      throw error;
    }
  }

  /** Runs a statement again, with the binds as they were declared before. */
  reexecute(cursor: Cursor, execution: Execution, reader: Reader): Buffer {
    const writer = new Writer();
    this.run(writer, cursor, execution, reader, false);
    return writer.finish();
  }

  fetch(cursorId: number, count: number): Buffer {
    const cursor = this.cursors.get(cursorId);
    const writer = new Writer();
    this.writeRows(writer, cursor, count);
    return writer.finish();
  }

  private perform(cursor: Cursor, request: ExecuteRequest, reader: Reader): Buffer {
    const { options } = request;
    const writer = new Writer();
    const shapes = reader.many(request.shapes, () => readShape(reader));
    for (const shape of shapes) checkShape(shape);
    if (options & Option.DEFINE) cursor.defines = shapes;
    const fetch = options & Option.FETCH ? request.prefetch : undefined;
    if (options & Option.EXECUTE) {
      this.declareBinds(cursor, shapes);
      const execution = {
        iterations: cursor.kind === "query" ? 1 : request.iterations,
        commit: (options & Option.COMMIT) !== 0,
        batchErrors: (options & Option.BATCH_ERRORS) !== 0,
        rowCounts: request.rowCounts,
        fetch,
      };
      this.run(writer, cursor, execution, reader, request.sql !== undefined);
    } else if (fetch !== undefined) {
      this.writeRows(writer, cursor, fetch);
    } else {
      this.writeSuccess(writer, cursor, 0);
    }
    return writer.finish();
  }

  private declareBinds(cursor: Cursor, shapes: Shape[]): void {
    if (shapes.length > 0 && cursor.kind === "other" && hasReturning(cursor.sql)) {
      throw unimplemented("RETURNING INTO");
    }
    if (this.session.bindNames(cursor.sql).length !== shapes.length) {
      throw new OracleError(1008, "ORA-01008: not all variables bound");
    }
    cursor.binds = shapes;
  }

  private run(writer: Writer, cursor: Cursor, execution: Execution, reader: Reader, isDescribed: boolean): void {
    // All rows are read before the first one is used: a malformed request changes nothing.
    const { iterations } = execution;
    if (iterations > MAX_ITERATIONS) throw unimplemented(`${iterations} iterations`);
    const rows =
      cursor.binds.length > 0
        ? reader.many(iterations, () => this.readBinds(cursor, reader))
        : Array.from({ length: iterations }, (): Value[] => []);
    if (reader.remaining > 0) throw new ProtocolError(`${reader.remaining} bytes after the end of the request`);
    if (cursor.kind === "query") this.runQuery(writer, cursor, execution, rows[0] ?? [], isDescribed);
    else if (cursor.kind === "plsql") this.runBlock(writer, cursor, execution, rows);
    else this.runOther(writer, cursor, execution, rows);
  }

  private readBinds(cursor: Cursor, reader: Reader): Value[] {
    const { binds, kind } = cursor;
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
      writeDescribeInfo(writer, result.columns);
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
        const result = this.call(cursor, values, "dml", "ddl");
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
