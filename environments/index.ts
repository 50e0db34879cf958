import { dev } from "./dev";
import { ConfigurationError, type Environment, parseEnvironment } from "./environment";
import { local } from "./local";
import { prod } from "./prod";

const environments: Record<string, unknown> = { local, dev, prod };

export const environmentNames = Object.keys(environments);

/**
 * The environment of that name, checked.
 * @throws ConfigurationError when it is unknown or not valid
 */
export function environment(name: string): Environment {
  if (!Object.hasOwn(environments, name)) {
    throw new ConfigurationError(
      `unknown environment "${name}": known are ${environmentNames.join(", ")}; add one as environments/${name}.ts and list it in environments/index.ts`,
    );
  }
  return parseEnvironment(name, environments[name]);
}
