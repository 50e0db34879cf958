import { type GatewayRules, otherReadings, strictRules } from "../../ords/rules";
import { audience, createKey, issuer, type Key, now, type Scenario, sign, startScenario, stopClock } from "./support";

stopClock();

let ords: Scenario;
let key: Key;
/** One gateway for each reading, in their order. */
const others: Awaited<ReturnType<Scenario["open"]>>[] = [];

beforeAll(async () => {
  key = createKey("key-1");
  ords = await startScenario();
  ords.publish(key.jwk);
  await ords.profile();
  for (const rules of otherReadings) others.push(await ords.open({ rules }));
  const source = "SELECT 'secret' AS answer FROM dual";
  for (const name of ["one", "two", "below", "below/deeper", "under"]) await ords.module(name, "x", source);
  await ords.privilege("hr.one", { module: "one" });
  await ords.privilege("hr.two", { module: "two", pattern: "/two/*" });
  await ords.privilege("hr.other", { pattern: "/two/x" });
  await ords.privilege("hr.below", { module: "below" });
  await ords.privilege("hr.under", { pattern: "/under/x/*" });
});
afterAll(() => ords.close());

const claims = () => ({ sub: "scott", iss: issuer, aud: audience, iat: now() - 10, exp: now() + 100, scope: "hr.one" });
const token = (changes: object = {}, header: object = {}) =>
  sign({ alg: "RS256", kid: "key-1", ...header }, { ...claims(), ...changes }, key);

interface Probe {
  rule: keyof GatewayRules;
  /** @default "/one/x" */
  path?: string;
  /** None: no token is sent. */
  token?: () => string;
  /** Changes the JWT profile, or the published keys. */
  prepare?: () => unknown;
  /** Status under the strict and under the other reading. */
  statuses: [strict: number, other: number];
}

const probes: Probe[] = [
  { rule: "severalPrivileges", path: "/two/x", token: () => token({ scope: "hr.two" }), statuses: [401, 200] },
  { rule: "severalPrivileges", path: "/two/x", token: () => token({ scope: "hr.one" }), statuses: [401, 401] },
  {
    rule: "severalPrivileges",
    path: "/two/x",
    token: () => token({ scope: "hr.other hr.two" }),
    statuses: [200, 200],
  },
  { rule: "modulePrivilege", path: "/below/deeper/x", statuses: [200, 401] },
  { rule: "subtreePattern", path: "/under/x", statuses: [200, 401] },
  { rule: "audienceList", token: () => token({ aud: ["other", audience] }), statuses: [401, 200] },
  { rule: "audienceList", token: () => token({ aud: [[audience]] }), statuses: [401, 401] },
  { rule: "scopeList", token: () => token({ scope: ["hr.two", "hr.one"] }), statuses: [401, 200] },
  { rule: "scopeList", token: () => token({ scope: undefined, scp: ["hr.one"] }), statuses: [401, 200] },
  { rule: "scopeList", token: () => token({ scope: [["hr.one"]] }), statuses: [401, 401] },
  { rule: "accessTokenType", token: () => token({}, { typ: "at+jwt" }), statuses: [401, 200] },
  { rule: "accessTokenType", token: () => token({}, { typ: "secevent+jwt" }), statuses: [401, 401] },
  { rule: "zeroAge", token: () => token(), prepare: () => ords.profile({ age: 0 }), statuses: [401, 200] },
  {
    rule: "skewExtendsAge",
    token: () => token({ iat: now() - 70 }),
    prepare: () => ords.profile({ age: 60, skew: 60 }),
    statuses: [401, 200],
  },
  {
    rule: "otherKeyUse",
    token: () => token(),
    prepare: () => ords.publish({ ...key.jwk, use: "enc", alg: "RS512" }),
    statuses: [401, 200],
  },
];

test.each(probes.map((probe, index) => [probe.rule, index, probe] as const))(
  "%s: each reading gives its own answer (%i)",
  async (rule, _index, { path = "/one/x", token: tokenOf, prepare, statuses }) => {
    const other = others[otherReadings.findIndex((reading) => rule in reading)];
    if (!other) throw new Error(`there is no other reading of ${rule}`);
    await prepare?.();
    const answers = await Promise.all([ords, other].map(({ call }) => call(path, { token: tokenOf?.() })));
    expect(answers.map(({ status }) => status)).toEqual(statuses);
    await ords.profile();
    ords.publish(key.jwk);
  },
);

test("every rule has another reading and a probe", () => {
  const names = Object.keys(strictRules);
  expect(otherReadings.flatMap((reading) => Object.keys(reading)).sort()).toEqual([...names].sort());
  expect([...new Set(probes.map(({ rule }) => rule))].sort()).toEqual([...names].sort());
  for (const reading of otherReadings) expect(strictRules).not.toMatchObject(reading);
});

test.each(otherReadings.map((reading, index) => [reading, index] as const))(
  "under %j a good token is accepted, none and another scope are refused",
  async (_reading, index) => {
    const { call } = others[index] as (typeof others)[number];
    const answers = [
      await call("/one/x", { token: token() }),
      await call("/one/x", { token: token({ scope: undefined, scp: "hr.two hr.one" }) }),
      await call("/one/x", {}),
      await call("/one/x", { token: token({ scope: "hr.two" }) }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 401]);
  },
);
