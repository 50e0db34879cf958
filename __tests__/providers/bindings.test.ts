import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { OciProvider } from "@cdktf/provider-oci/lib/provider";
import { version } from "@cdktf/provider-oci/package.json";
import { TerraformStack, Testing } from "cdktf";
import { used } from "../../providers/oci/used";

const root = join(__dirname, "../..");
const library = join(root, "providers/oci/lib");

test("every resource and data source in use has a module of its own, compiled and typed", () => {
  const modules = [
    "provider",
    ...used.resource_schemas.map((type) => type.replace(/^oci_/, "")),
    ...used.data_source_schemas.map((type) => type.replace(/^oci_/, "data-oci-")),
  ];
  const files = modules.flatMap((name) => ["js", "d.ts"].map((ext) => `${name.replaceAll("_", "-")}/index.${ext}`));
  expect(files.filter((file) => !existsSync(join(library, file)))).toEqual([]);
});

test("a stack that uses the provider asks for the version of the package", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  new OciProvider(stack, "oci", {});
  const { required_providers } = JSON.parse(Testing.synth(stack)).terraform;
  expect(required_providers).toEqual({ oci: { source: "oracle/oci", version } });
});

test("bindings whose schema has not changed are not made again", () => {
  const made = statSync(library).ino;
  execFileSync(join(root, "node_modules/.bin/tsx"), [join(root, "providers/oci/bindings.ts")]);
  expect(statSync(library).ino).toBe(made);
});
