import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Oci } from "../../../scripts/oci/client";
import { adoptedOrphans, adoptOrphans } from "../../../scripts/terraform/orphans";

const before = { env: process.env, cwd: process.cwd() };
let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "orphans-")));
  mkdirSync(join(folder, "cdktf.out/stacks/test"), { recursive: true });
  // A state that holds nothing.
  const binary = join(folder, "terraform");
  writeFileSync(binary, "#!/bin/sh\necho '{}'\n");
  chmodSync(binary, 0o755);
  process.env = { ...before.env, TERRAFORM_BINARY_NAME: binary };
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before.cwd);
  process.env = before.env;
  rmSync(folder, { recursive: true });
});

/** The stack declares one app; the domain has one of that name with the stack's tag. */
async function adopt(name: string, declaredName: string, more: object = {}) {
  const resource = { oci_identity_domains_app: { App: { display_name: declaredName } } };
  writeFileSync("cdktf.out/stacks/test/cdk.tf.json", JSON.stringify({ resource, ...more }));
  const oci = {
    tagged: async (_url: string, collection: string) =>
      collection === "Apps" ? [{ id: "a1", name, active: true }] : [],
    grantsOf: async () => [],
  };
  const url = "https://idcs-1.identity.oraclecloud.com:443";
  return adoptOrphans("test", { existingDomain: { domainUrl: url } }, oci as unknown as Oci);
}

test.each([
  ["hello", "hello"],
  ["of ${everybody}", "of $${everybody}"],
])("what a killed run made is found by its name: %s", async (name, declaredName) => {
  expect(await adopt(name, declaredName)).toEqual([]);
  expect(adoptedOrphans("test")).toEqual(["oci_identity_domains_app.App"]);
  expect(readFileSync("cdktf.out/stacks/test/orphans.tf", "utf8")).toContain('/apps/a1"');
});

test("what the environment file takes over is not taken over twice, which Terraform refuses", async () => {
  const imports = { import: [{ to: "oci_identity_domains_app.App", id: "x" }] };
  expect(await adopt("hello", "hello", imports)).toEqual([]);
  expect(adoptedOrphans("test")).toEqual([]);
  expect(existsSync("cdktf.out/stacks/test/orphans.tf")).toBe(false);
});
