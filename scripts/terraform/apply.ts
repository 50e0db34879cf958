import { terraformBinary } from "../../config/terraform";
import { Failure } from "../../errors";
import { closeFolder } from "../../private-folder";
import { OutsideError } from "../terminal/failure";
import type { Terminal } from "../terminal/terminal";
import type { TerraformPlan } from "./plan";
import type { PlanFile } from "./plan-file";
import { run } from "./run";
import { managedResources } from "./state";
import { stackFolder } from "./terraform";

/** What a person wants to see of what Terraform prints. */
const progress =
  /(Creating|Modifying|Destroying)\.\.\.|(Creation|Modifications|Destruction) complete|is inactive|complete!|\bError:/;

/** Exit code 0 is what a program says of itself, and `TERRAFORM_BINARY_NAME` may name any: whether the work is done is looked up. */
class UnfinishedError extends Failure {
  readonly code = "unfinished";

  constructor(command: "deploy" | "destroy", stack: string, left: readonly string[]) {
    super(
      `${terraformBinary()} ended without an error, but did not finish: it was killed, or somebody changes stack ${stack} too. Left to do: ${left.join(", ")}. Run npx ords-jwt ${command} ${stack} again`,
    );
  }
}

/**
 * Carries out a plan that was shown, and nothing else: Terraform refuses it where the state has changed since.
 * @param planned what is in the file
 * @throws OutsideError with the last lines that were printed
 * @throws UnfinishedError when the state is not what was planned
 */
export async function applyPlan(
  stack: string,
  file: PlanFile,
  planned: TerraformPlan,
  terminal: Terminal,
): Promise<void> {
  await carryOut(stack, ["apply", "-input=false", "-no-color", file.path], terminal, file.descriptor);
  const state = await managedResources(stack);
  const whole = new Set(state.filter(({ tainted }) => !tainted).map(({ address }) => address));
  const left = planned.resources.flatMap(({ address, after }) => {
    if (after) return whole.has(address) ? [] : [`create ${address}`];
    return state.some((resource) => resource.address === address) ? [`delete ${address}`] : [];
  });
  if (left.length > 0) throw new UnfinishedError("deploy", stack, left);
  terminal.say("deployed: the state holds what was planned");
}

/**
 * Destroys all that the state holds, asking nothing.
 * @throws OutsideError with the last lines that were printed
 * @throws UnfinishedError when something is left in the state
 */
export async function destroyAll(stack: string, terminal: Terminal): Promise<void> {
  await carryOut(stack, ["destroy", "-auto-approve", "-input=false", "-no-color"], terminal);
  const left = (await managedResources(stack)).map(({ address }) => `delete ${address}`);
  if (left.length > 0) throw new UnfinishedError("destroy", stack, left);
  terminal.say("destroyed: Terraform has nothing left in the state");
}

async function carryOut(stack: string, args: readonly string[], terminal: Terminal, file?: number): Promise<void> {
  // Of a cdktf that was run by itself: the state in it holds secrets.
  closeFolder("state");
  const onLine = (line: string) => {
    if (terminal.verbose || (!terminal.quiet && progress.test(line))) terminal.log(line);
  };
  const { code, how, lines } = await run(terraformBinary(), [`-chdir=${stackFolder(stack)}`, ...args], {
    file,
    onLine,
  });
  if (code === 0) return;
  throw new OutsideError(`${terraformBinary()} ${args[0]} of stack ${stack} failed with ${how}:\n${lines.join("\n")}`);
}
