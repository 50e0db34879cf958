import { withPart } from "../docs/marked-part";
import type { Result, Row } from "./row";

/**
 * The page with another line for one row in its table, and other notes below; those of other rows stay.
 * @param names of all rows, in the order of the table
 * @param date for example `2026-11-27`
 * @throws Error when the page has no marks for the table
 */
export function withRow(
  page: string,
  names: readonly string[],
  { name, promise }: Pick<Row, "name" | "promise">,
  { cases, broken, notes }: Pick<Result, "cases" | "broken" | "notes">,
  date: string,
): string {
  const counts = Object.entries(broken).map(([what, count]) => `${count} ${what}`);
  const own = [
    `| \`${name}\` | ${promise} | ${cases.toLocaleString("en")} | ${counts.join(", ")} | ${date} |`,
    ...notes.map((note) => `- \`${name}\`: ${note}`),
  ];
  const others = page.split("\n").filter((line) => !line.includes(`\`${name}\``));
  const all = (start: string, end: string) =>
    names.flatMap((each) => [...others, ...own].filter((line) => line.startsWith(`${start} \`${each}\`${end}`)));
  const notesOfAll = all("-", ":");
  const table = [
    "| row | what is promised | cases | broken | run on |",
    "|---|---|---|---|---|",
    ...all("|", " |"),
    ...(notesOfAll.length > 0 ? ["", ...notesOfAll] : []),
  ];
  return withPart(page, "trust", table.join("\n"));
}
