import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, type Environment, parseEnvironment } from "./environment";

/** Every TypeScript file in here is an environment. */
const folder = join(__dirname, "../environments");

export const environmentNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length))
  .sort();

/**
 * The environment of that name, checked. Its file is loaded only now, so that a fault in it is in nobody else's way.
 * @throws ConfigurationError when it is unknown or not valid
 */
export function environment(name: string): Environment {
  if (!environmentNames.includes(name)) {
    throw new ConfigurationError(
      `unknown environment "${name}": known are ${environmentNames.join(", ") || "none"}; add one as environments/${name}.ts`,
    );
  }
  const file: Record<string, unknown> = require(join(folder, name));
  return parseEnvironment(name, file.default ?? file[name]);
}
