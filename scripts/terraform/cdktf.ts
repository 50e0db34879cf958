import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { ConfigurationError } from "../../config/configuration-error";
import { terraformBinary } from "../../config/terraform";
import { stackVariable } from "../../config/words";
import { Failure } from "../../errors";
import { closeFolder } from "../../private-folder";
import { OutsideError } from "../terminal/failure";
import { step } from "../terminal/progress";
import type { Terminal } from "../terminal/terminal";
import { readText } from "../text-file";
import { domainOwner, forgetDomainOwner, settleDomainOwner } from "./domain-owner";
import { forgetOrphans } from "./orphans";
import { leftToDo } from "./plan";
import { run } from "./run";
import { managedResources } from "./state";
import { initialize, requireTerraform } from "./terraform";

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

/**
 * Synthesizes all stacks and initializes one, so that its plan and its state can be read; also in a new checkout.
 * @param synthesized whether all are synthesized already
 * @returns the environment whose domain the stack uses and that is not deployed; undefined where nothing is missing
 */
export async function synthesize(stack: string, terminal: Terminal, synthesized = false): Promise<string | undefined> {
  if (!synthesized) await synthesizeAll(terminal, stack);
  return initializeStack(stack, terminal);
}

/**
 * The first half of it.
 * @param stack whose faults are errors. @default - none: the stacks of environments with a fault are left out
 * @returns the faults of others, by their names
 */
export async function synthesizeAll(terminal: Terminal, stack = ""): Promise<Map<string, string>> {
  requireTerraform();
  // The app of cdktf.json without the CLI, which would take as long again to do no more.
  const app = cdktfApp();
  const env = { ...process.env, [stackVariable]: stack };
  const { code, how, lines } = await step(terminal, "synthesize", () => run("/bin/sh", ["-c", app], { env }));
  // The app's own exit code for an environment file that does not make a stack.
  if (code === 2) throw new ConfigurationError(lines.join("\n"));
  if (code !== 0) throw new OutsideError(`${app} failed with ${how}:\n${lines.join("\n")}`);
  // Faults of other environments.
  const faults = new Map<string, string>();
  for (const line of lines) {
    const [, name, fault = ""] = /^warning: environment (\S+) is left out: (.*)$/.exec(line) ?? [];
    if (name) faults.set(name, fault);
    if (line.startsWith("warning: ")) terminal.error(line);
  }
  return faults;
}

/** The second half of {@link synthesize}, for one. */
async function initializeStack(stack: string, terminal: Terminal): Promise<string | undefined> {
  // Of a run that was killed or refused.
  forgetOrphans(stack);
  await step(terminal, "initialize Terraform", () => initialize(stack));
  const owner = domainOwner(stack);
  if (owner === undefined) return undefined;
  const isDeployed = await step(terminal, `look at the domain of ${owner}`, () => settleDomainOwner(stack, owner));
  return isDeployed ? undefined : owner;
}

/** What a plan was told beside what is synthesized, and no later one is to be told: it may not be so any more. */
export function forgetGuesses(stack: string): void {
  forgetOrphans(stack);
  forgetDomainOwner(stack);
}

/** The command that makes the stacks. */
function cdktfApp(): string {
  if (!existsSync("cdktf.json")) {
    throw new ConfigurationError("there is no cdktf.json here: run this in the project's folder, or npx ords-jwt init");
  }
  const { app } = parsed(readText("cdktf.json"));
  if (typeof app === "string") return app;
  throw new ConfigurationError('cdktf.json names no "app", the command that makes the stacks');
}

function parsed(json: string): { app?: unknown } {
  try {
    return JSON.parse(json) ?? {};
  } catch (error) {
    throw new ConfigurationError(`cdktf.json is not valid: ${(error as Error).message}`);
  }
}

/**
 * `cdktf deploy` of what {@link synthesize} synthesized, asking nothing: the plan was shown before.
 * @throws UnfinishedError when there is something left to do
 */
export async function cdktfDeploy(stack: string, terminal: Terminal): Promise<void> {
  await carryOut("deploy", stack, terminal);
  const left = await leftToDo(stack);
  if (left.length > 0) throw new UnfinishedError("deploy", stack, left);
  // Of what Terraform says last, cdktf's pseudo-terminal may lose a piece.
  terminal.say("deployed: Terraform has nothing left to do");
}

/**
 * `cdktf destroy` of what {@link synthesize} synthesized, asking nothing.
 * @throws UnfinishedError when something is left in the state
 */
export async function cdktfDestroy(stack: string, terminal: Terminal): Promise<void> {
  await carryOut("destroy", stack, terminal);
  const left = (await managedResources(stack)).map(({ address }) => `delete ${address}`);
  if (left.length > 0) throw new UnfinishedError("destroy", stack, left);
  terminal.say("destroyed: Terraform has nothing left in the state");
}

/** @throws OutsideError with the last lines that were printed */
async function carryOut(command: "deploy" | "destroy", stack: string, terminal: Terminal): Promise<void> {
  const { program, args } = programFor(command, stack);
  // Of a cdktf that was run by itself: the state in it holds secrets.
  closeFolder("state");
  // CI keeps cdktf's spinner away, which would be many lines here.
  const env = { ...process.env, CI: "1" };
  const onLine = (line: string) => {
    if (terminal.verbose || (!terminal.quiet && progress.test(line))) terminal.log(line);
  };
  const [first, ...before] = program;
  const { code, how, lines } = await run(first, [...before, ...args], { env, onLine });
  if (code === 0) return;
  throw new OutsideError(
    `${basename(program.at(-1) ?? first)} ${args.join(" ")} failed with ${how}:\n${lines.join("\n")}`,
  );
}

/** cdktf's own command where the project has it. It does no more than start Terraform, and brings 565 packages. */
function programFor(command: "deploy" | "destroy", stack: string): { program: [string, ...string[]]; args: string[] } {
  const cdktf = join("node_modules", ".bin", "cdktf");
  if (existsSync(cdktf)) {
    // The provider's version is pinned, and its checksums can be asked for only where there is a registry.
    const flags = ["--auto-approve", "--no-color", "--skip-synth", "--skip-provider-lock"];
    // Who shares a domain is not deployed or destroyed with it; what has to come first was looked at.
    flags.push("--ignore-missing-stack-dependencies");
    return { program: [process.execPath, cdktf], args: [command, stack, ...flags] };
  }
  const folder = `-chdir=${join("cdktf.out", "stacks", stack)}`;
  const verb = command === "deploy" ? "apply" : "destroy";
  return { program: [terraformBinary()], args: [folder, verb, "-auto-approve", "-input=false", "-no-color"] };
}
