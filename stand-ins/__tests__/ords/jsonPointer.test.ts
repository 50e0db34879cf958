import fc from "fast-check";
import { resolvePointer } from "../../ords/jsonPointer";

const claims = { roles: ["a"], "iam/groups": ["b"], "til~de": ["c"], resource_access: { account: { roles: ["d"] } } };

test.each([
  ["/roles", ["a"]],
  ["/roles/0", "a"],
  ["/iam~1groups", ["b"]],
  ["/til~0de", ["c"]],
  ["/resource_access/account/roles", ["d"]],
])("%s leads to its value", (pointer, value) => {
  expect(resolvePointer(claims, pointer)).toEqual(value);
});

test.each([
  ["roles", "no leading slash"],
  ["", "the whole document"],
  ["/Roles", "other case"],
  ["/roles/1", "past the end"],
  ["/roles/00", "leading zero"],
  ["/roles/length", "not an index"],
  ["/roles/0/length", "inside a string"],
  ["/toString", "inherited"],
  ["/__proto__", "inherited"],
  ["/til~de", "malformed escape"],
  ["/resource_access//roles", "empty name"],
])("%s leads nowhere: %s", (pointer) => {
  expect(resolvePointer(claims, pointer)).toBeUndefined();
});

test("any path of names and indexes, escaped, leads to the value put there", () => {
  const step = fc.oneof(fc.string(), fc.constantFrom("/", "~", "~1", "a/b", ""), fc.nat(3));
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), fc.jsonValue(), (path, value) => {
      const document = path.reduceRight<unknown>((inner, name) => {
        if (typeof name === "string") return Object.fromEntries([[name, inner]]);
        const array: unknown[] = [null, null, null, null];
        array[name] = inner;
        return array;
      }, value);
      const pointer = path.map((name) => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
      expect(resolvePointer(document, pointer)).toBe(value);
      expect(resolvePointer(document, `${pointer}/nothing-here`)).toBeUndefined();
    }),
  );
});
