import { apiName } from "./names";
import { attributesOf, type Block, blocksOf, type CtyType, type NestedBlock } from "./schema";
import { isKnown, isObject, isWhollyKnown, type ObjectValue, unknown, type Value } from "./values";

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json | undefined;
}

/**
 * The API's object laid over what is known. Scalars that the API leaves out keep their value (a password, say),
 * collections and blocks it leaves out are empty, as the real provider reads them.
 * @param notInApi attributes that keep their value whatever the API sends
 */
export function stateFromApi(
  block: Block,
  api: JsonObject,
  known: ObjectValue,
  notInApi: readonly string[],
): ObjectValue {
  const state: ObjectValue = {};
  for (const [name, { type }] of attributesOf(block)) {
    const sent = api[apiName(name)] ?? null;
    const keep = notInApi.includes(name) || (sent === null && typeof type === "string");
    const value = keep ? (known[name] ?? null) : fromApi(sent, type, name);
    state[name] = value === unknown ? null : value;
  }
  for (const [name, nested] of blocksOf(block)) {
    state[name] =
      nested.nesting_mode === "single" ? (known[name] ?? null) : blockFromApi(api[apiName(name)], nested, name);
  }
  return state;
}

function blockFromApi(sent: Json | undefined, nested: NestedBlock, path: string): Value[] {
  return asList(sent).map((element) => {
    const object = asObject(element, path);
    const value: ObjectValue = {};
    for (const [name, { type }] of attributesOf(nested.block)) {
      value[name] = fromApi(object[apiName(name)], type, `${path}.${name}`);
    }
    for (const [name, inner] of blocksOf(nested.block)) {
      value[name] = blockFromApi(object[apiName(name)], inner, `${path}.${name}`);
    }
    return value;
  });
}

/** What the API leaves out inside a block or object reads as the zero value: the real provider's SDK stores it so. */
function fromApi(sent: Json | undefined, type: CtyType, path: string): Value {
  if (typeof type === "string") return scalarFromApi(sent ?? null, type, path);
  const [kind, inner] = type;
  if (kind === "map") {
    const members = Object.entries(sent === null || sent === undefined ? {} : asObject(sent, path));
    return Object.fromEntries(members.map(([key, value]) => [key, fromApi(value, inner as CtyType, `${path}.${key}`)]));
  }
  if (kind === "object") {
    const object = asObject(sent ?? null, path);
    return Object.fromEntries(
      Object.entries(inner).map(([name, t]) => [name, fromApi(object[apiName(name)], t, `${path}.${name}`)]),
    );
  }
  return asList(sent).map((element) => fromApi(element, inner as CtyType, path));
}

const zero = { string: "", number: 0, bool: false };

function scalarFromApi(sent: Json, type: "string" | "number" | "bool", path: string): Value {
  if (sent === null) return zero[type];
  if (type === "bool" ? typeof sent === "boolean" : typeof sent === type) return sent as Value;
  if (type === "string" && (typeof sent === "number" || typeof sent === "boolean")) return String(sent);
  throw new Error(`the API sent ${JSON.stringify(sent)} for ${path}, which is a ${type}`);
}

function asList(sent: Json | undefined): Json[] {
  if (sent === null || sent === undefined) return [];
  return Array.isArray(sent) ? sent : [sent];
}

function asObject(sent: Json, path: string): JsonObject {
  if (typeof sent === "object" && sent !== null && !Array.isArray(sent)) return sent;
  throw new Error(`the API sent ${JSON.stringify(sent)} for ${path}, which is an object`);
}

/**
 * What an apply stores: known parts of the plan stay where the API is silent, and a set that was planned in full stays
 * as planned. These are the rules of the SDK that the real provider is built with.
 */
export function settle(api: Value, planned: Value, type: CtyType): Value {
  if (planned === unknown || typeof type === "string") return api === null && isKnown(planned) ? planned : api;
  const [kind, inner] = type;
  if (kind === "list" || kind === "set" || kind === "map") {
    if (isEmptyOrNull(api) && isEmptyOrNull(planned)) return planned;
  }
  if (planned === null || api === null) return api;
  if (kind === "set") return isWhollyKnown(planned) ? planned : api;
  if (kind === "object" && isObject(api) && isObject(planned)) {
    return Object.fromEntries(
      Object.entries(inner).map(([name, t]) => [name, settle(api[name] ?? null, planned[name] ?? null, t)]),
    );
  }
  if (kind === "list" && Array.isArray(api) && Array.isArray(planned) && api.length === planned.length) {
    return api.map((element, index) => settle(element, planned[index] ?? null, inner as CtyType));
  }
  return api;
}

function isEmptyOrNull(value: Value): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || (isObject(value) && Object.keys(value).length === 0);
}

export interface BodyRules {
  notInApi: readonly string[];
  /** Dotted members of set blocks that are left out while empty. */
  emptyNotSent?: readonly string[];
  /** Dotted members of list blocks that are sent although empty. */
  emptySent?: readonly string[];
  /** Update only: dotted members that are left out. */
  createOnly?: readonly string[];
  /** Top-level attributes of which "" is not sent. */
  enumerations?: readonly string[];
  /** Update only: top-level attributes that cannot change. */
  immutable?: readonly string[];
}

/**
 * The body of a create (no `prior`) or an update: arguments with a known value, and inside blocks every known value,
 * read-only ones included. An empty collection travels only if it was not empty before.
 */
export function requestBody(
  block: Block,
  planned: ObjectValue,
  prior: ObjectValue | null,
  rules: BodyRules,
): JsonObject {
  const body: JsonObject = {};
  for (const [name, attribute] of attributesOf(block)) {
    const value = planned[name] ?? null;
    const argument = attribute.optional || attribute.required;
    if (!argument || rules.notInApi.includes(name) || !isKnown(value)) continue;
    if (prior && rules.immutable?.includes(name)) continue;
    if (value === "" && rules.enumerations?.includes(name)) continue;
    if (isEmptyCollection(value) && isEmptyOrNull(prior?.[name] ?? null)) continue;
    body[apiName(name)] = toApi(value, attribute.type);
  }
  for (const [name, nested] of blocksOf(block)) {
    const elements = planned[name];
    if (nested.nesting_mode === "single" || !Array.isArray(elements)) continue;
    if (elements.length === 0 && isEmptyOrNull(prior?.[name] ?? null)) continue;
    body[apiName(name)] = blockToApi(elements, nested, name, { ...rules, createOnly: prior ? rules.createOnly : [] });
  }
  return body;
}

function blockToApi(elements: Value[], nested: NestedBlock, path: string, rules: BodyRules): Json {
  const objects = elements.filter(isObject).map((element) => {
    const object: JsonObject = {};
    for (const [name, attribute] of attributesOf(nested.block)) {
      const value = element[name] ?? null;
      if (!isKnown(value) || isEmptyCollection(value) || rules.createOnly?.includes(`${path}.${name}`)) continue;
      const dropsEmpty =
        nested.nesting_mode === "list"
          ? (attribute.optional || attribute.type === "string") && !rules.emptySent?.includes(`${path}.${name}`)
          : rules.emptyNotSent?.includes(`${path}.${name}`);
      if ((value === "" || value === 0) && dropsEmpty) continue;
      const json = toApi(value, attribute.type);
      object[apiName(name)] = Array.isArray(json) && isSingle(name, attribute.type) ? json[0] : json;
    }
    for (const [name, inner] of blocksOf(nested.block)) {
      const value = element[name];
      if (Array.isArray(value) && value.length > 0)
        object[apiName(name)] = blockToApi(value, inner, `${path}.${name}`, rules);
    }
    return object;
  });
  return nested.max_items === 1 ? (objects[0] ?? null) : objects;
}

function toApi(value: Exclude<Value, null>, type: CtyType): Json {
  if (typeof type === "string") return type === "number" ? Number(value) : (value as string | boolean);
  const [kind, inner] = type;
  if (Array.isArray(value)) return value.filter(isKnown).map((element) => toApi(element, inner as CtyType));
  const members = Object.entries(value as ObjectValue).filter(([, member]) => isKnown(member));
  if (kind === "map") {
    return Object.fromEntries(members.map(([key, member]) => [key, toApi(member as string, inner as CtyType)]));
  }
  const types = inner as Record<string, CtyType>;
  return Object.fromEntries(
    members.map(([name, member]) => [apiName(name), toApi(member as string, types[name] ?? "string")]),
  );
}

/** A read-only object inside a block is a list of one in the schema; only lists have names in the plural. */
function isSingle(name: string, type: CtyType): boolean {
  const ofObjects = Array.isArray(type) && type[0] === "list" && Array.isArray(type[1]) && type[1][0] === "object";
  return ofObjects && (!name.endsWith("s") || name === "outbound_assertion_attributes");
}

function isEmptyCollection(value: Value): boolean {
  return value !== null && isEmptyOrNull(value);
}
