import pc from "picocolors";
import type { Environment } from "../config/environment";
import { register } from "../ords/database/apply";
import { parseOrdsOutput } from "../ords/output";
import { desiredState } from "../ords/plan/desired";
import { isInSync, type Plan } from "../ords/plan/entries";
import { type Allowed, PlanError } from "../ords/plan/refusals";
import { withConnection } from "./database";
import { clean, cleanLines } from "./terminal/clean";
import { step } from "./terminal/progress";
import { renderPlan, renderPlanMarkdown } from "./terminal/render";
import {
  type ResourceChange,
  type TerraformAction,
  type TerraformPlan,
  terraformPlan,
  unknown,
} from "./terraform/plan";

/** What a deploy would do on both sides. */
export interface Review {
  readonly stack: string;
  readonly terraform: TerraformPlan;
  /** undefined when the schema cannot be planned for; `refusal` says why. */
  readonly ords: Plan | undefined;
  /** What stands in the way of registering, if anything. */
  readonly refusal: string | undefined;
}

/**
 * Plans both sides of a stack that is synthesized and initialized: Terraform's changes, and what register would do with the
 * outputs that they lead to. Writes nothing.
 */
export async function reviewOf(
  stack: string,
  target: Environment,
  allowed: Allowed & { readonly sampleApi?: boolean } = {},
): Promise<Review> {
  const terraform = await step("plan OCI", () => terraformPlan(stack));
  const desired = desiredState(parseOrdsOutput(terraform.ords, `the plan of stack ${stack}`, isUnknown), isUnknown);
  let ords: Plan | undefined;
  try {
    const show = (plan: Plan) => {
      ords = plan;
    };
    await step("plan ORDS", () =>
      withConnection(target, (connection) =>
        register(connection, desired, { ...allowed, dryRun: true, show, save: () => {} }),
      ),
    );
    return { stack, terraform, ords, refusal: undefined };
  } catch (error) {
    if (error instanceof PlanError) return { stack, terraform, ords, refusal: error.message };
    throw error;
  }
}

/** Whether a deploy would change anything, or could not be carried through. */
export function differs({ terraform, ords, refusal }: Review): boolean {
  return terraform.changes.length > 0 || refusal !== undefined || (ords !== undefined && !isInSync(ords));
}

const signs: Record<TerraformAction, string> = {
  create: pc.green("+ create   "),
  update: pc.yellow("~ update   "),
  replace: pc.red("± replace  "),
  delete: pc.red("- delete   "),
};

export function renderReview({ stack, terraform, ords, refusal }: Review): string {
  const lines = terraform.changes.flatMap((change) => [
    `${signs[change.action]} ${change.address}`,
    ...change.attributes.map((attribute) => `              ${attribute.path}: ${difference(change, attribute)}`),
  ]);
  return [
    pc.bold(`Terraform, stack ${stack}`),
    ...(lines.length > 0 ? lines : ["no changes"]),
    "",
    pc.bold("ORDS, after that"),
    ...(ords ? [withoutUnknowns(renderPlan(ords))] : []),
    ...(refusal ? [pc.red(`cannot be registered: ${cleanLines(withoutUnknowns(refusal))}`)] : []),
  ].join("\n");
}

/** For a pull request: counts in the first line, the rest folded. The same plan gives the same text. */
export function renderReviewMarkdown(review: Review): string {
  const { stack, terraform, ords, refusal } = review;
  const rows = terraform.changes.map((change) => {
    const attributes = change.attributes.map(
      (attribute) => `${attribute.path}: ${code(difference(change, attribute))}`,
    );
    return `| ${change.action} | ${code(change.address)} | ${attributes.join("<br>")} |`;
  });
  return [
    `**${stack}**: ${differs(review) ? headline(review) : "no changes"}`,
    "",
    `<details><summary>Terraform: ${counts(terraform.changes)}</summary>`,
    "",
    ...(rows.length > 0 ? ["| | resource | attributes |", "|---|---|---|", ...rows] : ["no changes"]),
    "",
    "</details>",
    "",
    "<details><summary>ORDS, after that</summary>",
    "",
    ...(ords ? [withoutUnknowns(renderPlanMarkdown(ords))] : []),
    ...(refusal ? [`> cannot be registered: ${code(withoutUnknowns(refusal))}`] : []),
    "",
    "</details>",
  ].join("\n");
}

function headline({ terraform, ords, refusal }: Review): string {
  const registers = ords?.entries.filter(({ action }) => action !== "unchanged") ?? [];
  return `Terraform ${counts(terraform.changes)}; ORDS ${refusal ? "cannot be registered" : counts(registers)}`;
}

function counts(changes: readonly { readonly action: string }[]): string {
  const actions = [...new Set(changes.map(({ action }) => action))].sort();
  return (
    actions.map((action) => `${changes.filter((change) => change.action === action).length} to ${action}`).join(", ") ||
    "no changes"
  );
}

function difference({ action }: ResourceChange, { before, after }: ResourceChange["attributes"][number]): string {
  return action === "create" ? (after ?? "(none)") : `${before ?? "(none)"} -> ${after ?? "(none)"}`;
}

function code(text: string): string {
  return `\`${clean(text).replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}

function isUnknown(value: string): boolean {
  return value === unknown;
}

/** What is known only after apply was planned with a placeholder. */
function withoutUnknowns(text: string): string {
  return text.replaceAll(unknown, "(known after apply)");
}
