import { ConfigurationError } from "../../config/configuration-error";
import { ownersFirst } from "../../config/domain-owners";
import type { Environment } from "../../config/environment";
import { environmentNames } from "../../config/environment-names";
import { environment } from "../../config/environments";
import { hint } from "../../config/hints";
import { Failure } from "../../errors";

export interface Chosen {
  /** By their names, those first whose domain others share. */
  readonly environments: ReadonlyMap<string, Environment>;
  /** What is wrong with the files of the others that were meant, by their names. */
  readonly faults: ReadonlyMap<string, Failure>;
}

/**
 * The environments that names and patterns mean, in which `*` stands for any characters and `?` for one; all of the folder where none is
 * given.
 * @throws ConfigurationError when one means nothing
 */
export function select(patterns: readonly string[]): Chosen {
  const known = environmentNames();
  if (known.length === 0) {
    throw new ConfigurationError("there is no environment in this folder: npx ords-jwt init makes one");
  }
  const meant = new Set(patterns.length === 0 ? known : patterns.flatMap((pattern) => matching(pattern, known)));
  const [environments, faults] = [new Map<string, Environment>(), new Map<string, Failure>()];
  for (const name of known.filter((each) => meant.has(each))) {
    try {
      environments.set(name, environment(name));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      faults.set(name, error);
    }
  }
  return { environments: new Map(ownersFirst([...environments])), faults };
}

function matching(pattern: string, known: readonly string[]): string[] {
  const parts = [...pattern].map((each) =>
    each === "*" ? ".*" : each === "?" ? "." : each.replace(/[\\^$.+()[\]{}|]/, "\\$&"),
  );
  const expression = new RegExp(`^${parts.join("")}$`, "s");
  const found = known.filter((name) => expression.test(name));
  if (found.length > 0) return found;
  throw new ConfigurationError(`"${pattern}" is no environment of this folder (${hint(pattern, known)})`);
}
