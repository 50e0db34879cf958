import { environment } from "../../config/environments";
import { differs, type Review, renderReview, renderReviewMarkdown, reviewOf } from "../review";
import { CheckFailed } from "../terminal/failure";
import { planJson } from "../terminal/render";
import { synthesize } from "../terraform/cdktf";

export interface DiffFlags {
  /** Plan as if what the stack did not make were taken over. */
  readonly adopt?: boolean;
  /** Plan as if what is protected now might become public. */
  readonly expose?: boolean;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** Shows what a deploy would change in OCI and in the database, and changes nothing. */
export async function diff(name: string, flags: DiffFlags): Promise<void> {
  const target = environment(name);
  await synthesize(name);
  const review = await reviewOf(name, target, flags);
  console.log(flags.json ? json(review) : flags.markdown ? renderReviewMarkdown(review) : renderReview(review));
  if (differs(review)) throw new CheckFailed();
}

function json(review: Review): string {
  const { stack, terraform, ords, refusal = null } = review;
  const plan = ords ? planJson(ords) : null;
  return JSON.stringify(
    { stack, differs: differs(review), terraform: terraform.changes, ords: plan, refusal },
    null,
    2,
  );
}
