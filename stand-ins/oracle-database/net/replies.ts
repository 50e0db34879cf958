/** The messages that end a response, and the describe information of a query. */
import type { Column, OracleError } from "../database";
import type { Writer } from "./buffers";
import type { Terms } from "./negotiation";
import { describe, Type } from "./types";

const PARAMETER = 8;
const STATUS = 9;
const ERROR = 4;
const WARNING = 15;
const DESCRIBE_INFO = 16;
const IN_TRANSACTION = 0x2;
export const NO_DATA_FOUND = 1403;
const ARRAY_DML_ERRORS = 24381;

/** A failed row of an array DML with `batchErrors`. */
export interface BatchError {
  readonly row: number;
  readonly error: OracleError;
}

export interface Outcome {
  readonly inTransaction: boolean;
  readonly cursor?: number;
  /** Rows changed, or rows fetched so far. */
  readonly rowCount?: number;
  readonly error?: { number: number; message: string; offset?: number };
  readonly batchErrors?: BatchError[];
}

export function writeStatus(writer: Writer, inTransaction: boolean): void {
  writer.u8(STATUS).ub(inTransaction ? IN_TRANSACTION : 0, 0);
}

/** Of a call that succeeds. */
export function writeWarning(writer: Writer, { number, message }: OracleError): void {
  writer.u8(WARNING).ub(number, Buffer.byteLength(message), 0).text(message);
}

/** The ERROR message, which also ends a successful execution (number 0). */
export function writeOutcome(writer: Writer, outcome: Outcome): void {
  const { cursor = 0, rowCount = 0, batchErrors = [] } = outcome;
  const error =
    batchErrors.length > 0
      ? { number: ARRAY_DML_ERRORS, message: `ORA-${ARRAY_DML_ERRORS}: error(s) in array DML`, offset: 0 }
      : outcome.error;
  const number = error?.number ?? 0;
  writer.u8(ERROR);
  // call status, end-to-end number, row, error number, array error numbers, cursor, position in the SQL text
  writer.ub(outcome.inTransaction ? IN_TRANSACTION : 0, 0, rowCount, number & 0xffff, 0, 0, cursor);
  writer.ub(Math.min(error?.offset ?? 0, 0x7fff));
  writer.u8(0, 0, 0, 0, 0, 0);
  // row id: none
  writer.ub(0, 0).u8(0).ub(0, 0);
  // OS error, statement error, call number, padding, iterations, logical row id
  writer.ub(0).u8(0, 0).ub(0, 0, 0);
  writer.ub(batchErrors.length);
  if (batchErrors.length > 0) writer.u8(1).ub(...batchErrors.map(({ error: { number: code } }) => code));
  writer.ub(batchErrors.length);
  if (batchErrors.length > 0) writer.u8(1).ub(...batchErrors.map(({ row }) => row));
  writer.ub(batchErrors.length);
  if (batchErrors.length > 0) {
    writer.u8(1);
    for (const failure of batchErrors) {
      const message = Buffer.from(failure.error.message, "utf8");
      writer.ub(message.length).bytes(message).u8(0, 0);
    }
  }
  writer.ub(number, rowCount);
  if (error) writer.text(`${error.message}\n`);
}

/** Logon data, as key, value and flags. */
export function writeParameters(writer: Writer, parameters: [key: string, value: string, flags?: number][]): void {
  writer.u8(PARAMETER).ub(parameters.length);
  for (const [key, value, flags = 0] of parameters) writer.sizedText(key).sizedText(value).ub(flags);
}

/** How many rows each execution of an array DML changed. */
export function writeRowCounts(writer: Writer, counts: number[]): void {
  writer.u8(PARAMETER).ub(0, 0, 0, 0, counts.length, ...counts);
}

export function writeDescribeInfo(writer: Writer, columns: Column[], { wideScale }: Terms): void {
  const described = columns.map((column) => ({ column, ...describe(column) }));
  writer.u8(DESCRIBE_INFO, 0);
  writer.ub(
    described.reduce((total, { maxBytes }) => total + maxBytes, 0),
    columns.length,
  );
  if (columns.length > 0) writer.u8(0);
  described.forEach(({ column, type, form, precision, scale, maxBytes, size }, index) => {
    writer.u8(type, 0, precision);
    if (wideScale && (type === Type.NUMBER || type === Type.TIMESTAMP)) writer.sb(scale);
    else writer.u8(scale & 0xff);
    writer
      .ub(maxBytes, 0, 0, 0, 0, form === 0 ? 0 : 873)
      .u8(form)
      .ub(size);
    const name = Buffer.from(column.name, "utf8");
    writer
      .u8(column.nullable ? 1 : 0, Math.min(name.length, 255))
      .ub(name.length)
      .bytes(name);
    // schema, type name, position, flags
    writer.ub(0, 0, index + 1, 0);
  });
  writer.ub(0, 0, 0, 0, 0, 0);
}
