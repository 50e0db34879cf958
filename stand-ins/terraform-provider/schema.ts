import providerSchemas from "../../providers/oci/schema.json";
import overlays from "./overlay.json";

/** A cty type as `terraform providers schema -json` prints it. */
export type CtyType =
  | "string"
  | "number"
  | "bool"
  | ["list" | "set" | "map", CtyType]
  | ["object", Record<string, CtyType>];

export interface Attribute {
  type: CtyType;
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
}

export interface NestedBlock {
  nesting_mode: "single" | "list" | "set";
  block: Block;
  min_items?: number;
  max_items?: number;
}

export interface Block {
  attributes?: Record<string, Attribute>;
  block_types?: Record<string, NestedBlock>;
}

/** What the schema output lacks: asked of the provider binary itself. Paths are dotted, without list indexes. */
export interface Overlay {
  /** Attributes whose change forces a replacement. */
  force_new: string[];
  /** Optional and computed blocks: left out of the configuration they are decided by the API. */
  computed_blocks: string[];
  /** Whether replies say `legacy_type_system`. */
  legacy: boolean;
}

interface Schema {
  version: number;
  block: Block;
}

interface ProviderSchema {
  provider: Schema;
  resource_schemas: Record<string, Schema>;
  data_source_schemas: Record<string, Schema>;
}

const [entry] = Object.entries(providerSchemas.provider_schemas as unknown as Record<string, ProviderSchema>);
if (!entry) throw new Error("providers/oci/schema.json describes no provider");

/** `host/namespace/type`, the full address of the provider that this one stands in for. */
export const providerAddress: string = entry[0];
export const providerSchema: ProviderSchema = entry[1];

export function resourceBlock(typeName: string): Block {
  return known(providerSchema.resource_schemas, typeName, "resource type").block;
}

export function dataSourceBlock(typeName: string): Block {
  return known(providerSchema.data_source_schemas, typeName, "data source").block;
}

export function overlayOf(typeName: string): Overlay {
  return known<Overlay>(overlays, typeName, "resource type");
}

function known<T>(table: Record<string, T>, name: string, what: string): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!found) throw new Error(`unknown ${what} ${name}: this provider has ${Object.keys(table).join(", ")}`);
  return found;
}

const types = new WeakMap<Block, ["object", Record<string, CtyType>]>();

/** The object type of a block's values: one member per attribute and per nested block. */
export function typeOfBlock(block: Block): ["object", Record<string, CtyType>] {
  let type = types.get(block);
  if (!type) {
    const members: Record<string, CtyType> = {};
    for (const [name, attribute] of attributesOf(block)) members[name] = attribute.type;
    for (const [name, nested] of blocksOf(block)) {
      const inner = typeOfBlock(nested.block);
      members[name] = nested.nesting_mode === "single" ? inner : [nested.nesting_mode, inner];
    }
    type = ["object", members];
    types.set(block, type);
  }
  return type;
}

export function attributesOf(block: Block): [string, Attribute][] {
  return Object.entries(block.attributes ?? {});
}

export function blocksOf(block: Block): [string, NestedBlock][] {
  return Object.entries(block.block_types ?? {});
}

/** The provider's schemas as the `GetSchema` reply wants them. */
export function schemaReply(): object {
  const all = (schemas: Record<string, Schema>) =>
    Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, wireSchema(schema)]));
  return {
    provider: wireSchema(providerSchema.provider),
    resource_schemas: all(providerSchema.resource_schemas),
    data_source_schemas: all(providerSchema.data_source_schemas),
    server_capabilities: { get_provider_schema_optional: true },
  };
}

function wireSchema(schema: Schema): object {
  return { version: schema.version, block: wireBlock(schema.block) };
}

function wireBlock(block: Block): object {
  return {
    attributes: attributesOf(block).map(([name, { type, ...flags }]) => ({
      name,
      type: Buffer.from(JSON.stringify(type)),
      ...flags,
    })),
    block_types: blocksOf(block).map(([type_name, nested]) => ({
      type_name,
      block: wireBlock(nested.block),
      nesting: nested.nesting_mode.toUpperCase(),
      min_items: nested.min_items ?? 0,
      max_items: nested.max_items ?? 0,
    })),
  };
}
