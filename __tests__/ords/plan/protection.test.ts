import { type Protection, type Published, protectionOf } from "../../../ords/plan/protection";

const privilege = (name: string, modules: string[], patterns: string[]) => ({
  ...{ name, modules, patterns },
  ...{ label: null, description: null, comments: null, roles: [] },
});
const published: Published = {
  basePath: "hr",
  modules: [
    { name: "emp", basePath: "/emp/", comments: null, templates: [".", ":id"] },
    { name: "emp.admin", basePath: "/emp/admin/", comments: null, templates: ["x", ":any/y"] },
  ],
  privileges: [privilege("emp.read", ["emp"], []), privilege("refund", [], ["/refunds", "/refunds/*"])],
};

test.each<[string, string, string | undefined, string[], Protection["access"]]>([
  ["https://h/ords/hr/emp/7", "/emp/7", "emp", ["emp.read by module emp"], "protected"],
  ["https://h/ords/hr/emp/", "/emp/", "emp", ["emp.read by module emp"], "protected"],
  ["https://h/hr/emp/7", "/emp/7", "emp", ["emp.read by module emp"], "protected"],
  ["https://h/api/v2/hr/emp/7", "/emp/7", "emp", ["emp.read by module emp"], "protected"],
  ["https://h/ords/pool/hr/emp/7", "/emp/7", "emp", ["emp.read by module emp"], "protected"],
  ["https://h/ords/h%72/emp/%37", "/emp/7", "emp", ["emp.read by module emp"], "protected"],
  ["https://h/ords/hr/emp/admin/x", "/emp/admin/x", "emp.admin", [], "public"],
  ["https://h/ords/hr/refunds/1", "/refunds/1", undefined, ["refund by pattern /refunds/*"], "protected"],
  ["https://h/ords/hr/refunds", "/refunds", undefined, ["refund by pattern /refunds"], "protected"],
  ["https://h/ords/hr/employees", "/employees", undefined, [], "unknown"],
  ["https://h/ords/hr/emp/7/8", "/emp/7/8", "emp", [], "unknown"],
])("what decides about %s is found", (url, path, module, privileges, access) => {
  const found = protectionOf(url, published) as Protection;
  expect([found.path, found.module, found.access]).toEqual([path, module, access]);
  expect(found.privileges.map(({ name, by }) => `${name} by ${by}`)).toEqual(privileges);
});

test.each([
  ["https://h/ords/hr/v1/emp/7", "/emp/7"],
  ["https://h/ords/pool/hr/v1/refunds", "/refunds"],
  ["https://h/hr/hr/v1/emp/7", "/emp/7"],
])("a base path of several segments is found in %s", (url, path) => {
  expect(protectionOf(url, { ...published, basePath: "hr/v1" })).toMatchObject({ path, access: "protected" });
  expect(protectionOf(url.replace("/v1", ""), { ...published, basePath: "hr/v1" })).toHaveProperty("reason");
});

test.each([
  ["the base path is not in it", "https://h/ords/other/emp/7", /"hr".*is no part of the path/],
  ["there is no path", "https://h/", /"hr".*is no part of the path/],
  ["the base path is there in other case", "https://h/ords/HR/emp/7", /"hr".*is no part of the path/],
  ["the base path is there twice and leads to nothing either way", "https://h/hr/hr/none", /stands 2 times/],
])("when %s, it is said that it cannot be told", (_what, url, reason) => {
  expect(protectionOf(url, published)).toEqual({ reason: expect.stringMatching(reason) });
});

describe("a base path that stands twice in the URL", () => {
  const privileges = [privilege("hr.read", ["hr"], [])];
  const hr = { name: "hr", basePath: "/hr/", comments: null, templates: ["me"] };
  const root = { name: "root", basePath: "/", comments: null, templates: ["me"] };

  test("counts where the rest leads to a template", () => {
    expect(protectionOf("https://h/ords/hr/hr/me", { basePath: "hr", modules: [hr], privileges })).toMatchObject({
      path: "/hr/me",
      access: "protected",
    });
  });

  test("counts where the rest at least leads into a module", () => {
    expect(protectionOf("https://h/ords/hr/hr/you", { basePath: "hr", modules: [hr], privileges })).toMatchObject({
      ...{ path: "/hr/you", module: "hr" },
      access: "unknown",
    });
  });

  test("cannot be told when both do", () => {
    const found = protectionOf("https://h/ords/hr/hr/me", { basePath: "hr", modules: [hr, root], privileges });
    expect(found).toEqual({ reason: expect.stringMatching(/stands 2 times/) });
  });
});

test("a path that two modules may serve is public when one of them is", () => {
  const modules = [
    { name: "a", basePath: "/x/", comments: null, templates: [":id/y"] },
    { name: "b", basePath: "/x/1/", comments: null, templates: ["y"] },
  ];
  const by = (name: string) =>
    protectionOf("https://h/ords/hr/x/1/y", { basePath: "hr", modules, privileges: [privilege("p", [name], [])] });
  expect(by("a")).toMatchObject({ access: "public" });
  expect(by("b")).toMatchObject({ access: "public" });
});

test("a pattern that has no documented meaning protects nothing", () => {
  const found = protectionOf("https://h/ords/hr/emp/admin/x", {
    ...published,
    privileges: [privilege("p", [], ["/emp/admin/:any", "/emp/admin/x*", "/emp//admin/x", "/emp/%61dmin/x"])],
  });
  expect(found).toMatchObject({ privileges: [], access: "public" });
});

test("a schema that is not REST-enabled has nothing that decides", () => {
  const found = protectionOf("https://h/ords/hr/emp/7", { ...published, basePath: null });
  expect(found).toEqual({ reason: "the schema is not REST-enabled" });
});
