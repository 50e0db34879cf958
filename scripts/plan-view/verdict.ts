import { attributes, isInSync, type Plan, writes } from "../../ords/plan/entries";
import type { PlanError } from "../../ords/plan/refusals";
import { type ResourceChange, type TerraformPlan, unknown } from "../terraform/plan";
import { isInStateAlone, lost } from "./oci";
import type { Counts, Verdict } from "./view";

/** A plan of either side or of both. */
export interface Planned {
  readonly stack: string;
  /** Left out where OCI is not looked at. */
  readonly terraform?: TerraformPlan;
  /** Left out where the schema is not looked at; undefined as a value where it cannot be planned for. */
  readonly ords?: Plan | undefined;
  /** Why it cannot be carried out; undefined when it can. */
  readonly refusal?: PlanError | undefined;
}

export function verdictOf({ terraform, ords, refusal }: Planned): Verdict {
  const entries = ords?.entries ?? [];
  const differs = (terraform?.changes.length ?? 0) > 0 || (ords !== undefined && !isInSync(ords));
  const outcome = refusal !== undefined ? "blocked" : differs ? "differs" : "in sync";
  return {
    outcome,
    exitCode: outcome === "blocked" ? 4 : outcome === "differs" ? 1 : 0,
    oci: terraform ? count(inOci(terraform.changes)) : null,
    schema: ords ? count(ords.entries) : null,
    nowProtected: new Set(entries.flatMap(({ nowProtected }) => nowProtected)).size,
    becomesPublic: new Set(entries.flatMap(({ becomesPublic }) => becomesPublic)).size,
    replaces: terraform ? lost(terraform, "replace").length : 0,
    deletes: terraform ? lost(terraform, "delete").length : 0,
  };
}

/** What stands out, the worst first. */
export function alarmsOf({ outcome, replaces, deletes, becomesPublic, nowProtected }: Verdict): string[] {
  return [
    ...(outcome === "blocked" ? ["BLOCKED"] : []),
    ...(replaces > 0 ? [`REPLACES ${replaces} (client id and secret change)`] : []),
    ...(deletes > 0 ? [`DELETES ${deletes} (client id and secret are gone)`] : []),
    ...(becomesPublic > 0 ? [`BECOMES PUBLIC ${becomesPublic}`] : []),
    ...(nowProtected > 0 ? [`NOW PROTECTED ${nowProtected}`] : []),
  ];
}

/** The rest of it: how much changes on each side. */
export function countsOf(planned: Planned): string[] {
  const { terraform } = planned;
  return [...(terraform ? [ociInWords(terraform)] : []), ...("ords" in planned ? [schemaInWords(planned.ords)] : [])];
}

/** Whether a plan is the one that was shown, in which some values were not known yet. */
export function isAsReviewed(plan: Plan, reviewed: Plan): boolean {
  const [now, then] = [plan, reviewed].map(({ schema, user, entries }) => [
    schema,
    user,
    ...entries.flatMap(({ action, kind, name, nowProtected, becomesPublic, ...states }) => [
      JSON.stringify([action, kind, name, nowProtected, becomesPublic]),
      ...attributes(states).map((attribute) => JSON.stringify(attribute)),
    ]),
  ]) as [string[], string[]];
  const isSame = (text: string, index: number) => {
    const [before = "", after] = then[index]?.split(unknown) ?? [];
    return after === undefined ? text === before : text.startsWith(before) && text.endsWith(after);
  };
  return now.length === then.length && now.every(isSame);
}

function schemaInWords(ords: Plan | undefined): string {
  if (!ords) return "the schema cannot be planned";
  const { entries, schema, leaves } = ords;
  if (entries.length === 0) {
    return leaves.length > 0
      ? `nothing to delete in schema ${schema}`
      : `nothing of this stack is registered in schema ${schema}`;
  }
  if (!isInSync(ords)) {
    const [written, others] = [true, false].map((isWritten) =>
      inWords(count(entries.filter((entry) => writes(entry) === isWritten))),
    );
    return `${written} in schema ${schema}${others ? ` (${others} there)` : ""}`;
  }
  const unseen = entries.some(({ action }) => action === "cannot be compared");
  return `schema ${schema} in sync: nothing to write${unseen ? ", as far as the database shows it" : ""}`;
}

/** What Terraform keeps in the state alone is only told where there is nothing else. */
function ociInWords({ changes }: TerraformPlan): string {
  const things = inWords(count(inOci(changes)));
  if (things || changes.length === 0) return `${things || "no changes"} in OCI`;
  return `no changes in OCI, ${inWords(count(changes))} in the state alone`;
}

function inOci(changes: TerraformPlan["changes"]): ResourceChange[] {
  return changes.filter((change) => !isInStateAlone(change));
}

function count(changes: readonly { readonly action: keyof Counts }[]): Counts {
  const counts: Partial<Record<keyof Counts, number>> = {};
  for (const { action } of changes) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}

function inWords(counts: Counts): string {
  const words = ([action, number]: [string, number]) =>
    action === "unchanged" || action === "cannot be compared" ? `${number} ${action}` : `${number} to ${action}`;
  return Object.entries(counts).map(words).join(", ");
}
