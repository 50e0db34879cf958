import { environment } from "../../config/environments";
import { writePage } from "../pages/page";
import { planPage } from "../pages/plan";
import { reviewJson } from "../plan-view/json";
import { renderMarkdown } from "../plan-view/markdown";
import { renderText } from "../plan-view/text";
import { type AllowedReview, differs, type Review, reviewOf, summaryOf, viewOfReview } from "../review";
import { CheckFailed } from "../terminal/failure";
import type { Terminal } from "../terminal/terminal";
import { synthesize } from "../terraform/synthesize";

/** What is allowed is planned as if it were done. */
export interface DiffFlags extends AllowedReview {
  readonly json?: boolean;
  /** All stacks are synthesized already. @default false */
  readonly synthesized?: boolean;
  readonly markdown?: boolean;
  /** A file to write it to as a page, too. */
  readonly html?: string;
  /** Told what a deploy would do. */
  readonly onPlanned?: (review: Review) => void;
}

/** Shows what a deploy would change in OCI and in the database, and changes nothing. */
export async function diff(name: string, flags: DiffFlags, terminal: Terminal): Promise<void> {
  const target = environment(name);
  await synthesize(name, terminal, flags.synthesized);
  const review = await reviewOf(name, target, flags, terminal);
  flags.onPlanned?.(review);
  terminal.summary = summaryOf(review);
  if (flags.html !== undefined) writePage(flags.html, planPage(viewOfReview(review, target, terminal)), terminal);
  if (flags.json) terminal.json(reviewJson(review));
  else if (flags.markdown) terminal.log(renderMarkdown(viewOfReview(review, target, terminal)));
  else terminal.print(renderText(viewOfReview(review, target, terminal), terminal));
  if (review.refusal) throw review.refusal;
  if (differs(review)) throw new CheckFailed();
}
