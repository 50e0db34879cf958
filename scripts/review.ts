import pc from "picocolors";
import type { Environment } from "../config/environment";
import { register } from "../ords/database/apply";
import { parseOrdsOutput } from "../ords/output";
import { desiredState } from "../ords/plan/desired";
import { isInSync, type Plan } from "../ords/plan/entries";
import { type Allowed, PlanError } from "../ords/plan/refusals";
import { clientsWithoutRoles } from "../ords/role-based-clients";
import { withConnection } from "./database";
import { ociOf } from "./oci/client";
import { clean } from "./terminal/clean";
import { code, escaped } from "./terminal/markdown";
import { step } from "./terminal/progress";
import { renderBlocked, renderPlan, renderPlanMarkdown } from "./terminal/render";
import type { Terminal } from "./terminal/terminal";
import { adoptOrphans } from "./terraform/orphans";
import {
  type ResourceChange,
  type TerraformAction,
  type TerraformPlan,
  terraformPlan,
  unknown,
} from "./terraform/plan";

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
    const refusal = withoutUnknowns(error.message);
    return { stack, terraform, ords, refusal: loss ? `${loss}\n${refusal}` : refusal };
  }
}

/** Client id and secret, users and tokens are gone with what is replaced. */
function lossIn({ changes }: TerraformPlan, { allowReplace }: AllowedReview): string | undefined {
  const lost = changes.filter(
    ({ type, action }) => /^oci_identity_domain(s_app)?$/.test(type) && (action === "replace" || action === "delete"),
  );
  if (lost.length === 0 || allowReplace) return undefined;
  const what = lost.map(({ action, address }) => `${action} ${address}`).join(", ");
  return `${what}: its clients lose their id and secret; add --allow-replace if that is what you want`;
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
  import: pc.green("+ import   "),
};

export function renderReview({ stack, terraform, ords, refusal }: Review): string {
  const lines = terraform.changes.flatMap((change) => [
    `${signs[change.action]} ${clean(change.address)}`,
    ...change.attributes.map((attribute) => clean(`              ${attribute.path}: ${difference(change, attribute)}`)),
  ]);
  return [
    ...(refusal === undefined ? [] : [renderBlocked(refusal)]),
    pc.bold(`Terraform, stack ${stack}`),
    ...(lines.length > 0 ? lines : ["no changes"]),
    ...terraform.notes.map((note) => pc.yellow(`! ${clean(note)}`)),
    "",
    pc.bold("ORDS, after that"),
    ords ? withoutUnknowns(renderPlan(ords)) : "cannot be planned",
  ].join("\n");
}

/** For a pull request: counts in the first line, the rest folded. The same plan gives the same text. */
export function renderReviewMarkdown(review: Review): string {
  const { stack, terraform, ords, refusal } = review;
  const rows = terraform.changes.map((change) => {
    const attributes = change.attributes.map(
      (attribute) => `${escaped(attribute.path)}: ${code(difference(change, attribute))}`,
    );
    return `| ${change.action} | ${code(change.address)} | ${attributes.join("<br>")} |`;
  });
  const { notes } = terraform;
  return [
    `**${stack}**: ${refusal ? "**BLOCKED**: " : ""}${differs(review) ? headline(review) : "no changes"}`,
    "",
    ...(refusal ? [`> blocked: ${escaped(refusal)}`, ""] : []),
    ...notes.flatMap((note) => [`> ${escaped(note)}`, ""]),
    `<details><summary>Terraform: ${counts(terraform.changes)}</summary>`,
    "",
    ...(rows.length > 0 ? ["| | resource | attributes |", "|---|---|---|", ...rows] : ["no changes"]),
    "",
    "</details>",
    "",
    "<details><summary>ORDS, after that</summary>",
    "",
    ords ? withoutUnknowns(renderPlanMarkdown(ords)) : "cannot be planned",
    "",
    "</details>",
  ].join("\n");
}

function headline({ terraform, ords }: Review): string {
  const registers = ords?.entries.filter(({ action }) => action !== "unchanged");
  return `Terraform ${counts(terraform.changes)}; ORDS ${registers ? counts(registers) : "cannot be planned"}`;
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

function isUnknown(value: string): boolean {
  return value === unknown;
}

/** What is known only after apply was planned with a placeholder. */
function withoutUnknowns(text: string): string {
  return text.replaceAll(unknown, "(known after apply)");
}
