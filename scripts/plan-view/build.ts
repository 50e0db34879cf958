import type { Blocker } from "../../ords/plan/refusals";
import { viewOfOci } from "./oci";
import { viewOfSchema } from "./schema";
import { countsOf, type Planned, verdictOf } from "./verdict";
import { type Group, groupTitles, type Link, noFolds, type PlanView } from "./view";

export interface ViewOptions {
  /** Leave nothing out. @default false */
  readonly verbose?: boolean;
  /** Home region of the domain. @default - no page of the console is named */
  readonly region?: string;
  /** The protected API. */
  readonly apiUrl?: string;
  /** The command that carries it out, with its flags. @default - whoever reads it has just typed it */
  readonly command?: string;
}

/** What is shown of a plan. */
export function viewOf(
  planned: Planned,
  { verbose = false, region = "", apiUrl, command }: ViewOptions = {},
): PlanView {
  const { stack, terraform, ords, refusal } = planned;
  const oci = terraform && viewOfOci(terraform, { stack, region, verbose });
  const schema = ords && viewOfSchema(ords, verbose);
  const groups = groupTitles.flatMap((title): Group[] => {
    if (title === "Schema") return schema ? [schema.group] : [];
    const items = (oci?.items ?? []).filter(({ group }) => group === title).map(({ item }) => item);
    return items.length > 0 ? [{ title, items }] : [];
  });
  const api: Link[] = apiUrl ? [{ what: "API", url: apiUrl }] : [];
  return {
    stack,
    verdict: verdictOf(planned),
    counts: countsOf(planned),
    blocked: refusal && {
      nothing: `nothing will be changed${terraform ? "" : " in the schema"}`,
      blockers: refusal.blockers,
      override: overrideOf(refusal.blockers, command),
    },
    groups,
    notes: [...(terraform?.notes ?? []), ...(oci?.notes ?? []), ...(ords?.warnings ?? [])],
    kept: ords?.leaves ?? [],
    links: [...(oci?.links ?? []), ...api],
    folded: {
      ...noFolds,
      ...oci?.folded,
      ...schema?.folded,
      attributes: (oci?.folded.attributes ?? 0) + (schema?.folded.attributes ?? 0),
    },
  };
}

/** What agrees to all that is in the way; undefined where nothing does. */
function overrideOf(blockers: readonly Blocker[], command: string | undefined): string | undefined {
  const flags = new Set(blockers.map(({ flag }) => flag));
  if (flags.has(undefined)) return undefined;
  const all = [...flags].join(" ");
  return command === undefined ? `repeat this command with ${all}` : `${command} ${all}`;
}
