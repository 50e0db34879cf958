import { clean } from "../terminal/clean";
import { colours } from "../terminal/colours";
import { aligned } from "../terminal/columns";
import { escaped } from "../terminal/markdown";
import { isQuiet, type Row } from "./outcome";

/** Most characters of a comment at GitHub, with room for what it is put into. */
const longestComment = 60_000;

/** What comes of all, in a line: `3 in sync, 1 differs`. */
function inWords(rows: readonly Row[]): string {
  const counts = new Map<string, number>();
  for (const { result } of rows) counts.set(result, (counts.get(result) ?? 0) + 1);
  return [...counts].map(([result, count]) => `${count} ${result}`).join(", ");
}

/** The same for a program. */
export function documentOf(rows: readonly Row[]) {
  return { result: inWords(rows), environments: rows.map(({ text: _text, ...row }) => row) };
}

export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map(({ environment, result, summary }) => [environment, result, summary].map(clean));
  const lines = aligned(cells).map(([environment = "", result = "", summary = ""], index) => {
    const colour = isQuiet(rows[index]!) ? colours.green : colours.red;
    return `${environment}  ${colour(result)}  ${summary}`.trimEnd();
  });
  return [...lines, "", inWords(rows)].join("\n");
}

/** One comment for all of them: what needs a look in full, the quiet ones folded. What would make it too long is left out, and said. */
export function renderMarkdownOfAll(rows: readonly Row[]): string {
  const [quiet, loud] = [rows.filter(isQuiet), rows.filter((row) => !isQuiet(row))];
  const table = (some: readonly Row[]) => [
    "| environment | result | |",
    "|---|---|---|",
    ...some.map(({ environment, result, summary }) => `| ${[environment, result, summary].map(escaped).join(" | ")} |`),
    "",
  ];
  const head = [
    `**${rows.length} environments**: ${escaped(inWords(rows))}`,
    "",
    ...(loud.length > 0 ? table(loud) : []),
    ...(quiet.length > 0
      ? [`<details><summary>${quiet.length} with nothing to do</summary>`, "", ...table(quiet), "</details>", ""]
      : []),
  ];
  let left = longestComment - head.join("\n").length;
  const bodies = loud.flatMap(({ environment, text }) => {
    if (text.trim() === "") return [];
    if (text.length > left) {
      return [
        `### ${escaped(environment)}`,
        "",
        `too long for one comment: npx ords-jwt diff ${escaped(environment)} --markdown`,
        "",
      ];
    }
    left -= text.length;
    return [`### ${escaped(environment)}`, "", text.trim(), ""];
  });
  return [...head, ...bodies].join("\n").trimEnd();
}
