import fc from "fast-check";
import type { Schema, Template } from "../../ords/metadata";
import { matchesPattern, protectingPrivileges } from "../../ords/privileges";
import { decodePath, findRoute, findSchema, matchTemplate } from "../../ords/routes";
import { strictRules } from "../../ords/rules";

const segment = fc.stringMatching(/^[a-zA-Z0-9._~!*-]{1,6}$/);
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join("/")}`);
const literal = path.filter((text) => !text.endsWith("/*"));

describe("a privilege's pattern", () => {
  test("ending in /* protects everything below it and nothing else", () => {
    fc.assert(
      fc.property(literal, path, (base, other) => {
        expect(matchesPattern(`${base}/*`, `${base}/`, strictRules)).toBe(true);
        expect(matchesPattern(`${base}/*`, base + other, strictRules)).toBe(true);
        expect(matchesPattern(`${base}/*`, base, strictRules)).toBe(false);
        expect(matchesPattern(`${base}/*`, `${base}x${other}`, strictRules)).toBe(false);
        expect(matchesPattern(`${base}/*`, other, strictRules)).toBe(other.startsWith(`${base}/`));
      }),
    );
  });

  test("without /* protects exactly the path it spells", () => {
    fc.assert(
      fc.property(literal, path, (base, other) => {
        expect(matchesPattern(base, base, strictRules)).toBe(true);
        expect(matchesPattern(base, `${base}/`, strictRules)).toBe(false);
        expect(matchesPattern(base, base + other, strictRules)).toBe(false);
        expect(matchesPattern(base, other, strictRules)).toBe(base === other);
      }),
    );
  });

  test("without a leading slash protects nothing", () => {
    fc.assert(
      fc.property(path, (text) => {
        expect(matchesPattern(text.slice(1), text, strictRules)).toBe(false);
        expect(matchesPattern(`${text.slice(1)}/*`, `${text}/below`, strictRules)).toBe(false);
      }),
    );
  });

  test("/* protects the whole schema", () => {
    fc.assert(fc.property(path, (text) => matchesPattern("/*", text, strictRules)));
  });

  test("is case-sensitive", () => {
    expect(matchesPattern("/hr/*", "/HR/x", strictRules)).toBe(false);
  });
});

describe("a path", () => {
  test("is decoded once", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" }).filter((text) => !text.includes("/"))), (segments) => {
        expect(decodePath(`/ords/${segments.map(encodeURIComponent).join("/")}`)).toBe(`/${segments.join("/")}`);
      }),
    );
  });

  test.each(["/ords/hr/a%2Fb", "/ords/hr/a%2fb", "/ords/hr/%", "/ords/hr/%ff"])("%s is a bad request", (text) => {
    expect(() => decodePath(text)).toThrow(expect.objectContaining({ status: 400 }));
  });

  test.each(["/", "/ords", "/other/hr/", "/ordsx/hr/"])("%s is not below /ords/", (text) => {
    expect(decodePath(text)).toBeUndefined();
  });
});

describe("a template", () => {
  const values = fc.string({ minLength: 1 }).filter((text) => !text.includes("/"));

  test.each([":id", "{id}"])("takes a path segment as %s, whatever is in it", (parameter) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(matchTemplate("/hr/", `employees/${parameter}`, `/hr/employees/${value}`)?.parameters).toEqual({
          id: value,
        });
      }),
    );
  });

  test.each([
    ["employees/:id", "/hr/employees/"],
    ["employees/:id", "/hr/employees"],
    ["employees/:id", "/hr/employees/1/"],
    ["employees/:id", "/hr/employees/1/2"],
    ["employees/", "/hr/employees"],
    ["employees", "/hr/employees/"],
    ["employees", "/hr/Employees"],
    ["employees", "/other/employees"],
  ])("%s does not match %s", (pattern, text) => {
    expect(matchTemplate("/hr/", pattern, text)).toBeUndefined();
  });

  test.each([
    ["employees/", "/hr/employees/"],
    ["/employees", "/hr/employees"],
    [".", "/hr/"],
  ])("%s matches %s", (pattern, text) => {
    expect(matchTemplate("/hr/", pattern, text)?.parameters).toEqual({});
  });
});

function schema(pattern: string, ...templates: Partial<Template>[]): Schema {
  const filled = templates.map((template) => ({ pattern: ".", priority: 0, handlers: [], ...template }));
  const module = { id: 1, name: "m", uriPrefix: "/m/", itemsPerPage: null, templates: filled };
  return {
    name: pattern.toUpperCase(),
    pattern,
    modules: [module],
    privileges: [],
    jwtProfile: undefined,
    catalogNeedsUser: true,
  };
}

test("a literal segment goes before a parameter, a higher priority before both", () => {
  const plain = schema("hr", { pattern: "a/:id" }, { pattern: ":x/me" }, { pattern: "a/me" });
  expect(findRoute(plain, "/m/a/me")?.template.pattern).toBe("a/me");
  expect(findRoute(plain, "/m/b/me")?.template.pattern).toBe(":x/me");
  expect(findRoute(schema("hr", { pattern: "a/:id" }, { pattern: ":x/me" }), "/m/a/me")?.template.pattern).toBe(
    "a/:id",
  );
  const prioritized = schema("hr", { pattern: "a/me" }, { pattern: "a/:id", priority: 1 });
  expect(findRoute(prioritized, "/m/a/me")?.template.pattern).toBe("a/:id");
});

test("the longest schema pattern wins, and a pattern is a whole segment", () => {
  const metadata = [schema("hr"), schema("hr/eu")];
  expect(findSchema(metadata, "/hr/eu/m/")).toMatchObject({ schema: { name: "HR/EU" }, path: "/m/" });
  expect(findSchema(metadata, "/hr/m/")).toMatchObject({ schema: { name: "HR" }, path: "/m/" });
  expect(findSchema(metadata, "/hrx/m/")).toBeUndefined();
  expect(findSchema(metadata, "/HR/m/")).toBeUndefined();
});

test("a privilege protects by module, by pattern or both", () => {
  const byModule = { name: "by-module", roles: [], moduleIds: [1], patterns: [] };
  const byPattern = { name: "by-pattern", roles: [], moduleIds: [2], patterns: ["/m/a/*", "/x"] };
  const protectedSchema = { ...schema("hr"), privileges: [byModule, byPattern] };
  const names = (moduleIncluded: boolean, text: string) =>
    protectingPrivileges(
      protectedSchema,
      moduleIncluded ? protectedSchema.modules[0] : undefined,
      text,
      strictRules,
    ).map(({ name }) => name);
  expect(names(true, "/m/a/b")).toEqual(["by-module", "by-pattern"]);
  expect(names(true, "/m/b")).toEqual(["by-module"]);
  expect(names(false, "/x")).toEqual(["by-pattern"]);
  expect(names(false, "/y")).toEqual([]);
});
