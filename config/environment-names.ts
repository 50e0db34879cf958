import { readdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigurationError } from "./configuration-error";

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

/**
 * By the files that are there, before anything is loaded that reads them.
 * @returns the names of all environments
 * @throws ConfigurationError when there is no environment of that name
 */
export function requireEnvironment(name: string): readonly string[] {
  const known = environmentNames();
  if (known.includes(name)) return known;
  throw new ConfigurationError(
    known.length > 0
      ? `unknown environment "${name}": known are ${known.join(", ")}; add one as environments/${name}.ts`
      : `unknown environment "${name}": there is none in this folder; go to the project's, or make one: npx ords-jwt init`,
  );
}
