import { planChange } from "../../terraform-provider/plan";
import { type Block, overlayOf } from "../../terraform-provider/schema";
import { emptyObject, type ObjectValue, unknown, type Value } from "../../terraform-provider/values";
import { providerSchema } from "./oci-provider";

const type = "oci_identity_domains_app";
const block = providerSchema.resource(type);
const read = { value: "read", description: "", display_name: "", requires_consent: false };
const stored = { ...read, fqs: "https://a/read", read_only: false };

/** Plans a change of an app; only what differs from all-null is given. */
function plan(prior: ObjectValue | null, config: ObjectValue, proposed: ObjectValue = config) {
  const full = (values: ObjectValue) => ({ ...emptyObject(block), ...values });
  return planChange(block, overlayOf(type), {
    prior: prior && full(prior),
    config: full(config),
    proposed: full(proposed),
  });
}

const template = (value: string): Value => [{ value, well_known_id: value, last_modified: "t", ref: "r" }];

test("plans what the API decides as unknown on create, computed blocks included", () => {
  const scope = {
    value: "read",
    description: null,
    display_name: "Read",
    requires_consent: null,
    fqs: null,
    read_only: null,
  };
  const { planned, requiresReplace } = plan(null, { display_name: "orders", scopes: [scope] });
  expect(planned).toMatchObject({ display_name: "orders", id: unknown, client_secret: unknown, force_delete: null });
  expect(planned.scopes).toEqual([
    {
      value: "read",
      display_name: "Read",
      description: unknown,
      requires_consent: unknown,
      fqs: unknown,
      read_only: unknown,
    },
  ]);
  expect(planned.allowed_scopes).toBe(unknown);
  expect(requiresReplace).toEqual([]);
});

test("plans nothing when only the order of a set differs", () => {
  const prior = { id: "1", allowed_grants: ["a", "b"], scopes: [stored, { ...stored, value: "write" }] };
  const proposed = { id: "1", allowed_grants: ["b", "a"], scopes: [{ ...stored, value: "write" }, stored] };
  const { planned } = plan(prior, proposed);
  expect(planned.allowed_grants).toEqual(["a", "b"]);
});

test("an empty text is as good as nothing said, an empty list is not", () => {
  const prior = { id: "1", description: "old", redirect_uris: ["https://a/"], logout_uri: null };
  const empty = { description: "", redirect_uris: [], logout_uri: "" };
  expect(plan(prior, { id: "1", ...empty }).planned).toMatchObject({ ...prior, redirect_uris: [] });
  expect(plan(null, empty).planned).toMatchObject({ description: unknown, redirect_uris: [], logout_uri: unknown });
});

test("keeps a computed block that the configuration leaves out", () => {
  const { planned } = plan(
    { id: "1", description: "old", scopes: [stored] },
    { description: "new" },
    { id: "1", description: "new" },
  );
  expect(planned).toMatchObject({ id: "1", description: "new", scopes: [stored] });
});

test("asks the API only for the elements that are new", () => {
  const added = {
    value: "write",
    description: null,
    display_name: null,
    requires_consent: null,
    fqs: null,
    read_only: null,
  };
  const { planned } = plan({ scopes: [stored] }, { scopes: [stored, added] });
  expect(planned.scopes).toEqual([
    stored,
    expect.objectContaining({ value: "write", fqs: unknown, description: unknown }),
  ]);
});

test("asks the API only for the list element that is new", () => {
  const group = providerSchema.resource("oci_identity_domains_group");
  const name = "urnietfparamsscimschemasoracleidcsextensiongroup_group";
  const extension = emptyObject(group.block_types?.[name]?.block as Block);
  const owners = (elements: ObjectValue[]) => ({ ...emptyObject(group), [name]: [{ ...extension, owners: elements }] });
  const old = { type: "User", value: "1", display: "Ada", ref: "r" };
  const added = { type: "User", value: "2", display: null, ref: null };
  const config = owners([old, added]);
  const change = { prior: owners([old]), proposed: config, config };
  const { planned } = planChange(group, overlayOf("oci_identity_domains_group"), change);
  const [element] = planned[name] as ObjectValue[];
  expect(element).toMatchObject({
    creation_mechanism: null,
    owners: [old, { ...added, display: unknown, ref: unknown }],
  });
});

test("replaces when a force-new attribute changes, and says where", () => {
  const changed = plan(
    { name: "a", based_on_template: template("T1") },
    { name: "b", based_on_template: template("T2") },
  );
  expect(changed.requiresReplace).toEqual([["name"], ["based_on_template", 0, "value"]]);
  const kept = plan({ name: "a", description: "x" }, { name: "a", description: "y" });
  expect(kept.requiresReplace).toEqual([]);
});

test("replaces when a force-new value is not known yet", () => {
  const { requiresReplace } = plan({ idcs_endpoint: "https://a" }, { idcs_endpoint: unknown });
  expect(requiresReplace).toEqual([["idcs_endpoint"]]);
});

test("takes a state that differs in case for no change", () => {
  const domain = providerSchema.resource("oci_identity_domain");
  const values = (state: string) => ({ ...emptyObject(domain), state, description: "same" });
  const change = { prior: values("ACTIVE"), proposed: values("active"), config: values("active") };
  const overlay = overlayOf("oci_identity_domain");
  expect(planChange(domain, overlay, change, ["state"]).planned).toBe(change.prior);
  expect(planChange(domain, overlay, change).planned.state).toBe("active");
});

test("knows every path of the overlay in the schema", () => {
  const has = ({ attributes = {}, block_types = {} }: Block, [name = "", ...rest]: string[]): boolean =>
    rest.length === 0 ? name in attributes || name in block_types : has(block_types[name]?.block ?? {}, rest);
  for (const typeName of Object.keys(providerSchema.schemas.resource_schemas)) {
    const { force_new, computed_blocks } = overlayOf(typeName);
    for (const path of [...force_new, ...computed_blocks]) {
      expect([typeName, path, has(providerSchema.resource(typeName), path.split("."))]).toEqual([typeName, path, true]);
    }
  }
});

test("refuses a resource type that the schema does not have", () => {
  expect(() => providerSchema.resource("oci_core_vcn")).toThrow(
    "unknown resource type oci_core_vcn: this provider has oci_identity_domain, ",
  );
});
