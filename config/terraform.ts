import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Terraform, or what stands in for it, such as tofu; the variable is that of cdktf. */
export const terraformBinary = () => process.env.TERRAFORM_BINARY_NAME || "terraform";

/** What to do when Terraform cannot be run, in words for an error; undefined when it is there. */
export function missingTerraform(): string | undefined {
  const binary = terraformBinary();
  const places = /[\\/]/.test(binary) ? ["."] : (process.env.PATH ?? "").split(delimiter);
  if (places.some((place) => isProgram(binary.startsWith("/") ? binary : join(place, binary)))) return undefined;
  return `cannot run "${binary}": install Terraform 1.11 or later (https://developer.hashicorp.com/terraform/install) so that PATH leads to it, or name the binary in TERRAFORM_BINARY_NAME`;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // Not there, or not ours to run.
    return false;
  }
}
