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
import { lossesIn } from "./plan-view/oci";
import { alarmsOf, countsOf, verdictOf } from "./plan-view/verdict";
import type { PlanView } from "./plan-view/view";
import { step } from "./terminal/progress";
import type { Terminal } from "./terminal/terminal";
import { adoptOrphans } from "./terraform/orphans";
import { planInto, type TerraformPlan, terraformPlan, unknown } from "./terraform/plan";
import type { PlanFile } from "./terraform/plan-file";
import { knownAfterApply } from "./terraform/shown-values";
import { forgetGuesses } from "./terraform/synthesize";

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
  readonly refusal: PlanError | undefined;
  /** The deploy that it is about, with the flags that were given. */
  readonly command: string;
}

/**
 * Plans both sides of a stack that is synthesized and initialized: Terraform's changes, and what register would do with the
 * outputs that they lead to. Writes nothing.
 * @param file which Terraform's plan is put into, to be applied. @default - none
 */
export async function reviewOf(
  stack: string,
  target: Environment,
  allowed: AllowedReview & { readonly sampleApi?: boolean },
  terminal: Terminal,
  file?: PlanFile,
): Promise<Review> {
  const unknowns = await step(terminal, "look for what a killed run left", () =>
    adoptOrphans(stack, target, ociOf(target, terminal)),
  );
  const planned = await step(terminal, "plan OCI", () => (file ? planInto(stack, file) : terraformPlan(stack))).finally(
    () => forgetGuesses(stack),
  );
  const output = parseOrdsOutput(planned.ords, `the plan of stack ${stack}`, isUnknown);
  const terraform = { ...planned, notes: [...planned.notes, ...unknowns, ...clientsWithoutRoles(output)] };
  const desired = desiredState(output, isUnknown);
  const losses = allowed.allowReplace ? [] : lossesIn(terraform);
  const command = deployWith(stack, allowed);
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
    return { stack, terraform, ords, refusal: losses.length > 0 ? new PlanError(losses) : undefined, command };
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    // What is known only after apply was planned with a stand-in.
    const known = error.blockers.map(({ what, ...remedy }) => ({
      what: what.replaceAll(unknown, knownAfterApply),
      ...remedy,
    }));
    return { stack, terraform, ords, refusal: new PlanError([...losses, ...known]), command };
  }
}

/** The deploy that is planned, as it was asked for. */
function deployWith(stack: string, flags: AllowedReview & { readonly sampleApi?: boolean }): string {
  const names = { sampleApi: "--sample-api", adopt: "--adopt", expose: "--expose", allowReplace: "--allow-replace" };
  const given = Object.entries(names).filter(([flag]) => flags[flag as keyof typeof names]);
  return ["npx ords-jwt deploy", stack, ...given.map(([, name]) => name)].join(" ");
}

/** What is shown of it. */
export function viewOfReview(review: Review, { region, apiUrl }: Environment, { verbose }: Terminal): PlanView {
  return viewOf(review, { region, apiUrl, verbose, command: review.command });
}

/** The same in a line. */
export function summaryOf(review: Review): string {
  return [...alarmsOf(verdictOf(review)), ...countsOf(review)].join("; ");
}

/** Whether a deploy would change anything, or could not be carried through. */
export function differs(review: Review): boolean {
  return verdictOf(review).outcome !== "in sync";
}

function isUnknown(value: string): boolean {
  return value === unknown;
}
