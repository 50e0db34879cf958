import { changedPaths, type ProviderSchema, trim } from "../../providers/oci/schema";
import committed from "../../providers/oci/schema.json";
import { used } from "../../providers/oci/used";

const schema = committed as unknown as ProviderSchema;
const [address = ""] = Object.keys(schema.provider_schemas);

/** A copy of the schema with one change. */
function changed(change: (provider: ProviderSchema["provider_schemas"][string]) => void): ProviderSchema {
  const copy = structuredClone(schema);
  change(copy.provider_schemas[address] as ProviderSchema["provider_schemas"][string]);
  return copy;
}

test("schema.json holds what the stacks use and nothing else", () => {
  const provider = schema.provider_schemas[address];
  expect(Object.keys(provider?.resource_schemas ?? {}).sort()).toEqual([...used.resource_schemas].sort());
  expect(Object.keys(provider?.data_source_schemas ?? {}).sort()).toEqual([...used.data_source_schemas].sort());
});

test("trimming drops what the stacks do not use", () => {
  const larger = changed((provider) => {
    provider.resource_schemas.oci_core_instance = { block: {} };
  });
  expect(trim(larger)).toEqual(trim(schema));
  expect(Object.keys(trim(larger).provider_schemas[address]?.resource_schemas ?? {})).not.toContain(
    "oci_core_instance",
  );
});

test("trimming leaves what Terraform adds to every attribute, and its order", () => {
  const asPrinted = changed((provider) => {
    const domain = provider.resource_schemas.oci_identity_domain?.block.attributes ?? {};
    for (const [name, attribute] of Object.entries(domain).reverse()) {
      delete domain[name];
      domain[name] = {
        description_kind: "plain",
        ...Object.fromEntries(Object.entries(attribute as object).reverse()),
      };
    }
  });
  expect(JSON.stringify(trim(asPrinted))).toBe(JSON.stringify(trim(schema)));
  expect(changedPaths(schema, trim(asPrinted))).toEqual([]);
});

test("trimming refuses a provider that lacks a used type", () => {
  const smaller = changed((provider) => {
    delete provider.resource_schemas.oci_identity_domains_app;
  });
  expect(() => trim(smaller)).toThrow(/has no oci_identity_domains_app: correct providers\/oci\/used.ts/);
});

test("says what came, went and changed, in nested blocks too", () => {
  const later = changed((provider) => {
    const domain = provider.resource_schemas.oci_identity_domain?.block.attributes ?? {};
    domain.brand_new = { type: "string" };
    domain.description = { type: "string", optional: true };
    delete provider.resource_schemas.oci_identity_domains_app?.block.block_types?.scopes?.block.attributes?.fqs;
  });
  expect(changedPaths(schema, later)).toEqual([
    "+ oci_identity_domain.brand_new",
    expect.stringMatching(/^~ oci_identity_domain.description: .* -> /),
    "- oci_identity_domains_app.scopes.fqs",
  ]);
  expect(changedPaths(schema, schema)).toEqual([]);
});
