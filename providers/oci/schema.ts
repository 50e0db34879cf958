import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { used } from "./used";
import { providerVersion } from "./version";

interface Block {
  attributes?: Record<string, unknown>;
  block_types?: Record<string, { block: Block }>;
}
type Schemas = Record<string, { block: Block }>;
interface Provider {
  provider: unknown;
  resource_schemas: Schemas;
  data_source_schemas: Schemas;
}

/** What `terraform providers schema -json` prints. */
export interface ProviderSchema {
  format_version: string;
  provider_schemas: Record<string, Provider>;
}

/**
 * The schema of the provider that Terraform installs for `providerVersion`.
 * @throws the error of Terraform when it cannot install or run the provider
 */
export function schemaFromProvider(): ProviderSchema {
  const folder = mkdtempSync(join(tmpdir(), "provider-schema-"));
  try {
    const required = { oci: { source: "oracle/oci", version: providerVersion } };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers: required } }));
    execFileSync("terraform", [`-chdir=${folder}`, "init", "-no-color"], { stdio: ["ignore", "ignore", "inherit"] });
    const output = execFileSync("terraform", [`-chdir=${folder}`, "providers", "schema", "-json"], {
      maxBuffer: 1024 ** 3,
    });
    return JSON.parse(output.toString());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Leaves what the stacks use.
 * @throws Error naming a used type that the provider does not have
 */
export function trim(schema: ProviderSchema): ProviderSchema {
  const [[address, provider] = ["", undefined]] = Object.entries(schema.provider_schemas);
  if (!provider) throw new Error("the schema holds no provider");
  const keep = (kind: keyof typeof used) =>
    Object.fromEntries(
      used[kind].map((type) => {
        const found = provider[kind][type];
        if (!found) throw new Error(`${address} ${providerVersion} has no ${type}: correct providers/oci/used.ts`);
        return [type, found];
      }),
    );
  const trimmed = {
    provider: provider.provider,
    resource_schemas: keep("resource_schemas"),
    data_source_schemas: keep("data_source_schemas"),
  };
  return plain({ format_version: schema.format_version, provider_schemas: { [address]: trimmed } });
}

/** In one order, and without what says nothing: the next version's file then differs by what the provider changed. */
function plain<T>(value: T): T {
  if (Array.isArray(value)) return value.map(plain) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key, inner]) => !(key === "description_kind" && inner === "plain"));
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, plain(inner)]),
  ) as T;
}

/** What came, went or changed between two schemas: `+ oci_x.attribute`, a line each. */
export function changedPaths(before: ProviderSchema, after: ProviderSchema): string[] {
  const [old, now] = [paths(before), paths(after)];
  const all = [...new Set([...old.keys(), ...now.keys()])].sort();
  return all.flatMap((path) => {
    if (!old.has(path)) return [`+ ${path}`];
    if (!now.has(path)) return [`- ${path}`];
    return old.get(path) === now.get(path) ? [] : [`~ ${path}: ${old.get(path)} -> ${now.get(path)}`];
  });
}

function paths(schema: ProviderSchema): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (path: string, { attributes = {}, block_types = {} }: Block) => {
    for (const [name, attribute] of Object.entries(attributes)) found.set(`${path}.${name}`, JSON.stringify(attribute));
    for (const [name, { block }] of Object.entries(block_types)) walk(`${path}.${name}`, block);
  };
  for (const { resource_schemas, data_source_schemas } of Object.values(schema.provider_schemas)) {
    for (const [type, { block }] of Object.entries(resource_schemas)) walk(type, block);
    for (const [type, { block }] of Object.entries(data_source_schemas)) walk(`data.${type}`, block);
  }
  return found;
}
