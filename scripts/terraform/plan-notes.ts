/** The parts of `terraform show -json PLAN` that are read. */
export interface NotedPlan {
  resource_changes?: {
    address: string;
    type: string;
    change: { actions: string[]; importing?: object | null; after: unknown };
  }[];
  configuration?: {
    root_module?: { resources?: { address: string; expressions?: Record<string, unknown> }[] };
  };
}

/**
 * What a plan does not show by itself and a reviewer has to know, a sentence each.
 * @param orphans addresses of what is taken over because a run that was killed had made it
 */
export function planNotes(plan: NotedPlan, orphans: readonly string[] = []): string[] {
  return [...takenOver(plan, orphans), ...keptTexts(plan), ...settingsMadeAnew(plan)];
}

function takenOver({ resource_changes = [] }: NotedPlan, orphans: readonly string[]): string[] {
  return resource_changes
    .filter(({ address, change }) => change.importing && orphans.includes(address))
    .map(({ address }) => `${address} was made by a run that was killed: it is taken over, not made anew`);
}

/** To the provider an empty text is nothing said: it plans no change, and what was there stays. */
function keptTexts({ resource_changes = [], configuration }: NotedPlan): string[] {
  const declared = new Map(configuration?.root_module?.resources?.map((made) => [made.address, made.expressions]));
  return resource_changes.flatMap(({ address, change }) => {
    const after = (change.after ?? {}) as Record<string, unknown>;
    const expressions = Object.entries(declared.get(address) ?? {});
    return expressions
      .filter(([name, expression]) => isEmptyText(expression) && typeof after[name] === "string" && after[name])
      .map(
        ([name]) =>
          `${name} of ${address} stays ${JSON.stringify(after[name])}: the provider cannot take it away; change it in the environment file, or remove it in the console`,
      );
  });
}

function isEmptyText(expression: unknown): boolean {
  return (expression as { constant_value?: unknown } | null)?.constant_value === "";
}

/** Making the settings of a domain is a PUT of two of them, and it is not documented what becomes of the others. */
function settingsMadeAnew({ resource_changes = [] }: NotedPlan): string[] {
  const isMade = ({ change }: { change: { actions: string[] } }) => change.actions.includes("create");
  if (resource_changes.some((resource) => resource.type === "oci_identity_domain" && isMade(resource))) return [];
  return resource_changes
    .filter((resource) => resource.type === "oci_identity_domains_setting" && isMade(resource))
    .map(
      ({ address }) =>
        `${address} is made for a domain that exists: OCI may reset settings that were customized there; import it first, see docs/how-to/adopt-existing.md`,
    );
}
