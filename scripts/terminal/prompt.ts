import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { OutsideError } from "./failure";
import type { Terminal } from "./terminal";

/**
 * Asks for a secret at the terminal, without echo.
 * @throws OutsideError when the person interrupts or ends the input
 */
export function askSecret(what: string, { stdin, stderr }: Terminal): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output: nowhere, terminal: true });
  stderr.write(`${what}: `);
  return new Promise((resolve, reject) => {
    reader.once("line", (line) => {
      resolve(line);
      reader.close();
    });
    reader.once("SIGINT", () => reader.close());
    reader.once("close", () => {
      stderr.write("\n");
      reject(new OutsideError(`no ${what} was given`));
    });
  });
}
