import { decode, ExtensionCodec, encode } from "@msgpack/msgpack";
import { attributesOf, type Block, blocksOf, type CtyType, typeOfBlock } from "./schema";

/** The placeholder for a value that is known only after apply. */
class Unknown {
  readonly unknown = true;
}
export const unknown = new Unknown();

/** A Terraform value. A number that JavaScript cannot hold exactly is kept as a decimal string. Sets are arrays. */
export type Value = null | boolean | number | string | Unknown | Value[] | ObjectValue;
export interface ObjectValue {
  [name: string]: Value;
}

const extensions = new ExtensionCodec();
extensions.register({
  type: 0,
  encode: (value) => (value === unknown ? new Uint8Array([0]) : null),
  decode: () => unknown,
});
// A refined unknown ("known to be not null" and the like) is treated as a plain one.
extensions.register({ type: 12, encode: () => null, decode: () => unknown });

export function decodeBlock(msgpack: Uint8Array, block: Block): ObjectValue | null {
  const decoded = decode(msgpack, { extensionCodec: extensions, useBigInt64: true });
  const value = fromWire(decoded, typeOfBlock(block), "value");
  if (value !== null && !isObject(value)) throw new Error("expected an object or null for a block");
  return value;
}

export function encodeValue(value: Value): Uint8Array {
  return encode(toWire(value), { extensionCodec: extensions });
}

/** A value from state stored as JSON: members that the schema no longer has are dropped, new ones are null (blocks: empty). */
export function fromStateJson(json: unknown, block: Block): ObjectValue | null {
  if (json === null) return null;
  const value = fromWire(json, typeOfBlock(block), "state");
  if (!isObject(value)) throw new Error(`expected a JSON object as state, got ${typeof json}`);
  return withEmptyBlocks(value, block);
}

/** All attributes null, all list and set blocks empty. */
export function emptyObject(block: Block): ObjectValue {
  return withEmptyBlocks(fromWire({}, typeOfBlock(block), "value") as ObjectValue, block);
}

function withEmptyBlocks(value: ObjectValue, block: Block): ObjectValue {
  for (const [name, nested] of blocksOf(block)) {
    const inner = value[name];
    if (nested.nesting_mode !== "single") value[name] = inner ?? [];
    for (const element of Array.isArray(inner) ? inner : [inner]) {
      if (isObject(element)) withEmptyBlocks(element, nested.block);
    }
  }
  return value;
}

function fromWire(raw: unknown, type: CtyType, path: string): Value {
  if (raw === null || raw === undefined) return null;
  if (raw === unknown) return unknown;
  if (type === "number") return toNumber(raw, path);
  if (type === "string" || type === "bool") {
    const wanted = type === "bool" ? "boolean" : type;
    if (typeof raw !== wanted) throw new Error(`expected a ${type} at ${path}, got ${typeof raw}`);
    return raw as string | boolean;
  }
  const [kind, inner] = type;
  if (kind === "list" || kind === "set") {
    if (!Array.isArray(raw)) throw new Error(`expected a ${kind} at ${path}, got ${typeof raw}`);
    return raw.map((element, index) => fromWire(element, inner as CtyType, `${path}[${index}]`));
  }
  if (typeof raw !== "object" || Array.isArray(raw)) throw new Error(`expected a ${kind} at ${path}`);
  const members = raw as Record<string, unknown>;
  const names = kind === "map" ? Object.keys(members) : Object.keys(inner);
  const memberType = (name: string) => (kind === "map" ? inner : (inner as Record<string, CtyType>)[name]) as CtyType;
  return Object.fromEntries(
    names.map((name) => [name, fromWire(members[name], memberType(name), `${path}.${name}`)] as const),
  );
}

function toNumber(raw: unknown, path: string): number | string {
  if (typeof raw === "number") return raw;
  if (typeof raw === "bigint" || typeof raw === "string") {
    const text = String(raw);
    const number = Number(text);
    return String(number) === text && (!Number.isInteger(number) || Number.isSafeInteger(number)) ? number : text;
  }
  throw new Error(`expected a number at ${path}, got ${typeof raw}`);
}

/** Terraform computes with 512 bits: only safe integers may travel as numbers, everything else as decimal text. */
function toWire(value: Value): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(toWire);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, toWire(v)]));
  return value;
}

export function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === "object" && value !== null && value !== unknown && !Array.isArray(value);
}

/** Neither null nor unknown. */
export function isKnown(value: Value | undefined): value is Exclude<Value, null | Unknown> {
  return value !== null && value !== undefined && value !== unknown;
}

export function isWhollyKnown(value: Value): boolean {
  if (Array.isArray(value)) return value.every(isWhollyKnown);
  if (isObject(value)) return Object.values(value).every(isWhollyKnown);
  return value !== unknown;
}

/** Replaces what is still unknown by null: state may hold no unknowns. */
export function withoutUnknowns<T extends Value>(value: T): T {
  if (value === unknown) return null as T;
  if (Array.isArray(value)) return value.map(withoutUnknowns) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, withoutUnknowns(v)])) as T;
}

export function equal(a: Value, b: Value, type: CtyType): boolean {
  return a === b || canonical(a, type) === canonical(b, type);
}

/** Text that is the same for equal values: sets sorted, object members in the order of the type. */
function canonical(value: Value, type: CtyType): string {
  if (value === unknown) return "?";
  if (value === null || typeof type === "string") return JSON.stringify(value);
  const [kind, inner] = type;
  if (Array.isArray(value)) {
    const elements = value.map((element) => canonical(element, inner as CtyType));
    return `[${(kind === "set" ? elements.sort() : elements).join()}]`;
  }
  const members = value as ObjectValue;
  const names = kind === "object" ? Object.keys(inner) : Object.keys(members).sort();
  const memberType = (name: string) =>
    (kind === "object" ? (inner as Record<string, CtyType>)[name] : inner) as CtyType;
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(members[name] ?? null, memberType(name))}`).join()}}`;
}

/** Every computed attribute that is null becomes unknown, in nested blocks too. */
export function withComputedUnknown(value: ObjectValue, block: Block): ObjectValue {
  const result = { ...value };
  for (const [name, attribute] of attributesOf(block)) {
    if (attribute.computed && (result[name] ?? null) === null) result[name] = unknown;
  }
  for (const [name, nested] of blocksOf(block)) {
    const inner = result[name];
    if (Array.isArray(inner)) {
      result[name] = inner.map((element) => (isObject(element) ? withComputedUnknown(element, nested.block) : element));
    } else if (isObject(inner)) {
      result[name] = withComputedUnknown(inner, nested.block);
    }
  }
  return result;
}
