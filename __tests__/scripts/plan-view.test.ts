import { readFileSync } from "node:fs";
import { join } from "node:path";
import dev from "../../environments/dev";
import type { OrdsOutput } from "../../ords/output";
import { desiredState } from "../../ords/plan/desired";
import { planRegister } from "../../ords/plan/plan";
import { blockersOf, PlanError } from "../../ords/plan/refusals";
import { boilerplate, computedByService } from "../../scripts/plan-view/folded";
import { reviewJson } from "../../scripts/plan-view/json";
import { lossesIn } from "../../scripts/plan-view/oci";
import { isAsReviewed, verdictOf } from "../../scripts/plan-view/verdict";
import { wrapped } from "../../scripts/terminal/wrap";
import { unknown } from "../../scripts/terraform/plan";
import { desired, helloOutput, registered, untouched } from "../ords/hello";
import {
  asMarkdown,
  asPage,
  asText,
  firstPlan,
  nextPlan,
  resourceTypes,
  type Said,
  saidOf,
  terraformPlan,
} from "./plans";

const update = (before: object, after: object, more: Partial<Said> = {}): Said => ({
  actions: ["update"],
  before: { display_name: "hello-api", client_type: "confidential", is_oauth_resource: true, ...before },
  after: { display_name: "hello-api", client_type: "confidential", is_oauth_resource: true, ...after },
  ...more,
});
const both = (said: readonly Said[], rest?: object) => {
  const planned = { stack: "dev", terraform: terraformPlan(said, rest) };
  return { text: asText(planned), markdown: asMarkdown(planned) };
};

/** What register would do for an environment whose domain may not be there yet. */
const ordsPlan = (privileges: OrdsOutput["privileges"], jwkUrl: string, found = untouched) => {
  const { audience, displayName } = dev.app;
  const profile = { ...helloOutput.profile, audience, description: `Tokens of the application ${displayName}`, jwkUrl };
  const wanted = desiredState({ ...helloOutput, stack: "dev", profile, privileges }, (url) => url === unknown);
  return { wanted, plan: planRegister(wanted, found) };
};
const devPrivileges = helloOutput.privileges.map((privilege) => ({
  ...privilege,
  description: dev.app.scopes[0]!.description!,
}));
const isInDocumentation = (text: string) =>
  expect(readFileSync(join(__dirname, "../../docs/how-it-works.md"), "utf8")).toContain(
    `\n\`\`\`\n${wrapped(text, 80)}\n\`\`\`\n`,
  );

describe("the first plan of an environment", () => {
  const terraform = firstPlan("dev", dev);
  const ords = ordsPlan(devPrivileges, unknown).plan;
  const planned = { stack: "dev", terraform, ords, refusal: undefined };
  const text = asText(planned, { apiUrl: dev.apiUrl, region: dev.region });

  test("fits one screen of 80 by 40, its verdict first, grouped by what people think in", () => {
    const lines = wrapped(text, 80).split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines[0]).toBe("dev: NOW PROTECTED 1; 7 to create in OCI; 2 to create in schema HELLO");
    expect(lines.filter((line) => /^[A-Z][^:]*$/.test(line))).toEqual([
      "Domain",
      "App",
      "Clients",
      "Users and groups",
      "Schema",
    ]);
  });

  test("is the one in the documentation", () => isInDocumentation(text));

  test("is a page with the same verdict, groups and changes", () => {
    const page = asPage(planned, { region: dev.region });
    expect(page).toContain("differs; 7 to create in OCI; 2 to create in schema HELLO");
    expect(page).toMatch(
      /<span class="badge unknown">NOW PROTECTED<\/span> module hello: open to anyone now; calls without a token/,
    );
    expect([...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title).slice(0, 5)).toEqual([
      "Domain",
      "App",
      "Clients",
      "Users and groups",
      "Schema",
    ]);
    const hostile = asPage({ stack: "<b>&", refusal: new PlanError("<script>alert(1)</script>") });
    expect(hostile).toMatch(/<strong>BLOCKED<\/strong>: nothing will be changed[\s\S]*<li class="text">&lt;script&gt;/);
    expect(hostile).not.toMatch(/<script|<b>&/);
  });

  test("says who may use what by name, though no id is known yet", () => {
    expect(text).toMatch(/access of group API testers to app hello-api-dev/);
    expect(text).toMatch(/group API testers: members user alice@example\.com/);
  });

  test("folds what no one decides on into a count, and shows all of it when asked", () => {
    expect(text).not.toMatch(/urn:|based_on_template|ords-jwt-stack|terraform_data|force_delete|managed by/);
    expect(text).toMatch(/^not shown \(--verbose\): \d+ values set by the tool or by OCI, 2 in the state alone$/m);
    const all = asText(planned, { verbose: true });
    expect(all).toMatch(/urn:.*[\s\S]*based_on_template[\s\S]*ords-jwt-stack[\s\S]*terraform_data[\s\S]*managed by/);
    expect(all).not.toMatch(/not shown/);
  });

  test("what is folded is what an environment gets that says nothing of it", () => {
    for (const { type, after } of terraform.changes) {
      const values = after as Record<string, unknown>;
      for (const [attribute, value] of Object.entries(boilerplate[type] ?? {})) {
        if (attribute in values)
          expect([type, attribute, values[attribute]]).toEqual([type, attribute, JSON.stringify(value)]);
      }
    }
  });
});

describe("the samples of the documentation", () => {
  const { app } = dev;
  const jwkUrl = "https://idcs-1.identity.oraclecloud.com:443/admin/v1/SigningCert/jwk";
  const { wanted } = ordsPlan(devPrivileges, jwkUrl);
  const held = { ...untouched, profile: wanted.profile, privileges: wanted.privileges };
  const fixed = ["home_region", "idcs_endpoint", "triggers_replace"];

  test("of a change", () => {
    const write = { value: "hello.write", displayName: "Write greetings", patterns: ["/written/*"] };
    const changed = {
      ...dev,
      app: {
        ...app,
        accessTokenExpirySeconds: 900,
        redirectUris: ["https://hello.dev.example.com/callback"],
        scopes: [...app.scopes, write],
      },
    };
    const { plan: ords } = ordsPlan(
      [
        ...devPrivileges,
        {
          name: "hello.write",
          label: "Write greetings",
          description: null,
          roles: [],
          modules: [],
          patterns: ["/written/*"],
        },
      ],
      jwkUrl,
      held,
    );
    isInDocumentation(asText({ stack: "dev", terraform: nextPlan("dev", [dev, changed], fixed), ords }));
  });

  test("of what is refused, with every reason, what each is about, and what would carry it out", () => {
    const moved = { ...dev, region: "eu-amsterdam-1" };
    const terraform = nextPlan("dev", [dev, moved], fixed);
    const other = devPrivileges.map((privilege) => ({ ...privilege, modules: [], patterns: ["/hello/v2/*"] }));
    const { plan: ords } = ordsPlan(other, jwkUrl, held);
    const refusal = new PlanError([...lossesIn(terraform), ...blockersOf(ords, {})]);
    isInDocumentation(asText({ stack: "dev", terraform, ords, refusal }, { command: "npx ords-jwt deploy dev" }));
  });
});

describe("nothing that matters is folded", () => {
  const isSecret = (name: string) => /^(client_secret|hashed_client_secret|password)$/.test(name);

  test.each(resourceTypes)(
    "a change of any attribute of $type is shown, in text and in Markdown",
    ({ type, attributes, blocks }) => {
      const names = [...Object.keys(attributes), "not_known_to_us"].filter(
        (name) => !computedByService.includes(name) && name !== "schemas",
      );
      const value = (name: string, side: string) => (isSecret(name) ? `hidden ${side}` : `${name} ${side}`);
      const changed = (side: string) =>
        Object.fromEntries([
          ...names.map((name) => [name, value(name, side)]),
          ...blocks.map((name) => [name, [{ value: `${name} ${side}` }]]),
        ]);
      const said = { type, actions: ["update"], before: changed("old"), after: changed("new") };
      const { text, markdown } = both([said]);
      for (const name of names) {
        if (isSecret(name))
          expect(text).toMatch(new RegExp(`^ +${name} +\\(sensitive\\) -> \\(sensitive, another one\\)$`, "m"));
        else expect(text).toMatch(new RegExp(`^ +${name} +${name} old -> ${name} new$`, "m"));
        expect(markdown).toContain(`${name.replaceAll("_", "\\_")}: `);
      }
      for (const name of blocks)
        expect(text).toMatch(new RegExp(`^ +${name} +REMOVED ${name} old( \\(.*\\))?; added ${name} new$`, "m"));
    },
  );

  test("only what the service computes may become unknown without being named", () => {
    for (const { type, attributes } of resourceTypes) {
      for (const name of computedByService) {
        if (name in attributes) expect([type, name, attributes[name]!.computed]).toEqual([type, name, true]);
      }
    }
    expect(computedByService).not.toEqual(expect.arrayContaining(["client_secret"]));
    expect(computedByService).not.toEqual(expect.arrayContaining(["name"]));
  });

  test.each([
    ["audience", "https://new.example.com/"],
    ["client_type", "public"],
    ["all_url_schemes_allowed", true],
    ["allow_access_control", false],
    ["trust_scope", "Account"],
    ["bypass_consent", true],
    ["allow_offline", true],
    ["access_token_expiry", 31_536_000],
    ["active", false],
    ["delegated_service_names", ["other"]],
    ["allowed_operations", ["introspect"]],
    ["allowed_grants", ["password"]],
    ["redirect_uris", ["https://evil.example.com/"]],
    ["allowed_scopes", [{ fqs: "urn:opc:idm:__myscopes__" }]],
    ["based_on_template", [{ value: "CustomEnterpriseAppTemplateId" }]],
    ["schemas", ["urn:ietf:params:scim:schemas:oracle:idcs:App", "other"]],
  ])("nor is %s %j of what is made", (name, value) => {
    const { text } = both([
      { actions: ["create"], after: { display_name: "a", client_type: "confidential", [name]: value } },
    ]);
    if (name === "client_type") expect(text).toMatch(/\(public\)/);
    else expect(text).toMatch(new RegExp(`\\b${name} `));
  });

  test("the tag of another stack, and tags that people chose", () => {
    const extension = "urnietfparamsscimschemasoracleidcsextension_oci_tags";
    const tags = [
      { key: "ords-jwt-stack", value: "prod" },
      { key: "team", value: "orders" },
    ];
    const after = { display_name: "a", [extension]: [{ freeform_tags: tags }] };
    expect(both([{ actions: ["create"], after }]).text).toMatch(/freeform_tags +ords-jwt-stack: prod, team: orders$/m);
  });

  test("a replacement says what is lost, and why it cannot be done in place", () => {
    const said = update(
      { idcs_endpoint: "https://a" },
      { idcs_endpoint: "https://b" },
      {
        actions: ["delete", "create"],
        more: { replace_paths: [["idcs_endpoint"]] },
      },
    );
    const { text, markdown } = both([said]);
    expect(text.split("\n")[0]).toBe("dev: REPLACES 1 (client id and secret change); 1 to replace in OCI");
    expect(text).toMatch(
      /± replace +app hello-api \(confidential\) {2}REPLACES: client id and secret change\n +\(programs with the old ones get no tokens .*\)\n +idcs_endpoint +https:\/\/a -> https:\/\/b {2}\(this is why\)/,
    );
    expect(markdown.split("\n")[0]).toBe("**dev**: **REPLACES 1 (client id and secret change)**; 1 to replace in OCI");
    expect(markdown).toMatch(
      /^- \*\*REPLACES\*\* `client id and secret change` \(app hello-api \\?\(confidential\\?\)\): programs with the old ones get no tokens /m,
    );
  });

  test("of what is made anew, what gives rights becomes unknown with a word, what nobody declares without", () => {
    const old = { locale: "en", allowed_operations: ["introspect"], name: "client-id", audience: "https://a/" };
    const unknowns = Object.fromEntries(Object.keys(old).map((name) => [name, true]));
    const { text } = both([update(old, {}, { actions: ["delete", "create"], more: { after_unknown: unknowns } })]);
    for (const name of ["allowed_operations", "name", "audience"])
      expect(text).toMatch(new RegExp(`^ +${name} .*known after apply`, "m"));
    expect(text).not.toMatch(/locale/);
    expect(text).toMatch(/not shown \(--verbose\): 1 value set by the tool or by OCI$/m);
  });

  test("that a value is not known yet, that a secret is another one, what is moved, forgotten and taken over", () => {
    const said = [
      update({ audience: "https://a/" }, {}, { name: "A", more: { after_unknown: { audience: true } } }),
      update({ client_secret: "old-one" }, { client_secret: "new-one" }, { name: "B" }),
      { name: "C", actions: ["forget"], before: { display_name: "c" } },
      update({}, {}, { name: "D", actions: ["no-op"], more: { importing: { id: "x" } } }),
    ];
    const moved = {
      ...saidOf(update({}, {}, { name: "E", actions: ["no-op"] })),
      previous_address: "oci_identity_domains_app.Old",
    };
    const terraform = terraformPlan([], { resource_changes: [...said.map(saidOf), moved] });
    const text = asText({ stack: "dev", terraform });
    expect(text).toMatch(/audience +https:\/\/a\/ -> \(known after apply\)/);
    expect(text).toMatch(/client_secret +\(sensitive\) -> \(sensitive, another one\)/);
    expect(text).not.toMatch(/old-one|new-one/);
    expect(text).toMatch(/- forget +client c\n +\(Terraform forgets it; it stays in OCI\)/);
    expect(text).toMatch(/\+ import +app hello-api/);
    expect(text).toMatch(/~ move +app hello-api.*\n +\(moved from oci_identity_domains_app\.Old\)/);
  });

  test("what somebody else changed, be it changed back or not", () => {
    const drifted = (name: string, before: object, after: object | null) =>
      saidOf({ ...update(before, after ?? {}), ...(after ? {} : { after: null, actions: ["delete"] }), name });
    const changes = [
      update({ redirect_uris: ["https://x/"] }, { redirect_uris: [] }, { name: "A" }),
      update(
        { allowed_operations: ["introspect"] },
        { allowed_operations: ["introspect"] },
        { name: "B", actions: ["no-op"] },
      ),
      { name: "C", actions: ["create"], after: { display_name: "c" } },
    ];
    const { text } = both(changes, {
      resource_changes: changes.map(saidOf),
      resource_drift: [
        drifted("A", { redirect_uris: [] }, { redirect_uris: ["https://x/"] }),
        drifted("B", {}, { allowed_operations: ["introspect"], meta: [{ version: "2" }] }),
        drifted("C", {}, null),
      ],
    });
    expect(text).toMatch(
      /~ update +app hello-api.*\n +\(somebody else changed redirect_uris\)\n +redirect_uris +REMOVED https:\/\/x\/ \(sign-ins that return there will fail\)/,
    );
    expect(text).toMatch(
      /note: somebody else changed app hello-api.*, and it stays so: allowed_operations \(none\) -> introspect$/m,
    );
    expect(text).toMatch(/\+ create +client c\n +\(somebody else deleted it\)/);
  });
});

test("lists are compared as sets, and their objects by name: what stays is only counted", () => {
  const scope = (value: string, description: string) => ({ value, description });
  const { text } = both([
    update(
      {
        redirect_uris: ["https://a/", "https://b/"],
        scopes: [scope("a", "A"), scope("b", "B"), scope("c", "C")],
        allowed_grants: ["x", "y"],
      },
      {
        redirect_uris: ["https://b/", "https://c/"],
        scopes: [scope("b", "other"), scope("c", "C"), scope("d", "D")],
        allowed_grants: ["y", "x"],
      },
    ),
  ]);
  expect(text).toMatch(
    /redirect_uris +REMOVED https:\/\/a\/ \(sign-ins that return there will fail\); added https:\/\/c\/; 1 other stays$/m,
  );
  expect(text).toMatch(/scopes +REMOVED a: A \(no more tokens for it\); added d: D; 2 others stay$/m);
  expect(text).toMatch(/scopes\[b\]\.description +B -> other/);
  expect(text).not.toMatch(/scopes\[c\]/);
  // The order of it may matter to somebody.
  expect(text).toMatch(/allowed_grants +x, y -> y, x/);
});

test("what is removed from a list says so and what that takes from somebody, in Markdown and on a page", () => {
  const said = [update({ allowed_grants: ["implicit", "password"] }, { allowed_grants: ["implicit"] })];
  const planned = { stack: "dev", terraform: terraformPlan(said) };
  expect(asMarkdown(planned)).toContain("**REMOVED** `password` (no more tokens by it); 1 other stays");
  expect(asPage(planned)).toMatch(/>REMOVED<\/span> password \(no more tokens by it\)<\/div>\s*<div>1 other stays</);
});

test("an attribute that has the name of something every object has is shown like any other", () => {
  const { text } = both([
    update({ constructor: ["name"], toString: "name" }, { constructor: ["length"], toString: "x" }),
  ]);
  expect(text).toMatch(/constructor +REMOVED name; added length$/m);
  expect(text).toMatch(/toString +name -> x$/m);
});

test("what the state alone holds is not counted as OCI's", () => {
  const hook = { type: "terraform_data", name: 'AppDeactivation["app"]', actions: ["create"], after: {} };
  const { text } = both([hook]);
  expect(text).toMatch(/^dev: no changes in OCI, 1 to create in the state alone\n/);
  expect(reviewJson({ stack: "dev", terraform: terraformPlan([hook]) }).verdict).toMatchObject({
    outcome: "differs",
    oci: {},
  });
});

test("two things of one name are told apart by their addresses", () => {
  const twins = ["A", "B"].map((name) => update({ audience: "x" }, { audience: "y" }, { name }));
  expect(both(twins).text).toMatch(/app hello-api \(confidential\) \(oci_identity_domains_app\.A\)\n/);
  expect(both(twins.slice(1)).text).not.toMatch(/oci_identity_domains_app/);
});

describe("the verdict", () => {
  const deletion = { actions: ["delete"], before: { display_name: "a" } } satisfies Said;
  const open = planRegister({ ...desired, privileges: [] }, registered);

  test("is the same in text, Markdown, JSON and exit code", () => {
    const planned = { stack: "dev", terraform: terraformPlan([deletion]), ords: open, refusal: new PlanError("no") };
    const line = /BLOCKED.*DELETES 1 \(client id and secret are gone\).*BECOMES PUBLIC 1.*1 to delete in OCI/;
    expect(asText(planned).split("\n")[0]).toMatch(line);
    expect(asMarkdown(planned).split("\n")[0]).toMatch(line);
    expect(reviewJson(planned).verdict).toEqual({
      outcome: "blocked",
      exitCode: 4,
      oci: { delete: 1 },
      schema: { unchanged: 1, delete: 1 },
      nowProtected: 0,
      becomesPublic: 1,
      replaces: 0,
      deletes: 1,
    });
  });

  test("of what is blocked comes with each reason, and with the command where one does it all the same", () => {
    const blockers = blockersOf(open, {});
    const refusal = new PlanError([...lossesIn(terraformPlan([deletion])), ...blockers]);
    const planned = { stack: "dev", terraform: terraformPlan([deletion]), ords: open, refusal };
    const command = "npx ords-jwt deploy dev --sample-api";
    const all = `${command} --allow-replace --expose`;
    expect(asText(planned, { command })).toContain(`\nto do it all the same: ${all}\n`);
    expect(asMarkdown(planned, { command })).toContain(`\n> to do it all the same: \`${all}\`\n`);
    expect(asPage(planned, { command })).toContain(`To do it all the same: <code>${all}</code>`);
    expect(reviewJson(planned).blockers).toEqual([
      { what: expect.stringMatching(/^DELETES client a: /), avoid: expect.any(String), flag: "--allow-replace" },
      { what: expect.stringMatching(/^BECOMES PUBLIC: module hello /), avoid: expect.any(String), flag: "--expose" },
    ]);
    expect(asText({ stack: "dev", ords: open, refusal: new PlanError(blockers) })).toMatch(
      /\nBLOCKED: nothing will be changed in the schema, for this reason\n[\s\S]*\nto do it all the same: repeat this command with --expose\n/,
    );
    const missing = new PlanError([...blockers, { what: "schema HELLO is not REST-enabled" }]);
    expect(asText({ ...planned, refusal: missing }, { command })).not.toMatch(/all the same/);
  });

  test("of nothing to do says as much as was seen", () => {
    const ords = planRegister(desired, { ...registered, profile: { ...desired.profile, roleClaim: undefined } });
    const planned = { stack: "dev", terraform: terraformPlan([]), ords };
    expect(verdictOf(planned)).toMatchObject({ outcome: "in sync", exitCode: 0 });
    expect(asText(planned).split("\n")[0]).toBe(
      "dev: no changes in OCI; schema HELLO in sync: nothing to write, as far as the database shows it",
    );
    expect(
      verdictOf({ stack: "dev", terraform: terraformPlan([]), ords: undefined, refusal: new PlanError("no") }).exitCode,
    ).toBe(4);
  });
});

test("a plan is the one that was shown when only what was not known yet is known now", () => {
  const later = desiredState(
    { ...helloOutput, profile: { ...helloOutput.profile, jwkUrl: unknown } },
    (url) => url === unknown,
  );
  const [shown, now] = [planRegister(later, untouched), planRegister(desired, untouched)];
  expect(isAsReviewed(now, shown)).toBe(true);
  const audience = "https://other.example.com/";
  expect(isAsReviewed(planRegister({ ...desired, profile: { ...desired.profile, audience } }, untouched), shown)).toBe(
    false,
  );
  expect(isAsReviewed(planRegister(desired, { ...untouched, user: "ADMIN" }), shown)).toBe(false);
  expect(isAsReviewed(planRegister(desired, registered), shown)).toBe(false);
});

test("pages of the console are named for what exists in the commercial realm", () => {
  const domain = (realm: string): Said => ({
    type: "oci_identity_domain",
    name: "D",
    actions: ["no-op"],
    before: { id: `ocid1.domain.${realm}..x`, display_name: "ords-dev" },
    after: { id: `ocid1.domain.${realm}..x`, display_name: "ords-dev" },
  });
  const app = update({ id: "app1" }, { id: "app1" }, { actions: ["no-op"] });
  const shown = (realm: string) =>
    asText(
      { stack: "dev", terraform: terraformPlan([domain(realm), app]) },
      { region: "eu-frankfurt-1", apiUrl: "https://h/ords/x" },
    );
  const page = "https://cloud.oracle.com/identity/domains/ocid1.domain.oc1..x";
  expect(shown("oc1").match(/https:\S+/g)).toEqual([
    `${page}?region=eu-frankfurt-1`,
    `${page}/applications/app1?region=eu-frankfurt-1`,
    "https://h/ords/x",
  ]);
  expect(shown("oc2").match(/https:\S+/g)).toEqual(["https://h/ords/x"]);
});

describe("what others wrote", () => {
  const hostile = "tags.a\u009b2J\u202e|<b>";
  const terraform = {
    ...terraformPlan([
      {
        ...update({ [hostile]: "first line" }, { [hostile]: hostile }, { actions: ["delete", "create"] }),
        name: `Domain["${hostile}"]`,
      },
    ]),
    notes: [`is kept: ${hostile}`],
  };
  const refusal = new PlanError([
    { what: `REPLACES ${hostile}: clients lose their id and secret`, avoid: "undo it", flag: "--allow-replace" },
    { what: "privilege hello.read is in the way" },
  ]);
  const review = { stack: "dev", terraform, ords: undefined, refusal };

  test("what is blocked stands in the first line, and why right below", () => {
    expect(asText(review).split("\n").slice(0, 5).join("\n")).toMatch(
      /^dev: BLOCKED; REPLACES 1 .*the schema cannot be planned\nBLOCKED: nothing will be changed, for these 2 reasons\n {2}1 {2}REPLACES .*secret\n {5}to avoid it: undo it\n {2}2 {2}privilege .*in the way$/,
    );
    const lines = asMarkdown(review).split("\n");
    expect(lines[0]).toMatch(/^\*\*dev\*\*: \*\*BLOCKED\*\*; .*1 to replace in OCI; the schema cannot be planned$/);
    expect(lines.slice(2, 6).join("\n")).toMatch(
      /^> \*\*BLOCKED\*\*: nothing will be changed\n>\n> 1\. REPLACES .*secret<br>to avoid it: undo it\n> 2\. privilege hello.read is in the way$/,
    );
  });

  test("nothing that is not blocked says so", () => {
    const fine = { ...review, refusal: undefined };
    expect(asText(fine) + asMarkdown(fine)).not.toMatch(/blocked/i);
  });

  test("a line break is one in Markdown too, and no name drives a terminal or becomes markup", () => {
    const markdown = asMarkdown(review);
    expect(markdown).not.toContain("\\u000a");
    expect(markdown.match(/<b>/g)).toEqual(markdown.match(/`[^`\n]*<b>[^`\n]*`/g)?.map(() => "<b>"));
    expect(asText(review) + markdown).not.toMatch(/[\u0080-\u009f\u202a-\u202e]/);
  });
});
