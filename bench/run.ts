import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { withPart } from "../docs/marked-part";
import { chart } from "./chart";
import { root } from "./folder";
import { findingOf } from "./line";
import { lines } from "./lines";
import { type Measured, machine, merged, readResults, writeResults } from "./measured";
import { markdown, plain } from "./table";

const results = join(__dirname, "results.json");
const page = join(root, "docs/performance.md");
const picture = join(root, "docs/performance.svg");

/** `npm run bench [-- NAME... --repeat N]`: measures, prints, and writes results, page and chart. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { repeat: { type: "string" } }, allowPositionals: true });
  const repeat = Number(values.repeat ?? 5);
  const unknown = positionals.find((name) => !lines.some((line) => line.name === name));
  if (unknown !== undefined || !Number.isInteger(repeat) || repeat < 1) {
    const known = lines.map(({ name }) => name).join(", ");
    console.error(
      `error: expected names of lines and --repeat with a number from 1 (received ${unknown ?? values.repeat}): lines are ${known}`,
    );
    process.exitCode = 2;
    return;
  }
  const chosen = lines.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const now: Measured[] = [];
  for (const { name, limit, measure } of chosen) {
    const findings = (await measure(repeat)).map(findingOf);
    const measured = { name, limit, date: new Date().toISOString().slice(0, 10), machine: machine(), findings };
    console.log(plain(measured));
    now.push(measured);
  }
  const names = lines.map(({ name }) => name);
  const all = merged(readResults(results), now, names);
  writeResults(results, all);
  writeFileSync(page, withPart(readFileSync(page, "utf8"), "bench", markdown(all)));
  writeFileSync(picture, chart(all));
  console.log(`\nwritten: bench/results.json, docs/performance.md, docs/performance.svg`);
}

main().catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
