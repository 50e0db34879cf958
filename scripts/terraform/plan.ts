import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { withFileErrors } from "../../private-folder";
import { adoptedOrphans } from "./orphans";
import { planNotes } from "./plan-notes";
import { terraform, terraformJson } from "./terraform";

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** `import` takes over what is there, and may change it by that. */
export type TerraformAction = "create" | "update" | "replace" | "delete" | "import";

/** One attribute that changes. A value that is not to be seen or not known yet stands as text in parentheses. */
interface AttributeChange {
  /** As Terraform writes it: `scopes[0].value`. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly action: TerraformAction;
  readonly attributes: readonly AttributeChange[];
}

export interface TerraformPlan {
  /** In the order of their addresses. */
  readonly changes: readonly ResourceChange[];
  /** What the changes do not show and a reviewer has to know. */
  readonly notes: readonly string[];
  /** The planned value of the output `ords`, with `unknown` where a value is known only after apply. */
  readonly ords: unknown;
  /** Names of the outputs that change. */
  readonly outputs: readonly string[];
}

/** Stands for a value that is known only after apply; a URL, because one of those values has to be one. */
export const unknown = "https://known.after.apply/";

/**
 * What Terraform would do for a stack that is synthesized and initialized. The plan file holds secrets: it has no name, so that
 * nothing can leave it behind, no signal either.
 */
export async function terraformPlan(stack: string, flags: readonly string[] = []): Promise<TerraformPlan> {
  const file = namelessFile();
  try {
    await terraform(stack, ["plan", "-input=false", "-no-color", "-out=/dev/fd/3", ...flags], { file });
    return readPlan(await terraformJson(stack, ["show", "/dev/fd/3"], planSchema, { file }), adoptedOrphans(stack));
  } finally {
    closeSync(file);
  }
}

/** A file that lives as long as somebody has it open. Its name goes before anything is in it. */
function namelessFile(): number {
  return withFileErrors(tmpdir(), () => {
    const folder = mkdtempSync(join(tmpdir(), "ords-jwt-plan-"));
    try {
      return openSync(join(folder, "plan"), "wx+", 0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

/** What the state lacks of the configuration, in words; empty right after a deploy that was finished. */
export async function leftToDo(stack: string): Promise<string[]> {
  // What a Terraform that was killed has locked stays locked; nothing is written here.
  const { changes, outputs } = await terraformPlan(stack, ["-refresh=false", "-lock=false"]);
  return [
    ...changes.map(({ action, address }) => `${action} ${address}`),
    ...outputs.map((name) => `write output ${name}`),
  ];
}

const json = z.custom<Json>();
const changeSchema = z.object({
  actions: z.array(z.string()),
  /** There when the resource is taken over. */
  importing: z.looseObject({}).nullish(),
  before: json,
  after: json,
  after_unknown: json,
  before_sensitive: json,
  after_sensitive: json,
});
const expressionsSchema = z.record(z.string(), z.unknown());
/** The parts of `terraform show -json PLAN` that are read. */
const planSchema = z.object({
  resource_changes: z
    .array(z.object({ address: z.string(), mode: z.string(), type: z.string(), change: changeSchema }))
    .optional(),
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
type Change = z.output<typeof changeSchema>;

/** @param orphans addresses of what is taken over because a run that was killed had made it */
export function readPlan(plan: PlanJson, orphans: readonly string[] = []): TerraformPlan {
  const changes = (plan.resource_changes ?? [])
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ address, type, change }) => {
      const action = actionOf(change);
      return action ? [{ address, type, action, attributes: attributeChanges(change, action) }] : [];
    })
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  const outputChanges = Object.entries(plan.output_changes ?? {});
  const outputs = outputChanges.flatMap(([name, { actions }]) => (actionOf({ actions }) ? [name] : []));
  const ords = plan.output_changes?.ords;
  return {
    changes,
    outputs,
    notes: planNotes(plan, orphans),
    ords: ords && withUnknowns(ords.after, ords.after_unknown),
  };
}

function actionOf({ actions, importing }: Pick<Change, "actions" | "importing">): TerraformAction | undefined {
  // What is taken over to be made anew is lost all the same.
  if (actions.length === 2) return "replace";
  if (importing) return "import";
  const [action] = actions;
  return action === "create" || action === "update" || action === "delete" ? action : undefined;
}

function attributeChanges(change: Change, action: TerraformAction): AttributeChange[] {
  // What a deleted thing was like is of no interest, and may be secret.
  if (action === "delete") return [];
  const before =
    action === "create" ? new Map<string, string>() : flatten(change.before, false, change.before_sensitive);
  const after = flatten(change.after, change.after_unknown, change.after_sensitive);
  return (
    [...new Set([...before.keys(), ...after.keys()])]
      .sort()
      .map((path) => ({ path, before: before.get(path), after: after.get(path) }))
      .filter((attribute) => attribute.before !== attribute.after)
      // What the service computes is listed only where it was something else before.
      .filter(({ before: old, after: now }) => now !== "(known after apply)" || old !== undefined)
  );
}

/** The provider does not mark these; they are as secret as what Terraform calls sensitive. */
const secretNames = /(^|\.)(client_secret|hashed_client_secret|password)$/;

/** Leaves of a value by path, with what is unknown or secret replaced by words. Nulls are left out. */
function flatten(value: Json, unknowns: Json, sensitive: Json, path = ""): Map<string, string> {
  if (unknowns === true) return new Map([[path, "(known after apply)"]]);
  if (value === null || value === undefined) return flattenUnknown(unknowns, path);
  if (sensitive === true || secretNames.test(path)) return new Map([[path, "(sensitive)"]]);
  if (typeof value !== "object") return new Map([[path, JSON.stringify(value)]]);
  const at = (tree: Json, key: string) =>
    tree !== null && typeof tree === "object" ? ((tree as Record<string, Json>)[key] ?? null) : null;
  const keys = new Set([...Object.keys(value), ...Object.keys(isTree(unknowns) ? unknowns : {})]);
  return new Map(
    [...keys].flatMap((key) => {
      const inner = Array.isArray(value) ? `${path}[${key}]` : path ? `${path}.${key}` : key;
      return [...flatten(at(value, key), at(unknowns, key), at(sensitive, key), inner)];
    }),
  );
}

function flattenUnknown(unknowns: Json, path: string): Map<string, string> {
  return isTree(unknowns) && Object.keys(unknowns).length > 0 ? flatten({}, unknowns, false, path) : new Map();
}

function withUnknowns(value: Json, unknowns: Json): Json {
  if (unknowns === true) return unknown;
  if (!isTree(unknowns)) return value;
  if (Array.isArray(value)) return value.map((item, index) => withUnknowns(item, (unknowns as Json[])[index] ?? false));
  const known = isTree(value) ? value : {};
  const keys = new Set([...Object.keys(known), ...Object.keys(unknowns)]);
  return Object.fromEntries(
    [...keys].map((key) => [
      key,
      withUnknowns((known as Record<string, Json>)[key] ?? null, (unknowns as Record<string, Json>)[key] ?? false),
    ]),
  );
}

function isTree(value: Json): value is Json[] | { [key: string]: Json } {
  return value !== null && typeof value === "object";
}
