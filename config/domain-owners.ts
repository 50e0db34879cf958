import type { Environment } from "./environment";
import { hint } from "./hints";

/** An environment by its name; undefined when there is none, or it is not valid. */
type Find = (name: string) => Environment | undefined;

/**
 * Why an environment cannot use the domain that it says another makes; undefined when it can, or says no such thing. Who is named makes
 * the domain itself: there are no chains, and so no order but the first and the others.
 */
export function ownerProblem(name: string, find: Find, known: readonly string[]): string | undefined {
  const owner = find(name)?.existingDomain?.environment;
  if (owner === undefined) return undefined;
  const entry = `environments/${name}.ts: existingDomain.environment names "${owner}"`;
  if (!known.includes(owner)) return `${entry}, which is unknown (${hint(owner, known)})`;
  const circle = circleFrom(name, find);
  if (circle) return `${entry}, and none of the circle ${circle.join(" -> ")} makes a domain: one of them has to`;
  const { existingDomain } = find(owner) ?? {};
  if (!existingDomain) return undefined;
  const [way, value] = Object.entries(existingDomain).find(([, given]) => given !== undefined) ?? [];
  return `${entry}, which makes no domain but uses one: give ${way}: "${value}"`;
}

/** The names from one environment back to itself; undefined when they lead elsewhere. */
function circleFrom(name: string, find: Find): string[] | undefined {
  const path = [name];
  for (;;) {
    const next = find(path.at(-1) ?? "")?.existingDomain?.environment;
    if (next === undefined) return undefined;
    if (next === name) return [...path, next];
    if (path.includes(next)) return undefined;
    path.push(next);
  }
}

/** Those first whose domain others share, all else in its order. */
export function ownersFirst<Named extends readonly [string, Environment]>(environments: readonly Named[]): Named[] {
  const shares = ([, { existingDomain }]: Named) => existingDomain?.environment !== undefined;
  return [...environments.filter((named) => !shares(named)), ...environments.filter(shares)];
}
