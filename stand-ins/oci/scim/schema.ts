import type { AttributeTable } from "./attributes/common";
import { missingAttribute, scimError } from "./errors";

/** "any" is for sub-attributes that the tables do not list. */
const types = ["string", "boolean", "integer", "complex", "any"] as const;
const characteristics = ["readOnly", "immutable", "always", "request", "never", "required", "unique"] as const;

export interface Attribute {
  name: string;
  type: (typeof types)[number];
  multiValued: boolean;
  is: ReadonlySet<(typeof characteristics)[number]>;
  /** Sub-attributes by lower-case name. Empty when the stand-in does not know them: then any are taken. */
  children: Map<string, Attribute>;
}

type Values = Record<string, unknown>;

/** The schema of one resource type. Attribute names are not case-sensitive. */
export class Schema {
  private readonly attributes = new Map<string, Attribute>();

  constructor(
    /** The schema's URN. */
    readonly urn: string,
    /** The last word of the URNs of this type's extensions. */
    private readonly resourceName: string,
    table: AttributeTable,
  ) {
    for (const [path, text] of Object.entries(table)) {
      const parent = [...this.attributes.values()].find(
        ({ name }) => path.startsWith(`${name}.`) || (isUrn(name) && path.startsWith(`${name}:`)),
      );
      const siblings = parent ? parent.children : this.attributes;
      const name = parent ? path.slice(parent.name.length + 1) : path;
      siblings.set(name.toLowerCase(), parseAttribute(name, text));
    }
  }

  all(): Attribute[] {
    return [...this.attributes.values()];
  }

  attribute(name: string): Attribute | undefined {
    const known = this.attributes.get(name.toLowerCase());
    if (known) return known;
    // Extensions of this type are taken as they come, unless the table says more about them.
    const extension = new RegExp(`^urn:ietf:params:scim:schemas:.*extension:.*:${this.resourceName}$`);
    return extension.test(name) ? parseAttribute(name, "complex") : undefined;
  }

  /** The attribute a path names (`active`, `name.givenName`, `urn:...:User:locked.on`), from the outermost inwards. */
  resolve(path: string): Attribute[] {
    const inner = path.toLowerCase().startsWith(`${this.urn.toLowerCase()}:`) ? path.slice(this.urn.length + 1) : path;
    const [head, ...rest] = isUrn(inner) ? this.splitUrn(inner) : inner.split(".");
    let attribute = this.attribute(head ?? "");
    const chain: Attribute[] = [];
    for (const name of [...rest, undefined]) {
      if (!attribute) throw unknownAttribute(path);
      chain.push(attribute);
      if (name === undefined) break;
      if (attribute.type !== "complex" && attribute.type !== "any") throw unknownAttribute(path);
      attribute = childOf(attribute, name);
    }
    return chain;
  }

  private splitUrn(path: string): string[] {
    if (this.attribute(path)) return [path];
    const at = path.lastIndexOf(":");
    return [path.slice(0, at), ...path.slice(at + 1).split(".")];
  }

  /**
   * Checks the names and types of what a client sent and leaves out what it may not set: read-only attributes always,
   * immutable ones on an update. Clients send back what they read, so neither is an error. `null` is kept: it removes.
   */
  accept(body: Values, on: "create" | "update"): Values {
    const accepted: Values = {};
    for (const [key, value] of Object.entries(body)) {
      const attribute = this.attribute(key);
      if (!attribute) throw unknownAttribute(key);
      if (attribute.is.has("readOnly") || (on === "update" && attribute.is.has("immutable"))) continue;
      accepted[attribute.name] = value === null ? null : acceptValue(attribute, value, on, attribute.name);
    }
    return accepted;
  }

  /** Refuses a resource without one of its required attributes or sub-attributes. */
  requireAll(resource: Values): void {
    for (const attribute of this.attributes.values()) requireValue(attribute, resource[attribute.name], attribute.name);
  }
}

/** Checks one value's type. @throws a SCIM error that names `path` */
export function acceptValue(attribute: Attribute, value: unknown, on: "create" | "update", path: string): unknown {
  if (!attribute.multiValued) return acceptSingle(attribute, value, on, path);
  if (!Array.isArray(value)) throw wrongType(path, "an array");
  return value.map((element) => acceptSingle(attribute, element, on, path));
}

function childOf(attribute: Attribute, name: string): Attribute | undefined {
  if (attribute.children.size > 0 && !isUrn(attribute.name)) return attribute.children.get(name.toLowerCase());
  // Not every sub-attribute is in the tables; one that is not is taken as it comes.
  return attribute.children.get(name.toLowerCase()) ?? parseAttribute(name, "any");
}

export function unknownAttribute(path: string) {
  return scimError(400, `unknown attribute: ${path}`, "error.common.validation.invalidAttribute");
}

function acceptSingle(attribute: Attribute, value: unknown, on: "create" | "update", path: string): unknown {
  if (attribute.type === "string" && typeof value !== "string") throw wrongType(path, "a string");
  if (attribute.type === "boolean" && typeof value !== "boolean") throw wrongType(path, "true or false");
  if (attribute.type === "integer" && !Number.isSafeInteger(value)) throw wrongType(path, "a whole number");
  if (attribute.type !== "complex") return value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrongType(path, "an object");
  const accepted: Values = {};
  for (const [key, inner] of Object.entries(value)) {
    const child = childOf(attribute, key);
    if (!child) throw unknownAttribute(`${path}.${key}`);
    if (inner === null || child.is.has("readOnly") || (on === "update" && child.is.has("immutable"))) continue;
    accepted[child.name] = acceptValue(child, inner, on, `${path}.${child.name}`);
  }
  return accepted;
}

function requireValue(attribute: Attribute, value: unknown, path: string): void {
  const isEmpty = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  if (isEmpty) {
    if (attribute.is.has("required")) throw missingAttribute(path);
    return;
  }
  for (const element of Array.isArray(value) ? value : [value]) {
    for (const child of attribute.children.values()) {
      requireValue(child, (element as Values)[child.name], `${path}.${child.name}`);
    }
  }
}

function parseAttribute(name: string, text: string): Attribute {
  const [first = "", ...words] = text.split(" ");
  const type = types.find((candidate) => candidate === first.replace("[]", ""));
  const unknown = words.find((word) => !characteristics.some((known) => known === word));
  if (!type || unknown) throw new Error(`attribute ${name}: "${unknown ?? first}" is not a type or characteristic`);
  const is = new Set(words as (typeof characteristics)[number][]);
  return { name, type, multiValued: first.endsWith("[]"), is, children: new Map() };
}

function wrongType(path: string, wanted: string) {
  return scimError(400, `${path} must be ${wanted}`, "error.common.validation.invalidType");
}

function isUrn(name: string): boolean {
  return /^urn:/i.test(name);
}
