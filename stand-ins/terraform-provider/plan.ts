import { attributesOf, type Block, blocksOf, type NestedBlock, type Overlay, typeOfBlock } from "./schema";
import { equal, isObject, type ObjectValue, unknown, type Value, withComputedUnknown } from "./values";

/** Attribute names and list indexes. */
export type Path = (string | number)[];

export interface PlannedChange {
  planned: ObjectValue;
  /** Where a change forces a replacement; empty for a create. */
  requiresReplace: Path[];
}

/**
 * What an apply will make of the resource.
 * @param proposed Terraform's own merge of configuration and prior state
 * @param sameIgnoringCase attributes whose change of case alone is no change
 */
export function planChange(
  block: Block,
  overlay: Overlay,
  { prior, proposed, config }: { prior: ObjectValue | null; proposed: ObjectValue; config: ObjectValue },
  sameIgnoringCase: readonly string[] = [],
): PlannedChange {
  const leftOut = overlay.computed_blocks.filter((name) => isEmpty(config[name]));
  if (!prior) {
    const planned = withComputedUnknown(proposed, block);
    for (const name of emptyTexts(block, config)) planned[name] = unknown;
    for (const name of leftOut) planned[name] = unknown;
    return { planned, requiresReplace: [] };
  }

  const merged = { ...proposed };
  for (const name of emptyTexts(block, config)) merged[name] = prior[name] ?? null;
  for (const name of leftOut) merged[name] = prior[name] ?? null;
  for (const name of sameIgnoringCase) {
    if (lower(merged[name]) === lower(prior[name])) merged[name] = prior[name] ?? null;
  }
  if (equal(merged, prior, typeOfBlock(block))) return { planned: prior, requiresReplace: [] };
  for (const [name, nested] of blocksOf(block)) {
    merged[name] = planNested(nested, merged[name] ?? null, prior[name] ?? null);
  }
  const requiresReplace = overlay.force_new.flatMap((path) => changedPaths(block, path.split("."), merged, prior));
  return { planned: merged, requiresReplace };
}

/**
 * Computed attributes that are set to "". To the SDK that the real provider is built with, this is the same as left out: what the
 * service has is kept (`finalizeDiff` of terraform-plugin-sdk v2). An empty list, in contrast, takes away what is there.
 */
function emptyTexts(block: Block, config: ObjectValue): string[] {
  return attributesOf(block)
    .filter(([name, { computed, type }]) => computed && type === "string" && config[name] === "")
    .map(([name]) => name);
}

/** Elements that prior state does not have get their computed attributes from the API. */
function planNested(nested: NestedBlock, value: Value, prior: Value): Value {
  if (!Array.isArray(value)) return value;
  const before = Array.isArray(prior) ? prior : [];
  const type = typeOfBlock(nested.block);
  return value.map((element, index) => {
    if (!isObject(element)) return element;
    if (nested.nesting_mode === "set") {
      return before.some((old) => equal(old, element, type)) ? element : withComputedUnknown(element, nested.block);
    }
    const old = before[index];
    if (!isObject(old)) return withComputedUnknown(element, nested.block);
    const result = { ...element };
    for (const [name, inner] of blocksOf(nested.block)) {
      result[name] = planNested(inner, result[name] ?? null, old[name] ?? null);
    }
    return result;
  });
}

function changedPaths(block: Block, [name, ...rest]: string[], planned: ObjectValue, prior: ObjectValue): Path[] {
  if (name === undefined) throw new Error("the overlay holds an empty path");
  const now = planned[name] ?? null;
  const before = prior[name] ?? null;
  const attribute = block.attributes?.[name];
  if (attribute) return equal(now, before, attribute.type) ? [] : [[name]];
  const nested = block.block_types?.[name];
  if (!nested) throw new Error(`the overlay names ${name}, which the schema does not have`);
  if (nested.nesting_mode === "set" || now === unknown) {
    return equal(now, before, ["set", typeOfBlock(nested.block)]) ? [] : [[name]];
  }
  const lists = [now, before].map((list) => (Array.isArray(list) ? list : [])) as [Value[], Value[]];
  return Array.from({ length: Math.max(lists[0].length, lists[1].length) }, (_, index) => {
    const [a, b] = lists.map((list) => (isObject(list[index]) ? list[index] : {})) as [ObjectValue, ObjectValue];
    return changedPaths(nested.block, rest, a, b).map((path) => [name, index, ...path]);
  }).flat();
}

function isEmpty(value: Value | undefined): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function lower(value: Value | undefined): Value | undefined {
  return typeof value === "string" ? value.toLowerCase() : value;
}
