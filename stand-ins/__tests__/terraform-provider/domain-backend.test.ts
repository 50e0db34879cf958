import type { JsonObject } from "../../terraform-provider/api-values";
import { DomainBackend } from "../../terraform-provider/domain-backend";
import { PartlyCreatedError, ServiceError } from "../../terraform-provider/errors";
import { emptyObject, type ObjectValue, unknown } from "../../terraform-provider/values";
import type { IdentityCall } from "../../terraform-provider/work-requests";
import { providerSchema } from "./oci-provider";
import recorded from "./recorded-traffic.json";

const block = providerSchema.resource("oci_identity_domain");
const id = "ocid1.domain.oc1..d";

interface Script {
  /** One work request per change, in the order of the changes; polled in turn until the last. */
  workRequests?: JsonObject[][];
  /** Answers to GET of the domain, in turn; the last one repeats. Null is 404. */
  domains?: (JsonObject | null)[];
}

const active = {
  id,
  displayName: "d",
  lifecycleState: "ACTIVE",
  url: "https://d",
  timeCreated: "2026-11-23T13:10:20.400Z",
};
const created = workRequest("SUCCEEDED", "CREATED");
const updated = workRequest("SUCCEEDED", "UPDATED");

function workRequest(status: string, actionType: string): JsonObject {
  return { operationType: "X", status, resources: [{ entityType: "domain", actionType, identifier: id }] };
}

/** An Identity API that follows a script. `calls` collects `METHOD path` and the bodies. */
function scripted({ workRequests = [[updated]], domains = [active] }: Script) {
  const calls: string[] = [];
  const bodies: unknown[] = [];
  let change = -1;
  const call: IdentityCall = async ({ method, path, body }) => {
    calls.push(`${method} ${path.replace(id, "ID")}`);
    if (body) bodies.push(body);
    if (path.endsWith("/errors")) return { headers: {}, body: [{ code: "Quota", message: "no more domains" }] };
    if (path.startsWith("/iamWorkRequests")) {
      const script = workRequests[change] ?? [];
      return { headers: {}, body: script.length > 1 ? script.shift() : script[0] };
    }
    if (method !== "GET") {
      change++;
      return { headers: { "opc-work-request-id": `wr${change}` }, body: undefined };
    }
    const domain = domains.length > 1 ? domains.shift() : domains[0];
    if (!domain)
      throw new ServiceError(404, "NotAuthorizedOrNotFound", "not found", { target: "", operation: "", id: "" });
    return { headers: {}, body: domain };
  };
  return { backend: new DomainBackend(call, block, []), calls, bodies };
}

const config: ObjectValue = {
  ...emptyObject(block),
  compartment_id: "c",
  description: "test",
  display_name: "d",
  home_region: "eu-frankfurt-1",
  license_type: "free",
  defined_tags: unknown,
  state: unknown,
};

test("creates with the calls of the real provider", async () => {
  const { backend, calls, bodies } = scripted({ workRequests: [[created]] });
  const state = await backend.create(config);
  expect(calls).toEqual([
    "POST /domains",
    "GET /iamWorkRequests/wr0",
    "GET /iamWorkRequests/wr0",
    "GET /domains/ID",
    "GET /domains/ID",
  ]);
  const homeRegion = "eu-frankfurt-1";
  expect(bodies).toEqual([
    { compartmentId: "c", description: "test", displayName: "d", homeRegion, licenseType: "free" },
  ]);
  expect(state).toMatchObject({
    id,
    state: "ACTIVE",
    url: "https://d",
    defined_tags: {},
    admin_email: null,
    lifecycle_details: "",
  });
  expect(state.time_created).toBe("2026-11-23 13:10:20.4 +0000 UTC");
});

test("waits while the work request is pending and while the domain is CREATING", async () => {
  const { backend, calls } = scripted({
    workRequests: [[workRequest("ACCEPTED", "IN_PROGRESS"), workRequest("IN_PROGRESS", "IN_PROGRESS"), created]],
    domains: [active, { ...active, lifecycleState: "CREATING" }, active],
  });
  expect((await backend.create(config)).state).toBe("ACTIVE");
  expect(calls.filter((call) => call.startsWith("GET /iamWorkRequests"))).toHaveLength(3);
  expect(calls.filter((call) => call === "GET /domains/ID")).toHaveLength(3);
});

test("deactivates after create when the configuration wants INACTIVE", async () => {
  const inactive = { ...active, lifecycleState: "INACTIVE" };
  const { backend, calls } = scripted({ workRequests: [[created], [updated]], domains: [active, active, inactive] });
  expect((await backend.create({ ...config, state: "inactive" })).state).toBe("INACTIVE");
  expect(calls).toContain("POST /domains/ID/actions/deactivate");
});

test("keeps the id of a domain whose work request failed, and says why", async () => {
  const { backend } = scripted({ workRequests: [[workRequest("FAILED", "CREATED")]] });
  const failure = await backend.create(config).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PartlyCreatedError);
  expect(failure).toMatchObject({ id, reason: { message: expect.stringContaining("FAILED: Quota: no more domains") } });
});

test("fails when the work request succeeded without the action it was for", async () => {
  const { backend } = scripted({ workRequests: [[workRequest("SUCCEEDED", "DELETED")]] });
  const update = backend.update({ ...config, id }, { ...config, id });
  await expect(update).rejects.toThrow(
    "Work Request error: X ended SUCCEEDED and names no domain with actionType UPDATED",
  );
});

test("fails on a work request resource without an entityType", async () => {
  const { backend } = scripted({ workRequests: [[{ ...created, resources: [{ actionType: "CREATED" }] }]] });
  await expect(backend.create(config)).rejects.toThrow("has no entityType");
});

test("gives up when the time of the timeouts block has passed", async () => {
  const { backend } = scripted({ workRequests: [[workRequest("IN_PROGRESS", "UPDATED")]] });
  const timeouts = { create: null, update: "150ms", delete: null };
  const update = backend.update({ ...config, id, timeouts }, { ...config, id });
  await expect(update).rejects.toThrow("timeout while waiting for work request wr0");
});

test("updates with one PUT of the changeable attributes", async () => {
  const { backend, calls, bodies } = scripted({});
  const tags = { freeform_tags: { a: "1" }, defined_tags: { "ns.key.x": "v" }, is_hidden_on_login: false };
  await backend.update({ ...config, id, ...tags, description: "new" }, { ...config, id });
  expect(calls).toEqual(["PUT /domains/ID", "GET /iamWorkRequests/wr0", "GET /domains/ID"]);
  expect(bodies).toEqual([
    {
      definedTags: { ns: { "key.x": "v" } },
      description: "new",
      displayName: "d",
      freeformTags: { a: "1" },
      isHiddenOnLogin: false,
    },
  ]);
});

test("creates and updates with the bodies that the real provider sends", async () => {
  const { created: createBody, read, updated: updateBody } = recorded.domains;
  const { backend, bodies } = scripted({ workRequests: [[created], [updated]], domains: [read as JsonObject] });
  const { compartmentId, description, displayName, homeRegion, licenseType } = createBody;
  const state = await backend.create({
    ...emptyObject(block),
    compartment_id: compartmentId,
    description,
    display_name: displayName,
    home_region: homeRegion,
    license_type: licenseType,
  });
  await backend.update({ ...state, description: updateBody.description }, state);
  expect(bodies).toEqual([createBody, updateBody]);
});

test("activates before the PUT, moves and relicenses by actions, deactivates after it", async () => {
  const changes = (calls: string[]) => calls.filter((call) => !call.startsWith("GET"));
  const prior = { ...config, id, state: "INACTIVE" };
  const moved = { ...prior, state: "ACTIVE", compartment_id: "c2", license_type: "premium" };
  const up = scripted({ workRequests: [[updated], [updated], [updated], [updated]] });
  await up.backend.update(moved, prior);
  expect(changes(up.calls)).toEqual([
    "POST /domains/ID/actions/activate",
    "POST /domains/ID/actions/changeCompartment",
    "POST /domains/ID/actions/changeLicenseType",
    "PUT /domains/ID",
  ]);
  expect(up.bodies.slice(0, 2)).toEqual([{ compartmentId: "c2" }, { licenseType: "premium" }]);

  const down = scripted({ workRequests: [[updated], [updated]] });
  await down.backend.update(prior, { ...prior, state: "ACTIVE" });
  expect(changes(down.calls)).toEqual(["PUT /domains/ID", "POST /domains/ID/actions/deactivate"]);
});

test("deletes, waits for the action UPDATED and for 404", async () => {
  const { backend, calls } = scripted({ domains: [{ ...active, lifecycleState: "DELETING" }, null] });
  await backend.delete({ ...config, id });
  expect(calls).toEqual(["DELETE /domains/ID", "GET /iamWorkRequests/wr0", "GET /domains/ID", "GET /domains/ID"]);
});

test("fails when a deleted domain is still there", async () => {
  const { backend } = scripted({ domains: [{ ...active, lifecycleState: "INACTIVE" }] });
  await expect(backend.delete({ ...config, id })).rejects.toThrow(
    "is INACTIVE after it was deleted: expected DELETING",
  );
});
