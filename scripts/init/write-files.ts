import { existsSync, mkdirSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import { ConfigurationError } from "../../config/configuration-error";
import { withFileErrors } from "../../private-folder";
import { writeNewFile } from "../new-file";

/**
 * Writes new files into the current folder, all of them or none, and none over another.
 * @throws ConfigurationError when something has the name, FileError when one cannot be written; what was written before it is taken away
 */
export function writeFiles(files: Readonly<Record<string, string>>): void {
  const undo: (() => void)[] = [];
  try {
    for (const [path, text] of Object.entries(files)) {
      const folder = dirname(path);
      withFileErrors(path, () => {
        if (!existsSync(folder)) {
          mkdirSync(folder);
          undo.unshift(() => rmdirSync(folder));
        }
        write(path, text);
        undo.unshift(() => unlinkSync(path));
      });
    }
  } catch (error) {
    for (const step of undo) step();
    throw error;
  }
}

function write(path: string, text: string): void {
  try {
    writeNewFile(path, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new ConfigurationError(`${path} is there, and is not overwritten: choose another name, or remove it`);
  }
}
