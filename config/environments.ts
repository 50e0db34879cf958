import { join } from "node:path";
import { ConfigurationError, type Environment, parseEnvironment } from "./environment";
import { environmentNames, environmentsFolder } from "./environment-names";

/**
 * The environment of that name, checked. Its file is loaded only now, so that a fault in it is in nobody else's way.
 * @throws ConfigurationError when it is unknown or not valid
 */
export function environment(name: string): Environment {
  const known = environmentNames();
  if (!known.includes(name)) {
    throw new ConfigurationError(
      known.length > 0
        ? `unknown environment "${name}": known are ${known.join(", ")}; add one as environments/${name}.ts`
        : `unknown environment "${name}": there is none in this folder; go to the project's, or make one: npx ords-jwt init`,
    );
  }
  const file = load(name);
  return parseEnvironment(name, file.default ?? file[name]);
}

function load(name: string): Record<string, unknown> {
  try {
    return require(join(environmentsFolder(), `${name}.ts`));
  } catch (error) {
    const { message, stack = "" } = error as Error;
    const place = /\((.*environments.*)\)/.exec(stack)?.[1];
    throw new ConfigurationError(
      `environments/${name}.ts cannot be loaded: ${message}${place ? `\n  at ${place}` : ""}`,
    );
  }
}
