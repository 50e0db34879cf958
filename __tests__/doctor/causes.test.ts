import { clockDifference } from "../../doctor/clock";
import { diagnose } from "../../doctor/diagnose";
import { answers, cases, evidenceOf, now, tokenOf } from "./cases";

test("nothing is found in a healthy system", () => {
  expect(diagnose(evidenceOf())).toBeUndefined();
});

test("what ORDS itself makes for an enabled schema is no finding, and changes none", () => {
  const ofOrds = [
    { name: "oracle.dbtools.autorest.privilege.HELLO", roles: ["oracle.dbtools.role.autorest.HELLO"], patterns: [] },
    { name: "oracle.soda.privilege.developer", roles: ["SODA Developer"], patterns: ["/soda/*"] },
  ].map((each) => ({ label: null, description: null, comments: null, modules: [], ...each }));
  const within = (evidence: ReturnType<typeof evidenceOf>) => {
    const { schema } = evidence;
    if (!schema) return evidence;
    const roles = [...schema.roles, ...ofOrds.flatMap((each) => each.roles)];
    return { ...evidence, schema: { ...schema, privileges: [...ofOrds, ...schema.privileges], roles } };
  };
  expect(diagnose(within(evidenceOf()))).toBeUndefined();
  for (const { changes } of cases) {
    expect(diagnose(within(evidenceOf(changes)))).toEqual(diagnose(evidenceOf(changes)));
  }
});

test.each(cases)("$id is found: $seen", ({ id, changes, seen }) => {
  expect(diagnose(evidenceOf(changes))).toMatchObject({ id, seen: expect.stringMatching(seen) });
});

test("no status but 2xx and 401 goes without a finding, whatever else is wrong", () => {
  const token = tokenOf({ exp: now - 100 });
  for (let status = 200; status <= 599; status++) {
    const finding = diagnose(evidenceOf({ token, api: answers("/ords/hello/hello/me", status) }));
    const isAboutToken = (status >= 200 && status < 300) || status === 401;
    expect({ status, isAboutToken: finding?.id === "token-expired" }).toEqual({ status, isAboutToken });
  }
});

test("an API that answers without a token at first may only be new to ORDS", () => {
  const api = answers("/ords/hello/hello/me", 200, 200);
  expect(diagnose(evidenceOf({ schema: undefined, protection: undefined, api }))).toBeUndefined();
});

test("roles are found by a JSON Pointer in what the token itself has, not in what every object has", () => {
  const { ords, schema } = evidenceOf();
  const withRoles = (roleClaim: string, claims: object) =>
    diagnose(
      evidenceOf({
        token: tokenOf(claims),
        schema: { ...schema!, profile: { ...ords.profile, roleClaim } as never },
      }),
    )?.seen;
  expect(withRoles("/a~1b/0/roles", { "a/b": [{ roles: ["r"] }] })).toBeUndefined();
  expect(withRoles("/constructor", {})).toBe("/constructor is absent, expected a list");
  expect(withRoles("/groups/length", { groups: ["r"] })).toBe("/groups/length is 1, expected a list");
});

test.each([
  ["the clocks agree", 0, 100, 0],
  ["a fast clock", 100_000, 100, 100],
  ["a slow clock", -100_000, 100, -99],
  ["a slow answer of a server whose clock agrees", 0, 20_000, 0],
  ["a slow answer of a fast clock, as far as it is certain", 30_000, 20_000, 10],
  ["a header made within the second", -900, 5, 0],
])("%s: %d ms ahead, answered after %d ms, is a difference of %d s", (_what, ahead, took, seconds) => {
  const sent = now * 1000;
  // The header is written when the answer is sent, in whole seconds.
  const date = Math.floor((sent + (ahead === 30_000 ? 0 : took) + ahead) / 1000) * 1000;
  expect(clockDifference({ date, sent, received: sent + took })).toBe(seconds);
});

test("without a Date header nothing is known of a clock", () => {
  expect(clockDifference({ sent: 0, received: 1 })).toBeUndefined();
});
