import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Oci } from "../../../scripts/oci/client";
import { adoptOrphans } from "../../../scripts/terraform/orphans";
import { readPlan, unknown } from "../../../scripts/terraform/plan";
import { planNotes } from "../../../scripts/terraform/plan-notes";
import { asMarkdown, asText } from "../plans";

const nothing = { before_sensitive: false, after_sensitive: false };

function changed(actions: string[], before: unknown, after: unknown, more: object = {}) {
  const change = { actions, before, after, after_unknown: {}, ...nothing, ...more };
  const plan = {
    resource_changes: [
      { address: "oci_identity_domains_app.App", mode: "managed", type: "oci_identity_domains_app", change },
    ],
  };
  return readPlan(plan as never).changes[0];
}

test("an update lists what changes and nothing else", () => {
  const before = { display_name: "old", active: true, scopes: [{ value: "a" }] };
  const after = { display_name: "new", active: true, scopes: [{ value: "a" }, { value: "b" }] };
  const { address, type, action, attributes } = changed(["update"], before, after)!;
  expect({ address, type, action, attributes }).toEqual({
    address: "oci_identity_domains_app.App",
    type: "oci_identity_domains_app",
    action: "update",
    attributes: [
      { path: "display_name", before: '"old"', after: '"new"' },
      { path: "scopes[1].value", before: undefined, after: '"b"' },
    ],
  });
});

test("a value that is known only after apply is said to be so where there was another one", () => {
  const app = changed(["update"], { id: "x", url: "u" }, { url: "u" }, { after_unknown: { id: true } });
  expect(app?.attributes).toEqual([{ path: "id", before: '"x"', after: "(known after apply)" }]);
});

test("a new thing does not list what the service will compute", () => {
  const app = changed(
    ["create"],
    null,
    { display_name: "a" },
    { after_unknown: { id: true, scopes: [{ fqs: true }] } },
  );
  expect(app?.attributes.map(({ path }) => path)).toEqual(["display_name"]);
});

test.each([
  ["what Terraform marks", { after_sensitive: { note: true } }, "note"],
  ["the client secret, which the provider does not mark", {}, "client_secret"],
  ["a password", {}, "password"],
])("secrets are never shown: %s", (_what, more, name) => {
  const app = changed(["update"], { [name]: "old-secret" }, { [name]: "new-secret" }, more);
  expect(JSON.stringify(app)).not.toContain("new-secret");
});

test.each([
  [["delete", "create"], "replace"],
  [["create", "delete"], "replace"],
  [["delete"], "delete"],
])("the actions %j are a %s", (actions, action) => {
  expect(changed(actions, { display_name: "a" }, { display_name: "b" })?.action).toBe(action);
});

test.each([["update"], ["no-op"]])(
  "what is taken over is an import, with what that changes, where Terraform says %s",
  (action) => {
    const importing = { importing: { id: "x" } };
    const after = { force_delete: action === "update" || null };
    expect(changed([action], { force_delete: null }, after, importing)).toMatchObject({
      action: "import",
      attributes: action === "update" ? [{ path: "force_delete", before: undefined, after: "true" }] : [],
    });
    expect(changed(["delete", "create"], {}, {}, importing)?.action).toBe("replace");
  },
);

test("of what is taken over only what a killed run had made is said to be that", () => {
  const change = { actions: ["no-op"], importing: { id: "x" }, after: {} };
  const plan = { resource_changes: ["a.A", "b.B"].map((address) => ({ address, type: "a", change })) };
  expect(planNotes(plan, ["b.B"])).toEqual([expect.stringMatching(/^b\.B was made by a run that was killed/)]);
});

test("what is deleted is not described", () => {
  expect(changed(["delete"], { client_secret: "s" }, null)?.attributes).toEqual([]);
});

test("things that stay as they are, and data that is only read, are left out", () => {
  expect(changed(["no-op"], {}, {})).toBeUndefined();
  const data = {
    address: "data.x",
    mode: "data",
    type: "x",
    change: { actions: ["read"], before: null, after: {}, after_unknown: {}, ...nothing },
  };
  expect(readPlan({ resource_changes: [data] } as never).changes).toEqual([]);
});

test("the planned output ords has a stand-in where a value is not known yet", () => {
  const after = { version: 1, profile: { audience: "a/" }, privileges: [{ name: "p" }], client: {} };
  const after_unknown = { profile: { jwkUrl: true }, privileges: [{}], client: { clientId: true } };
  const { ords } = readPlan({
    output_changes: { ords: { actions: ["create"], before: null, after, after_unknown, ...nothing } },
  } as never);
  expect(ords).toEqual({
    version: 1,
    profile: { audience: "a/", jwkUrl: unknown },
    privileges: [{ name: "p" }],
    client: { clientId: unknown },
  });
});

test("a stack that is to be destroyed plans no output", () => {
  expect(readPlan({}).ords).toBeUndefined();
});

test("settings that are made for a domain that exists are pointed out, since others may be reset", () => {
  const made = (type: string) => ({ address: `${type}.X`, type, change: { actions: ["create"], after: {} } });
  const setting = made("oci_identity_domains_setting");
  expect(planNotes({ resource_changes: [setting] })).toEqual([expect.stringMatching(/OCI may reset settings/)]);
  expect(planNotes({ resource_changes: [made("oci_identity_domain"), setting] })).toEqual([]);
});

test("notes are shown with the changes, in text and in Markdown", () => {
  const terraform = { ...readPlan({}), notes: ["description of app stays <b>"] };
  expect(asText({ stack: "dev", terraform })).toContain("description of app stays <b>");
  expect(asMarkdown({ stack: "dev", terraform })).toContain("> note: description of app stays \\<b\\>");
});

test("an id that OCI gives is nothing for Terraform to evaluate where it is taken over", async () => {
  const folder = mkdtempSync(join(tmpdir(), "orphans-"));
  const stack = join(folder, "cdktf.out/stacks/test");
  mkdirSync(stack, { recursive: true });
  const resource = { oci_identity_domains_app: { App: { display_name: "api" } } };
  writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify({ resource }));
  const binary = join(folder, "terraform");
  writeFileSync(binary, "#!/bin/sh\necho '{}'\n", { mode: 0o755 });
  const id = '${file("/etc/passwd")}%{ if true }"';
  const oci = { tagged: async () => [{ id, name: "api", active: true }], grantsOf: async () => [] };
  const before = { env: process.env, cwd: process.cwd() };
  process.env = { ...before.env, TERRAFORM_BINARY_NAME: binary };
  process.chdir(folder);
  try {
    const domainUrl = "https://idcs-1.identity.oraclecloud.com:443";
    expect(await adoptOrphans("test", { existingDomain: { domainUrl } }, oci as unknown as Oci)).toEqual([]);
    expect(readFileSync(join(stack, "orphans.tf"), "utf8")).toBe(
      `import {\n  to = oci_identity_domains_app.App\n  id = "idcsEndpoint/${domainUrl}/apps/$\${file(\\"/etc/passwd\\")}%%{ if true }\\""\n}\n`,
    );
  } finally {
    process.chdir(before.cwd);
    process.env = before.env;
    rmSync(folder, { recursive: true });
  }
});
