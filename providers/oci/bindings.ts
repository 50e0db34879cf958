import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { changedPaths, type ProviderSchema, schemaFromProvider, trim } from "./schema";

const schemaFile = join(__dirname, "schema.json");

/**
 * Writes typed bindings for what `schema.json` holds to `.gen/`, with no network. With `--from-provider`, first renews
 * `schema.json` from the provider that Terraform installs, and says what changed.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { "from-provider": { type: "boolean" } } });
  if (values["from-provider"]) refresh();

  // Loading the generator reports its use to HashiCorp and asks Terraform for its version; neither is needed to read a schema.
  process.env.CHECKPOINT_DISABLE = "1";
  delete process.env.TF_CLI_CONFIG_FILE;
  const { generateProviderBindingsFromSchema } = await import("@cdktf/provider-generator");
  const target = join(__dirname, "../../.gen");
  rmSync(target, { recursive: true, force: true });
  await generateProviderBindingsFromSchema(
    target,
    readSchema() as Parameters<typeof generateProviderBindingsFromSchema>[1],
  );
}

function refresh(): void {
  const before = readSchema();
  const after = trim(schemaFromProvider());
  writeFileSync(schemaFile, `${JSON.stringify(after, null, 1)}\n`);
  const changes = changedPaths(before, after);
  console.log(changes.length > 0 ? changes.join("\n") : "providers/oci/schema.json is up to date");
}

function readSchema(): ProviderSchema {
  return JSON.parse(readFileSync(schemaFile, "utf8"));
}

main();
