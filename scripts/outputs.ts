import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { ConfigurationError } from "../environments/environment";
import { type OrdsOutput, parseOrdsOutput } from "../ords/output";
import { OutsideError } from "./failure";

export interface StackOutputs {
  readonly ords: OrdsOutput;
  /** undefined when the outputs come from a hand-over file, which holds no secret. */
  readonly clientSecret: string | undefined;
}

/**
 * The outputs of a deployed stack, from its state and through a pipe: the client secret touches no file of ours.
 * @throws OutsideError when Terraform is missing or fails, or the stack is not deployed; OutputError when a value is missing
 */
export async function stackOutputs(stack: string): Promise<StackOutputs> {
  const folder = join("cdktf.out", "stacks", stack);
  if (!existsSync(folder)) {
    throw new OutsideError(
      `stack ${stack} is not synthesized (there is no ${folder}): run npx cdktf deploy ${stack} here first`,
    );
  }
  const outputs = JSON.parse(await terraform([`-chdir=${folder}`, "output", "-json", "-no-color"]));
  if (!outputs.ords) throw new OutsideError(`stack ${stack} is not deployed: run npx cdktf deploy ${stack} first`);
  return {
    ords: parseOrdsOutput(outputs.ords.value, `the state of stack ${stack}`),
    clientSecret: outputs.client_secret?.value,
  };
}

/**
 * The same from a hand-over file: the value of the output `ords` as JSON.
 * @throws ConfigurationError when it cannot be read; OutputError when a value is missing
 */
export function handOver(file: string): StackOutputs {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ConfigurationError(`cannot read outputs from ${file}: ${(error as Error).message}`);
  }
  return { ords: parseOrdsOutput(value, file), clientSecret: undefined };
}

async function terraform(args: string[]): Promise<string> {
  // The variable by which cdktf lets another binary stand in, such as tofu.
  const binary = process.env.TERRAFORM_BINARY_NAME ?? "terraform";
  try {
    const { stdout } = await promisify(execFile)(binary, args, { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === "ENOENT") {
      throw new OutsideError(
        `cannot run "${binary}": install Terraform 1.11 or later, or name the binary in TERRAFORM_BINARY_NAME`,
      );
    }
    if (stderr?.includes("initialization required")) {
      throw new OutsideError(
        "the stack is synthesized but was never deployed from this folder: run npx cdktf deploy first",
      );
    }
    throw new OutsideError(`${binary} ${args.join(" ")} failed:\n${stderr?.trim() ?? (error as Error).message}`);
  }
}
