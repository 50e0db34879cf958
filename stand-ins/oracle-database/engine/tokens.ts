import { ora, type Position } from "./errors";

type TokenKind = "word" | "quoted" | "number" | "string" | "bind" | "symbol" | "end";

export interface Token extends Position {
  readonly kind: TokenKind;
  /** Words in upper case; the content of quoted identifiers and strings; the name of a bind. */
  readonly text: string;
  /** As written. */
  readonly source: string;
}

const closing: Record<string, string> = { "[": "]", "{": "}", "(": ")", "<": ">" };
const symbols = [":=", "=>", "||", "<=", ">=", "<>", "!=", "^=", "..", "<<", ">>", "**"];
const single = "(),.;:+-*/=<>%";
/** Identifiers start with a letter; the database character set is UTF-8, so any letter will do. */
const word = /[\p{L}][\p{L}\p{N}_$#]*/uy;
const numeral = /(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const bindName = /:\s*(?:"([^"]+)"|([\p{L}][\p{L}\p{N}_$#]*|\d+))/uy;
const blank = /(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)+/y;

/** Splits a statement; comments and white space are left out and an "end" token closes the list. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let line = 1;
  let lineStart = 0;

  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = offset;
    return pattern.exec(sql);
  };
  const push = (kind: TokenKind, text: string, length: number) => {
    const source = sql.slice(offset, offset + length);
    tokens.push({ kind, text, source, offset, line, column: offset - lineStart + 1 });
    advance(source);
  };
  const advance = (source: string) => {
    for (let i = source.indexOf("\n"); i >= 0; i = source.indexOf("\n", i + 1)) {
      line += 1;
      lineStart = offset + i + 1;
    }
    offset += source.length;
  };

  while (offset < sql.length) {
    const space = take(blank);
    if (space) {
      advance(space[0]);
      continue;
    }
    const string = readString(sql, offset);
    if (string) {
      push("string", string.text, string.length);
      continue;
    }
    const name = take(word);
    if (name) {
      checkLength(name[0], offset);
      push("word", name[0].toUpperCase(), name[0].length);
      continue;
    }
    if (sql[offset] === '"') {
      const end = sql.indexOf('"', offset + 1);
      if (end < 0) throw ora(1740, "missing double quote in identifier", offset);
      if (end === offset + 1) throw ora(1741, "illegal zero-length identifier", offset);
      checkLength(sql.slice(offset + 1, end), offset);
      push("quoted", sql.slice(offset + 1, end), end + 1 - offset);
      continue;
    }
    const number = take(numeral);
    if (number) {
      push("number", number[0], number[0].length);
      continue;
    }
    // A colon right after a string literal separates the two halves of a JSON pair.
    const bind = tokens.at(-1)?.kind === "string" ? null : take(bindName);
    if (bind) {
      push("bind", bind[1] ?? bind[2]!.toUpperCase(), bind[0].length);
      continue;
    }
    const symbol = symbols.find((text) => sql.startsWith(text, offset)) ?? sql[offset]!;
    if (symbol.length === 1 && !single.includes(symbol)) throw ora(911, "invalid character", offset);
    push("symbol", symbol === "!=" || symbol === "^=" ? "<>" : symbol, symbol.length);
  }
  push("end", "", 0);
  return tokens;
}

/** True when the driver treats the statement as PL/SQL: one bind per distinct name. */
export function isPlsql(tokens: Token[]): boolean {
  const first = tokens[0]!;
  return first.text === "<<" || (first.kind === "word" && ["BEGIN", "DECLARE", "CALL"].includes(first.text));
}

/** Bind names by position: one per distinct name in PL/SQL, one per occurrence in SQL. */
export function bindNames(tokens: Token[]): string[] {
  const names = tokens.filter((token) => token.kind === "bind").map((token) => token.text);
  return isPlsql(tokens) ? [...new Set(names)] : names;
}

function checkLength(identifier: string, offset: number): void {
  if (Buffer.byteLength(identifier) > 128) throw ora(972, "identifier is too long", offset);
}

/** `'…'` with doubled quotes, `q'[…]'`, and both with the national prefix `n`. */
function readString(sql: string, start: number): { text: string; length: number } | undefined {
  const prefix = /(?:[nN]?[qQ]|[nN])?'/y;
  prefix.lastIndex = start;
  const match = prefix.exec(sql);
  if (!match) return undefined;
  const from = start + match[0].length;
  if (/q/i.test(match[0])) {
    const open = sql[from] ?? "";
    const end = open.trim() === "" ? -1 : sql.indexOf(`${closing[open] ?? open}'`, from + 1);
    if (end < 0) throw ora(1756, "quoted string not properly terminated", start);
    return { text: sql.slice(from + 1, end), length: end + 2 - start };
  }
  for (let i = from; i < sql.length; i++) {
    if (sql[i] !== "'") continue;
    if (sql[i + 1] === "'") i += 1;
    else return { text: sql.slice(from, i).replaceAll("''", "'"), length: i + 1 - start };
  }
  throw ora(1756, "quoted string not properly terminated", start);
}
