import { readdirSync, statSync } from "node:fs";
import { resolve } from "node:path";

/** Every TypeScript file in here is an environment. */
export const environmentsFolder = () => resolve("environments");

/** Names of the environments of the project in whose folder we run. */
export function environmentNames(): string[] {
  const folder = environmentsFolder();
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .map((file) => file.slice(0, -".ts".length))
    .sort();
}
