import type { Value } from "../database";
import { formatDate, parseDate } from "./date-formats";
import { ora, unsupported } from "./errors";
import { integer, truncate } from "./numbers";
import type { SessionContext } from "./session-context";
import { type DataType, isNumber, maxPlsqlString, maxSqlString, type Typed, toNumber, toText } from "./values";

/** A function of SQL and PL/SQL. */
export interface BuiltIn {
  readonly minArguments: number;
  readonly maxArguments: number;
  result(given: readonly Typed[]): { type: DataType; size: number; nullable?: boolean };
  apply(given: Value[], call: { session: SessionContext; plsql: boolean }): Value;
}

const sameSize = ([first]: readonly Typed[]) => ({
  type: first!.type === "CLOB" ? ("CLOB" as const) : ("VARCHAR2" as const),
  size: first!.type === "VARCHAR2" ? first!.size : maxSqlString,
});
const text = (size: number) => () => ({ type: "VARCHAR2" as const, size });
const number = () => ({ type: "NUMBER" as const, size: 22 });

function builtIn(
  [minArguments, maxArguments]: [number, number],
  result: BuiltIn["result"],
  apply: BuiltIn["apply"],
): BuiltIn {
  return { minArguments, maxArguments, result, apply };
}

/** NULL in, NULL out. */
function onText(change: (value: string) => string): BuiltIn["apply"] {
  return ([value]) => {
    const given = toText(value!);
    return given === null ? null : change(given) || null;
  };
}

const count = (value: Value | undefined, fallback: number): number | null => {
  if (value === undefined) return fallback;
  const given = toNumber(value, false);
  return given === null ? null : truncate(given);
};

export const builtIns: ReadonlyMap<string, BuiltIn> = new Map(
  Object.entries({
    UPPER: builtIn(
      [1, 1],
      sameSize,
      onText((value) => value.toUpperCase()),
    ),
    LOWER: builtIn(
      [1, 1],
      sameSize,
      onText((value) => value.toLowerCase()),
    ),
    TRIM: builtIn(
      [1, 1],
      sameSize,
      onText((value) => value.replace(/^ +| +$/g, "")),
    ),
    LTRIM: builtIn([1, 2], sameSize, ([value, set]) =>
      trimmed(value!, set, (characters, isTrimmed) =>
        characters.slice(characters.findIndex((each) => !isTrimmed(each))),
      ),
    ),
    RTRIM: builtIn([1, 2], sameSize, ([value, set]) =>
      trimmed(value!, set, (characters, isTrimmed) =>
        characters.slice(0, characters.findLastIndex((each) => !isTrimmed(each)) + 1),
      ),
    ),
    UNISTR: builtIn([1, 1], text(maxSqlString), onText(unistr)),
    REPLACE: builtIn([2, 3], text(maxSqlString), ([value, search, replacement]) => {
      const [given, wanted] = [toText(value!), toText(search!)];
      if (given === null || wanted === null) return given;
      return given.replaceAll(wanted, () => toText(replacement ?? null) ?? "") || null;
    }),
    SUBSTR: builtIn([2, 3], sameSize, ([value, from, length]) => {
      const characters = [...(toText(value!) ?? "")];
      const [start, wanted] = [count(from, 1), count(length, characters.length)];
      if (start === null || wanted === null || wanted < 1) return null;
      const index = start < 0 ? characters.length + start : Math.max(start - 1, 0);
      return index < 0 ? null : characters.slice(index, index + wanted).join("") || null;
    }),
    INSTR: builtIn([2, 3], number, ([value, search, from]) => {
      const [given, wanted, start] = [toText(value!), toText(search!), count(from, 1)];
      if (given === null || wanted === null || start === null) return null;
      if (start < 1) throw unsupported("INSTR from the end");
      const found = given.indexOf(wanted, [...given].slice(0, start - 1).join("").length);
      return integer(found < 0 ? 0 : [...given.slice(0, found)].length + 1);
    }),
    LENGTH: builtIn([1, 1], number, ([value]) => {
      const given = toText(value!);
      return given === null ? null : integer([...given].length);
    }),
    CHR: builtIn([1, 1], text(4), ([value], { plsql }) => {
      const code = toNumber(value!, plsql);
      if (code === null) return null;
      const point = truncate(code);
      if (point < 0 || point > 127) throw unsupported("CHR above 127; use UNISTR");
      return String.fromCodePoint(point);
    }),
    NVL: builtIn(
      [2, 2],
      ([first, second]) => ({
        type: first!.type === "NULL" ? second!.type : first!.type,
        size: Math.max(first!.size, second!.size),
        nullable: first!.nullable && second!.nullable,
      }),
      ([value, otherwise]) => (value === null ? otherwise! : value!),
    ),
    TO_CHAR: builtIn([1, 2], ([first]) => ({ type: "VARCHAR2", size: Math.max(first!.size, 40) }), toChar),
    TO_CLOB: builtIn(
      [1, 1],
      () => ({ type: "CLOB", size: maxSqlString }),
      ([value]) => toText(value!),
    ),
    TO_NUMBER: builtIn([1, 1], number, ([value], { plsql }) => toNumber(value!, plsql)),
    TO_DATE: builtIn(
      [1, 2],
      () => ({ type: "DATE", size: 7 }),
      (given) => toDate(given, "TO_DATE", 1000),
    ),
    TO_TIMESTAMP: builtIn(
      [1, 2],
      () => ({ type: "TIMESTAMP", size: 11 }),
      (given) => toDate(given, "TO_TIMESTAMP", 1),
    ),
    HEXTORAW: builtIn(
      [1, 1],
      ([first]) => ({ type: "RAW", size: Math.max(Math.ceil(first!.size / 2), 1) }),
      ([value]) => {
        const hex = toText(value!);
        if (hex === null) return null;
        if (!/^[0-9a-f]*$/i.test(hex)) throw ora(1465, "invalid hex number");
        return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
      },
    ),
    RAWTOHEX: builtIn(
      [1, 1],
      ([first]) => ({ type: "VARCHAR2", size: Math.min(first!.size * 2, maxPlsqlString) }),
      ([value]) => {
        if (value === null || value === undefined) return null;
        if (Buffer.isBuffer(value)) return value.toString("hex").toUpperCase();
        return Buffer.from(toText(value) ?? "")
          .toString("hex")
          .toUpperCase();
      },
    ),
    SYS_CONTEXT: builtIn(
      [2, 3],
      (given) => ({ type: "VARCHAR2", size: given.length > 2 ? maxSqlString : 256 }),
      sysContext,
    ),
    USER: builtIn([0, 0], text(128), (_, { session }) => session.user),
    SYSDATE: builtIn(
      [0, 0],
      () => ({ type: "DATE", size: 7, nullable: false }),
      () => {
        return new Date(Math.floor(Date.now() / 1000) * 1000);
      },
    ),
    // TIMESTAMP WITH TIME ZONE in Oracle; the database time zone is UTC here.
    SYSTIMESTAMP: builtIn(
      [0, 0],
      () => ({ type: "TIMESTAMP", size: 11, nullable: false }),
      () => new Date(),
    ),
  } satisfies Record<string, BuiltIn>),
);

/** Without characters of a set at one end; of a value that is all of them nothing is left. */
function trimmed(
  value: Value,
  set: Value | undefined,
  cut: (characters: string[], isTrimmed: (character: string) => boolean) => string[],
): Value {
  const [given, characters] = [toText(value), set === undefined ? " " : toText(set)];
  if (given === null || characters === null) return null;
  const isTrimmed = (character: string) => [...characters].includes(character);
  return [...given].every(isTrimmed) ? null : cut([...given], isTrimmed).join("");
}

function toChar([value, format]: Value[]): Value {
  if (value === null || value === undefined) return null;
  if (format === undefined) return toText(value);
  if (isNumber(value)) throw unsupported("TO_CHAR of a number with a format");
  const given = toText(format);
  if (!(value instanceof Date)) throw ora(1722, "invalid number");
  return given === null ? null : formatDate(value, given);
}

/** Without a format the session's NLS settings would decide. */
function toDate([value, format]: Value[], name: string, precision: number): Value {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) throw unsupported(`${name} of a date`);
  if (format === undefined) throw unsupported(`${name} without a format`);
  const [text, mask] = [toText(value), toText(format)];
  if (text === null || mask === null) return null;
  const time = parseDate(text, mask).getTime();
  return new Date(Math.floor(time / precision) * precision);
}

function unistr(value: string): string {
  return value.replace(/\\(\\|[0-9a-fA-F]{4}|)/g, (_, code: string) => {
    if (code === "\\") return "\\";
    if (code === "") throw ora(30186, "'\\' must be followed by four hexadecimal characters or another '\\'");
    return String.fromCharCode(Number.parseInt(code, 16));
  });
}

/** Cut to 256 bytes, or as many as asked for: a wrong number counts as not given. */
function sysContext([namespace, parameter, size]: Value[], { session }: { session: SessionContext }): Value {
  const wanted = count(size, 256) ?? 256;
  const value = contextValue(toText(namespace!)?.toUpperCase(), toText(parameter!)?.toUpperCase(), session);
  return value && firstBytes(value, wanted >= 1 && wanted <= 4000 ? wanted : 256);
}

function firstBytes(value: string, limit: number): string {
  let bytes = 0;
  const end = [...value].findIndex((character) => {
    bytes += Buffer.byteLength(character);
    return bytes > limit;
  });
  return end < 0 ? value : [...value].slice(0, end).join("");
}

function contextValue(namespace: string | undefined, name = "", session: SessionContext): string | null {
  if (namespace === "CLIENTCONTEXT") return session.clientContext.get(name) ?? null;
  if (namespace !== "USERENV") return null;
  switch (name) {
    case "SESSION_USER":
    case "CURRENT_USER":
      return session.user;
    case "CURRENT_SCHEMA":
      return session.currentSchema;
    case "PROXY_USER":
      return session.proxyUser ?? null;
    case "CON_NAME":
    case "DB_NAME":
      return session.database.serviceName.toUpperCase();
    case "SERVICE_NAME":
      return session.database.serviceName;
    default:
      throw ora(2003, "invalid USERENV parameter");
  }
}
