import type { Result, Row } from "./row";

/** The table in Markdown. @param date for example `2026-11-27` */
export function table(results: readonly (readonly [Row, Result])[], date: string): string {
  const lines = results.map(([{ name, promise }, { cases, broken }]) => {
    const counts = Object.entries(broken).map(([what, count]) => `${count} ${what}`);
    return `| \`${name}\` | ${promise} | ${cases.toLocaleString("en")} | ${counts.join(", ")} |`;
  });
  const notes = results.flatMap(([{ name }, result]) => result.notes.map((note) => `- \`${name}\`: ${note}`));
  return [
    `Run on ${date} by \`npm run trust\`:`,
    "",
    "| row | what is promised | cases | broken |",
    "|---|---|---|---|",
    ...lines,
    ...(notes.length > 0 ? ["", ...notes] : []),
  ].join("\n");
}
