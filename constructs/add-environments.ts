import type { App } from "cdktf";
import { environmentNames } from "../config/environment-names";
import { environment } from "../config/environments";
import { missingTerraform } from "../config/terraform";
import { OrdsJwtStack } from "./ords-jwt-stack";

/**
 * Makes every file in `environments/` a stack of its name. For a project's `main.ts`: what is wrong is printed, and ends the process,
 * with exit code 2 for an environment and 3 for a missing Terraform.
 */
export function addEnvironments(app: App): void {
  const missing = missingTerraform();
  // cdktf would name whichever stack comes first.
  if (missing !== undefined) end(3, `error: ${missing}`);
  const environments = environmentNames().map((name) => [name, orEnd(name, () => environment(name))] as const);
  for (const [name, parsed] of environments) orEnd(name, () => new OrdsJwtStack(app, name, parsed));
}

function orEnd<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    return end(2, `environment ${name}: ${(error as Error).message}`);
  }
}

function end(exitCode: number, message: string): never {
  console.error(message);
  process.exit(exitCode);
}
