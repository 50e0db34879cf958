import { protectionOf } from "../../../ords/plan/protection";

const privilege = (name: string, modules: string[], patterns: string[]) => ({
  ...{ name, modules, patterns },
  ...{ label: null, description: null, comments: null, roles: [] },
});
const published = {
  basePath: "hr",
  modules: [
    { name: "emp", basePath: "/emp/", comments: null },
    { name: "emp.admin", basePath: "/emp/admin/", comments: null },
  ],
  privileges: [privilege("emp.read", ["emp"], []), privilege("refund", [], ["/refunds", "/refunds/*"])],
};

test.each([
  ["https://h/ords/hr/emp/7", "/emp/7", "emp", ["emp.read by module emp"]],
  ["https://h/ords/hr/emp/", "/emp/", "emp", ["emp.read by module emp"]],
  ["https://h/hr/emp/7", "/emp/7", "emp", ["emp.read by module emp"]],
  ["https://h/ords/hr/emp/admin/x", "/emp/admin/x", "emp.admin", []],
  ["https://h/ords/hr/refunds/1", "/refunds/1", undefined, ["refund by pattern /refunds/*"]],
  ["https://h/ords/hr/refunds", "/refunds", undefined, ["refund by pattern /refunds"]],
  ["https://h/ords/hr/employees", "/employees", undefined, []],
])("what decides about %s is found", (url, path, module, privileges) => {
  const found = protectionOf(url, published);
  expect([found?.path, found?.module]).toEqual([path, module]);
  expect(found?.privileges.map(({ name, by }) => `${name} by ${by}`)).toEqual(privileges);
});

test.each(["https://h/ords/other/emp/7", "https://h/"])("%s is not of this schema", (url) => {
  expect(protectionOf(url, published)).toBeUndefined();
});

test("a schema that is not REST-enabled has nothing that decides", () => {
  expect(protectionOf("https://h/ords/hr/emp/7", { ...published, basePath: null })).toBeUndefined();
});
