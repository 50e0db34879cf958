import { join } from "node:path";
import { inPrivateFolder, writeNewPrivateFile } from "../private-folder";

/** Not in git: the scripts hold no secret, but they are of use only here. */
const folder = "undo";

/**
 * Saves the script that undoes what is about to be written, for nobody else to read.
 * @returns its path
 * @throws FolderError when the folder is not our own to close to others; FileError when it cannot be written
 */
export function saveUndo(stack: string, script: string): string {
  return inPrivateFolder(folder, "remove it", (pinned) => {
    for (let millis = Date.now(); ; millis++) {
      const time = new Date(millis).toISOString().replace(/[-:.]/g, "");
      const name = `${stack.replace(/[^\w.-]/g, "_")}-${time}.sql`;
      // Another run may have had the same thousandth of a second.
      if (writeNewPrivateFile(join(pinned, name), script)) return join(folder, name);
    }
  });
}
