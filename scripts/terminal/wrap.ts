import { stringWidth } from "./string-width";

/** Narrower than that nothing can be read; the terminal breaks lines then. */
const narrowest = 20;

/**
 * Breaks lines between words, never inside of one: an address stays one piece, however long it is. What goes on stands below what it
 * belongs to: below the last column of the line, where there are columns, or one step further in.
 * @param columns undefined leaves lines as they are
 */
export function wrapped(text: string, columns: number | undefined): string {
  if (columns === undefined || columns < narrowest) return text;
  return text
    .split("\n")
    .map((line) => (stringWidth(line) <= columns ? line : wrappedLine(line, columns)))
    .join("\n");
}

function wrappedLine(line: string, columns: number): string {
  const { at, indent } = lastColumn(line, columns);
  const { wrapAnsi } = require("fast-wrap-ansi") as typeof import("fast-wrap-ansi");
  const rows = wrapAnsi(line.slice(at), columns - indent, { trim: true }).split("\n");
  return line.slice(0, at) + rows.join(`\n${" ".repeat(indent)}`);
}

/** Where the text begins that is to be broken, and how far in what follows of it stands. */
function lastColumn(line: string, columns: number): { at: number; indent: number } {
  // Columns are two spaces apart.
  const starts = [...line.matchAll(/(?<=\S {2,})(?=\S)/g)].map(({ index }) => ({
    at: index,
    indent: stringWidth(line.slice(0, index)),
  }));
  const last = starts.findLast(({ indent }) => indent <= columns / 2);
  const leading = /^ */.exec(line)![0].length;
  return last ?? { at: leading, indent: Math.min(leading + 2, columns - narrowest / 2) };
}
