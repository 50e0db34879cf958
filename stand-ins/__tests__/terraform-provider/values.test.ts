import { decode, ExtData, encode } from "@msgpack/msgpack";
import * as fc from "fast-check";
import type { Block } from "../../terraform-provider/schema";
import {
  decodeBlock,
  emptyObject,
  encodeValue,
  equal,
  fromStateJson,
  isWhollyKnown,
  type ObjectValue,
  unknown,
  type Value,
  withoutUnknowns,
} from "../../terraform-provider/values";

const block: Block = {
  attributes: {
    name: { type: "string", optional: true },
    size: { type: "number", optional: true },
    on: { type: "bool", optional: true },
    tags: { type: ["map", "string"], optional: true },
    words: { type: ["set", "string"], optional: true },
    links: { type: ["list", ["object", { url: "string", weight: "number" }]], computed: true },
  },
  block_types: { part: { nesting_mode: "set", block: { attributes: { value: { type: "string", required: true } } } } },
};

function roundTrip(value: ObjectValue): ObjectValue | null {
  return decodeBlock(encodeValue(value), block);
}

test("keeps any value through the wire, unknowns included", () => {
  const orUnknown = <T>(arbitrary: fc.Arbitrary<T>) =>
    fc.oneof(arbitrary, fc.constant(null), fc.constant(unknown)) as fc.Arbitrary<Value>;
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });
  // Terraform has no negative zero.
  const number = fc.oneof(fc.maxSafeInteger(), finite).map((n) => (n === 0 ? 0 : n));
  const objects = fc.record({
    name: orUnknown(fc.string()),
    size: orUnknown(number),
    on: orUnknown(fc.boolean()),
    tags: orUnknown(
      fc.dictionary(
        fc.string().filter((key) => key !== "__proto__"),
        fc.string(),
      ),
    ),
    words: orUnknown(fc.array(fc.string())),
    links: orUnknown(fc.array(fc.record({ url: orUnknown(fc.string()), weight: orUnknown(number) }))),
    part: fc.array(fc.record({ value: orUnknown(fc.string()) })),
  });
  fc.assert(
    fc.property(objects, (value) => {
      expect(roundTrip(value as ObjectValue)).toEqual(value);
    }),
  );
});

test("sends a number that is no safe integer as decimal text, as Terraform's 512 bits require", () => {
  const sent = (size: Value) => (decode(encodeValue({ size })) as { size: unknown }).size;
  expect(sent(3600)).toBe(3600);
  expect(sent(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
  expect(sent(0.1)).toBe("0.1");
  expect(sent("9007199254740993")).toBe("9007199254740993");
});

test("keeps every digit of an integer that JavaScript cannot hold", () => {
  const big = { ...emptyObject(block), size: 9007199254740993n };
  const bytes = encode(big, { useBigInt64: true });
  expect(decodeBlock(bytes, block)).toMatchObject({ size: "9007199254740993" });
  expect(decodeBlock(encode({ ...big, size: 42n }, { useBigInt64: true }), block)).toMatchObject({ size: 42 });
  expect(decodeBlock(encode({ ...big, size: "0.1" }), block)).toMatchObject({ size: 0.1 });
});

test("writes an unknown as Terraform does and reads a refined unknown as a plain one", () => {
  expect(Buffer.from(encodeValue(unknown)).toString("hex")).toBe("d40000");
  const refined = encode({ ...emptyObject(block), name: new ExtData(12, new Uint8Array([0x81, 1, 0xc2])) });
  expect(decodeBlock(refined, block)?.name).toBe(unknown);
});

test("refuses a value of the wrong type and names the place", () => {
  expect(() => decodeBlock(encode({ on: "yes" }), block)).toThrow("expected a bool at value.on, got string");
  expect(() => decodeBlock(encode({ words: ["a", 1] }), block)).toThrow(
    "expected a string at value.words[1], got number",
  );
});

test("compares sets without order and lists with it", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 2 }), (words) => {
      const reversed = [...words].reverse();
      expect(equal(words, reversed, ["set", "string"])).toBe(true);
      expect(equal(words, reversed, ["list", "string"])).toBe(false);
    }),
  );
  expect(equal(["a"], ["a", "a"], ["set", "string"])).toBe(false);
  expect(equal({ b: "1", a: "2" }, { a: "2", b: "1" }, ["map", "string"])).toBe(true);
  expect(equal(null, unknown, "string")).toBe(false);
});

test("reads old state: drops what the schema no longer has, adds nulls and empty blocks", () => {
  const state = fromStateJson({ name: "orders", retired: 1, part: [{ value: "x", retired: true }] }, block);
  expect(state).toEqual({ ...emptyObject(block), name: "orders", part: [{ value: "x" }] });
  expect(fromStateJson({}, block)).toMatchObject({ size: null, part: [] });
});

test("leaves no unknown in state", () => {
  const state = withoutUnknowns({ name: unknown, links: [{ url: unknown, weight: 1 }] });
  expect(state).toEqual({ name: null, links: [{ url: null, weight: 1 }] });
  expect(isWhollyKnown(state)).toBe(true);
  expect(isWhollyKnown({ links: [{ url: unknown }] })).toBe(false);
});
