import type { Environment } from "../config/environment";
import { register } from "../ords/database/apply";
import { parseOrdsOutput } from "../ords/output";
import { desiredState } from "../ords/plan/desired";
import type { Plan } from "../ords/plan/entries";
import { type Allowed, PlanError } from "../ords/plan/refusals";
import { clientsWithoutRoles } from "../ords/role-based-clients";
import { withConnection } from "./database";
import { ociOf } from "./oci/client";
import { viewOf } from "./plan-view/build";
import { lost } from "./plan-view/oci";
import { verdictOf } from "./plan-view/verdict";
import type { PlanView } from "./plan-view/view";
import { step } from "./terminal/progress";
import type { Terminal } from "./terminal/terminal";
import { adoptOrphans } from "./terraform/orphans";
import { type TerraformPlan, terraformPlan, unknown } from "./terraform/plan";
import { knownAfterApply } from "./terraform/shown-values";

/** What a caller may explicitly agree to, on either side. */
export interface AllowedReview extends Allowed {
  /** Replace or delete the domain or an app. @default false */
  readonly allowReplace?: boolean;
}

/** What a deploy would do on both sides. */
export interface Review {
  readonly stack: string;
  readonly terraform: TerraformPlan;
  /** undefined when the schema cannot be planned for; `refusal` says why. */
  readonly ords: Plan | undefined;
  /** What stands in the way of a deploy, if anything. */
  readonly refusal: string | undefined;
}

/**
 * Plans both sides of a stack that is synthesized and initialized: Terraform's changes, and what register would do with the
 * outputs that they lead to. Writes nothing.
 */
export async function reviewOf(
  stack: string,
  target: Environment,
  allowed: AllowedReview & { readonly sampleApi?: boolean },
  terminal: Terminal,
): Promise<Review> {
  const unknowns = await step(terminal, "look for what a killed run left", () =>
    adoptOrphans(stack, target, ociOf(target, terminal)),
  );
  const planned = await step(terminal, "plan OCI", () => terraformPlan(stack));
  const output = parseOrdsOutput(planned.ords, `the plan of stack ${stack}`, isUnknown);
  const terraform = { ...planned, notes: [...planned.notes, ...unknowns, ...clientsWithoutRoles(output)] };
  const desired = desiredState(output, isUnknown);
  const loss = lossIn(terraform, allowed);
  let ords: Plan | undefined;
  try {
    const show = (plan: Plan) => {
      ords = plan;
    };
    await step(terminal, "plan ORDS", () =>
      withConnection(target, terminal, (connection) =>
        register(connection, desired, { ...allowed, dryRun: true, show, save: () => {} }),
      ),
    );
    return { stack, terraform, ords, refusal: loss };
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    // What is known only after apply was planned with a stand-in.
    const refusal = error.message.replaceAll(unknown, knownAfterApply);
    return { stack, terraform, ords, refusal: loss ? `${loss}\n${refusal}` : refusal };
  }
}

/** Client id and secret, users and tokens are gone with what is replaced. */
function lossIn(plan: TerraformPlan, { allowReplace }: AllowedReview): string | undefined {
  const changes = [...lost(plan, "replace"), ...lost(plan, "delete")];
  if (changes.length === 0 || allowReplace) return undefined;
  const what = changes.map(({ action, address }) => `${action} ${address}`).join(", ");
  return `${what}: its clients lose their id and secret; add --allow-replace if that is what you want`;
}

/** What is shown of it. */
export function viewOfReview(review: Review, { region, apiUrl }: Environment, { verbose }: Terminal): PlanView {
  return viewOf(review, { region, apiUrl, verbose });
}

/** Whether a deploy would change anything, or could not be carried through. */
export function differs(review: Review): boolean {
  return verdictOf(review).outcome !== "in sync";
}

function isUnknown(value: string): boolean {
  return value === unknown;
}
