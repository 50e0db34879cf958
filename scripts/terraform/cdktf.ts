import { existsSync } from "node:fs";
import { ConfigurationError } from "../../config/environment";
import { Failure } from "../../errors";
import { closeFolder } from "../../private-folder";
import { OutsideError } from "../terminal/failure";
import { step } from "../terminal/progress";
import type { Terminal } from "../terminal/terminal";
import { forgetOrphans } from "./orphans";
import { leftToDo } from "./plan";
import { run } from "./run";
import { managedResources } from "./state";
import { requireTerraform, terraform } from "./terraform";

/** What a person wants to see of what cdktf and Terraform print. */
const progress =
  /(Creating|Modifying|Destroying)\.\.\.|(Creation|Modifications|Destruction) complete|is inactive|complete!|\bError:|\berror:/;

/**
 * cdktf 0.21 ends with exit code 0 also where Terraform was ended by a signal (its pseudo-terminal reports that as exit code 0 and a
 * signal, which cdktf does not look at), and where it was itself told to stop: whether the work is done is looked up.
 */
class UnfinishedError extends Failure {
  readonly code = "unfinished";

  constructor(command: "deploy" | "destroy", stack: string, left: readonly string[]) {
    super(
      `cdktf ${command} ended without an error, but was not finished: Terraform was killed, or somebody changes stack ${stack} too. Left to do: ${left.join(", ")}. Run npx ords-jwt ${command} ${stack} again`,
    );
  }
}

/** Synthesizes all stacks and initializes one, so that its plan and its state can be read; also in a new checkout. */
export async function synthesize(stack: string, terminal: Terminal): Promise<void> {
  requireTerraform();
  if (!existsSync("main.ts")) {
    throw new ConfigurationError("there is no main.ts here: run this in the project's folder");
  }
  // The app of cdktf.json without the CLI, which would take as long again to do no more.
  const { code, how, lines } = await step(terminal, "synthesize", () =>
    run(process.execPath, ["--require", "./scripts/typescript.js", "main.ts"]),
  );
  // The app's own exit code for an environment file that does not make a stack.
  if (code === 2) throw new ConfigurationError(lines.join("\n"));
  if (code !== 0) throw new OutsideError(`main.ts failed with ${how}:\n${lines.join("\n")}`);
  // Of a run that was killed or refused.
  forgetOrphans(stack);
  await step(terminal, "initialize Terraform", () => terraform(stack, ["init", "-input=false", "-no-color"]));
}

/**
 * `cdktf deploy` of what {@link synthesize} synthesized, asking nothing: the plan was shown before.
 * @throws UnfinishedError when there is something left to do
 */
export async function cdktfDeploy(stack: string, terminal: Terminal): Promise<void> {
  await cdktf("deploy", stack, terminal);
  const left = await leftToDo(stack);
  if (left.length > 0) throw new UnfinishedError("deploy", stack, left);
}

/**
 * `cdktf destroy` of what {@link synthesize} synthesized, asking nothing.
 * @throws UnfinishedError when something is left in the state
 */
export async function cdktfDestroy(stack: string, terminal: Terminal): Promise<void> {
  await cdktf("destroy", stack, terminal);
  const left = (await managedResources(stack)).map(({ address }) => `delete ${address}`);
  if (left.length > 0) throw new UnfinishedError("destroy", stack, left);
}

/** @throws OutsideError with the last lines that were printed */
async function cdktf(command: "deploy" | "destroy", stack: string, terminal: Terminal): Promise<void> {
  // The provider's version is pinned, and its checksums can be asked for only where there is a registry.
  const args = [command, stack, "--auto-approve", "--no-color", "--skip-synth", "--skip-provider-lock"];
  // Of a cdktf that was run by itself: the state in it holds secrets.
  closeFolder("state");
  // CI keeps the spinner away, which would be many lines here.
  const env = { ...process.env, CI: "1" };
  const onLine = (line: string) => {
    if (terminal.verbose || (!terminal.quiet && progress.test(line))) terminal.log(line);
  };
  const { code, how, lines } = await run(process.execPath, ["node_modules/.bin/cdktf", ...args], { env, onLine });
  if (code === 0) return;
  throw new OutsideError(`cdktf ${args.join(" ")} failed with ${how}:\n${lines.join("\n")}`);
}
