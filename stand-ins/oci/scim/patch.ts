import { scimError } from "./errors";
import { parseFilter } from "./filter";
import { type Attribute, acceptValue, type Schema, unknownAttribute } from "./schema";

type Values = Record<string, unknown>;

interface Operation {
  op: "add" | "replace" | "remove";
  path?: string;
  value?: unknown;
}

/** Applies the operations of a SCIM PatchOp to a copy of a resource. */
export function patch(schema: Schema, resource: Values, body: Values): Values {
  const result = structuredClone(resource);
  for (const operation of parseOperations(body)) {
    if (operation.path !== undefined) {
      apply(schema, result, operation, operation.path);
      continue;
    }
    // Without a path the value holds the attributes themselves.
    const values = unwrap(operation.value);
    if (operation.op === "remove" || typeof values !== "object" || values === null) throw invalid("path is missing");
    for (const [path, value] of Object.entries(values)) apply(schema, result, { ...operation, value }, path);
  }
  return result;
}

function parseOperations(body: Values): Operation[] {
  const list = body.Operations ?? body.operations;
  if (!Array.isArray(list) || list.length === 0) throw invalid("Operations must be a list of at least one operation");
  return list.map((entry: Values) => {
    // Oracle's TypeScript SDK sends REPLACE, its command line replace.
    const op = String(entry?.op).toLowerCase();
    if (op !== "add" && op !== "replace" && op !== "remove") {
      throw invalid(`op must be add, replace or remove, not "${entry?.op}"`);
    }
    if (op !== "remove" && entry.value === undefined) throw invalid(`${op} needs a value`);
    if (entry.path !== undefined && typeof entry.path !== "string") throw invalid("path must be a string");
    return { op, path: entry.path as string | undefined, value: entry.value };
  });
}

function apply(schema: Schema, resource: Values, operation: Operation, path: string): void {
  const selective = /^([^[]+)\[(.+)\](?:\.(\w+))?$/.exec(path);
  if (selective) {
    const [, list = "", filter = "", member] = selective;
    applyToElements(schema, resource, operation, list, filter, member);
    return;
  }
  const chain = schema.resolve(path);
  checkWritable(chain, path);
  const [attribute, parents] = [chain.at(-1) as Attribute, chain.slice(0, -1)];
  if (parents.some((parent) => parent.multiValued)) {
    throw invalid(`${path}: say which element is meant, as in emails[type eq "work"].value`);
  }
  let target = resource;
  for (const { name } of parents) {
    target[name] ??= {};
    target = target[name] as Values;
  }
  setValue(target, attribute, operation, path);
}

function applyToElements(
  schema: Schema,
  resource: Values,
  operation: Operation,
  list: string,
  filter: string,
  member: string | undefined,
): void {
  const path = member ? `${list}.${member}` : list;
  const chain = schema.resolve(path);
  checkWritable(chain, path);
  const [parent, child] = chain;
  if (!parent?.multiValued || parent.type !== "complex") throw invalid(`${list} has no elements to choose from`);
  const elements = (resource[parent.name] ?? []) as Values[];
  const matches = parseFilter(filter);
  const chosen = elements.filter(matches);
  if (chosen.length === 0) throw invalid(`no element of ${list} matches ${filter}`);
  if (child) {
    for (const element of chosen) setValue(element, child, operation, path);
  } else if (operation.op === "remove") {
    resource[parent.name] = elements.filter((element) => !chosen.includes(element));
  } else {
    const value = acceptValue({ ...parent, multiValued: false }, unwrap(operation.value), "update", path) as Values;
    for (const element of chosen) Object.assign(element, value);
  }
}

function setValue(target: Values, attribute: Attribute, { op, value }: Operation, path: string): void {
  const { name, multiValued } = attribute;
  if (op === "remove") {
    delete target[name];
    return;
  }
  // Clients send [false] as well as false, and one element as well as a list of one.
  const shaped = multiValued ? (Array.isArray(value) ? value : [value]) : unwrap(value);
  const accepted = acceptValue(attribute, shaped, "update", path);
  if (op === "replace" || target[name] === undefined) {
    target[name] = accepted;
  } else if (multiValued) {
    target[name] = [...(target[name] as unknown[]), ...(accepted as unknown[])];
  } else if (attribute.type === "complex") {
    target[name] = { ...(target[name] as Values), ...(accepted as Values) };
  } else {
    target[name] = accepted;
  }
}

function checkWritable(chain: Attribute[], path: string): void {
  if (chain.length === 0) throw unknownAttribute(path);
  const locked = chain.find(({ is }) => is.has("readOnly") || is.has("immutable"));
  if (locked) throw invalid(`${path} cannot be changed: ${locked.is.has("readOnly") ? "read-only" : "immutable"}`);
}

function unwrap(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

function invalid(detail: string) {
  return scimError(400, `patch: ${detail}`, "error.common.validation.invalidPatch");
}
