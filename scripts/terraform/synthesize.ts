import { existsSync } from "node:fs";
import { ConfigurationError } from "../../config/configuration-error";
import { stackVariable } from "../../config/words";
import { OutsideError } from "../terminal/failure";
import { step } from "../terminal/progress";
import type { Terminal } from "../terminal/terminal";
import { readText } from "../text-file";
import { domainOwner, forgetDomainOwner, settleDomainOwner } from "./domain-owner";
import { forgetOrphans } from "./orphans";
import { run } from "./run";
import { forgetInitialized, initialize, requireTerraform } from "./terraform";

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
  forgetInitialized();
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
