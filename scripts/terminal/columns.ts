import { stringWidth } from "./string-width";

/** The cells of a table, each as wide on a screen as the widest of its column. */
export function aligned(table: readonly (readonly string[])[]): string[][] {
  const widths: number[] = [];
  for (const line of table)
    for (const [column, cell] of line.entries()) widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell));
  return table.map((line) => line.map((cell, column) => cell + " ".repeat(widths[column]! - stringWidth(cell))));
}
