import type { Column, OracleNumber, Value } from "../database";
import { formatDate } from "./date-formats";
import { ora } from "./errors";
import { compareNumbers, parseNumber } from "./numbers";

export type DataType = Column["type"] | "BOOLEAN" | "NULL";

/** A compiled expression. What can be known before it runs is known: type, largest size, whether it may be NULL. */
export interface Typed {
  readonly type: DataType;
  /** Largest length in bytes. */
  readonly size: number;
  readonly nullable: boolean;
  evaluate(): Value;
  /** For what PL/SQL can assign to: compiles an assignment. */
  readonly target?: () => (value: Value) => void;
}

/** An index-by table of VARCHAR2, such as OWA.VC_ARR. */
export type Collection = Map<number, string | null>;

export const maxSqlString = 4000;
export const maxPlsqlString = 32767;

export function isNumber(value: Value): value is OracleNumber {
  return typeof value === "object" && value !== null && "number" in value;
}

/** Types that compare with each other without a conversion. */
export function typeFamily(type: DataType): "text" | "number" | "date" | "raw" | "boolean" | "null" {
  switch (type) {
    case "VARCHAR2":
    case "CLOB":
      return "text";
    case "NUMBER":
      return "number";
    case "DATE":
    case "TIMESTAMP":
      return "date";
    case "RAW":
      return "raw";
    case "BOOLEAN":
      return "boolean";
    case "NULL":
      return "null";
  }
}

/** Type and size of a value that comes from outside, such as a bind. */
export function typeOf(value: Value): Pick<Typed, "type" | "size"> {
  if (value === null || value === "") return { type: "NULL", size: 1 };
  if (typeof value === "string") {
    const bytes = Buffer.byteLength(value);
    return bytes > maxPlsqlString ? { type: "CLOB", size: maxSqlString } : { type: "VARCHAR2", size: bytes };
  }
  if (typeof value === "boolean") return { type: "BOOLEAN", size: 1 };
  if (value instanceof Date) return { type: "TIMESTAMP", size: 11 };
  if (Buffer.isBuffer(value)) return { type: "RAW", size: Math.max(value.length, 1) };
  return { type: "NUMBER", size: 22 };
}

/** Implicit conversion to text. NULL stays NULL. */
export function toText(value: Value): string | null {
  if (value === null || value === "") return null;
  if (typeof value === "string") return value;
  if (isNumber(value)) return value.number.replace(/^(-?)0\./, "$1.");
  if (value instanceof Date) return formatDate(value, "DD-MON-RR");
  if (Buffer.isBuffer(value)) return value.toString("hex").toUpperCase();
  throw ora(932, "inconsistent datatypes: expected CHAR got BOOLEAN");
}

/** Implicit conversion to NUMBER; PL/SQL has an error of its own for text that is no number. */
export function toNumber(value: Value, plsql: boolean): OracleNumber | null {
  if (value === null || value === "") return null;
  if (isNumber(value)) return value;
  const number = typeof value === "string" ? parseNumber(value) : undefined;
  if (number) return number;
  if (plsql) throw ora(6502, "PL/SQL: numeric or value error: character to number conversion error");
  throw ora(1722, "invalid number");
}

/** Order of two values that are not NULL: negative, zero or positive. Text compares by its bytes. */
export function compareValues(left: Value, right: Value, plsql: boolean): number {
  if (isNumber(left) || isNumber(right)) return compareNumbers(toNumber(left, plsql)!, toNumber(right, plsql)!);
  if (left instanceof Date && right instanceof Date) return left.getTime() - right.getTime();
  if (typeof left === "boolean" && typeof right === "boolean") return Number(left) - Number(right);
  if (typeof left === "string" && typeof right === "string")
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  if (Buffer.isBuffer(left) && Buffer.isBuffer(right)) return Buffer.compare(left, right);
  throw ora(932, "inconsistent datatypes: these values cannot be compared");
}

/** Text that is equal for equal rows: what DISTINCT, GROUP BY and UNION compare. NULLs are equal there. */
export function rowKey(values: Value[]): string {
  return JSON.stringify(
    values.map((value) => {
      if (value instanceof Date) return { date: value.getTime() };
      return isNumber(value) ? parseNumber(value.number) : value;
    }),
  );
}
