import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rows } from "./rows";
import { withRow } from "./table";

const page = join(__dirname, "../docs/security.md");

/** `npm run trust`: all rows in full; `npm run trust -- ROW...`: these. Each writes its line of the table in docs/security.md. */
async function main(names: readonly string[]): Promise<void> {
  const known = rows.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`error: there is no row "${unknown}": known are ${known.join(", ")}`);
    process.exitCode = 2;
    return;
  }
  for (const row of rows.filter(({ name }) => names.length === 0 || names.includes(name))) {
    console.log(`\n${row.name}: ${row.promise}`);
    const result = await row.run();
    console.log(`  ${result.cases} cases`);
    for (const [what, count] of Object.entries(result.broken)) console.log(`  ${count} ${what}`);
    for (const text of [...result.examples, ...result.notes]) console.log(`  - ${text}`);
    const date = new Date().toISOString().slice(0, 10);
    writeFileSync(page, withRow(readFileSync(page, "utf8"), known, row, result, date));
    if (Object.values(result.broken).some((count) => count > 0)) process.exitCode = 1;
  }
  console.log(`\nwritten to ${page}`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
