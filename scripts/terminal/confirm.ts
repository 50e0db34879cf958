import { createInterface } from "node:readline";
import { ConfigurationError } from "../../config/configuration-error";
import type { Terminal } from "./terminal";

/**
 * Asks for the environment's name before something that cannot be taken back.
 * @throws ConfigurationError when the answer is another one or none, or when there is nobody to ask
 */
export async function confirm(
  what: string,
  name: string,
  yes: boolean | undefined,
  { stdin, stdout }: Terminal,
  called = "the name of the environment",
): Promise<void> {
  if (yes) return;
  if (!stdin.isTTY) {
    throw new ConfigurationError("this asks for confirmation, and there is no terminal: add --yes");
  }
  const reader = createInterface({ input: stdin, output: stdout });
  const answer = await new Promise<string | undefined>((resolve) => {
    reader.question(`${what} Type ${called} to go on: `, resolve);
    // By Ctrl-C or Ctrl-D, too: the process would end as if all were well.
    reader.once("close", () => resolve(undefined));
  });
  reader.close();
  if (answer === undefined) {
    stdout.write("\n");
    throw new ConfigurationError("nothing was changed: there was no answer");
  }
  if (answer.trim() !== name) throw new ConfigurationError(`nothing was changed: "${answer.trim()}" is not "${name}"`);
}
