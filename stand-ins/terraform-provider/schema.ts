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

interface Schemas {
  provider: Schema;
  resource_schemas: Record<string, Schema>;
  data_source_schemas: Record<string, Schema>;
}

/** What `terraform providers schema -json` prints, for one provider. It may hold fewer types than the provider has. */
export interface SchemaFile {
  provider_schemas: Record<string, object>;
}

/** What the provider says about itself. */
export class ProviderSchema {
  /** `host/namespace/type`, the full address of the provider. */
  readonly address: string;
  readonly schemas: Schemas;

  /** @throws when the file describes no provider, or several */
  constructor(file: SchemaFile) {
    const [entry, ...more] = Object.entries(file.provider_schemas);
    if (!entry || more.length > 0) {
      const found = Object.keys(file.provider_schemas).join(", ") || "none";
      throw new Error(`the schema must describe one provider, found: ${found}`);
    }
    this.address = entry[0];
    this.schemas = entry[1] as Schemas;
  }

  get provider(): Block {
    return this.schemas.provider.block;
  }

  resource(typeName: string): Block {
    return known(this.schemas.resource_schemas, typeName, "resource type").block;
  }

  dataSource(typeName: string): Block {
    return known(this.schemas.data_source_schemas, typeName, "data source").block;
  }

  /** As the `GetSchema` reply wants it. */
  reply(): object {
    const all = (schemas: Record<string, Schema>) =>
      Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, wireSchema(schema)]));
    return {
      provider: wireSchema(this.schemas.provider),
      resource_schemas: all(this.schemas.resource_schemas),
      data_source_schemas: all(this.schemas.data_source_schemas),
      server_capabilities: { get_provider_schema_optional: true },
    };
  }
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
