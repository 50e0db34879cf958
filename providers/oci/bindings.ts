import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { Output } from "@swc/core";
import { declared } from "./declared";
import { changedPaths, type ProviderSchema, schemaFromProvider, trim } from "./schema";
import { providerVersion } from "./version";

const schemaFile = join(__dirname, "schema.json");
/** What the package's users import. */
const library = join(__dirname, "lib");
/** Becomes the library when it is complete. */
const work = join(__dirname, "build");

/**
 * Generates the package's `lib/` from `schema.json`, with no network: one JavaScript module per resource, and its types. With
 * `--from-provider`, first renews `schema.json` from the provider that Terraform installs, and says what changed.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { "from-provider": { type: "boolean" } } });
  if (values["from-provider"]) refresh();
  const stamp = join(library, ".made-from");
  const inputs = hashOfInputs();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === inputs) return;

  rmSync(work, { recursive: true, force: true });
  try {
    await generate(join(work, "src"));
    await compile(join(work, "src/providers/oci"), join(work, "lib"));
    writeFileSync(join(work, "lib/.made-from"), inputs);
    rmSync(library, { recursive: true, force: true });
    renameSync(join(work, "lib"), library);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
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

/** Of all that `lib/` depends on: the schema, what makes it, and, by the package's own versions, provider, generator and compiler. */
function hashOfInputs(): string {
  const hash = createHash("sha256");
  for (const file of ["schema.json", "bindings.ts", "declared.ts", "package.json"]) {
    hash.update(readFileSync(join(__dirname, file)));
  }
  return hash.digest("hex");
}

/** Writes the bindings as TypeScript, named and versioned as those of a prebuilt provider are. */
async function generate(folder: string): Promise<void> {
  // Loading the generator reports its use to HashiCorp and asks Terraform for its version; neither is needed to read a schema.
  process.env.CHECKPOINT_DISABLE = "1";
  delete process.env.TF_CLI_CONFIG_FILE;
  const { CodeMaker, TerraformProviderConstraint, TerraformProviderGenerator } = await import(
    "@cdktf/provider-generator"
  );
  const { ConstructsMakerProviderTarget, Language } = await import("@cdktf/commons");
  const schema = readSchema();
  const [address = ""] = Object.keys(schema.provider_schemas);
  const generator = new TerraformProviderGenerator(new CodeMaker(), {
    ...schema,
    provider_versions: { [address]: providerVersion },
  } as unknown as ConstructorParameters<typeof TerraformProviderGenerator>[1]);
  const constraint = new TerraformProviderConstraint(`oracle/oci@${providerVersion}`);
  generator.generate(new ConstructsMakerProviderTarget(constraint, Language.TYPESCRIPT));
  await generator.save(folder);
}

/** So that `import` by name finds what is asked for later. */
const asModule = '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n';

/** Compiled here, so that no synth and no test has to. What the generator wrote is not checked, only translated and declared. */
async function compile(source: string, target: string): Promise<void> {
  const { transformSync } = await import("@swc/core");
  // The index loads a module when it is asked for, as that of a prebuilt provider does.
  const lazily = readFileSync(join(source, "lazy-index.ts"), "utf8").replaceAll("{ get:", "{ enumerable: true, get:");
  rmSync(join(source, "lazy-index.ts"));
  for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const { code, output } = transformSync(declared(readFileSync(join(source, file), "utf8")), {
      filename: join(source, file),
      configFile: false,
      swcrc: false,
      module: { type: "commonjs" },
      jsc: {
        target: "es2022",
        parser: { syntax: "typescript" },
        transform: { useDefineForClassFields: false },
        experimental: { emitIsolatedDts: true },
      },
    }) as Output & { readonly output: string };
    const module = join(target, file.replace(/\.ts$/, ""));
    mkdirSync(dirname(module), { recursive: true });
    writeFileSync(`${module}.js`, file === "index.ts" ? `${asModule}${lazily}` : code);
    writeFileSync(`${module}.d.ts`, JSON.parse(output).__swc_isolated_declarations__);
  }
}

main();
