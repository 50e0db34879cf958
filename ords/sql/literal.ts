/** Columns that a value takes on one line, as it is written: a script is at most 80 wide. */
const pieceWidth = 40;

/**
 * A value as an expression of PL/SQL that is right in every tool and character set: quotes are doubled, whatever is not printable
 * ASCII is written by its code with UNISTR, and no line break, `&` or `/` of a value stands where a tool could take it for its own.
 */
export function literal(value: string | number | null): string {
  if (value === null || value === "") return "NULL";
  if (typeof value === "number") return String(value);
  return pieces(value).map(quoted).join(" ||\n  ");
}

/** Columns of a script. */
const maxWidth = 80;

/** A value inside a comment: one line of printable ASCII that does not end in what SQL*Plus takes for a continuation. */
export function inComment(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, "?").replace(/[-\s]+$/, "");
}

/** Lines of comment, cut at words where there are any. */
export function commentLines(text: string, indentation = 0): string[] {
  const width = maxWidth - "-- ".length - indentation;
  const lines: string[] = [];
  let rest = inComment(text);
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const end = space > 0 ? space : width;
    lines.push(inComment(rest.slice(0, end)));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest].map((line) => `-- ${line}`);
}

/** What SQL*Plus prints: one line. */
export function prompt(text: string): string {
  const line = `PROMPT ${inComment(text)}`;
  return line.length <= maxWidth ? line : `${line.slice(0, maxWidth - 4)} ...`;
}

function quoted(text: string): string {
  const doubled = text.replaceAll("'", "''");
  if (/^[\x20-\x7e]*$/.test(text)) return `'${doubled}'`;
  return `UNISTR('${doubled.replaceAll("\\", "\\\\").replace(/[^\x20-\x7e]/g, code)}')`;
}

/** The text of a literal in quotes. */
export function unquoted(literal: string): string {
  return literal.slice(1, -1).replaceAll("''", "'");
}

/** The text that UNISTR makes of a literal. */
export function fromUnistr(literal: string): string {
  return unquoted(literal).replace(/\\(\\|[0-9A-F]{4})/g, (_, unit: string) =>
    unit === "\\" ? "\\" : String.fromCharCode(Number.parseInt(unit, 16)),
  );
}

function code(unit: string): string {
  return `\\${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Cut between characters, never inside one, and where `${` would be a property to Liquibase. */
function pieces(value: string): string[] {
  // Most values: looking at each character of them as well would take an undo script a fifth longer.
  if (value.length <= pieceWidth && /^[\w ./*:-]*$/.test(value)) return [value];
  const found: string[] = [];
  let width = Number.POSITIVE_INFINITY;
  for (const character of value) {
    const next = /[\x20-\x7e]/.test(character) ? (/['\\]/.test(character) ? 2 : 1) : 5 * character.length;
    if (width + next > pieceWidth || (character === "{" && found.at(-1)?.endsWith("$"))) {
      found.push("");
      width = 0;
    }
    found[found.length - 1] += character;
    width += next;
  }
  return found;
}
