import { hasRoleClaim, securityPackage } from "../../ords/version";

test.each([
  ["23.3.0.r2891830", "OAUTH"],
  ["24.2.0.r1", "OAUTH"],
  ["24.3.0.r1", "ORDS_SECURITY"],
  ["24.4.1.r0381713", "ORDS_SECURITY"],
  ["26.2.2.r2041619", "ORDS_SECURITY"],
])("ORDS %s registers profiles with %s", (version, expected) => {
  expect(securityPackage(version)).toBe(expected);
});

test.each(["23.2.0.r1770931", "22.4.4.r1", "3.0.12.r1"])("ORDS %s is refused: it has no JWT profiles", (version) => {
  expect(() => securityPackage(version)).toThrow(/23.3 or later/);
});

test("a version that cannot be read is refused", () => {
  expect(() => securityPackage("null")).toThrow(/cannot read the ORDS version "null"/);
});

test("profiles can go by roles from 25.1", () => {
  expect(hasRoleClaim("24.4.1.r1")).toBe(false);
  expect(hasRoleClaim("25.1.0.r1")).toBe(true);
});
