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
}

/** What is shown of a plan. */
export function viewOf(planned: Planned, { verbose = false, region = "", apiUrl }: ViewOptions = {}): PlanView {
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
    refusal,
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
