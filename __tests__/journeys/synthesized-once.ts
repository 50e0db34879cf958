import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Has the commands in a project take the stacks that are there: else each of them spends half a second of processor on the same. */
export function synthesizedOnce(project: string): void {
  const file = join(project, "cdktf.json");
  const { app, ...rest } = JSON.parse(readFileSync(file, "utf8"));
  // It may be a link.
  rmSync(file);
  writeFileSync(file, JSON.stringify({ ...rest, app: `test -f cdktf.out/manifest.json || ${app}` }));
}
