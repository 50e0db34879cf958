import { stripVTControlCharacters } from "node:util";
import { desiredState } from "../../../ords/plan/desired";
import type { Plan } from "../../../ords/plan/entries";
import { planRegister, planUnregister } from "../../../ords/plan/plan";
import { PlanError, requireAllowed } from "../../../ords/plan/refusals";
import { planJson } from "../../../scripts/plan-view/json";
import { describe as inWords } from "../../../scripts/terminal/failure";
import { renderChecks } from "../../../scripts/terminal/render";
import { desired, helloOutput, registered, untouched } from "../../ords/hello";
import { asMarkdown, asText } from "../plans";

const text = (plan: Plan) => asText({ stack: plan.stack, ords: plan });
const renderPlanMarkdown = (plan: Plan) => asMarkdown({ stack: plan.stack, ords: plan });

const quiet = { ordsVersion: "25.1.0.r1" };

test("a first registration as text", () => {
  expect(text(planRegister(desired, { ...untouched, ...quiet }))).toMatchInlineSnapshot(`
    "test: NOW PROTECTED 1; 2 to create in schema HELLO
    Schema
      + create    JWT profile HELLO
          issuer    https://identity.oraclecloud.com/
          audience  https://hello.example.com/
          jwkUrl    https://idcs.example.com:443/admin/v1/SigningCert/jwk
      + create    privilege hello.read  NOW PROTECTED: module hello
          (open to anyone now; calls without a token of this scope will be refused)
          label  Read greetings
    schema: logged in as HELLO, calls ORDS and ORDS_SECURITY (ORDS 25.1.0.r1)
    not shown (--verbose): 2 values set by the tool or by OCI"
  `);
});

test("a difference as text and as Markdown, with what cannot be compared", () => {
  const found = { ...registered, ...quiet, profile: { ...desired.profile, issuer: "a|b`c", jwkUrl: undefined } };
  const plan = planRegister(desired, found);
  expect(text(plan)).toContain(
    `~ replace   JWT profile HELLO
      issuer  a|b\`c -> https://identity.oraclecloud.com/
      jwkUrl  cannot be compared: the database does not show it (wanted: https://idcs.example.com:443/admin/v1/SigningCert/jwk)`,
  );
  expect(renderPlanMarkdown(plan)).toMatchInlineSnapshot(`
    "**test**: 1 to replace in schema HELLO (1 unchanged there)

    | Schema | | |
    |---|---|---|
    | replace | \`JWT profile HELLO\` | issuer: \`a\\|b'c\` → \`https://identity.oraclecloud.com/\`<br>jwkUrl: cannot be compared (wanted: \`https://idcs.example.com:443/admin/v1/SigningCert/jwk\`) |

    logged in as HELLO, calls ORDS and ORDS\\_SECURITY (ORDS 25.1.0.r1)

    not shown: 1 unchanged"
  `);
});

test("in sync is not said without a reservation when something cannot be compared", () => {
  expect(text(planRegister(desired, { ...registered, ...quiet }))).toMatch(/in sync: nothing to write$/m);
  const found = { ...registered, ...quiet, profile: { ...desired.profile, roleClaim: undefined } };
  expect(text(planRegister(desired, found))).toMatch(
    /as far as the database shows it$[\s\S]*\? cannot be compared JWT profile/m,
  );
});

test("an administrator's run says for whom it works and why", () => {
  expect(text(planRegister(desired, { ...untouched, user: "ADMIN" }))).toContain(
    "logged in as ADMIN, an administrator, for schema HELLO: calls ORDS_ADMIN and ORDS_SECURITY_ADMIN with p_schema",
  );
});

test("what opens and what is kept is said", () => {
  expect(text(planUnregister("test", registered, { expose: true }))).toContain(
    "- delete    privilege hello.read  BECOMES PUBLIC: module hello",
  );
  expect(text(planUnregister("test", registered))).toMatch(/ {2}kept {8}privilege hello.read: without it module hello/);
});

test("what a database holds cannot drive a terminal or a page", () => {
  const label = "\u001b[2Jclear\r\nnew line \u202egnp.exe";
  const found = { ...registered, privileges: [{ ...desired.privileges[0]!, label }] };
  const plan = planRegister(desired, found);
  expect(text(plan)).toContain("\\u001b[2Jclear\\u000d\\u000anew line \\u202egnp.exe ->");
  expect(renderPlanMarkdown(plan)).toContain("`\\u001b[2Jclear`<br>`new line");
  for (const character of ["\u001b", "\r", "\u202e"]) expect(renderPlanMarkdown(plan)).not.toContain(character);
  const script = desiredState({ ...helloOutput, stack: "<img src=x>" });
  expect(renderPlanMarkdown(planRegister(script, untouched))).toMatch(/^\*\*\\<img src=x\\>\*\*: /);
});

test("nor can it by way of a refusal or a check, whose lines stay lines", () => {
  const comments = "\u001b]0;title\u0007 \u202ereversed";
  const profile = { ...desired.profile, audience: "https://other.example.com/", description: "mine" };
  const plan = planRegister(desired, { ...registered, profile, privileges: [{ ...desired.privileges[0]!, comments }] });
  expect(() => requireAllowed(plan, {})).toThrow(PlanError);
  const shown = [refusalOf(() => requireAllowed(plan, {})), renderedCheck(comments)];
  for (const words of shown) expect(words).toContain("\\u001b]0;title\\u0007 \\u202ereversed");
  expect(shown[0]).toMatch(
    /JWT profile .*: delete it if nothing needs it, or repeat with --adopt\nprivilege hello.read exists .*--adopt$/,
  );

  function refusalOf(work: () => void): string | undefined {
    try {
      work();
    } catch (error) {
      return inWords(error);
    }
  }
  function renderedCheck(got: string): string {
    return stripVTControlCharacters(renderChecks([{ what: "profile", expected: "ours", got, ok: false }]));
  }
});

test("as JSON every attribute has its old and new value, and says whether they could be compared", () => {
  const found = { ...registered, profile: { ...desired.profile, audience: "old", jwkUrl: undefined } };
  const { entries, inSync } = planJson(planRegister(desired, found));
  expect(inSync).toBe(false);
  expect(entries[0]).toMatchObject({ action: "replace", kind: "JWT profile", name: "HELLO" });
  expect(entries[0]?.attributes).toContainEqual({
    name: "audience",
    old: "old",
    new: desired.profile.audience,
    comparable: true,
  });
  expect(entries[0]?.attributes).toContainEqual({
    name: "jwkUrl",
    old: null,
    new: desired.profile.jwkUrl,
    comparable: false,
  });
  expect(entries[1]).toMatchObject({ action: "unchanged", nowProtected: [], becomesPublic: [] });
});
