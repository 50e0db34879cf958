import { environment } from "../../config/environments";
import { PlanError } from "../../ords/plan/refusals";
import { type AllowedReview, differs, type Review, renderReview, renderReviewMarkdown, reviewOf } from "../review";
import { CheckFailed } from "../terminal/failure";
import { planJson } from "../terminal/render";
import type { Terminal } from "../terminal/terminal";
import { synthesize } from "../terraform/cdktf";
import { forgetOrphans } from "../terraform/orphans";

/** What is allowed is planned as if it were done. */
export interface DiffFlags extends AllowedReview {
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** Shows what a deploy would change in OCI and in the database, and changes nothing. */
export async function diff(name: string, flags: DiffFlags, terminal: Terminal): Promise<void> {
  const target = environment(name);
  await synthesize(name, terminal);
  const review = await reviewOf(name, target, flags, terminal).finally(() => forgetOrphans(name));
  if (flags.json) terminal.json(json(review));
  else terminal.log(flags.markdown ? renderReviewMarkdown(review) : renderReview(review));
  if (review.refusal) throw new PlanError(review.refusal);
  if (differs(review)) throw new CheckFailed();
}

function json(review: Review): object {
  const { stack, terraform, ords, refusal = null } = review;
  const plan = ords ? planJson(ords) : null;
  return { stack, differs: differs(review), terraform: terraform.changes, ords: plan, refusal };
}
