import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makePrivateFolder } from "../private-folder";

/** Not in git: the scripts hold no secret, but they are of use only here. */
const folder = "undo";

/**
 * Saves the script that undoes what is about to be written, for nobody else to read.
 * @returns its path
 * @throws PrivateFolderError when the folder is not our own to close to others
 */
export function saveUndo(stack: string, script: string): string {
  makePrivateFolder(folder);
  const time = new Date().toISOString().replace(/[-:.]/g, "");
  const path = join(folder, `${stack.replace(/[^\w.-]/g, "_")}-${time}.sql`);
  writeFileSync(path, script, { mode: 0o600, flag: "wx" });
  return path;
}
