import type { Value } from "../database";
import type { TypeName } from "./ast";
import { compileError, ora, unsupported } from "./errors";
import { rounded } from "./numbers";
import { type DataType, maxPlsqlString, toNumber, toText, typeFamily } from "./values";

/** The type of a variable, or of what CAST makes. */
export interface ScalarType {
  readonly type: DataType;
  /** Largest length in bytes. */
  readonly size: number;
  /** Digits of a NUMBER, and how many of them stand behind the point. @default as many as there are */
  readonly precision?: { readonly digits: number; readonly scale: number };
  /** Of the PL/SQL integer types: 2^31 - 1. */
  readonly maximum?: number;
}

const whole = { digits: 38, scale: 0 };
const named: Readonly<Record<string, ScalarType>> = {
  NUMBER: { type: "NUMBER", size: 22 },
  INTEGER: { type: "NUMBER", size: 22, precision: whole },
  SMALLINT: { type: "NUMBER", size: 22, precision: whole },
  PLS_INTEGER: { type: "NUMBER", size: 22, precision: whole, maximum: 2 ** 31 - 1 },
  BINARY_INTEGER: { type: "NUMBER", size: 22, precision: whole, maximum: 2 ** 31 - 1 },
  BOOLEAN: { type: "BOOLEAN", size: 1 },
  CLOB: { type: "CLOB", size: 4000 },
  DATE: { type: "DATE", size: 7 },
  TIMESTAMP: { type: "TIMESTAMP", size: 11 },
};

export function namedType({ path, size, scale = 0, at }: TypeName & { kind: "named" }): ScalarType {
  const name = path.join(".");
  if (name === "VARCHAR2" || name === "VARCHAR" || name === "RAW") {
    if (size === undefined || size < 1 || size > maxPlsqlString) {
      throw compileError(at, "PLS-00215: String length constraints must be in range (1 .. 32767)");
    }
    return { type: name === "RAW" ? "RAW" : "VARCHAR2", size };
  }
  const known = Object.hasOwn(named, name) ? named[name] : undefined;
  if (!known) throw compileError(at, `PLS-00201: identifier '${name}' must be declared`);
  if (size === undefined) return known;
  if (name !== "NUMBER") throw unsupported(`${name} with a length`, at);
  if (size < 1 || size > 38)
    throw compileError(at, "PLS-00216: NUMBER precision constraint must be in range (1 .. 38)");
  if (scale < -84 || scale > 127) {
    throw compileError(at, "PLS-00217: NUMBER scale constraint must be in range (-84 .. 127)");
  }
  return { ...known, precision: { digits: size, scale } };
}

/** A value as this type holds it. */
export function convert({ type, size, precision, maximum }: ScalarType, value: Value, plsql: boolean): Value {
  if (value === null || value === "") return null;
  switch (typeFamily(type)) {
    case "text":
      return type === "CLOB" ? toText(value) : fitting(toText(value), size);
    case "number": {
      const number = toNumber(value, plsql);
      if (number === null || !precision) return number;
      const result = rounded(number, precision.digits, precision.scale);
      if (!result) throw tooLarge(plsql);
      if (maximum !== undefined && Math.abs(Number(result.number)) > maximum) throw ora(1426, "numeric overflow");
      return result;
    }
    case "boolean":
      if (typeof value === "boolean") return value;
      break;
    case "date":
      if (!(value instanceof Date)) break;
      return type === "DATE" ? new Date(Math.floor(value.getTime() / 1000) * 1000) : value;
    case "raw":
      if (Buffer.isBuffer(value) && value.length <= size) return value;
      break;
  }
  throw ora(6502, "PL/SQL: numeric or value error");
}

function tooLarge(plsql: boolean): Error {
  if (plsql) return ora(6502, "PL/SQL: numeric or value error: number precision too large");
  return ora(1438, "value larger than specified precision allowed for this column");
}

export function fitting(value: string | null, size: number): string | null {
  if (value !== null && Buffer.byteLength(value) > size) {
    throw ora(6502, "PL/SQL: numeric or value error: character string buffer too small");
  }
  return value;
}
