import fc from "fast-check";
import { type Desired, marker, type Privilege } from "../../ords/desired";
import { changes, isInSync, PlanError, planRegister, planUnregister } from "../../ords/plan";
import type { Actual } from "../../ords/read";
import { desired, registered, untouched } from "./hello";

const [helloRead] = desired.privileges as [Privilege];
const foreign: Privilege = { ...helloRead, name: "by.hand", comments: "made by a DBA", modules: [] };

const actions = (plan: { entries: readonly { kind: string; name: string; action: string }[] }) =>
  plan.entries.map(({ action, kind, name }) => `${action} ${kind} ${name}`);

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
  ])("replaces a profile with %s", (_what, change) => {
    const plan = planRegister(desired, { ...registered, profile: { ...desired.profile, ...change } });
    expect(plan.entries[0]?.action).toBe("replace");
    expect(plan.entries[0] && changes(plan.entries[0]).map((attribute) => attribute.name)).toEqual(Object.keys(change));
  });

  test("does not call a column unchanged or changed that the view does not have", () => {
    const plan = planRegister(desired, { ...registered, profile: { ...desired.profile, jwkUrl: undefined } });
    expect(plan.entries[0]?.action).toBe("unchanged");
    expect(plan.entries[0]?.attributes).toContainEqual({ name: "jwkUrl", old: undefined, new: desired.profile.jwkUrl });
  });

  test.each<[string, Partial<Privilege>]>([
    ["lost its module", { modules: [] }],
    ["has a pattern more", { patterns: ["/x/*"] }],
    ["has another label", { label: "old" }],
    ["has a role", { roles: ["r"] }],
  ])("updates a privilege that %s", (_what, change) => {
    const patterns = change.patterns ? ["/x/*"] : [];
    const wanted = { ...desired, privileges: [helloRead, { ...foreign, comments: marker("test"), patterns }] };
    const plan = planRegister(wanted, { ...registered, privileges: [{ ...helloRead, ...change }] });
    expect(actions(plan)).toContain("update privilege hello.read");
  });

  test("deletes a privilege of its own that is no longer wanted and protects nothing that exists", () => {
    const gone = { ...helloRead, name: "hello.old", modules: ["removed"] };
    const plan = planRegister(desired, { ...registered, privileges: [helloRead, gone] });
    expect(actions(plan)).toContain("delete privilege hello.old");
  });

  test("leaves foreign privileges alone", () => {
    const plan = planRegister(desired, { ...registered, privileges: [helloRead, foreign] });
    expect(isInSync(plan)).toBe(true);
    expect(plan.entries.map((entry) => entry.name)).not.toContain("by.hand");
  });

  test("asks for roles that are missing", () => {
    const wanted = { ...desired, privileges: [{ ...helloRead, roles: ["clerk", "boss"] }] };
    expect(planRegister(wanted, { ...untouched, roles: ["boss"] }).missingRoles).toEqual(["clerk"]);
  });

  test.each<[string, Partial<Actual>, RegExp]>([
    [
      "a foreign privilege of the same name",
      { privileges: [{ ...helloRead, comments: "mine" }] },
      /hello.read exists.*mine/,
    ],
    [
      "a privilege of a stack whose name begins alike",
      { privileges: [{ ...helloRead, comments: marker("test2") }] },
      /hello.read exists/,
    ],
    [
      "a foreign profile",
      { profile: { ...desired.profile, description: "by hand" } },
      /not registered by stack test.*by hand/,
    ],
    [
      "a profile without description",
      { profile: { ...desired.profile, description: null } },
      /not registered by stack test/,
    ],
    ["a missing module", { modules: ["other"] }, /module hello.*does not have \(it has: other\)/],
    ["a schema that is not REST-enabled", { basePath: null }, /not REST-enabled.*ENABLE_SCHEMA/],
    ["another schema", { schema: "SYSTEM" }, /logged in as SYSTEM.*protects schema HELLO/],
  ])("refuses %s", (_what, change, message) => {
    const plan = () => planRegister(desired, { ...untouched, ...change });
    expect(plan).toThrow(PlanError);
    expect(plan).toThrow(message);
  });

  test("refuses a profile that goes by roles where ORDS cannot", () => {
    const wanted = { ...desired, profile: { ...desired.profile, roleClaim: "/groups" } };
    expect(() => planRegister(wanted, { ...untouched, ordsVersion: "24.4.1.r1" })).toThrow(/25.1 or later/);
    expect(actions(planRegister(wanted, untouched))).toContain("create JWT profile HELLO");
  });

  test("refuses to leave a module public that a privilege of its own protects today", () => {
    const before = {
      ...registered,
      modules: ["hello", "orders"],
      privileges: [helloRead, { ...helloRead, name: "old", modules: ["orders"] }],
    };
    expect(() => planRegister(desired, before)).toThrow(/BECOMES PUBLIC: module orders/);
  });

  test("refuses to leave a pattern public that an update would drop", () => {
    const before = { ...registered, privileges: [{ ...helloRead, patterns: ["/x/*"] }] };
    expect(() => planRegister(desired, before)).toThrow(/BECOMES PUBLIC: pattern \/x\/\*/);
  });
});

describe("unregister", () => {
  test("deletes the profile and keeps a privilege that protects something", () => {
    const plan = planUnregister("test", registered);
    expect(actions(plan)).toEqual(["delete JWT profile HELLO"]);
    expect(plan.kept).toEqual([helloRead]);
  });

  test("deletes the privilege as well once its module is gone", () => {
    const plan = planUnregister("test", { ...registered, modules: [] });
    expect(actions(plan)).toEqual(["delete JWT profile HELLO", "delete privilege hello.read"]);
  });

  test("deletes a privilege when a foreign one protects the same", () => {
    const plan = planUnregister("test", { ...registered, privileges: [helloRead, { ...foreign, modules: ["hello"] }] });
    expect(actions(plan)).toContain("delete privilege hello.read");
  });

  test("touches nothing of another stack or of hands", () => {
    expect(planUnregister("other", { ...registered, privileges: [helloRead, foreign] }).entries).toEqual([]);
  });
});

/** Any state in which a register of `desired` may find the schema, as long as nothing foreign is in the way. */
const names = fc.constantFrom("a", "b", "c", "d");
const privileges = (stack: string) =>
  fc.uniqueArray(
    fc.record({
      name: names,
      label: fc.constantFrom("one", "two"),
      description: fc.constant(null),
      comments: fc.constant(marker(stack)),
      roles: fc.constant([]),
      modules: fc.constant([]),
      patterns: fc.uniqueArray(fc.constantFrom("/x", "/y/*", "/z"), { maxLength: 2 }).map((list) => list.sort()),
    }),
    { selector: (privilege) => privilege.name },
  );

test("what a register leaves is in sync, whatever it found", () => {
  fc.assert(
    fc.property(privileges("test"), privileges("test"), (wanted, found) => {
      // Patterns that get lost would be refused; a privilege that keeps them all lets any other change through.
      const all = { ...helloRead, modules: [], patterns: ["/x", "/y/*", "/z"] };
      const goal: Desired = { ...desired, privileges: [...wanted, all] };
      const plan = planRegister(goal, { ...untouched, modules: [], privileges: found });
      const after = applied(plan, goal, found);
      return isInSync(planRegister(goal, { ...untouched, modules: [], profile: goal.profile, privileges: after }));
    }),
  );
});

function applied(plan: ReturnType<typeof planRegister>, goal: Desired, found: readonly Privilege[]): Privilege[] {
  const state = new Map(found.map((privilege) => [privilege.name, privilege]));
  for (const { kind, name, action } of plan.entries) {
    const wanted = goal.privileges.find((privilege) => privilege.name === name);
    if (kind === "privilege" && action === "delete") state.delete(name);
    else if (kind === "privilege" && action !== "unchanged" && wanted) state.set(name, wanted);
  }
  return [...state.values()];
}
