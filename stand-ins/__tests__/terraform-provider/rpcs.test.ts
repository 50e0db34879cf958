import { providerRpcs } from "../../terraform-provider/rpcs";
import type { Block } from "../../terraform-provider/schema";
import {
  decodeBlock,
  emptyObject,
  encodeValue,
  type ObjectValue,
  unknown,
  type Value,
} from "../../terraform-provider/values";
import { type Answer, type FakeApi, fakeApi, keys, type Received } from "./fake-api";
import { providerSchema } from "./oci-provider";

const userType = "oci_identity_domains_user";
const domainType = "oci_identity_domain";
let api: FakeApi;
let answer: (request: Received) => Answer;

beforeAll(async () => {
  api = await fakeApi((request) => answer(request));
  process.env.CLIENT_HOST_OVERRIDES = `oci_identity.IdentityClient=${api.url}`;
});
afterAll(async () => {
  delete process.env.CLIENT_HOST_OVERRIDES;
  await api.close();
});
beforeEach(() => {
  api.received.length = 0;
});

const account = {
  ignore_defined_tags: ["Oracle-Tags.CreatedBy"],

  tenancy_ocid: "t",
  user_ocid: "u",
  fingerprint: "f",
  region: "eu-frankfurt-1",
  disable_auto_retries: true,
};
const private_key = keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

function dynamic(block: Block, values: ObjectValue | null) {
  return { msgpack: encodeValue(values && { ...emptyObject(block), ...values }), json: new Uint8Array() };
}

async function configured(refusal?: string) {
  const rpcs = providerRpcs(providerSchema, () => refusal);
  await rpcs.Configure({ config: dynamic(providerSchema.provider, { ...account, private_key }) });
  return rpcs;
}

/** Runs an apply and returns the new state with the summaries of the diagnostics. */
async function apply(type_name: string, prior: ObjectValue | null, planned: ObjectValue | null) {
  const block = providerSchema.resource(type_name);
  const reply = await (await configured()).ApplyResourceChange({
    type_name,
    prior_state: dynamic(block, prior),
    planned_state: dynamic(block, planned),
    config: dynamic(block, planned),
  });
  const { new_state, diagnostics = [] } = reply as { new_state: { msgpack: Uint8Array }; diagnostics?: object[] };
  return { state: decodeBlock(new_state.msgpack, block), diagnostics };
}

const user = (): ObjectValue => ({ idcs_endpoint: api.url, id: "42", user_name: "ada", display_name: "Ada" });

test("removes from state what the API answers 404 for", async () => {
  answer = () => ({ status: 404, body: { status: "404", detail: "gone" } });
  const current_state = dynamic(providerSchema.resource(userType), user());
  const { new_state } = await (await configured()).ReadResource({ type_name: userType, current_state });
  expect(new_state).toEqual(dynamicNull);
});

const dynamicNull = { msgpack: encodeValue(null) };

test("keeps in state what the API fails to answer for", async () => {
  answer = () => ({ status: 500 });
  const current_state = dynamic(providerSchema.resource(userType), user());
  const read = (await configured()).ReadResource({ type_name: userType, current_state });
  await expect(read).rejects.toMatchObject({ status: 500 });
});

test("takes a 404 for a successful delete, and nothing else", async () => {
  answer = () => ({ status: 404 });
  expect(await apply(userType, { ...user(), force_delete: true }, null)).toEqual({ state: null, diagnostics: [] });
  expect(api.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "DELETE /admin/v1/Users/42?forceDelete=true",
  ]);
  answer = () => ({ status: 400, body: { detail: "in use" }, headers: { "opc-request-id": "4711" } });
  const refused = await apply(userType, user(), null);
  expect(refused.state).toMatchObject({ id: "42" });
  expect(refused.diagnostics).toEqual([
    {
      severity: "ERROR",
      summary: `400-BadErrorResponse, \nRequest Target: DELETE ${api.url}/admin/v1/Users/42 \nOperation Name: DeleteUser \nOPC request ID: 4711 \n`,
      detail: "",
    },
  ]);
});

test("stores the zero value of a closed list of words that the API leaves out, and does not send it back", async () => {
  answer = () => ({ status: 200, body: { id: "42", userName: "ada" } });
  const { state } = await apply(userType, null, { ...user(), user_type: unknown, title: unknown });
  expect(state).toMatchObject({ user_type: "", title: null });
  await apply(userType, state, { ...state, display_name: "new" });
  expect(api.received.at(-1)?.body).toEqual({ id: "42", userName: "ada", displayName: "new" });
});

test("stores nothing when a create is refused, and the old state when an update is", async () => {
  answer = () => ({ status: 400, body: { detail: "no" } });
  const created = await apply(userType, null, { ...user(), id: unknown });
  expect(created).toEqual({ state: null, diagnostics: [expect.anything()] });
  const updated = await apply(userType, user(), { ...user(), display_name: "new" });
  expect(updated.state).toMatchObject({ display_name: "Ada" });
});

test("stores the id of a domain that was made but failed, so that it can be deleted", async () => {
  const resources = [{ entityType: "domain", actionType: "CREATED", identifier: "ocid1.domain.oc1..x" }];
  answer = ({ method, path }) => {
    if (method === "POST") return { status: 202, headers: { "opc-work-request-id": "wr" } };
    if (path.endsWith("/errors")) return { status: 200, body: [{ code: "Quota", message: "no more" }] };
    return { status: 200, body: { operationType: "CREATE_DOMAIN", status: "FAILED", resources } };
  };
  const { state, diagnostics } = await apply(domainType, null, { description: "d", url: unknown, id: unknown });
  expect(state).toMatchObject({ id: "ocid1.domain.oc1..x", description: "d", url: null });
  expect(diagnostics).toEqual([expect.objectContaining({ summary: expect.stringContaining("Quota: no more") })]);
});

test("creates and updates the setting by PUT and deletes it without a call", async () => {
  const type = "oci_identity_domains_setting";
  const setting: ObjectValue = { idcs_endpoint: api.url, setting_id: "Settings", csr_access: "none", schemas: ["s"] };
  answer = () => ({ status: 200, body: { id: "Settings", csrAccess: "none", schemas: ["s"], timezone: "UTC" } });
  const { state } = await apply(type, null, { ...setting, id: unknown, timezone: unknown, meta: unknown });
  // What the real provider reads for the missing period, and then sends.
  expect(state).toMatchObject({ id: "Settings", timezone: "UTC", audit_event_retention_period: 0, meta: [] });
  await apply(type, state, { ...state, signing_cert_public_access: true });
  await apply(type, state, null);
  expect(api.received.map(({ method, path, body }) => ({ call: `${method} ${path}`, body }))).toEqual([
    { call: "PUT /admin/v1/Settings/Settings", body: { csrAccess: "none", schemas: ["s"] } },
    {
      call: "PUT /admin/v1/Settings/Settings",
      body: {
        id: "Settings",
        csrAccess: "none",
        schemas: ["s"],
        timezone: "UTC",
        auditEventRetentionPeriod: 0,
        signingCertPublicAccess: true,
      },
    },
  ]);
});

test("changes a grant without a call: whatever can change replaces it", async () => {
  const grant = { idcs_endpoint: api.url, id: "7", grant_mechanism: "ADMINISTRATOR_TO_USER" };
  const timeouts = { create: "5m", update: null, delete: null };
  const { state } = await apply("oci_identity_domains_grant", grant, { ...grant, timeouts });
  expect(state).toMatchObject({ id: "7", timeouts });
  expect(api.received).toEqual([]);
});

test("sends attribute_sets, attributes and the schema version along, but not with a delete", async () => {
  answer = ({ method }) =>
    method === "DELETE" ? { status: 204 } : { status: 200, body: { id: "42", userName: "ada" } };
  const shaped = {
    ...user(),
    attribute_sets: ["all", "never"],
    attributes: "name",
    resource_type_schema_version: "v3",
  };
  await apply(userType, null, { ...shaped, id: unknown });
  await apply(userType, shaped, null);
  expect(api.received.map(({ path }) => path)).toEqual([
    "/admin/v1/Users?attributeSets=all&attributeSets=never&attributes=name",
    "/admin/v1/Users/42",
  ]);
  expect(api.received[0]?.headers).toMatchObject({ resource_type_schema_version: "v3" });
  expect(api.received[0]?.body).toEqual({ userName: "ada", displayName: "Ada" });
});

test("does not see defined tags that the provider block ignores", async () => {
  const urn = "urn:ietf:params:scim:schemas:oracle:idcs:extension:OCITags";
  const definedTags = ["CreatedBy", "CreatedOn"].map((key) => ({ namespace: "Oracle-Tags", key, value: "v" }));
  answer = () => ({ status: 200, body: { id: "42", [urn]: { definedTags } } });
  const { state } = await apply(userType, null, {
    ...user(),
    urnietfparamsscimschemasoracleidcsextension_oci_tags: unknown,
  });
  const [tags] = state!.urnietfparamsscimschemasoracleidcsextension_oci_tags as ObjectValue[];
  expect(tags?.defined_tags).toEqual([{ namespace: "Oracle-Tags", key: "CreatedOn", value: "v" }]);
  answer = () => ({
    status: 200,
    body: { id: "d", definedTags: { "Oracle-Tags": { CreatedBy: "x" }, ours: { team: "y" } } },
  });
  const current_state = dynamic(providerSchema.resource(domainType), { id: "d" });
  const { new_state } = await (await configured()).ReadResource({ type_name: domainType, current_state });
  expect(decodeBlock(new_state.msgpack, providerSchema.resource(domainType))?.defined_tags).toEqual({
    "ours.team": "y",
  });
});

test("points at idcs_endpoint when it is no endpoint", async () => {
  const { diagnostics } = await apply(userType, null, { ...user(), idcs_endpoint: "https://h/admin" });
  const attribute = { steps: [{ attribute_name: "idcs_endpoint" }] };
  expect(diagnostics).toEqual([
    expect.objectContaining({ attribute, summary: expect.stringContaining("https://h/admin") }),
  ]);
});

test("accepts durations in a timeouts block and refuses anything else", async () => {
  const validate = (timeouts: Value) =>
    providerRpcs(providerSchema, () => undefined).ValidateResourceTypeConfig({
      type_name: domainType,
      config: dynamic(providerSchema.resource(domainType), { timeouts }),
    });
  await expect(validate({ create: "1h30m", update: null, delete: "90s" })).resolves.toEqual({});
  await expect(validate({ create: unknown, update: null, delete: null })).resolves.toEqual({});
  await expect(validate({ create: "20", update: null, delete: null })).rejects.toMatchObject({
    message: 'invalid timeout "20": expected a duration such as 30s, 20m or 1h30m',
    path: ["timeouts", "create"],
  });
});

test("refuses the authorization argument, in resources and data sources", async () => {
  const rpcs = providerRpcs(providerSchema, () => undefined);
  const config = (block: Block) => dynamic(block, { authorization: "Bearer x" });
  const refusal = { path: ["authorization"] };
  const resource = rpcs.ValidateResourceTypeConfig({
    type_name: userType,
    config: config(providerSchema.resource(userType)),
  });
  await expect(resource).rejects.toMatchObject(refusal);
  const type_name = "oci_identity_domains_setting";
  const data = rpcs.ValidateDataSourceConfig({ type_name, config: config(providerSchema.dataSource(type_name)) });
  await expect(data).rejects.toMatchObject(refusal);
});

test("passes stored state through an upgrade", async () => {
  const json = Buffer.from(JSON.stringify({ id: "42", user_name: "ada", retired_attribute: 1 }));
  const { upgraded_state } = await providerRpcs(providerSchema, () => undefined).UpgradeResourceState({
    type_name: userType,
    raw_state: { json },
  });
  const block = providerSchema.resource(userType);
  expect(decodeBlock(upgraded_state.msgpack, block)).toEqual({ ...emptyObject(block), id: "42", user_name: "ada" });
});

test("fails to read a data source that the API does not have", async () => {
  answer = () => ({ status: 404, body: { code: "NotAuthorizedOrNotFound", message: "none" } });
  const config = dynamic(providerSchema.dataSource(domainType), { domain_id: "ocid1.domain.oc1..x" });
  const read = (await configured()).ReadDataSource({ type_name: domainType, config });
  await expect(read).rejects.toMatchObject({ status: 404 });
});

test("does nothing before it is configured, or when it was told why not", async () => {
  const current_state = dynamic(providerSchema.resource(userType), user());
  const read = providerRpcs(providerSchema, () => undefined).ReadResource({ type_name: userType, current_state });
  await expect(read).rejects.toThrow("the provider is not configured");
  await expect(configured("not here")).rejects.toThrow("not here");
});
