import { clean } from "./clean";

/** In a span of code nothing is markup but the backtick; in a table, nor is the bar. Each line is a span of its own. */
export function code(value: string): string {
  return lines(value)
    .map((line) => `\`${clean(line).replaceAll("`", "'").replaceAll("|", "\\|")}\``)
    .join("<br>");
}

/** Text in which nothing is markup; a line break stays one, also in a table and in a quotation. */
export function escaped(value: string): string {
  return lines(value)
    .map((line) => clean(line).replace(/[<>&|`*_[\]]/g, (character) => `\\${character}`))
    .join("<br>");
}

function lines(value: string): string[] {
  return value.split(/\r?\n/);
}
