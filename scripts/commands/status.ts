import { environment } from "../../config/environments";
import { type Action, isInSync } from "../../ords/plan/entries";
import { differs, type Review, reviewOf, summaryOf } from "../review";
import { colours } from "../terminal/colours";
import { CheckFailed } from "../terminal/failure";
import type { Terminal } from "../terminal/terminal";
import { managedResources } from "../terraform/state";
import { synthesize } from "../terraform/synthesize";

export interface StatusFlags {
  readonly json?: boolean;
  /** All stacks are synthesized already. @default false */
  readonly synthesized?: boolean;
}

/** Says at a glance what is deployed and whether both sides are as the environment file says; `diff` says it at length. */
export async function status(name: string, flags: StatusFlags, terminal: Terminal): Promise<void> {
  const target = environment(name);
  await synthesize(name, terminal, flags.synthesized);
  const resources = (await managedResources(name)).length;
  const review = await reviewOf(name, target, {}, terminal);
  terminal.summary = summaryOf(review);
  const inSync = !differs(review);
  const sides = { oci: oci(review, resources), ords: ords(review) };
  if (flags.json)
    terminal.json({
      environment: name,
      deployed: resources > 0,
      inSync,
      ...sides,
      refusal: review.refusal?.message ?? null,
    });
  else {
    const verdict =
      resources === 0 ? colours.yellow("not deployed") : inSync ? colours.green("in sync") : colours.yellow("differs");
    terminal.log([`${colours.bold(name)}: ${verdict}`, `  OCI   ${sides.oci}`, `  ORDS  ${sides.ords}`].join("\n"));
    if (!inSync) terminal.log(`what differs: npx ords-jwt diff ${name}`);
  }
  // Of what was never deployed, what is in the way of a deploy is not the question.
  if (review.refusal && resources > 0) throw review.refusal;
  if (!inSync) throw new CheckFailed();
}

function oci({ terraform: { changes } }: Review, resources: number): string {
  if (resources === 0) return "nothing is deployed";
  return `${resources} resources deployed, ${changes.length === 0 ? "in sync" : `${changes.length} differ`}`;
}

function ords({ ords: plan }: Review): string {
  if (!plan) return "cannot be compared; diff says why";
  const { schema, ordsVersion, entries } = plan;
  const count = (...actions: Action[]) => entries.filter(({ action }) => actions.includes(action)).length;
  const unseen = count("cannot be compared");
  const changed = entries.length - count("unchanged") - unseen;
  const far = unseen > 0 ? `, ${unseen} of ${entries.length} only as far as they can be compared` : "";
  return `schema ${schema}, ORDS ${ordsVersion}: ${isInSync(plan) ? `in sync${far}` : `${changed} of ${entries.length} differ`}`;
}
