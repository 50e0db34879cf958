import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { OutsideError } from "./failure";

/** Where cdktf puts the synthesized stack, and where Terraform runs. */
export function stackFolder(stack: string): string {
  return join("cdktf.out", "stacks", stack);
}

/**
 * Runs Terraform in the folder of a stack and returns what it prints, through a pipe: secrets in it touch no file of ours.
 * @throws OutsideError when the stack was never deployed from here, or Terraform is missing or fails
 */
export async function terraform(stack: string, args: string[]): Promise<string> {
  const folder = stackFolder(stack);
  if (!existsSync(folder)) {
    throw new OutsideError(
      `stack ${stack} is not synthesized (there is no ${folder}): run npx cdktf deploy ${stack} here first`,
    );
  }
  // The variable by which cdktf lets another binary stand in, such as tofu.
  const binary = process.env.TERRAFORM_BINARY_NAME ?? "terraform";
  try {
    const { stdout } = await promisify(execFile)(binary, [`-chdir=${folder}`, ...args], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === "ENOENT") {
      throw new OutsideError(
        `cannot run "${binary}": install Terraform 1.11 or later, or name the binary in TERRAFORM_BINARY_NAME`,
      );
    }
    if (stderr?.includes("initialization required")) {
      throw new OutsideError(
        `stack ${stack} is synthesized but was never deployed from this folder: run npx cdktf deploy ${stack} first`,
      );
    }
    throw new OutsideError(`${binary} ${args[0]} of stack ${stack} failed:\n${stderr?.trim() || message}`);
  }
}
