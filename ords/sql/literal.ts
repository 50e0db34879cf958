/** Characters of a value that go on one line: SQL*Plus takes lines of 2,500 characters at least, and people want less. */
const pieceLength = 80;

/**
 * A value as an expression of PL/SQL that is right in every tool and character set: quotes are doubled, whatever is not printable
 * ASCII is written by its code with UNISTR, and no line break, `&` or `/` of a value stands where a tool could take it for its own.
 */
export function literal(value: string | number | null): string {
  if (value === null || value === "") return "NULL";
  if (typeof value === "number") return String(value);
  return pieces(value).map(quoted).join(" ||\n  ");
}

/** A value inside a comment: one line of printable ASCII that does not end in what SQL*Plus takes for a continuation. */
export function inComment(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, "?").replace(/[-\s]+$/, "");
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

/** Cut between characters, never inside one. */
function pieces(value: string): string[] {
  const characters = [...value];
  const count = Math.ceil(characters.length / pieceLength);
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * pieceLength, (index + 1) * pieceLength).join(""),
  );
}
