import type { App } from "cdktf";
import { ownersFirst } from "../config/domain-owners";
import type { Environment } from "../config/environment";

import { environmentNames } from "../config/environment-names";
import { environment, refused } from "../config/environments";
import { missingTerraform } from "../config/terraform";
import { stackVariable } from "../config/words";
import { OrdsJwtStack } from "./ords-jwt-stack";

/**
 * Makes every file in `environments/` a stack of its name. For a project's `main.ts`: what is wrong is printed, and ends the process,
 * with exit code 2 for environments and 3 for a missing Terraform. A command of `ords-jwt` is told only of faults of others.
 */
export function addEnvironments(app: App): void {
  const missing = missingTerraform();
  // cdktf would name whichever stack comes first.
  if (missing !== undefined) end(3, `error: ${missing}`);
  const faults = new Map<string, string>();
  const environments = new Map<string, Environment>();
  for (const name of environmentNames()) {
    try {
      environments.set(name, environment(name));
    } catch (error) {
      faults.set(name, (error as Error).message);
    }
  }
  for (const [name, parsed] of ownersFirst([...environments])) {
    try {
      new OrdsJwtStack(app, name, parsed);
    } catch (error) {
      // What there is of it would be deployed.
      app.node.tryRemoveChild(name);
      faults.set(name, refused(name, (error as Error).message));
    }
  }
  report(faults, process.env[stackVariable]);
}

/** @param stack the one that all is done for. @default - all of them */
function report(faults: ReadonlyMap<string, string>, stack: string | undefined): void {
  const own = stack === undefined ? [...faults.values()].join("\n") : faults.get(stack);
  if (own) end(2, own);
  for (const [name, fault] of faults) console.error(`warning: environment ${name} is left out: ${shortened(fault)}`);
}

/** Up to the first problem that is named. */
function shortened(fault: string): string {
  const lines = fault.split("\n").map((line) => line.trim());
  const end = lines.findIndex((line) => !line.endsWith(":")) + 1 || lines.length;
  const more = lines.length - end;
  return `${lines.slice(0, end).join(" ")}${more > 0 ? ` (and ${more} more)` : ""}`;
}

function end(exitCode: number, message: string): never {
  console.error(message);
  process.exit(exitCode);
}
