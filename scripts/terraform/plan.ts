import { z } from "zod";
import { adoptedOrphans } from "./orphans";
import { type PlanFile, withPlanFile } from "./plan-file";
import { planNotes } from "./plan-notes";
import { inside, type Json, knownAfterApply, leavesOf, type Shown, shown, withUnknowns } from "./shown-values";
import { managedResources } from "./state";
import { terraform, terraformJson } from "./terraform";

/**
 * `import` takes over what is there, and may change it by that; `move` gives something another address, and `forget` leaves it to
 * itself.
 */
export type TerraformAction = "create" | "update" | "replace" | "delete" | "import" | "move" | "forget";

/** One attribute that changes. A value that is not to be seen or not known yet stands as text in parentheses. */
interface AttributeChange {
  /** As Terraform writes it: `scopes[0].value`. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A resource, as it is or will be. */
export interface Resource {
  readonly address: string;
  readonly type: string;
  /** undefined where there is none. */
  readonly before: Shown | undefined;
  readonly after: Shown | undefined;
  /** What its attributes are taken from: addresses of other resources by path. */
  readonly references: Readonly<Record<string, string>>;
}

export interface ResourceChange extends Resource {
  readonly action: TerraformAction;
  readonly attributes: readonly AttributeChange[];
  /** Attributes that cannot be changed in place. */
  readonly forcedBy: readonly string[];
  /** It exists, and is taken over. */
  readonly isImported: boolean;
  /** Its address until now, where that is another one. */
  readonly movedFrom: string | undefined;
}

export interface TerraformPlan {
  /** In the order of their addresses. */
  readonly changes: readonly ResourceChange[];
  /** All that the stack has or will have, changed or not. */
  readonly resources: readonly Resource[];
  /** What somebody else changed since the last deploy, be it changed back or not. */
  readonly drift: readonly Resource[];
  /** What the changes do not show and a reviewer has to know. */
  readonly notes: readonly string[];
  /** The planned value of the output `ords`, with `unknown` where a value is known only after apply. */
  readonly ords: unknown;
  /** Names of the outputs that change. */
  readonly outputs: readonly string[];
}

/** Stands for a value that is known only after apply; a URL, because one of those values has to be one. */
export const unknown = "https://known.after.apply/";

/** What Terraform would do for a stack that is synthesized and initialized. */
export function terraformPlan(stack: string): Promise<TerraformPlan> {
  return withPlanFile((file) => planInto(stack, file));
}

/** The same, with the plan put into a file, from which it can be applied. */
export async function planInto(stack: string, file: PlanFile): Promise<TerraformPlan> {
  const where = { file: file.descriptor };
  await terraform(stack, ["plan", "-input=false", "-no-color", `-out=${file.path}`], where);
  return readPlan(await terraformJson(stack, ["show", file.path], planSchema, where), adoptedOrphans(stack));
}

/** What a destroy would take away: all that is in the state. */
export async function destructionPlan(stack: string): Promise<TerraformPlan> {
  const changes = (await managedResources(stack)).map(({ address, type, values }): ResourceChange => {
    const before = shown({ value: values as Json });
    const sides = { before, after: undefined, references: {}, attributes: [], forcedBy: [] };
    return { address, type, action: "delete", ...sides, isImported: false, movedFrom: undefined };
  });
  return { changes, resources: changes, drift: [], notes: [], ords: undefined, outputs: [] };
}

// Terraform leaves out what is null, and the value of an output that is known only after apply.
const json = z
  .custom<Json>()
  .optional()
  .transform((value) => value ?? null);
const changeSchema = z.object({
  actions: z.array(z.string()),
  /** There when the resource is taken over. */
  importing: z.looseObject({}).nullish(),
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).nullish(),
  before: json,
  after: json,
  after_unknown: json,
  before_sensitive: json,
  after_sensitive: json,
});
const resourceSchema = z.object({
  address: z.string(),
  previous_address: z.string().nullish(),
  mode: z.string(),
  type: z.string(),
  change: changeSchema,
});
const expressionsSchema = z.record(z.string(), z.unknown());
/** The parts of `terraform show -json PLAN` that are read. */
const planSchema = z.object({
  resource_changes: z.array(resourceSchema).optional(),
  resource_drift: z.array(resourceSchema).optional(),
  output_changes: z.record(z.string(), changeSchema).optional(),
  configuration: z
    .object({
      root_module: z
        .object({
          resources: z.array(z.object({ address: z.string(), expressions: expressionsSchema.optional() })).optional(),
        })
        .optional(),
    })
    .optional(),
});
type PlanJson = z.output<typeof planSchema>;
type ChangedResource = z.output<typeof resourceSchema>;
type Change = z.output<typeof changeSchema>;

/** @param orphans addresses of what is taken over because a run that was killed had made it */
export function readPlan(plan: PlanJson, orphans: readonly string[] = []): TerraformPlan {
  const managed = ({ mode }: ChangedResource) => mode === "managed";
  const all = (plan.resource_changes ?? []).filter(managed).sort((a, b) => (a.address < b.address ? -1 : 1));
  const resourceOf = ({ address, type, change }: ChangedResource): Resource => {
    return { address, type, ...sidesOf(change), references: referencesOf(plan, address) };
  };
  const changes = all.flatMap((resource): ResourceChange[] => {
    const { change, previous_address: movedFrom } = resource;
    const action = actionOf(change) ?? (movedFrom && "move");
    if (!action) return [];
    return [
      {
        ...resourceOf(resource),
        action,
        attributes: attributeChanges(change, action),
        forcedBy: (change.replace_paths ?? []).map(([name]) => String(name)),
        isImported: Boolean(change.importing),
        movedFrom: movedFrom ?? undefined,
      },
    ];
  });
  const drift = (plan.resource_drift ?? []).filter(managed).filter(({ change }) => actionOf(change));
  const outputChanges = Object.entries(plan.output_changes ?? {});
  const outputs = outputChanges.flatMap(([name, { actions }]) => (actionOf({ actions }) ? [name] : []));
  const planned = plan.output_changes?.ords;
  const ords = planned && withUnknowns(planned.after, planned.after_unknown, unknown);
  return {
    changes,
    resources: all.map(resourceOf),
    drift: drift.map(resourceOf),
    outputs,
    notes: planNotes(plan, orphans),
    ords,
  };
}

function actionOf({ actions, importing }: Pick<Change, "actions" | "importing">): TerraformAction | undefined {
  // What is taken over to be made anew is lost all the same.
  if (actions.length === 2) return "replace";
  if (importing) return "import";
  const [action] = actions;
  return action === "create" || action === "update" || action === "delete" || action === "forget" ? action : undefined;
}

function sidesOf(change: Change): Pick<Resource, "before" | "after"> {
  const { before, after, after_unknown: unknowns } = change;
  return {
    before: shown({ value: before, sensitive: change.before_sensitive }),
    after: after === null ? undefined : shown({ value: after, unknowns, sensitive: change.after_sensitive, before }),
  };
}

function attributeChanges(change: Change, action: TerraformAction): AttributeChange[] {
  // What a deleted thing was like is of no interest, and may be secret.
  if (action === "delete" || action === "forget") return [];
  const sides = sidesOf(change);
  const before = leavesOf(action === "create" ? undefined : sides.before);
  const after = leavesOf(sides.after);
  return (
    [...new Set([...before.keys(), ...after.keys()])]
      .sort()
      .map((path) => ({ path, before: before.get(path), after: after.get(path) }))
      .filter((attribute) => attribute.before !== attribute.after)
      // What the service computes is listed only where it was something else before.
      .filter(({ before: old, after: now }) => now !== knownAfterApply || old !== undefined)
  );
}

/** The resources that the attributes of one are taken from. */
function referencesOf({ configuration }: PlanJson, address: string): Record<string, string> {
  const declared = configuration?.root_module?.resources ?? [];
  const addresses = new Set(declared.map((resource) => resource.address));
  const found: Record<string, string> = {};
  const look = (expression: unknown, path: string) => {
    if (typeof expression !== "object" || expression === null) return;
    const { references } = expression as { references?: readonly string[] };
    const target = references?.find((reference) => addresses.has(reference));
    if (target) found[path] = target;
    else if (!references) {
      for (const [key, member] of Object.entries(expression))
        look(member, inside(path, key, Array.isArray(expression)));
    }
  };
  look(declared.find((resource) => resource.address === address)?.expressions, "");
  return found;
}
