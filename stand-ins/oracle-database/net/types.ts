/** Types as the wire numbers them, and the conversion of values to and from the type the client asked for. */
import { type Column, OracleError, type Value } from "../database";
import { decodeUtf16, encodeUtf16, type Reader, type Writer } from "./buffers";
import { decodeDate, encodeDate } from "./dates";
import { unimplemented } from "./errors";
import type { Lobs } from "./lobs";
import { decodeBinary, decodeNumber, encodeBinary, encodeNumber, isDecimal, numberText } from "./numbers";

export const Type = {
  VARCHAR2: 1,
  NUMBER: 2,
  BINARY_INTEGER: 3,
  LONG: 8,
  DATE: 12,
  RAW: 23,
  LONG_RAW: 24,
  CHAR: 96,
  BINARY_FLOAT: 100,
  BINARY_DOUBLE: 101,
  CLOB: 112,
  BLOB: 113,
  TIMESTAMP: 180,
  TIMESTAMP_TZ: 181,
  TIMESTAMP_LTZ: 231,
  BOOLEAN: 252,
} as const;

const supported = new Set<number>(Object.values(Type));
const NATIONAL = 2;
const INDEX_BY_ARRAY = 0x40;

/** What a client binds or defines: the type of one value. */
export interface Shape {
  readonly type: number;
  /** Character set form: 1 = UTF-8, 2 = national (UTF-16), 0 = no text. */
  readonly form: number;
  readonly maxBytes: number;
  readonly isArray: boolean;
}

/** Reads the metadata of one bind or define. */
export function readShape(reader: Reader): Shape {
  const type = reader.u8();
  const flags = reader.u8();
  reader.skip(2);
  const maxBytes = reader.ub();
  reader.ub();
  reader.ub();
  if (reader.ub() > 0) reader.bytes();
  reader.ub();
  reader.ub();
  const form = reader.u8();
  reader.ub();
  return { type, form, maxBytes, isArray: (flags & INDEX_BY_ARRAY) !== 0 };
}

/** @throws OracleError when values of this shape cannot be exchanged */
export function checkShape(shape: Shape): void {
  if (shape.isArray) throw unimplemented("index-by tables as binds");
  if (!supported.has(shape.type)) {
    throw new OracleError(3115, `ORA-03115: unsupported network datatype or representation: type ${shape.type}`);
  }
}

export function describe(column: Column) {
  const text = { form: 1, precision: 0, scale: 0 };
  const other = { form: 0, precision: 0, scale: 0, size: 0 };
  switch (column.type) {
    case "VARCHAR2":
      return { ...text, type: Type.VARCHAR2, maxBytes: columnSize(column), size: columnSize(column) };
    case "CLOB":
      return { ...text, type: Type.CLOB, maxBytes: 4000, size: 0 };
    case "NUMBER":
      return { ...other, type: Type.NUMBER, maxBytes: 22, scale: -127 };
    case "DATE":
      return { ...other, type: Type.DATE, maxBytes: 7 };
    case "TIMESTAMP":
      return { ...other, type: Type.TIMESTAMP, maxBytes: 11, scale: 6 };
    case "RAW":
      return { ...other, type: Type.RAW, maxBytes: columnSize(column) };
  }
}

/** A size of 0 would make the client read no value at all. */
function columnSize({ name, size }: Column): number {
  if (!Number.isInteger(size) || size < 1 || size > 32_767) {
    throw new RangeError(`size of column ${name} is ${size}, allowed are 1 to 32767`);
  }
  return size;
}

/** Reads one bound value. The shape has passed {@link checkShape}. */
export function readValue(reader: Reader, shape: Shape, lobs: Lobs): Value {
  if (shape.type === Type.CLOB || shape.type === Type.BLOB) {
    return reader.ub() === 0 ? null : lobs.content(reader.bytes());
  }
  if (shape.type === Type.BOOLEAN) {
    const length = reader.u8();
    if (length === 0xfd) reader.skip(1);
    if (length === 0 || length === 0xfd) return null;
    return reader.raw(length).at(-1) === 1;
  }
  const bytes = reader.bytes();
  if (bytes === null) return null;
  switch (shape.type) {
    case Type.NUMBER:
    case Type.BINARY_INTEGER:
      return { number: decodeNumber(bytes) };
    case Type.BINARY_DOUBLE:
    case Type.BINARY_FLOAT: {
      const value = decodeBinary(bytes);
      // NUMBER has neither; Oracle refuses the conversion too.
      if (!Number.isFinite(value)) throw new OracleError(1426, "ORA-01426: numeric overflow");
      return { number: String(value) };
    }
    case Type.DATE:
    case Type.TIMESTAMP:
    case Type.TIMESTAMP_TZ:
    case Type.TIMESTAMP_LTZ:
      return decodeDate(bytes);
    case Type.RAW:
    case Type.LONG_RAW:
      return Buffer.from(bytes);
    default:
      return shape.form === NATIONAL ? decodeUtf16(bytes) : bytes.toString("utf8");
  }
}

/**
 * Writes one value as the client expects it, converting where PL/SQL would.
 *
 * @param temporary whether a LOB is PL/SQL's own, rather than read from a table
 */
export function writeValue(writer: Writer, shape: Shape, value: Value, lobs: Lobs, temporary = true): void {
  switch (shape.type) {
    case Type.CLOB:
    case Type.BLOB: {
      if (value === null) writer.ub(0);
      else lobs.write(writer, lobContent(shape, value), temporary);
      return;
    }
    case Type.BOOLEAN:
      if (value === null) writer.u8(0);
      else if (typeof value !== "boolean") throw wrongType();
      else if (value) writer.u8(2, 1, 1);
      else writer.u8(1, 0);
      return;
    default:
      writer.bytes(value === null ? null : fitting(shape, encode(shape, value)));
  }
}

function encode(shape: Shape, value: NonNullable<Value>): Buffer {
  switch (shape.type) {
    case Type.NUMBER:
    case Type.BINARY_INTEGER:
      return encodeNumber(decimal(value));
    case Type.BINARY_DOUBLE:
      return encodeBinary(Number(decimal(value)), 8);
    case Type.BINARY_FLOAT:
      return encodeBinary(Number(decimal(value)), 4);
    case Type.DATE:
    case Type.TIMESTAMP:
    case Type.TIMESTAMP_TZ:
    case Type.TIMESTAMP_LTZ:
      if (!(value instanceof Date)) throw wrongType();
      return encodeDate(value, shape.type === Type.DATE ? 7 : shape.type === Type.TIMESTAMP_TZ ? 13 : 11);
    case Type.RAW:
    case Type.LONG_RAW:
      if (!Buffer.isBuffer(value)) throw wrongType();
      return value;
    default:
      return shape.form === NATIONAL ? encodeUtf16(text(value)) : Buffer.from(text(value), "utf8");
  }
}

function decimal(value: NonNullable<Value>): string {
  if (typeof value === "string") {
    if (isDecimal(value.trim())) return value.trim();
    throw new OracleError(6502, "ORA-06502: PL/SQL: numeric or value error: character to number conversion error");
  }
  if (typeof value === "object" && "number" in value) return value.number;
  throw wrongType();
}

/** A date does not become text here: that depends on the session's NLS settings, which the engine knows. */
function text(value: NonNullable<Value>): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && "number" in value) return numberText(value.number);
  throw wrongType();
}

function lobContent(shape: Shape, value: NonNullable<Value>): string | Buffer {
  if (shape.type === Type.CLOB) return text(value);
  if (!Buffer.isBuffer(value)) throw wrongType();
  return value;
}

function fitting(shape: Shape, bytes: Buffer): Buffer {
  const isLong = shape.type === Type.LONG || shape.type === Type.LONG_RAW;
  const hasLength = shape.form !== 0 || shape.type === Type.RAW;
  if (hasLength && !isLong && bytes.length > shape.maxBytes) {
    const kind = shape.type === Type.RAW ? "raw variable length too long" : "character string buffer too small";
    throw new OracleError(6502, `ORA-06502: PL/SQL: numeric or value error: ${kind}`);
  }
  return bytes;
}

function wrongType(): OracleError {
  return new OracleError(6550, "ORA-06550: line 1, column 1:\nPLS-00382: expression is of wrong type");
}
