import { Cloud, compartmentId, domainDetails, foreignHost, signedHeaders } from "../../testing/oci";

let cloud: Cloud;
/** Its work requests stay in progress while the test holds them. */
let slow: Cloud;
let held: Promise<void> | undefined;

/** @returns what lets the work requests go that begin from now on */
function hold(): () => void {
  let release = () => {};
  held = new Promise((resolve) => {
    release = resolve;
  });
  return () => {
    held = undefined;
    release();
  };
}

beforeAll(async () => {
  [cloud, slow] = await Promise.all([Cloud.start(), Cloud.start({ workRequestMillis: () => held ?? 5 })]);
});
afterEach(() => {
  held = undefined;
});
afterAll(() => Promise.all([cloud.close(), slow.close()]));

const active = {
  schemas: ["urn:ietf:params:scim:schemas:oracle:idcs:App"],
  displayName: "active app",
  basedOnTemplate: { value: "CustomWebAppTemplateId" },
  active: true,
};

describe("creating a domain", () => {
  test("takes a work request and ends in an active domain", async () => {
    const details = domainDetails();
    const accepted = await cloud.api("POST", "/domains", details);
    expect(accepted.status).toBe(202);
    expect(accepted.headers.date).toBeDefined();
    const work = await cloud.finished(accepted);
    const [{ identifier }] = work.resources as [{ identifier: string }];
    expect(work).toMatchObject({
      operationType: "CREATE_DOMAIN",
      status: "SUCCEEDED",
      percentComplete: 100,
      compartmentId,
      resources: [{ entityType: "domain", actionType: "CREATED", entityUri: `/20160918/domains/${identifier}` }],
    });
    const { body } = await cloud.api("GET", `/domains/${identifier}`);
    expect(body).toMatchObject({
      ...details,
      id: identifier,
      lifecycleState: "ACTIVE",
      lifecycleDetails: null,
      type: "SECONDARY",
      replicaRegions: [],
      isHiddenOnLogin: false,
      freeformTags: {},
      definedTags: {},
    });
    expect(body.url).toMatch(/^https:\/\/localhost:\d+$/);
    expect(body.homeRegionUrl).toBe(body.url);
  });

  test("is in progress for a while: no timeFinished, resource IN_PROGRESS, domain CREATING", async () => {
    const release = hold();
    const accepted = await slow.api("POST", "/domains", domainDetails());
    const { body: work } = await slow.api("GET", `/iamWorkRequests/${accepted.headers["opc-work-request-id"]}`);
    expect(work).toMatchObject({ status: "IN_PROGRESS", resources: [{ actionType: "IN_PROGRESS" }] });
    expect(work).not.toHaveProperty("timeFinished");
    const { body: domain } = await slow.api("GET", `/domains/${work.resources[0].identifier}`);
    expect(domain.lifecycleState).toBe("CREATING");
    const update = await slow.api("PUT", `/domains/${domain.id}`, { description: "too early" });
    expect(update).toMatchObject({ status: 409, body: { code: "IncorrectState" } });
    expect((await slow.call("GET", `${domain.url}/admin/v1/Apps`)).status).toBe(403);
    release();
    await slow.finished(accepted);
    expect((await slow.call("GET", `${domain.url}/admin/v1/Apps`)).status).toBe(200);
  });

  test.each(["compartmentId", "description", "displayName", "homeRegion", "licenseType"])("needs %s", async (name) => {
    const answer = await cloud.api("POST", "/domains", { ...domainDetails(), [name]: undefined });
    expect(answer).toMatchObject({ status: 400, body: { code: "InvalidParameter" } });
    expect(answer.body.message).toContain(name);
  });

  test.each([
    ["an unknown license type", { licenseType: "gold" }, "licenseType"],
    ["a region the tenancy is not subscribed to", { homeRegion: "us-ashburn-1" }, "us-ashburn-1"],
    ["an attribute it does not know", { dispalyName: "x" }, "dispalyName"],
    [
      "an administrator without the rest",
      { adminUserName: "admin" },
      "adminEmail, adminLastName, isNotificationBypassed",
    ],
    ["a first name of an administrator alone", { adminFirstName: "Ada" }, "adminEmail"],
  ])("refuses %s", async (_what, changes, text) => {
    const answer = await cloud.api("POST", "/domains", { ...domainDetails(), ...changes });
    expect(answer).toMatchObject({ status: 400, body: { code: "InvalidParameter" } });
    expect(answer.body.message).toContain(text);
  });

  test("refuses a display name that is taken, also when both requests come at once", async () => {
    const details = domainDetails();
    const answers = await Promise.all([cloud.api("POST", "/domains", details), cloud.api("POST", "/domains", details)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 400]);
    expect((await cloud.api("POST", "/domains", details)).status).toBe(400);
  });

  test("makes the administrator a user of the domain", async () => {
    const { id } = await cloud.createDomain({
      adminEmail: "ada@example.com",
      adminLastName: "Lovelace",
      adminUserName: "ada",
      isNotificationBypassed: true,
    });
    const users = cloud.server
      .domains()
      .find((domain) => domain.id === id)
      ?.users();
    expect(users).toMatchObject([{ userName: "ada", name: { familyName: "Lovelace" } }]);
  });
});

describe("reading domains", () => {
  test("lists by compartment and display name", async () => {
    const details = domainDetails();
    const { id } = await cloud.createDomain(details);
    const byName = await cloud.api("GET", `/domains?compartmentId=${compartmentId}&displayName=${details.displayName}`);
    expect(byName.body).toMatchObject([{ id }]);
    expect((await cloud.api("GET", "/domains?compartmentId=ocid1.compartment.oc1..other")).body).toEqual([]);
  });

  test("refuses a list without a compartment or by something unknown", async () => {
    expect(await cloud.api("GET", "/domains")).toMatchObject({ status: 400, body: { code: "MissingParameter" } });
    expect((await cloud.api("GET", `/domains?compartmentId=${compartmentId}&colour=red`)).status).toBe(400);
  });

  test.each(["/domains/ocid1.domain.oc1..none", "/iamWorkRequests/none", "/iamWorkRequests/none/errors", "/users"])(
    "answers 404 to %s",
    async (path) => {
      expect(await cloud.api("GET", path)).toMatchObject({ status: 404, body: { code: "NotAuthorizedOrNotFound" } });
    },
  );

  test("tells the license types", async () => {
    const { body } = await cloud.api("GET", "/allowedDomainLicenseTypes");
    expect(body.map(({ licenseType }: { licenseType: string }) => licenseType)).toEqual([
      "free",
      "oracle-apps-premium",
      "premium",
      "external-user",
    ]);
  });
});

describe("changing a domain", () => {
  test("updates, moves and licenses it, each by a work request with UPDATED", async () => {
    const { id } = await cloud.createDomain();
    const changes = [
      ["UPDATE_DOMAIN", "PUT", `/domains/${id}`, { description: "described again", freeformTags: { a: "b" } }],
      ["CHANGE_COMPARTMENT_FOR_DOMAIN", "POST", `/domains/${id}/actions/changeCompartment`, { compartmentId: "c2" }],
      [
        "CHANGE_LICENSE_TYPE_FOR_DOMAIN",
        "POST",
        `/domains/${id}/actions/changeLicenseType`,
        { licenseType: "premium" },
      ],
    ] as const;
    for (const [operationType, method, path, body] of changes) {
      const work = await cloud.finished(await cloud.api(method, path, body));
      expect(work).toMatchObject({ operationType, status: "SUCCEEDED", resources: [{ actionType: "UPDATED" }] });
      expect((await cloud.api("GET", `/domains/${id}`)).body).toMatchObject(body);
    }
  });

  test("refuses what it cannot set", async () => {
    const [{ id }, other] = [await cloud.createDomain(), domainDetails()];
    await cloud.createDomain(other);
    const bodies = [{ homeRegion: "us-ashburn-1" }, { displayName: other.displayName }, { description: 7 }];
    for (const body of bodies) {
      expect((await cloud.api("PUT", `/domains/${id}`, body)).status).toBe(400);
    }
    expect((await cloud.api("POST", `/domains/${id}/actions/changeLicenseType`, { licenseType: "x" })).status).toBe(
      400,
    );
  });

  test("refuses a second change while the first is in progress", async () => {
    const { id } = await slow.createDomain();
    const release = hold();
    const first = await slow.api("PUT", `/domains/${id}`, { description: "first" });
    expect((await slow.api("GET", `/domains/${id}`)).body.lifecycleDetails).toBe("UPDATING");
    const second = await slow.api("POST", `/domains/${id}/actions/deactivate`);
    expect(second).toMatchObject({ status: 409, body: { code: "IncorrectState" } });
    release();
    await slow.finished(first);
    expect((await slow.api("GET", `/domains/${id}`)).body.lifecycleDetails).toBeNull();
  });

  test("is for the home region, where the host name shows one", async () => {
    const { url } = cloud.server;
    const path = "/20160918/domains/ocid1.domain.oc1..none";
    const host = foreignHost;
    const create = `${url}/20160918/domains`;
    const headers = signedHeaders(cloud.signer, "POST", new URL(create), "{}", { headers: { host } });
    const answer = await cloud.send("POST", create, headers, "{}");
    expect(answer).toMatchObject({ status: 403, body: { code: "NotAllowed" } });
    expect(answer.body.message).toContain("eu-frankfurt-1");
    const read = signedHeaders(cloud.signer, "GET", new URL(url + path), "", { headers: { host } });
    expect((await cloud.send("GET", url + path, read)).status).toBe(404);
  });
});

describe("deactivating and deleting", () => {
  test("refuses to deactivate a domain with an active app", async () => {
    const { id, url } = await cloud.createDomain();
    const { body: app } = await cloud.call("POST", `${url}/admin/v1/Apps`, active);
    const answer = await cloud.api("POST", `/domains/${id}/actions/deactivate`);
    expect(answer).toMatchObject({ status: 412, body: { code: "PreConditionFailed" } });
    expect(answer.body.message).toContain(app.displayName);
  });

  test("fails the work request when an app becomes active in the meantime", async () => {
    const { id, url } = await slow.createDomain();
    const release = hold();
    const accepted = await slow.api("POST", `/domains/${id}/actions/deactivate`);
    await slow.call("POST", `${url}/admin/v1/Apps`, active);
    release();
    const finished = await slow.finished(accepted);
    expect(finished.status).toBe("FAILED");
    const { body: errors } = await slow.api("GET", `/iamWorkRequests/${finished.id}/errors`);
    expect(errors).toMatchObject([{ code: "PreConditionFailed", timestamp: expect.any(String) }]);
    expect((await slow.api("GET", `/domains/${id}`)).body).toMatchObject({
      lifecycleState: "ACTIVE",
      lifecycleDetails: null,
    });
  });

  test("refuses to delete an active domain, in Oracle's words", async () => {
    const { id } = await cloud.createDomain();
    expect(await cloud.api("DELETE", `/domains/${id}`)).toMatchObject({
      status: 412,
      body: {
        code: "PreConditionFailed",
        message: "Cannot perform DELETE_DOMAIN operation on Domain with Status CREATED",
      },
    });
  });

  test("an inactive domain serves nothing, and can be activated again", async () => {
    const { id, url } = await cloud.createDomain();
    await cloud.finished(await cloud.api("POST", `/domains/${id}/actions/deactivate`));
    expect((await cloud.api("GET", `/domains/${id}`)).body.lifecycleState).toBe("INACTIVE");
    expect((await cloud.call("GET", `${url}/admin/v1/Apps`)).body).toMatchObject({ status: "403" });
    for (const path of ["/.well-known/openid-configuration", "/admin/v1/SigningCert/jwk"]) {
      expect((await cloud.send("GET", url + path, {})).status).toBe(403);
    }
    expect((await cloud.send("POST", `${url}/oauth2/v1/token`, {}, "")).status).toBe(403);
    for (const refused of ["deactivate", "changeLicenseType"]) {
      const { status } = await cloud.api("POST", `/domains/${id}/actions/${refused}`, { licenseType: "free" });
      expect(status).toBe(412);
    }
    await cloud.finished(await cloud.api("POST", `/domains/${id}/actions/activate`));
    expect((await cloud.call("GET", `${url}/admin/v1/Apps`)).status).toBe(200);
    expect((await cloud.api("POST", `/domains/${id}/actions/activate`)).status).toBe(412);
  });

  test("deletes an inactive domain: DELETING, then gone, by a work request with UPDATED", async () => {
    const { id, url } = await slow.createDomain();
    await slow.finished(await slow.api("POST", `/domains/${id}/actions/deactivate`));
    const release = hold();
    const accepted = await slow.api("DELETE", `/domains/${id}`);
    expect((await slow.api("GET", `/domains/${id}`)).body.lifecycleState).toBe("DELETING");
    release();
    const work = await slow.finished(accepted);
    expect(work).toMatchObject({
      operationType: "DELETE_DOMAIN",
      status: "SUCCEEDED",
      resources: [{ actionType: "UPDATED" }],
    });
    expect((await slow.api("GET", `/domains/${id}`)).status).toBe(404);
    expect(slow.server.domains().some((domain) => domain.id === id)).toBe(false);
    await expect(slow.call("GET", `${url}/admin/v1/Apps`)).rejects.toThrow(/ECONNREFUSED|other side closed/);
  });
});
