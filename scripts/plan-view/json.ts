import { attributes, isInSync, type Plan } from "../../ords/plan/entries";
import type { TerraformPlan } from "../terraform/plan";
import { type Planned, verdictOf } from "./verdict";

/** The plan of a schema for programs. `comparable` is false where the database does not show the old value. */
export function planJson(plan: Plan) {
  const { stack, schema, user, ordsVersion, packages, warnings, leaves } = plan;
  return {
    stack,
    schema,
    user,
    ordsVersion,
    packages,
    inSync: isInSync(plan),
    entries: plan.entries.map((entry) => ({
      action: entry.action,
      kind: entry.kind,
      name: entry.name,
      attributes: attributes(entry).map(({ name, old, new: wanted }) => ({
        name,
        old: old ?? null,
        new: wanted ?? null,
        comparable: entry.before === null || old !== undefined,
      })),
      nowProtected: entry.nowProtected,
      becomesPublic: entry.becomesPublic,
    })),
    warnings,
    leaves,
  };
}

/** A plan of both sides for programs. */
export function reviewJson(planned: Planned & { readonly terraform: TerraformPlan }) {
  const { stack, terraform, ords, refusal } = planned;
  const verdict = verdictOf(planned);
  return {
    stack,
    verdict,
    differs: verdict.outcome !== "in sync",
    terraform: terraform.changes.map(({ address, type, action, forcedBy, isImported, movedFrom, attributes: all }) => ({
      address,
      type,
      action,
      forcedBy,
      isImported,
      movedFrom: movedFrom ?? null,
      attributes: all,
    })),
    notes: terraform.notes,
    ords: ords ? planJson(ords) : null,
    refusal: refusal?.message ?? null,
    blockers: (refusal?.blockers ?? []).map(({ what, avoid = null, flag = null }) => ({ what, avoid, flag })),
  };
}
