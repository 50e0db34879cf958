import { environment } from "../../config/environments";
import type { Terminal } from "../terminal/terminal";
import { readOutputs } from "../terraform/outputs";

/** Prints the hand-over file of an environment: what has to be registered, and no secret. */
export async function outputs(name: string, _flags: object, terminal: Terminal): Promise<void> {
  environment(name);
  terminal.json((await readOutputs(name, terminal)).ords);
}
