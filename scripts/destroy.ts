import { createInterface } from "node:readline/promises";
import { environment } from "../environments";
import { ConfigurationError } from "../environments/environment";
import { OutsideError } from "./failure";
import { Oci, ociMessage } from "./oci";
import { run } from "./run";
import { sweep } from "./sweep";
import { terraform } from "./terraform";
import { type UnregisterFlags, unregister } from "./unregister";

export interface DestroyFlags extends UnregisterFlags {
  /** Leave the database alone, for example because it is gone. @default false */
  readonly skipOrds?: boolean;
  /** Do not ask. @default false */
  readonly yes?: boolean;
}

/** Removes an environment on both sides: sweep, unregister, `cdktf destroy`. */
export async function destroy(name: string, flags: DestroyFlags): Promise<void> {
  const target = environment(name);
  if (target.protected) {
    throw new ConfigurationError(
      `environment ${name} is protected: set protected to false in environments/${name}.ts and deploy it first`,
    );
  }
  await confirm(name, flags);
  await synthesize(name);
  if (!flags.skipOrds) await unregister(name, flags);
  const oci = new Oci({ region: target.region, ...target.authentication }, console.log);
  try {
    await sweep(name, oci, console.log);
  } catch (error) {
    throw error instanceof OutsideError ? error : new OutsideError(`cannot prepare the destroy: ${ociMessage(error)}`);
  }
  await cdktf(
    ["destroy", name, "--auto-approve", "--no-color", "--skip-synth"],
    (line) => progress.test(line) && console.log(line),
  );
  console.log(`environment ${name} is destroyed`);
}

async function confirm(name: string, { yes, skipOrds }: DestroyFlags): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new ConfigurationError("destroy asks for confirmation and there is no terminal: add --yes");
  console.log(
    `This destroys all that stack ${name} made in OCI${skipOrds ? "" : " and what it registered in the database"}.`,
  );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Type the name of the environment to go on: `);
  terminal.close();
  if (answer.trim() !== name) throw new ConfigurationError(`not destroyed: "${answer.trim()}" is not "${name}"`);
}

/** What a person wants to see of Terraform's output. */
const progress = /Destroying\.\.\.|Destruction complete|is inactive|Destroy complete|Error|error/;

/** The sweep reads the state, which in a new checkout takes a synthesized and initialized stack. */
async function synthesize(name: string): Promise<void> {
  await cdktf(["synth"]);
  await terraform(name, ["init", "-input=false", "-no-color"]);
}

async function cdktf(args: string[], onLine?: (line: string) => void): Promise<void> {
  const env = { ...process.env, CI: "1" };
  const { code, lines } = await run(process.execPath, ["node_modules/.bin/cdktf", ...args], { env, onLine });
  if (code !== 0) throw new OutsideError(`cdktf ${args.join(" ")} failed with exit code ${code}:\n${lines.join("\n")}`);
}
