import type { Actual, Desired, Privilege } from "../../../ords/model";
import { Areas, areaOf, isInside, OwnedAreas, overlap } from "../../../ords/pattern";
import { isInSync, type Plan } from "../../../ords/plan/entries";
import { planBetween, planRegister, planUnregister } from "../../../ords/plan/plan";
import { requireAllowed } from "../../../ords/plan/refusals";
import { desired, registered } from "../hello";

const [helloRead] = desired.privileges as [Privilege];
const foreign: Privilege = { ...helloRead, name: "by.hand", comments: "made by a DBA", modules: [] };
const wanting = (...privileges: Privilege[]): Desired => ({ ...desired, privileges });

const moduleAt = (name: string, basePath: string, ...templates: string[]) => ({
  ...{ name, basePath, templates },
  comments: null,
});
const hello = moduleAt("hello", "/hello/", "me");
const helloV1 = moduleAt("hello.v1", "/hello/v1/", "me");
const shop = moduleAt("shop", "/shop/", "emp", "emp/:id");
const by = (modules: string[], patterns: string[] = [], name = "hello.read"): Privilege => ({
  ...helloRead,
  ...{ name, modules, patterns },
});
const found = (modules: Actual["modules"], ...privileges: Privilege[]): Actual => ({
  ...registered,
  ...{ modules, privileges },
});
const opened = (plan: Plan) => plan.entries.flatMap((entry) => entry.becomesPublic);
const closed = (plan: Plan) => plan.entries.flatMap((entry) => entry.nowProtected);
const notes = (plan: Plan) => plan.warnings.filter((warning) => !/mode=POOL/.test(warning));

describe("a module below the base path of a protected one", () => {
  const isOpen = "module hello.v1 (/hello/v1/) has no privilege: anyone may call it";

  test("is not protected by it, which is said even when there is nothing to write", () => {
    const plan = planRegister(wanting(by(["hello"])), found([hello, helloV1], by(["hello"])));
    expect(isInSync(plan)).toBe(true);
    expect(notes(plan)).toEqual([isOpen]);
  });

  test("becomes public with the loss of its own privilege", () => {
    const plan = planRegister(
      wanting(by(["hello"])),
      found([hello, helloV1], by(["hello"]), by(["hello.v1"], [], "old")),
    );
    expect(opened(plan)).toEqual(["module hello.v1"]);
    expect(() => requireAllowed(plan, {})).toThrow(/BECOMES PUBLIC: module hello.v1/);
  });

  test("is now protected by a privilege of its own", () => {
    const plan = planRegister(
      wanting(by(["hello"]), by(["hello.v1"], [], "v1")),
      found([hello, helloV1], by(["hello"])),
    );
    expect(closed(plan)).toEqual(["module hello.v1"]);
  });

  test("is kept closed by unregister, though a foreign privilege protects the module above", () => {
    const plan = planUnregister("test", found([hello, helloV1], { ...foreign, modules: ["hello"] }, by(["hello.v1"])));
    expect(plan.leaves).toEqual([
      { what: "privilege hello.read", why: expect.stringContaining("without it module hello.v1 would be public") },
    ]);
  });

  test("becomes public when a script takes its privilege", () => {
    const before = found([hello, helloV1], by(["hello"]), by(["hello.v1"], [], "v1"));
    expect(opened(planBetween("test", before, { ...before, privileges: [by(["hello"])] }))).toEqual([
      "module hello.v1",
    ]);
  });

  test("becomes public with the loss of a pattern for it", () => {
    const plan = planRegister(wanting(by(["hello"])), found([hello, helloV1], by(["hello"], ["/hello/v1/*"])));
    expect(opened(plan)).toEqual(["module hello.v1", "pattern /hello/v1/*"]);
  });
});

test("patterns that together cover all templates of a module protect it", () => {
  const privilege = by([], ["/shop/emp", "/shop/emp/*"]);
  expect(notes(planRegister(wanting(privilege), found([shop], privilege)))).toEqual([]);
  const first = planRegister(wanting(privilege), found([shop]));
  expect(closed(first)).toContain("module shop");
  expect(opened(planRegister(wanting(privilege), found([shop], by(["shop"]))))).toEqual([]);
});

test.each([
  [["/shop/emp/*"], "anyone may call /shop/emp"],
  [["/shop/emp"], "anyone may call /shop/emp/:id; no privilege protects /shop/emp/, and whether ORDS answers there"],
  [["/shop/emp/7"], undefined],
  [["/shop/*"], ""],
  [["/*"], ""],
])("patterns %j protect a module in part, in full or not at all", (patterns, part) => {
  const privilege = by([], patterns);
  const [note] = notes(planRegister(wanting(privilege), found([shop], privilege)));
  if (part === "") expect(note).toBeUndefined();
  else if (part === undefined) expect(note).toBe("module shop (/shop/) has no privilege: anyone may call it");
  else expect(note).toMatch(`module shop (/shop/) is protected in part: ${part}`);
});

test("only the templates that lose their protection become public", () => {
  const plan = planRegister(wanting(by([], ["/shop/emp/*"])), found([shop], by(["shop"])));
  expect(opened(plan)).toEqual(["template /shop/emp of module shop"]);
});

test("the path of a module itself counts without its slash", () => {
  const root = moduleAt("shop", "/shop/", ".");
  const privilege = by([], ["/shop/*"]);
  const [note] = notes(planRegister(wanting(privilege), found([root], privilege)));
  expect(note).toMatch("no privilege protects /shop, and whether ORDS answers there is not documented");
  const both = by([], ["/shop", "/shop/*"]);
  expect(notes(planRegister(wanting(both), found([root], both)))).toEqual([]);
});

test.each([
  "/shop/emp/:id",
  "/shop/emp/{id}",
  "/shop/em*",
  "/shop/*/x",
  "/shop/**",
  "//shop/*",
  "/shop/%65mp",
  "shop/*",
])("the pattern %s, made by others, is not taken for a protection", (pattern) => {
  const plan = planRegister(desired, found([hello, shop], by(["hello"]), { ...foreign, patterns: [pattern] }));
  expect(plan.warnings).toContain("module shop (/shop/) has no privilege: anyone may call it");
});

test("a pattern that meant what its successor says may go", () => {
  const plan = planRegister(wanting(by([], ["/shop/emp/*"])), found([shop], by([], ["/shop/emp/:id"])));
  expect(opened(plan)).toEqual([]);
  expect(closed(plan)).toContain("template /shop/emp/:id of module shop");
});

test.each([
  [":id?", ["/shop/*"], /protects \/shop,/],
  [":id?", ["/shop", "/shop/*"], undefined],
  ["files/*", ["/shop/files/*"], /no privilege protects \/shop\/files,/],
  [":a,:b", ["/shop/*"], /no privilege protects \/shop,/],
])("of the template %s not everything is known, so %j is not stretched", (template, patterns, note) => {
  const privilege = by([], patterns);
  const [first] = notes(planRegister(wanting(privilege), found([moduleAt("shop", "/shop/", template)], privilege)));
  if (note === undefined) expect(first).toBeUndefined();
  else expect(first).toMatch(note);
});

describe("a foreign privilege on the same URL is warned of", () => {
  const wanted = by(["hello"], ["/refunds", "/refunds/*"]);
  const warned = (change: Partial<Privilege>) =>
    notes(planRegister(wanting(wanted), found([hello], wanted, { ...foreign, ...change })));

  test.each<[string, Partial<Privilege>, string]>([
    ["by module", { modules: ["hello"] }, "module hello"],
    ["by everything", { patterns: ["/*"] }, "module hello, pattern /refunds, pattern /refunds/*"],
    ["by an equal pattern", { patterns: ["/refunds"] }, "pattern /refunds"],
    ["by a wider pattern", { patterns: ["/hello/*"] }, "module hello"],
    ["by a narrower pattern", { patterns: ["/refunds/1/*"] }, "pattern /refunds/*"],
    ["by one path", { patterns: ["/hello/me"] }, "module hello"],
    ["by a pattern of which it is not known what it matches", { patterns: ["/hello/m*"] }, "module hello"],
  ])("%s", (_what, change, resources) => {
    expect(warned(change)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${resources.replaceAll("*", "\\*")} of scope hello.read (is|are) also claimed by privilege by.hand, which`,
        ),
      ),
    ]);
  });

  test.each<[string, Partial<Privilege>]>([
    ["another module", { modules: ["other"] }],
    ["another path", { patterns: ["/soda/*", "/refund", "/hell/*", "/hello/you"] }],
  ])("but not one on %s", (_what, change) => {
    expect(warned(change)).toEqual([]);
  });

  test("and so are two scopes of the stack on the same URL", () => {
    const [a, b] = [by(["hello"]), by([], ["/hello/me"], "me")];
    expect(notes(planRegister(wanting(a, b), found([hello], a, b)))).toEqual([
      expect.stringMatching(/^module hello of scope hello.read is also claimed by scope me \(pattern \/hello\/me\)/),
    ]);
  });
});

test("of many areas, those cover another or overlap with it that would each by itself", () => {
  const paths = ["", "/a", "/ab", "/a/b", "/a/b/c"];
  const areas = paths.flatMap((path) => (path ? [path, `${path}/*`] : ["/*"])).map((pattern) => areaOf(pattern)!);
  const inner = [...areas, { start: "/a", exact: false }, { start: "/", exact: true }];
  for (const one of areas) {
    for (const other of areas) {
      const both = new Areas([one, other]);
      for (const area of inner) {
        const expected = isInside(area, one) || isInside(area, other);
        expect({ area, one, other, covered: both.cover(area) }).toEqual({ area, one, other, covered: expected });
        const owned = new OwnedAreas([one, other].map((each) => [each, each]));
        const overlapping = [one, other].filter((each) => overlap(area, each));
        expect({ area, owners: owned.overlapping(area) }).toEqual({ area, owners: new Set(overlapping) });
      }
    }
  }
  expect(new Areas([]).cover(areas[0]!)).toBe(false);
  const part = { start: "/a", exact: false };
  expect(new OwnedAreas([[part, "part"]]).overlapping({ start: "/ab/c", exact: true })).toEqual(new Set(["part"]));
});
