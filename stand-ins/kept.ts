import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.env.STAND_IN_KEYS;

/** What was kept under this name in the folder that STAND_IN_KEYS names. */
export function kept(name: string): string | undefined {
  const file = folder && join(folder, name);
  return file && existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Keeps it for the next process, if there is such a folder. @returns the text */
export function keep(name: string, text: string): string {
  if (!folder) return text;
  const file = join(folder, name);
  // Others find the whole of it or nothing.
  const whole = `${file}-${randomUUID()}`;
  writeFileSync(whole, text, { mode: 0o600 });
  renameSync(whole, file);
  return text;
}
