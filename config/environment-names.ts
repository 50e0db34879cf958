import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Every TypeScript file in here is an environment. */
export const environmentsFolder = join(__dirname, "../environments");

export const environmentNames: readonly string[] = readdirSync(environmentsFolder)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length))
  .sort();
