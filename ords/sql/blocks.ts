import type { Call } from "./calls";
import { callLines, indented } from "./plsql";

/** One anonymous block with scalar binds and no COMMIT. */
export interface Block {
  readonly plsql: string;
  readonly binds: Readonly<Record<string, string | number | null>>;
  readonly calls: readonly Call[];
  /** The line on which each call begins, from 1: errors name lines. */
  readonly lines: readonly number[];
}

/**
 * How much goes into one block, values without its text; one call is never split. Larger ones save round trips; but blocks of calls
 * that are alike have the same text, which a database compiles once, and the smaller ones sooner.
 */
const maxBinds = 1_000;
const maxBytes = 32_000;

/** Packs calls into as few blocks as the bounds allow, in order. */
export function blocksOf(calls: readonly Call[]): Block[] {
  const groups: Call[][] = [];
  let size = { binds: 0, bytes: 0 };
  for (const call of calls) {
    const next = sizeOf(call);
    const group = groups.at(-1);
    if (group && size.binds + next.binds <= maxBinds && size.bytes + next.bytes <= maxBytes) {
      group.push(call);
      size = { binds: size.binds + next.binds, bytes: size.bytes + next.bytes };
    } else {
      groups.push([call]);
      size = next;
    }
  }
  return groups.map(blockOf);
}

/** The call in which a block failed, by the line that the error stack names; undefined when it names none. */
export function failedCall({ calls, lines }: Block, message: string): Call | undefined {
  const [, line] = /ORA-06512: at line (\d+)/.exec(message) ?? /ORA-06550: line (\d+),/.exec(message) ?? [];
  if (line === undefined) return undefined;
  return calls[lines.findLastIndex((start) => start <= Number(line))];
}

function blockOf(calls: readonly Call[]): Block {
  const binds: Record<string, string | number | null> = {};
  const starts: number[] = [];
  const text = ["BEGIN"];
  for (const [index, call] of calls.entries()) {
    starts.push(text.length + 1);
    text.push(...indented(callLines(call, bindInto(binds, index + 1))));
  }
  return { plsql: [...text, "END;"].join("\n"), binds, calls, lines: starts };
}

function sizeOf({ parameters }: Call): { binds: number; bytes: number } {
  const size = { binds: 0, bytes: 0 };
  for (const parameter of Object.values(parameters)) {
    for (const value of Array.isArray(parameter) ? parameter : [parameter]) {
      if (typeof value === "boolean") continue;
      size.binds += 1;
      size.bytes += Buffer.byteLength(String(value ?? ""));
    }
  }
  return size;
}

function bindInto(binds: Record<string, string | number | null>, call: number) {
  return (parameter: string, value: string | number | null, position?: number) => {
    const name = position === undefined ? `${parameter}_${call}` : `${parameter}_${call}_${position}`;
    binds[name] = value;
    return `:${name}`;
  };
}
