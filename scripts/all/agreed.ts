import { attributes, type Entry, type Plan, type Value, writes } from "../../ords/plan/entries";
import { PlanError } from "../../ords/plan/refusals";
import { type TerraformPlan, unknown } from "../terraform/plan";
import { knownAfterApply, leavesOf } from "../terraform/shown-values";

/** What is to be done to one environment. */
export interface Planned {
  readonly stack: string;
  readonly terraform: Pick<TerraformPlan, "changes">;
  readonly ords: Plan | undefined;
}

/** One change of either side: what is done, and each value that comes of it. */
interface Change {
  readonly how: string;
  readonly values: ReadonlyMap<string, string>;
}
type Changes = ReadonlyMap<string, Change>;

/**
 * What was shown of several environments before somebody agreed. Each is planned again when its turn comes, since what those before it
 * make was not known; nothing else may have become of it.
 */
export class Agreed {
  readonly #changes = new Map<string, Changes>();

  keep(planned: Planned): void {
    this.#changes.set(planned.stack, changesOf(planned));
  }

  /** @throws PlanError when it is not what was shown */
  require(planned: Planned): void {
    const { stack } = planned;
    const [shown, now] = [this.#changes.get(stack), changesOf(planned)];
    if (now.size === 0) return;
    if (!shown) throw new PlanError(`nothing was changed: what was to be done to ${stack} could not be shown before`);
    const strange = [
      ...[...now].filter(([what, change]) => !isAsShown(shown.get(what), change)),
      ...[...shown].filter(([what, change]) => !now.has(what) && !hasUnknown(change)),
    ].map(([what]) => what);
    if (strange.length === 0) return;
    throw new PlanError(
      `nothing was changed: the plan of ${stack} is no longer the one that was shown: ${[...new Set(strange)].join(", ")}; run the command again to see it`,
    );
  }
}

function changesOf({ terraform, ords }: Planned): Changes {
  const resources = terraform.changes.map(({ address, action, before, after, forcedBy, movedFrom = "" }) => {
    const values = [...inFront("before", leavesOf(before)), ...inFront("after", leavesOf(after))];
    return [address, { how: [action, movedFrom, ...forcedBy].join(" "), values: new Map(values) }] as const;
  });
  const entries = (ords?.entries ?? [])
    .filter(writes)
    .map((entry) => [`${entry.kind} ${entry.name}`, inSchema(entry)] as const);
  return new Map([...resources, ...entries]);
}

function inFront(word: string, values: ReadonlyMap<string, string>): [string, string][] {
  return [...values].map(([path, value]) => [`${word} ${path}`, value]);
}

function inSchema(entry: Entry): Change {
  const text = (value: Value | undefined) =>
    JSON.stringify(value)?.includes(unknown) ? knownAfterApply : JSON.stringify(value ?? null);
  const values = attributes(entry).flatMap(({ name, old, new: wanted }): [string, string][] => [
    [`before ${name}`, text(old)],
    [`after ${name}`, text(wanted)],
  ]);
  const { nowProtected, becomesPublic } = entry;
  return { how: JSON.stringify([entry.action, nowProtected, becomesPublic]), values: new Map(values) };
}

/** What was not known then may be anything now. */
function isAsShown(shown: Change | undefined, now: Change): boolean {
  if (shown?.how !== now.how) return false;
  const wasUnknown = (path: string) =>
    [...shown.values].some(
      ([place, value]) =>
        value === knownAfterApply &&
        (path === place || /^[.[]/.test(path.slice(place.length))) &&
        path.startsWith(place),
    );
  return [...new Set([...shown.values.keys(), ...now.values.keys()])].every(
    (path) => shown.values.get(path) === now.values.get(path) || wasUnknown(path),
  );
}

function hasUnknown({ values }: Change): boolean {
  return [...values.values()].includes(knownAfterApply);
}
