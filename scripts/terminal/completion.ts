import type { Command } from "commander";
import { environmentNames } from "../../config/environment-names";
import type { Terminal } from "./terminal";

/** Whether a command line is about completion: what that needs is loaded then only. */
export const isCompletion = ([first]: readonly string[]) => first === "completion" || first === "complete";

/** Adds `completion <shell>`, which prints a script, and `complete`, which that script asks. */
export function addCompletion(program: Command, terminal: Terminal): void {
  // What stands for an environment is checked where it is loaded; here it is only offered.
  for (const { registeredArguments } of program.commands) {
    for (const argument of registeredArguments) {
      if (argument.name() === "environment") argument.argChoices = environmentNames();
    }
  }
  // What the shell reads, the library gives to the console.
  console.log = (text) => terminal.stdout.write(`${text}\n`);
  const { default: complete } = require("@bomb.sh/tab/commander") as typeof import("@bomb.sh/tab/commander");
  complete(program, { completionCommandName: "completion" });
}
