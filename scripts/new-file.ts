import { randomUUID } from "node:crypto";
import { linkSync, rmSync, writeFileSync } from "node:fs";

/**
 * Writes a file whole or not at all, also where the process is killed, and never over something that is there.
 * @throws the system's error, `EEXIST` where something has the name
 */
export function writeNewFile(path: string, text: string): void {
  // Of a name that says nothing to anybody who looks meanwhile.
  const temporary = `${path}.${randomUUID()}`;
  try {
    writeFileSync(temporary, text, { flag: "wx" });
    linkSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}
