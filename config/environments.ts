import { join } from "node:path";
import { ConfigurationError, type Environment, parseEnvironment } from "./environment";
import { environmentNames, environmentsFolder } from "./environment-names";
import { sharedBetween } from "./shared";

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
  const own = read(name);
  for (const other of known) {
    if (other !== name) refuseShared({ name, environment: own }, other);
  }
  return own;
}

/** @throws ConfigurationError naming both, when they would change the same thing */
function refuseShared(own: { readonly name: string; readonly environment: Environment }, other: string): void {
  let environment: Environment;
  try {
    environment = read(other);
  } catch (error) {
    // A fault in another's file stops the commands on that one.
    if (error instanceof ConfigurationError) return;
    throw error;
  }
  const shared = sharedBetween(own, { name: other, environment });
  if (shared.length === 0) return;
  throw new ConfigurationError(
    `environments ${own.name} and ${other} would share ${shared.join(" and ")}: change it in environments/${own.name}.ts or environments/${other}.ts`,
  );
}

function read(name: string): Environment {
  const file = load(name);
  return parseEnvironment(name, file.default ?? file[name]);
}

function load(name: string): Record<string, unknown> {
  try {
    return require(join(environmentsFolder(), `${name}.ts`));
  } catch (error) {
    const { message, stack = "" } = error as Error;
    // Also of a file that it imports.
    const place = /(?:^|[\s(])((?:\/|file:|environments)[^\s()]*environments[^\s()]*:\d+(?::\d+)?)/m.exec(
      `${message}\n${stack}`,
    )?.[1];
    throw new ConfigurationError(
      `environments/${name}.ts cannot be loaded: ${message}${place ? `\n  at ${place}` : ""}`,
    );
  }
}
