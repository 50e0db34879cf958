import { existsSync } from "node:fs";
import { join } from "node:path";
import { missingTerraform, terraformBinary } from "../../config/terraform";
import { OutsideError } from "../terminal/failure";
import { remember } from "../terminal/secrets";
import { type RunOptions, run } from "./run";

/** The project's folder and the variables, if not this process's own, and a file to hand over. */
export type Where = Pick<RunOptions, "cwd" | "env" | "file">;

/**
 * Runs Terraform where cdktf puts a synthesized stack and returns what it prints, through a pipe: secrets in it touch no file of
 * ours.
 * @throws OutsideError when the stack was never deployed from here, or Terraform is missing or fails
 */
export async function terraform(stack: string, args: readonly string[], where: Where = {}): Promise<string> {
  requireTerraform();
  const folder = join("cdktf.out", "stacks", stack);
  if (!existsSync(join(where.cwd ?? ".", folder))) {
    throw new OutsideError(notHere(stack, `there is no ${folder}`));
  }
  const { code, how, stdout, errors } = await run(terraformBinary(), [`-chdir=${folder}`, ...args], where);
  if (code === 0) {
    if (args.includes("-json")) rememberSecretsIn(JSON.parse(stdout));
    return stdout;
  }
  const text = errors.join("\n").trim();
  if (text.includes("initialization required")) {
    throw new OutsideError(notHere(stack, "Terraform is not initialized in it"));
  }
  throw new OutsideError(`${terraformBinary()} ${args[0]} of stack ${stack} failed (${how}):\n${text}`);
}

/** Outputs that are marked as sensitive, and attributes that the provider does not mark. */
function rememberSecretsIn(node: unknown, name = ""): void {
  if (typeof node === "string" && /(^|_)(secret|password)$/.test(name)) remember(node);
  if (typeof node !== "object" || node === null) return;
  const values: Record<string, unknown> = { ...node };
  if (values.sensitive === true) remember(values.value);
  if (values.before_sensitive === true) remember(values.before);
  if (values.after_sensitive === true) remember(values.after);
  for (const [key, value] of Object.entries(values)) rememberSecretsIn(value, key);
}

/** A fresh checkout, or a stack that nobody deployed yet: only the second one wants a deploy. */
function notHere(stack: string, why: string): string {
  return `the state of stack ${stack} cannot be read here (${why}): run npx ords-jwt diff ${stack} first; if it was never deployed, npx ords-jwt deploy ${stack}`;
}

/** Version of Terraform, for example `1.11.4`. @throws OutsideError when it is missing */
export async function terraformVersion(): Promise<string> {
  requireTerraform();
  const { code, how, stdout, lines } = await run(terraformBinary(), ["version", "-json"]);
  if (code !== 0) throw new OutsideError(`${terraformBinary()} version failed (${how}):\n${lines.join("\n")}`);
  return JSON.parse(stdout).terraform_version;
}

/** @throws OutsideError before anything else is tried, which could only end with less to the point */
export function requireTerraform(): void {
  const missing = missingTerraform();
  if (missing !== undefined) throw new OutsideError(missing);
}
