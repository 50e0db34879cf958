import { administratorPackages, hasPoolProfile, hasRoleClaim, ownPackages } from "../../ords/version";

test.each([
  ["23.3.0.r2891830", "OAUTH"],
  ["24.2.0.r1", "OAUTH"],
  ["24.3.0.r1", "ORDS_SECURITY"],
  ["24.4.1.r0381713", "ORDS_SECURITY"],
  ["26.2.2.r2041619", "ORDS_SECURITY"],
  ["24.2", "OAUTH"],
])("with ORDS %s a schema registers its profile by %s", (version, expected) => {
  expect(ownPackages(version)).toEqual({ ords: "ORDS", security: expected });
});

test.each(["23.2.0.r1770931", "22.4.4.r1", "3.0.12.r1"])("ORDS %s is refused: it has no JWT profiles", (version) => {
  expect(() => ownPackages(version)).toThrow(/23.3 or later/);
});

test("a version that cannot be read is refused", () => {
  expect(() => ownPackages("null")).toThrow(/cannot read the ORDS version "null"/);
});

test("an administrator works on another schema from 24.4, with packages that name it", () => {
  expect(administratorPackages("24.4.0.r1", "HR")).toEqual({
    ords: "ORDS_ADMIN",
    security: "ORDS_SECURITY_ADMIN",
    schema: "HR",
  });
  expect(() => administratorPackages("24.3.2.r1", "HR")).toThrow(/came with 24.4.*log in as HR/);
});

test("profiles can be role-based from 25.1, and be hidden by one of the pool from 25.2", () => {
  expect(hasRoleClaim("24.4.1.r1")).toBe(false);
  expect(hasRoleClaim("25.1.0.r1")).toBe(true);
  expect(hasPoolProfile("25.1.0.r1")).toBe(false);
  expect(hasPoolProfile("25.2.0.r1")).toBe(true);
});
