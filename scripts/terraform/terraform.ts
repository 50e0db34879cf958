import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { OutsideError } from "../terminal/failure";

/** The variable by which cdktf lets another binary stand in, such as tofu. */
const binary = () => process.env.TERRAFORM_BINARY_NAME ?? "terraform";

/**
 * Runs Terraform where cdktf puts a synthesized stack and returns what it prints, through a pipe: secrets in it touch no file of
 * ours.
 * @throws OutsideError when the stack was never deployed from here, or Terraform is missing or fails
 */
export async function terraform(stack: string, args: string[]): Promise<string> {
  const folder = join("cdktf.out", "stacks", stack);
  if (!existsSync(folder)) {
    throw new OutsideError(notHere(stack, `there is no ${folder}`));
  }
  try {
    return await execute([`-chdir=${folder}`, ...args]);
  } catch (error) {
    if (error instanceof OutsideError) throw error;
    const { stderr, message } = error as Error & { stderr?: string };
    if (stderr?.includes("initialization required")) {
      throw new OutsideError(notHere(stack, "Terraform is not initialized in it"));
    }
    throw new OutsideError(`${binary()} ${args[0]} of stack ${stack} failed:\n${stderr?.trim() || message}`);
  }
}

/** A fresh checkout, or a stack that nobody deployed yet: only the second one wants a deploy. */
function notHere(stack: string, why: string): string {
  return `the state of stack ${stack} cannot be read here (${why}): run npx ords-jwt diff ${stack} first; if it was never deployed, npx ords-jwt deploy ${stack}`;
}

/** Version of Terraform, for example `1.11.4`. @throws OutsideError when it is missing */
export async function terraformVersion(): Promise<string> {
  return JSON.parse(await execute(["version", "-json"])).terraform_version;
}

async function execute(args: string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(binary(), args, { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new OutsideError(
      `cannot run "${binary()}": install Terraform 1.11 or later, or name the binary in TERRAFORM_BINARY_NAME`,
    );
  }
}
