import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "./configuration-error";
import { ownerProblem } from "./domain-owners";
import { EntryLines } from "./entry-lines";
import { type Environment, environmentSchema, parseEnvironment } from "./environment";
import { environmentsFolder, requireEnvironment } from "./environment-names";
import { entriesAt } from "./hints";
import { sharedBetween } from "./shared";

/**
 * The environment of that name, checked. Its file is loaded only now, so that a fault in it is in nobody else's way.
 * @throws ConfigurationError when it is unknown or not valid
 */
export function environment(name: string): Environment {
  const known = requireEnvironment(name);
  const own = read(name);
  for (const other of known) {
    if (other !== name) refuseShared({ name, environment: own }, other);
  }
  const problem =
    own.existingDomain && ownerProblem(name, (other) => (known.includes(other) ? read(other) : undefined), known);
  if (problem !== undefined) throw new ConfigurationError(problem);
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

/** What a file exports is checked once, though each environment is compared with all others. */
const checked = new WeakMap<object, { readonly name: string; readonly environment: Environment }>();

function read(name: string): Environment {
  try {
    const { default: byDefault, ...named } = load(name);
    const exported = byDefault ?? named[name];
    const known = isObject(exported) ? checked.get(exported) : undefined;
    if (known?.name === name) return known.environment;
    const environment = parseEnvironment(name, exported, (path) => linesOf(name).ofPath(path));
    if (isObject(exported)) checked.set(exported, { name, environment });
    return environment;
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`environments/${name}.ts cannot be loaded: ${placeAndText(error)}`);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function load(name: string): Record<string, unknown> {
  const { exit } = process;
  // It would end commands on other environments, too.
  process.exit = (code) => {
    throw new Error(`it ends the process (process.exit(${code ?? ""})): throw an error instead`);
  };
  try {
    return require(join(environmentsFolder(), `${name}.ts`));
  } finally {
    process.exit = exit;
  }
}

/** What was thrown, behind the first place in the project that led to it, also in a file that an environment file imports. */
function placeAndText(thrown: unknown): string {
  const { message, stack = "" }: Partial<Error> =
    typeof thrown === "object" && thrown !== null ? thrown : { message: `it throws ${thrown}` };
  // Folders above the project may have any name.
  const places = `${message}\n${stack}`
    .replaceAll(`${process.cwd()}/`, "|")
    .matchAll(/\|([^\s()[\]:|]+:\d+(?::\d+)?)/g);
  const found = [...places].map(([, place = ""]) => place).find((place) => !place.startsWith("node_modules/"));
  // Not which files led there.
  const text = String(message).replace(/\nRequire stack:[\s\S]*/, "");
  return found === undefined ? text : `${found}: ${text}`;
}

const linesOf = (name: string) => new EntryLines(readFileSync(join(environmentsFolder(), `${name}.ts`), "utf8"), name);

/** What the constructs refuse of an environment, with its file and, where the text of it tells, the lines of what is named. */
export function refused(name: string, message: string): string {
  const lines = linesOf(name);
  const known = entriesAt(environmentSchema, []);
  const located = message.split("\n").map((problem) => {
    const path = /^[\w.-]+/.exec(problem.trim())?.[0].split(".") ?? [];
    const texts = [...problem.matchAll(/"([^"]+)"/g)].map(([, text = ""]) => lines.ofText(text));
    const line = known.includes(path[0] ?? "") ? lines.ofPath(path) : texts.find((each) => each !== undefined);
    return line === undefined ? problem : problem.replace(/\S/, `line ${line}: $&`);
  });
  return `environments/${name}.ts is not valid:\n${located.map((line) => `  ${line}`).join("\n")}`;
}
