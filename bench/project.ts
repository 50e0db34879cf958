import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./folder";

/** What else a folder needs to look like the project. */
const entries = ["cdktf.json", "index.js", "main.ts", "node_modules", "package.json", "scripts"];

/** Makes the folder a project with so many environments, which differ in their names. */
export function writeProject(folder: string, environments: number): void {
  for (const entry of entries) symlinkSync(join(root, entry), join(folder, entry));
  mkdirSync(join(folder, "environments"));
  // Nothing that two of them could share.
  const text = readFileSync(join(root, "environments/dev.ts"), "utf8");
  for (let number = 1; number <= environments; number++) {
    const name = `dev${number}`;
    writeFileSync(
      join(folder, "environments", `${name}.ts`),
      text.replaceAll(/\bdev\b/g, name).replaceAll("HELLO", `HELLO${number}`),
    );
  }
}

/** Copies a file of this folder to there. */
export function place(name: string, folder: string): void {
  copyFileSync(join(__dirname, "alternatives", name), join(folder, name));
}
