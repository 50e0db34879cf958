import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Writes typed bindings for what `schema.json` holds to `.gen/`, with no network. */
async function main(): Promise<void> {
  // Loading the generator reports its use to HashiCorp and asks Terraform for its version; neither is needed to read a schema.
  process.env.CHECKPOINT_DISABLE = "1";
  delete process.env.TF_CLI_CONFIG_FILE;
  const { generateProviderBindingsFromSchema } = await import("@cdktf/provider-generator");

  const target = join(__dirname, "../../.gen");
  const schema = JSON.parse(readFileSync(join(__dirname, "schema.json"), "utf8"));
  rmSync(target, { recursive: true, force: true });
  await generateProviderBindingsFromSchema(target, schema);
}

main();
