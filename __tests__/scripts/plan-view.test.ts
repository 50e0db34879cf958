import { readFileSync } from "node:fs";
import { join } from "node:path";
import dev from "../../environments/dev";
import { desiredState } from "../../ords/plan/desired";
import { planRegister } from "../../ords/plan/plan";
import { boilerplate, computedByService } from "../../scripts/plan-view/folded";
import { reviewJson } from "../../scripts/plan-view/json";
import { isAsReviewed, verdictOf } from "../../scripts/plan-view/verdict";
import { wrapped } from "../../scripts/terminal/wrap";
import { unknown } from "../../scripts/terraform/plan";
import { desired, helloOutput, registered, untouched } from "../ords/hello";
import { asMarkdown, asPage, asText, firstPlan, resourceTypes, type Said, saidOf, terraformPlan } from "./plans";

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

describe("the first plan of an environment", () => {
  const terraform = firstPlan("dev", dev);
  const { audience, displayName, scopes } = dev.app;
  const ords = planRegister(
    desiredState(
      {
        ...helloOutput,
        stack: "dev",
        profile: {
          ...helloOutput.profile,
          audience,
          description: `Tokens of the application ${displayName}`,
          jwkUrl: unknown,
        },
        privileges: helloOutput.privileges.map((privilege) => ({ ...privilege, description: scopes[0]?.description })),
      },
      (url) => url === unknown,
    ),
    untouched,
  );
  const planned = { stack: "dev", terraform, ords, refusal: undefined };
  const text = asText(planned, { apiUrl: dev.apiUrl, region: dev.region });

  test("fits one screen of 80 by 40, its verdict first, grouped by what people think in", () => {
    const lines = wrapped(text, 80).split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines[0]).toBe("dev: NOW PROTECTED 1; 9 to create in OCI; 2 to create in schema HELLO");
    expect(lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split("  ")[0])).toEqual([
      "Domain",
      "App",
      "Clients",
      "Users and groups",
      "Schema",
    ]);
  });

  test("is the one in the documentation", () => {
    const page = readFileSync(join(__dirname, "../../docs/how-it-works.md"), "utf8");
    expect(page).toContain(`\n${wrapped(text, 80)}\n`);
  });

  test("is a page with the same verdict, groups and changes", () => {
    const page = asPage(planned, { region: dev.region });
    expect(page).toContain("differs; 9 to create in OCI; 2 to create in schema HELLO");
    expect(page).toMatch(/<span class="badge unknown">NOW PROTECTED<\/span> module hello/);
    expect([...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title).slice(0, 5)).toEqual([
      "Domain",
      "App",
      "Clients",
      "Users and groups",
      "Schema",
    ]);
    const hostile = asPage({ stack: "<b>&", refusal: "<script>alert(1)</script>" });
    expect(hostile).toContain("<strong>BLOCKED</strong> &lt;script&gt;");
    expect(hostile).not.toMatch(/<script|<b>&/);
  });

  test("says who may use what by name, though no id is known yet", () => {
    expect(text).toMatch(/access of group API testers to app hello-api-dev/);
    expect(text).toMatch(/group API testers: members user alice@example\.com/);
  });

  test("folds what no one decides on into a count, and shows all of it when asked", () => {
    expect(text).not.toMatch(/urn:|based_on_template|ords-jwt-stack|terraform_data|force_delete|managed by/);
    expect(text).toMatch(/^not shown: \d+ usual attributes, 2 hooks of Terraform \(--verbose shows all\)$/m);
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
      for (const name of blocks) expect(text).toMatch(new RegExp(`^ +${name} +${name} old -> ${name} new$`, "m"));
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
      /± replace +app hello-api \(confidential\) \(oci_identity_domains_app\.App_1\) {2}REPLACES: client id and secret change\n +idcs_endpoint +https:\/\/a -> https:\/\/b {2}\(this is why\)/,
    );
    expect(markdown.split("\n")[0]).toBe("**dev**: **REPLACES 1 (client id and secret change)**; 1 to replace in OCI");
    expect(markdown).toMatch(
      /^- \*\*REPLACES\*\* `client id and secret change` \(app hello-api \\?\(confidential\\?\)\)$/m,
    );
  });

  test("of what is made anew, what gives rights becomes unknown with a word, what nobody declares without", () => {
    const old = { locale: "en", allowed_operations: ["introspect"], name: "client-id", audience: "https://a/" };
    const unknowns = Object.fromEntries(Object.keys(old).map((name) => [name, true]));
    const { text } = both([update(old, {}, { actions: ["delete", "create"], more: { after_unknown: unknowns } })]);
    for (const name of ["allowed_operations", "name", "audience"])
      expect(text).toMatch(new RegExp(`^ +${name} .*known after apply`, "m"));
    expect(text).not.toMatch(/locale/);
    expect(text).toMatch(/not shown: 1 usual attribute /);
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
    expect(text).toMatch(/- forget +client c .*\n +\(Terraform forgets it; it stays in OCI\)/);
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
      /~ update +app hello-api.*\n +\(somebody else changed redirect_uris\)\n +redirect_uris +https:\/\/x\/ -> \(none\)/,
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
  expect(text).toMatch(/redirect_uris +- https:\/\/a\/, \+ https:\/\/c\/ \(1 more stays\)/);
  expect(text).toMatch(/scopes +- a: A, \+ d: D \(2 more stay\)/);
  expect(text).toMatch(/scopes\[b\]\.description +B -> other/);
  expect(text).not.toMatch(/scopes\[c\]/);
  // The order of it may matter to somebody.
  expect(text).toMatch(/allowed_grants +x, y -> y, x/);
});

describe("the verdict", () => {
  const deletion = { actions: ["delete"], before: { display_name: "a" } } satisfies Said;
  const open = planRegister({ ...desired, privileges: [] }, registered);

  test("is the same in text, Markdown, JSON and exit code", () => {
    const planned = { stack: "dev", terraform: terraformPlan([deletion]), ords: open, refusal: "no" };
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

  test("of nothing to do says as much as was seen", () => {
    const ords = planRegister(desired, { ...registered, profile: { ...desired.profile, roleClaim: undefined } });
    const planned = { stack: "dev", terraform: terraformPlan([]), ords };
    expect(verdictOf(planned)).toMatchObject({ outcome: "in sync", exitCode: 0 });
    expect(asText(planned).split("\n")[0]).toBe(
      "dev: no changes in OCI; schema HELLO in sync: nothing to write, as far as the database shows it",
    );
    expect(verdictOf({ stack: "dev", terraform: terraformPlan([]), ords: undefined, refusal: "no" }).exitCode).toBe(4);
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
  const refusal =
    "replace oci_identity_domain.Domain: its clients lose their id and secret\nprivilege hello.read is in the way";
  const review = { stack: "dev", terraform, ords: undefined, refusal };

  test("what is blocked stands in the first line, and why right below", () => {
    expect(asText(review).split("\n").slice(0, 3).join("\n")).toMatch(
      /^dev: BLOCKED; REPLACES 1 .*the schema cannot be planned\nBLOCKED: replace .*secret\n.*in the way$/,
    );
    const lines = asMarkdown(review).split("\n");
    expect(lines[0]).toMatch(/^\*\*dev\*\*: \*\*BLOCKED\*\*; .*1 to replace in OCI; the schema cannot be planned$/);
    expect(lines[2]).toBe(
      "> **BLOCKED**: replace oci\\_identity\\_domain.Domain: its clients lose their id and secret<br>privilege hello.read is in the way",
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
