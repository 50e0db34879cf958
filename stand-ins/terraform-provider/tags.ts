import type { Json, JsonObject } from "./api-values";
import { apiName } from "./names";
import type { ObjectValue } from "./values";

const extension = apiName("urnietfparamsscimschemasoracleidcsextension_oci_tags");

/**
 * Terraform knows `{"namespace.key": "value"}`, the API `{namespace: {key: "value"}}`.
 * @param ignored the provider's `ignore_defined_tags`: what the service adds by itself, as if it were not there
 */
export function flatTags(tags: Json | undefined, ignored: readonly string[]): JsonObject {
  const flat = Object.entries((tags ?? {}) as Record<string, JsonObject>).flatMap(([namespace, keys]) =>
    Object.entries(keys).map(([key, value]) => [`${namespace}.${key}`, String(value)] as const),
  );
  return Object.fromEntries(flat.filter(([name]) => !ignored.includes(name)));
}

export function nestedTags(flat: ObjectValue): JsonObject {
  const tags: Record<string, JsonObject> = {};
  for (const [name, value] of Object.entries(flat)) {
    const dot = name.indexOf(".");
    if (dot < 1) throw new Error(`invalid defined tag ${JSON.stringify(name)}: expected namespace.key`);
    const namespace = name.slice(0, dot);
    tags[namespace] = { ...tags[namespace], [name.slice(dot + 1)]: value as string };
  }
  return tags;
}

/** A SCIM object without the ignored tags of its tags extension. */
export function withoutIgnoredTags(object: JsonObject, ignored: readonly string[]): JsonObject {
  const tags = object[extension] as JsonObject | undefined;
  if (!Array.isArray(tags?.definedTags)) return object;
  const kept = (tags.definedTags as JsonObject[]).filter((tag) => !ignored.includes(`${tag.namespace}.${tag.key}`));
  return { ...object, [extension]: { ...tags, definedTags: kept } };
}
