import type { Actual, Desired, Privilege } from "../../../ords/model";
import { ownershipMarker } from "../../../ords/ownership";
import { changes, isInSync, type Plan } from "../../../ords/plan/entries";
import { isRegistered, planBetween, planRegister, planUnregister } from "../../../ords/plan/plan";
import { PlanError, requireAllowed } from "../../../ords/plan/refusals";
import { sampleModule } from "../../../ords/plan/sample-api";
import { desired, module, registered, untouched } from "../hello";

const [helloRead] = desired.privileges as [Privilege];
const foreign: Privilege = { ...helloRead, name: "by.hand", comments: "made by a DBA", modules: [] };

const actions = ({ entries }: Plan) => entries.map(({ action, kind, name }) => `${action} ${kind} ${name}`);
const wanting = (...privileges: Privilege[]): Desired => ({ ...desired, privileges });
const entryOf = (plan: Plan, name: string) => plan.entries.find((entry) => entry.name === name)!;

describe("register", () => {
  test("creates profile and privilege where nothing is, and says what closes", () => {
    const plan = planRegister(desired, untouched);
    expect(actions(plan)).toEqual(["create JWT profile HELLO", "create privilege hello.read"]);
    expect(plan.entries[1]?.nowProtected).toEqual(["module hello"]);
  });

  test("changes nothing when everything is there", () => {
    const plan = planRegister(desired, registered);
    expect(actions(plan)).toEqual(["unchanged JWT profile HELLO", "unchanged privilege hello.read"]);
    expect(isInSync(plan)).toBe(true);
  });

  test.each([
    ["another issuer", { issuer: "https://identity.oraclecloud.com" }],
    ["another audience", { audience: "https://hello.example.com" }],
    ["a role claim", { roleClaim: "/groups" }],
    ["another JWK URL", { jwkUrl: "https://other/jwk" }],
    ["a skew of zero set by hand", { allowedSkew: 0 }],
    ["an age of zero set by hand", { allowedAge: 0 }],
  ])("replaces a profile with %s, and names just that", (_what, change) => {
    const plan = planRegister(desired, { ...registered, profile: { ...desired.profile, ...change } });
    expect(plan.entries[0]?.action).toBe("replace");
    expect(plan.entries[0] && changes(plan.entries[0]).map((attribute) => attribute.name)).toEqual(Object.keys(change));
  });

  test("calls a column that the view does not have neither unchanged nor changed", () => {
    const plan = planRegister(desired, { ...registered, profile: { ...desired.profile, jwkUrl: undefined } });
    expect(plan.entries[0]?.action).toBe("cannot be compared");
    expect(isInSync(plan)).toBe(true);
  });

  test("replaces a profile of which it sees a difference beside a column that it does not see", () => {
    const profile = { ...desired.profile, jwkUrl: undefined, issuer: "https://old/" };
    expect(planRegister(desired, { ...registered, profile }).entries[0]?.action).toBe("replace");
  });

  describe("when it cannot see the role claim", () => {
    const unseen = { ...desired.profile, roleClaim: undefined };
    const byRoles = {
      profile: { ...desired.profile, roleClaim: "/groups" },
      privileges: [{ ...helloRead, roles: ["clerk"] }],
    };
    const action = (wanted: Partial<Desired>, privileges: readonly Privilege[], profile: Actual["profile"] = unseen) =>
      planRegister({ ...desired, ...wanted }, { ...registered, profile, privileges }).entries.find(
        ({ kind }) => kind === "JWT profile",
      )?.action;

    test("replaces a profile whose privileges go from scopes to roles, or back", () => {
      expect(action(byRoles, desired.privileges)).toBe("replace");
      expect(action({}, byRoles.privileges)).toBe("replace");
      expect(action(byRoles, [])).toBe("replace");
    });

    test("leaves a profile whose privileges stay what they are, or of which there are none", () => {
      expect(action({}, desired.privileges)).toBe("cannot be compared");
      expect(action(byRoles, byRoles.privileges)).toBe("cannot be compared");
      expect(action({ ...byRoles, privileges: [] }, [])).toBe("cannot be compared");
    });

    test("looks at its own privileges only, and adopts a profile that is not known to be its own", () => {
      expect(action({}, [helloRead, { ...foreign, roles: ["clerk"] }])).toBe("cannot be compared");
      expect(action(byRoles, [], { ...unseen, description: undefined })).toBe("adopt");
    });
  });

  test("takes a profile without visible description for its own when a privilege of its own is beside it", () => {
    const profile = { ...desired.profile, description: undefined, audience: "old" };
    expect(planRegister(desired, { ...registered, profile }).entries[0]?.action).toBe("replace");
    expect(planRegister(desired, { ...untouched, profile }).entries[0]?.action).toBe("adopt");
  });

  test.each<[string, Partial<Privilege>]>([
    ["lost its module", { modules: [] }],
    ["has a pattern more", { patterns: ["/x/*"] }],
    ["has another label", { label: "old" }],
    ["has a role", { roles: ["r"] }],
  ])("updates a privilege that %s", (_what, change) => {
    const plan = planRegister(desired, { ...registered, privileges: [{ ...helloRead, ...change }] });
    expect(actions(plan)).toContain("update privilege hello.read");
    expect(changes(entryOf(plan, "hello.read")).map(({ name }) => name)).toEqual(Object.keys(change));
  });

  test("creates a profile that was deleted by hand and leaves the rest", () => {
    expect(actions(planRegister(desired, { ...registered, profile: null }))).toEqual([
      "create JWT profile HELLO",
      "unchanged privilege hello.read",
    ]);
  });

  test("deletes a privilege of its own that is no longer wanted and protects nothing that exists", () => {
    const gone = { ...helloRead, name: "hello.old", modules: ["removed"] };
    const plan = planRegister(desired, { ...registered, privileges: [helloRead, gone] });
    expect(actions(plan)).toContain("delete privilege hello.old");
    expect(() => requireAllowed(plan, {})).not.toThrow();
  });

  test("leaves foreign privileges alone", () => {
    const plan = planRegister(desired, { ...registered, privileges: [helloRead, foreign] });
    expect(isInSync(plan)).toBe(true);
    expect(plan.entries.map((entry) => entry.name)).not.toContain("by.hand");
  });

  test("creates roles that are missing, before what needs them", () => {
    const wanted = wanting({ ...helloRead, roles: ["clerk", "boss"] });
    expect(actions(planRegister(wanted, { ...untouched, roles: ["boss"] }))).toEqual([
      "create role clerk",
      "create JWT profile HELLO",
      "create privilege hello.read",
    ]);
  });

  test("makes the same plan whatever the order in which the database answers", () => {
    const wanted = wanting(
      ...["a", "b", "c"].map((name) => ({ ...helloRead, name, modules: [], patterns: [`/${name}`] })),
    );
    const found = { ...untouched, privileges: wanted.privileges.map((privilege) => ({ ...privilege, label: "old" })) };
    const turned = { ...found, privileges: [...found.privileges].reverse() };
    expect(planRegister(wanted, turned)).toEqual(planRegister(wanted, found));
  });

  test("with the sample API enables the schema and publishes the module first, in the same plan", () => {
    const plan = planRegister(desired, { ...untouched, basePath: null, modules: [] }, { sampleApi: true });
    expect(actions(plan)).toEqual([
      "update schema HELLO",
      "create module hello",
      "create JWT profile HELLO",
      "create privilege hello.read",
    ]);
  });

  test("with the sample API leaves an enabled schema and a module of that name as they are", () => {
    expect(isInSync(planRegister(desired, registered, { sampleApi: true }))).toBe(true);
  });

  test.each<[string, Partial<Actual>, RegExp]>([
    ["a missing module", { modules: [module("other")] }, /module hello.*does not have \(it has: other\)/],
    ["a schema that is not REST-enabled", { basePath: null }, /not REST-enabled.*ENABLE_SCHEMA/],
  ])("refuses %s", (_what, change, message) => {
    const plan = () => planRegister(desired, { ...untouched, ...change });
    expect(plan).toThrow(PlanError);
    expect(plan).toThrow(message);
  });

  test("refuses a role-based profile where ORDS knows none", () => {
    const wanted = { ...desired, profile: { ...desired.profile, roleClaim: "/groups" } };
    expect(() => planRegister(wanted, { ...untouched, ordsVersion: "24.4.1.r1" })).toThrow(/25.1 or later/);
    expect(actions(planRegister(wanted, untouched))).toContain("create JWT profile HELLO");
  });
});

describe("what others made", () => {
  test.each<[string, Partial<Actual>, RegExp]>([
    ["a privilege", { privileges: [{ ...helloRead, comments: "mine" }] }, /hello.read exists.*mine/],
    [
      "a privilege of a stack whose name begins alike",
      { privileges: [{ ...helloRead, comments: ownershipMarker("test2") }] },
      /hello.read exists/,
    ],
    ["a profile", { profile: { ...desired.profile, description: "by hand" } }, /not registered by stack test.*by hand/],
    [
      "a profile without description",
      { profile: { ...desired.profile, description: null } },
      /not registered by stack test/,
    ],
  ])("is shown as adopted and refused without --adopt: %s", (_what, change, message) => {
    const plan = planRegister(desired, { ...untouched, ...change });
    expect(plan.entries.map(({ action }) => action)).toContain("adopt");
    expect(() => requireAllowed(plan, {})).toThrow(PlanError);
    expect(() => requireAllowed(plan, {})).toThrow(message);
    expect(() => requireAllowed(plan, { adopt: true })).not.toThrow();
  });

  test("is warned of when it claims the same module, by name or by a pattern", () => {
    const found = (change: Partial<Privilege>) => ({
      ...registered,
      privileges: [helloRead, { ...foreign, ...change }],
    });
    const warning = expect.stringMatching(/module hello of scope hello.read is also claimed by privilege by.hand/);
    expect(planRegister(desired, found({ modules: ["hello"] })).warnings).toContainEqual(warning);
    expect(planRegister(desired, found({ patterns: ["/*"] })).warnings).toContainEqual(warning);
    expect(planRegister(desired, found({ patterns: ["/other/*"] })).warnings).not.toContainEqual(warning);
  });

  test("is warned of when it is public", () => {
    const found = { ...registered, modules: [module("hello"), module("orders")] };
    const warning = "module orders (/orders/) has no privilege: anyone may call it";
    expect(planRegister(desired, found).warnings).toContain(warning);
    const closed = { ...found, privileges: [helloRead, { ...foreign, patterns: ["/orders/*"] }] };
    expect(planRegister(desired, closed).warnings).not.toContain(warning);
  });

  test("may be a profile of the pool, from 25.2", () => {
    const pool = expect.stringMatching(/mode=POOL/);
    expect(planRegister(desired, untouched).warnings).toContainEqual(pool);
    expect(planRegister(desired, { ...untouched, ordsVersion: "25.1.0.r1" }).warnings).not.toContainEqual(pool);
    // It is said when a profile is written, and after that by doctor.
    expect(planRegister(desired, registered).warnings).not.toContainEqual(pool);
  });
});

describe("open and closed", () => {
  const opened = (plan: Plan) => plan.entries.flatMap((entry) => entry.becomesPublic);

  test("a module that only a leftover protects becomes public, which needs --expose", () => {
    const old = { ...helloRead, name: "old", modules: ["orders"] };
    const found = { ...registered, modules: [module("hello"), module("orders")], privileges: [helloRead, old] };
    const plan = planRegister(desired, found);
    expect(opened(plan)).toEqual(["module orders"]);
    expect(() => requireAllowed(plan, {})).toThrow(/BECOMES PUBLIC: module orders/);
    expect(() => requireAllowed(plan, { adopt: true })).toThrow(/BECOMES PUBLIC/);
    expect(() => requireAllowed(plan, { expose: true })).not.toThrow();
  });

  test("a pattern that an update drops becomes public", () => {
    const found = { ...registered, privileges: [{ ...helloRead, patterns: ["/x/*"] }] };
    expect(opened(planRegister(desired, found))).toEqual(["pattern /x/*"]);
  });

  test.each([
    ["a wider pattern", "/x/y/*", "/x/*"],
    ["the module that it leads into", "/hello/me", "/other"],
  ])("a pattern stays closed by %s", (_what, dropped, kept) => {
    const found = { ...registered, privileges: [{ ...helloRead, patterns: [dropped] }] };
    expect(opened(planRegister(wanting({ ...helloRead, patterns: [kept] }), found))).toEqual([]);
  });

  test("a module that a pattern closes already is not called now protected", () => {
    const found = { ...untouched, privileges: [{ ...foreign, patterns: ["/hello/*"] }] };
    expect(planRegister(desired, found).entries[1]?.nowProtected).toEqual([]);
  });

  test("a narrower pattern leaves the rest of a module public", () => {
    const wanted = wanting({ ...helloRead, modules: [], patterns: ["/hello/me/*"] });
    expect(opened(planRegister(wanted, registered))).toEqual(["module hello"]);
  });

  test("a pattern that begins alike closes nothing else", () => {
    const wanted = wanting({ ...helloRead, modules: [], patterns: ["/hell/*"] });
    expect(opened(planRegister(wanted, registered))).toEqual(["module hello"]);
  });
});

describe("unregister", () => {
  test("deletes the profile and keeps a privilege that protects something, and says why", () => {
    const plan = planUnregister("test", registered);
    expect(actions(plan)).toEqual(["delete JWT profile HELLO"]);
    expect(plan.leaves).toEqual([
      { what: "privilege hello.read", why: expect.stringContaining("without it module hello would be public") },
    ]);
  });

  test("with --expose deletes that privilege as well, and says what opens", () => {
    const plan = planUnregister("test", registered, { expose: true });
    expect(actions(plan)).toEqual(["delete JWT profile HELLO", "delete privilege hello.read"]);
    expect(plan.entries[1]?.becomesPublic).toEqual(["module hello"]);
  });

  test("deletes the privilege as well once its module is gone", () => {
    const plan = planUnregister("test", { ...registered, modules: [] });
    expect(actions(plan)).toEqual(["delete JWT profile HELLO", "delete privilege hello.read"]);
  });

  test("deletes a privilege when a foreign one protects the same", () => {
    const plan = planUnregister("test", { ...registered, privileges: [helloRead, { ...foreign, modules: ["hello"] }] });
    expect(actions(plan)).toContain("delete privilege hello.read");
  });

  test("says that every call is refused only when no profile is left", () => {
    const why = (profile: Actual["profile"]) => planUnregister("test", { ...registered, profile }).leaves[0]?.why;
    const refused = /with no profile every call answers 401/;
    expect(why(desired.profile)).toMatch(refused);
    expect(why(null)).toMatch(refused);
    expect(why({ ...desired.profile, description: "by hand" })).not.toMatch(refused);
  });

  test("touches nothing of another stack or of hands, and names the profile that it leaves", () => {
    const plan = planUnregister("other", { ...registered, privileges: [helloRead, foreign] });
    expect(plan.entries).toEqual([]);
    expect(plan.leaves).toEqual([
      { what: "JWT profile of schema HELLO", why: expect.stringContaining("not registered") },
    ]);
  });

  test("removes the sample module only when its comments say that it is the sample", () => {
    const sampled = { ...registered, modules: [sampleModule] };
    expect(actions(planUnregister("test", sampled, { sampleApi: true }))).toEqual([
      "delete JWT profile HELLO",
      "delete privilege hello.read",
      "delete module hello",
    ]);
    const plan = planUnregister("test", registered, { sampleApi: true });
    expect(actions(plan)).toEqual(["delete JWT profile HELLO"]);
    expect(plan.leaves.map(({ what }) => what)).toContain("module hello");
  });

  test("leaves the sample module when it holds templates of others, and names them", () => {
    const added = { ...sampleModule, templates: ["me", "orders/:id"] };
    const plan = planUnregister("test", { ...registered, modules: [added] }, { sampleApi: true });
    expect(actions(plan)).not.toContain("delete module hello");
    expect(plan.leaves).toContainEqual({ what: "module hello", why: expect.stringContaining("orders/:id") });
  });

  test("names roles that it leaves", () => {
    const found = { ...registered, privileges: [{ ...helloRead, roles: ["clerk"] }] };
    expect(planUnregister("test", found).leaves.map(({ what }) => what)).toContain("role clerk");
  });
});

test.each<[string, Partial<Actual>]>([
  ["another profile", { profile: { ...desired.profile, audience: "other" } }],
  ["no privileges", { privileges: [] }],
  [
    "a privilege of the stack that is not wanted",
    { privileges: [...desired.privileges, { ...desired.privileges[0]!, name: "x" }] },
  ],
  ["no path, since it is not REST-enabled any more", { basePath: null }],
])("what was written is not there in a schema with %s", (_what, change) => {
  expect(isRegistered(desired, registered)).toBe(true);
  expect(isRegistered(desired, { ...registered, ...change })).toBe(false);
});

test("every scope that names a missing module is reported at once", () => {
  const privileges = ["a", "b"].map((name) => ({ ...helloRead, name, modules: [`m.${name}`] }));
  expect(() => planRegister({ ...desired, privileges }, untouched)).toThrow(
    /scope a protects module m\.a; scope b protects module m\.b, which schema HELLO does not have/,
  );
});

test("between two states there is what differs, closing and opening included", () => {
  const plan = planBetween("test", registered, untouched);
  expect(actions(plan)).toEqual(["delete JWT profile HELLO", "delete privilege hello.read"]);
  expect(plan.entries[1]?.becomesPublic).toEqual(["module hello"]);
  expect(planBetween("test", registered, registered).entries).toEqual([]);
});
