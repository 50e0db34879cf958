import { type Json, type JsonObject, requestBody, settle, stateFromApi } from "../../terraform-provider/api-values";
import { planChange } from "../../terraform-provider/plan";
import { requestOnly, scimResource } from "../../terraform-provider/resources";
import { overlayOf, typeOfBlock } from "../../terraform-provider/schema";
import { bodyRules } from "../../terraform-provider/scim-backend";
import { emptyObject, type ObjectValue, unknown, type Value } from "../../terraform-provider/values";
import { providerSchema } from "./oci-provider";
import recorded from "./recorded-traffic.json";

const app = providerSchema.resource("oci_identity_domains_app");
const user = providerSchema.resource("oci_identity_domains_user");

/** The PUT body after a change of what was read; sets have no order, so arrays are sorted. */
function putAfter(typeName: string, read: Json, change: (state: ObjectValue) => ObjectValue) {
  const block = providerSchema.resource(typeName);
  const prior = stateFromApi(block, read as JsonObject, emptyObject(block), requestOnly);
  const proposed = { ...prior, ...change(prior) };
  const { planned } = planChange(block, overlayOf(typeName), { prior, proposed, config: proposed });
  return sorted(requestBody(block, planned, prior, bodyRules(scimResource(typeName), overlayOf(typeName))));
}

function sorted(json: Json | undefined): Json | undefined {
  if (Array.isArray(json))
    return json.map((e) => sorted(e) as Json).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.keys(json)
      .sort()
      .map((key) => [key, sorted(json[key])]),
  );
}

function recordedPut({ id: _, ...body }: JsonObject) {
  return sorted(body);
}

test("updates an app with the body that the real provider sends", () => {
  const admin = { ...nullScope(), value: "admin" };
  const body = putAfter("oci_identity_domains_app", recorded.Apps.read as Json, ({ scopes }) => ({
    scopes: [admin, ...(scopes as Value[])],
    redirect_uris: ["https://oauth.pstmn.io/v1/callback", "http://localhost:8765/callback"],
  }));
  expect(body).toEqual(recordedPut(recorded.Apps.updated as JsonObject));
});

test("updates a user with the body that the real provider sends", () => {
  const body = putAfter("oci_identity_domains_user", recorded.Users.read as Json, ({ name }) => {
    const [first] = name as ObjectValue[];
    return { name: [{ ...first, given_name: "Alicia" }] };
  });
  expect(body).toEqual(recordedPut(recorded.Users.updated as JsonObject));
});

test("updates a group with the body that the real provider sends", () => {
  const body = putAfter("oci_identity_domains_group", recorded.Groups.read as Json, () => ({
    display_name: "all readers",
  }));
  expect(body).toEqual(recordedPut(recorded.Groups.updated as JsonObject));
});

const tags = "urn:ietf:params:scim:schemas:oracle:idcs:extension:OCITags";
const team = { freeformTags: [{ key: "team", value: "orders" }] };

test.each(["app", "group", "user"])(
  "sends the tags of an existing %s with an empty slug, as the real provider",
  (type) => {
    const body = putAfter(`oci_identity_domains_${type}`, { id: "1", displayName: "a", [tags]: team }, () => ({
      display_name: "b",
    }));
    expect(body).toHaveProperty([tags], { ...team, tagSlug: "" });
  },
);

test("sends of a user's extension what the real provider sends: an empty template id, not what is set on creation", () => {
  const extension = "urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User";
  const read = {
    id: "1",
    userName: "ada",
    [extension]: { isFederatedUser: false, serviceUser: true, isGroupMembershipSyncedToUsersGroups: true },
  };
  const { [extension]: sent, ...rest } = putAfter("oci_identity_domains_user", read, () => ({
    display_name: "b",
  })) as JsonObject;
  expect(sent).toMatchObject({ isFederatedUser: false, bypassNotification: false, notificationEmailTemplateId: "" });
  for (const name of ["serviceUser", "isGroupMembershipSyncedToUsersGroups", "preferredUiLandingPage", "status"]) {
    expect(sent).not.toHaveProperty(name);
  }
  expect(rest).toEqual({ userName: "ada", displayName: "b" });
});

test("sends on creation what a user's extension can be given only then", () => {
  const name = "urnietfparamsscimschemasoracleidcsextensionuser_user";
  const config = { ...emptyObject(user), [name]: [{ service_user: true }] };
  const rules = bodyRules(scimResource("oci_identity_domains_user"), overlayOf("oci_identity_domains_user"));
  expect(requestBody(user, config, null, rules)).toEqual({
    "urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User": { serviceUser: true },
  });
});

function nullScope(): ObjectValue {
  return { value: null, description: null, display_name: null, requires_consent: null, fqs: null, read_only: null };
}

test("creates with the configured values only", () => {
  const config = {
    ...emptyObject(app),
    idcs_endpoint: "https://localhost:1",
    force_delete: true,
    attribute_sets: ["all"],
    display_name: "orders",
    active: false,
    redirect_uris: [],
    based_on_template: [{ value: "T", well_known_id: null, last_modified: null, ref: null }],
    scopes: [{ ...nullScope(), value: "read", requires_consent: false }],
  };
  const overlay = overlayOf("oci_identity_domains_app");
  const { planned } = planChange(app, overlay, { prior: null, proposed: config, config });
  expect(requestBody(app, planned, null, { notInApi: [...requestOnly, "id"], immutable: overlay.force_new })).toEqual({
    displayName: "orders",
    active: false,
    basedOnTemplate: { value: "T" },
    scopes: [{ value: "read", requiresConsent: false }],
  });
});

test("sends a read-only object inside a block as an object and a read-only list as a list", () => {
  const urn = "urn:ietf:params:scim:schemas:oracle:idcs:extension:group:Group";
  const sent = { passwordPolicy: { value: "p", name: "n", priority: 1, $ref: "r" }, grants: [{ value: "g" }] };
  const body = putAfter("oci_identity_domains_group", { id: "1", displayName: "a", [urn]: sent }, () => ({
    display_name: "b",
  })) as JsonObject;
  expect(body[urn]).toMatchObject({
    passwordPolicy: { value: "p", name: "n", priority: 1, $ref: "r" },
    grants: [{ value: "g" }],
  });
});

test("empties a collection only when it was not empty before", () => {
  const values = (uris: string[]) => ({ ...emptyObject(app), redirect_uris: uris });
  const body = (prior: string[]) => requestBody(app, values([]), values(prior), { notInApi: requestOnly });
  expect(body(["https://a"])).toHaveProperty("redirectUris", []);
  expect(body([])).not.toHaveProperty("redirectUris");
});

test("keeps a scalar that the API does not return and empties a collection that it does not return", () => {
  const known = {
    ...emptyObject(user),
    password: "secret",
    nick_name: "al",
    emails: [{ value: "a" }],
    force_delete: true,
  };
  const state = stateFromApi(user, { id: "1", userName: "ada" }, known, requestOnly);
  expect(state).toMatchObject({ password: "secret", nick_name: "al", force_delete: true, emails: [], groups: [] });
});

test("reads what is missing inside a block as the zero value, as the real provider stores it", () => {
  const state = stateFromApi(app, { scopes: [{ value: "read" }] }, emptyObject(app), requestOnly);
  expect(state.scopes).toEqual([
    { value: "read", description: "", display_name: "", fqs: "", read_only: false, requires_consent: false },
  ]);
});

test("reads an object as a list of one and an extension by its URN", () => {
  const urn = "urn:ietf:params:scim:schemas:oracle:idcs:extension:userState:User";
  const state = stateFromApi(
    user,
    { meta: { resourceType: "User" }, [urn]: { locked: { on: true } } },
    emptyObject(user),
    [],
  );
  expect(state.meta).toEqual([expect.objectContaining({ resource_type: "User", version: "" })]);
  expect(state.urnietfparamsscimschemasoracleidcsextensionuser_state_user).toEqual([
    expect.objectContaining({ locked: [{ on: true, expired: false, lock_date: "", reason: 0 }], recovery_locked: [] }),
  ]);
});

test("refuses an answer that does not fit the schema", () => {
  const read = (api: JsonObject) => () => stateFromApi(app, api, emptyObject(app), requestOnly);
  expect(read({ active: "yes" })).toThrow('the API sent "yes" for active, which is a bool');
  expect(read({ scopes: ["read"] })).toThrow('the API sent "read" for scopes, which is an object');
  expect(read({ displayName: { en: "x" } })).toThrow("for display_name, which is a string");
});

test("stores the API's values, but keeps a set that was planned in full", () => {
  const type = typeOfBlock(app);
  const api = {
    ...emptyObject(app),
    description: "theirs",
    allowed_grants: ["a", "x"],
    scopes: [{ value: "read", fqs: "f" }],
  };
  const planned = {
    ...emptyObject(app),
    description: "ours",
    allowed_grants: ["a"],
    scopes: [{ value: "read", fqs: unknown }],
  };
  expect(settle(api, planned, type)).toMatchObject({
    description: "theirs",
    allowed_grants: ["a"],
    scopes: [{ value: "read", fqs: "f" }],
  });
});

test("keeps a planned value where the API is silent, and null where a collection came back empty", () => {
  const planned = { ...emptyObject(user), password: "secret", mail: null, groups: null, display_name: unknown };
  const api = { ...emptyObject(user), groups: [] };
  expect(settle(api, planned, typeOfBlock(user))).toMatchObject({
    password: "secret",
    groups: null,
    display_name: null,
  });
});
