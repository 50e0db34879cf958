import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withPart } from "../docs/marked-part";
import type { Result, Row } from "./row";
import { rows } from "./rows";
import { table } from "./table";

const page = join(__dirname, "../docs/security.md");

/** `npm run trust`: all rows in full, and the table in docs/security.md; `npm run trust -- ROW...`: these, and no table. */
async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !rows.some((row) => row.name === name));
  if (unknown !== undefined) {
    console.error(`error: there is no row "${unknown}": known are ${rows.map(({ name }) => name).join(", ")}`);
    process.exitCode = 2;
    return;
  }
  const chosen = rows.filter(({ name }) => names.length === 0 || names.includes(name));
  const results: [Row, Result][] = [];
  for (const row of chosen) {
    console.log(`\n${row.name}: ${row.promise}`);
    const result = await row.run();
    results.push([row, result]);
    console.log(`  ${result.cases} cases`);
    for (const [what, count] of Object.entries(result.broken)) console.log(`  ${count} ${what}`);
    for (const text of [...result.examples, ...result.notes]) console.log(`  - ${text}`);
  }
  const isBroken = results.some(([, { broken }]) => Object.values(broken).some((count) => count > 0));
  process.exitCode = isBroken ? 1 : 0;
  if (names.length > 0) return;
  writeFileSync(
    page,
    withPart(readFileSync(page, "utf8"), "trust", table(results, new Date().toISOString().slice(0, 10))),
  );
  console.log(`\nwritten to ${page}`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
