import { appDetails, Cloud, groupDetails, patchOp, userDetails } from "../../testing/oci";

let cloud: Cloud;
let admin: string;
beforeAll(async () => {
  cloud = await Cloud.start();
  admin = `${(await cloud.createDomain()).url}/admin/v1`;
});
afterAll(() => cloud.close());

const post = (endpoint: string, body: object) => cloud.call("POST", `${admin}/${endpoint}`, body);
async function created(endpoint: string, body: object) {
  const answer = await post(endpoint, body);
  if (answer.status !== 201) throw new Error(answer.body.detail);
  return answer.body;
}
const remove = (path: string) => cloud.call("DELETE", `${admin}/${path}`);

let count = 0;
const next = (prefix: string) => {
  count += 1;
  return `${prefix}-${count}`;
};
const newUser = () => created("Users", userDetails(`${next("user")}@example.com`));
const newGroup = (userIds: string[] = []) =>
  created("Groups", groupDetails(next("group"), { members: userIds.map((value) => ({ type: "User", value })) }));
const newApp = () => created("Apps", appDetails());

const grantDetails = (changes: object) => ({
  schemas: ["urn:ietf:params:scim:schemas:oracle:idcs:Grant"],
  grantMechanism: "ADMINISTRATOR_TO_USER",
  ...changes,
});
const roleDetails = (appId: string, changes: object = {}) => ({
  schemas: ["urn:ietf:params:scim:schemas:oracle:idcs:AppRole"],
  displayName: next("role"),
  app: { value: appId },
  ...changes,
});

describe("a user", () => {
  test("gets what the service adds", async () => {
    expect(await newUser()).toMatchObject({
      active: true,
      displayName: "Alice Smith",
      name: { formatted: "Alice Smith" },
      emails: [{ type: "work", primary: true, secondary: false, verified: false }],
      "urn:ietf:params:scim:schemas:oracle:idcs:extension:userState:User": { locked: { on: false } },
    });
  });

  test.each([
    ["userName", "error.common.validation.missingReqAttributes"],
    ["name", "error.common.validation.missingReqAttributes"],
    ["emails", "error.identity.user.primaryEmailNotSpecified"],
  ])("needs %s", async (name, messageId) => {
    expect(await post("Users", { ...userDetails("incomplete@example.com"), [name]: undefined })).toMatchObject({
      status: 400,
      body: { "urn:ietf:params:scim:api:oracle:idcs:extension:messages:Error": { messageId } },
    });
  });

  test("needs a family name, and just one primary email of a known type", async () => {
    const email = { type: "work", value: "a@example.com", primary: true };
    const changes = [
      { name: { givenName: "Alice" } },
      { emails: [{ ...email, primary: false }] },
      { emails: [email, { ...email, type: "home" }] },
      { emails: [{ ...email, type: "fax" }] },
    ];
    for (const change of changes) {
      expect((await post("Users", userDetails("wrong@example.com", change))).status).toBe(400);
    }
  });

  test("may go without email in a domain that says so", async () => {
    const { url } = await cloud.createDomain({ isPrimaryEmailRequired: false });
    const body = userDetails("bob", { emails: undefined });
    expect((await cloud.call("POST", `${url}/admin/v1/Users`, body)).status).toBe(201);
  });

  test("cannot have the user name of another", async () => {
    const { userName } = await newUser();
    expect(await post("Users", userDetails(userName.toUpperCase()))).toMatchObject({
      status: 409,
      body: { status: "409" },
    });
  });

  test("gets a recovery email when the service adds one, once", async () => {
    const adding = await Cloud.start({ addsRecoveryEmail: true });
    try {
      const { url } = await adding.createDomain();
      const { body } = await adding.call("POST", `${url}/admin/v1/Users`, userDetails("a@example.com"));
      expect(body.emails).toMatchObject([
        { type: "work" },
        { type: "recovery", value: "a@example.com", primary: false },
      ]);
      const again = await adding.call("PUT", `${url}/admin/v1/Users/${body.id}`, body);
      expect(again.body.emails).toEqual(body.emails);
    } finally {
      await adding.close();
    }
  });

  test("in a group or with a grant is deleted only by force, and is then gone from both", async () => {
    const [user, app] = [await newUser(), await newApp()];
    const group = await newGroup([user.id]);
    const grant = await created(
      "Grants",
      grantDetails({ grantee: { type: "User", value: user.id }, app: { value: app.id } }),
    );
    const refused = await remove(`Users/${user.id}`);
    expect(refused.status).toBe(400);
    expect(refused.body.detail).toContain(group.displayName);
    expect(refused.body.detail).toContain(grant.id);
    expect((await remove(`Users/${user.id}?forceDelete=true`)).status).toBe(204);
    expect((await cloud.call("GET", `${admin}/Groups/${group.id}?attributes=members`)).body.members).toEqual([]);
    expect((await cloud.call("GET", `${admin}/Grants/${grant.id}`)).status).toBe(404);
  });
});

describe("a group", () => {
  test("needs a name of its own and members that exist", async () => {
    const { displayName } = await newGroup();
    expect((await post("Groups", groupDetails(displayName))).status).toBe(409);
    expect((await post("Groups", { schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"] })).status).toBe(400);
    const { id } = await newUser();
    for (const member of [{ type: "User", value: "nobody" }, { type: "Robot", value: id }, { value: id }]) {
      expect((await post("Groups", groupDetails(next("group"), { members: [member] }))).status).toBe(400);
    }
  });

  test("keeps its members' dates on an update and counts nobody twice", async () => {
    const user = await newUser();
    const { id } = await newGroup([user.id]);
    const path = `${admin}/Groups/${id}?attributeSets=all`;
    const { body: before } = await cloud.call("GET", path);
    expect(before.nonUniqueDisplayName).toBe(before.displayName);
    const member = { type: "User", value: user.id };
    const { body: after } = await cloud.call("PUT", path, {
      ...before,
      displayName: next("renamed"),
      members: [member, member],
    });
    expect(after.members).toEqual(before.members);
    expect(after.nonUniqueDisplayName).toBe(before.displayName);
  });

  test("with members is deleted only by force", async () => {
    const { id } = await newGroup([(await newUser()).id]);
    expect((await remove(`Groups/${id}`)).status).toBe(400);
    expect((await remove(`Groups/${id}?forceDelete=true`)).status).toBe(204);
    expect((await remove(`Groups/${(await newGroup()).id}`)).status).toBe(204);
  });
});

describe("a grant", () => {
  test("gives an app to a user or a group", async () => {
    const [user, group, app] = [await newUser(), await newGroup(), await newApp()];
    const grants = [
      { grantMechanism: "ADMINISTRATOR_TO_USER", grantee: { type: "User", value: user.id } },
      { grantMechanism: "ADMINISTRATOR_TO_GROUP", grantee: { type: "Group", value: group.id } },
    ];
    for (const grant of grants) {
      const body = await created("Grants", grantDetails({ ...grant, app: { value: app.id } }));
      expect(body).toMatchObject({ ...grant, isFulfilled: true, grantor: { type: "User" } });
      expect(body).not.toHaveProperty("compositeKey");
    }
  });

  test("gives a role of an app, to those the role is for", async () => {
    const [user, app, client] = [await newUser(), await newApp(), await newApp()];
    const role = await created("AppRoles", roleDetails(app.id));
    const entitlement = { attributeName: "appRoles", attributeValue: role.id };
    const toUser = { grantee: { type: "User", value: user.id }, app: { value: app.id }, entitlement };
    expect((await post("Grants", grantDetails(toUser))).status).toBe(201);
    const toApp = { ...toUser, grantMechanism: "ADMINISTRATOR_TO_APP", grantee: { type: "App", value: client.id } };
    const refused = await post("Grants", grantDetails(toApp));
    expect(refused).toMatchObject({ status: 400, body: { detail: expect.stringContaining(role.displayName) } });
    const forClients = await created("AppRoles", roleDetails(app.id, { availableToClients: true }));
    const allowed = { ...toApp, entitlement: { attributeName: "appRoles", attributeValue: forClients.id } };
    expect((await post("Grants", grantDetails(allowed))).status).toBe(201);
  });

  test("is refused when something it names is missing or does not fit", async () => {
    const [user, app, other] = [await newUser(), await newApp(), await newApp()];
    const role = await created("AppRoles", roleDetails(other.id));
    const good = { grantee: { type: "User", value: user.id }, app: { value: app.id } };
    const changes = [
      { grantee: { type: "User", value: "nobody" } },
      { grantee: { type: "Group", value: user.id } },
      { grantee: undefined },
      { app: { value: "none" } },
      { app: undefined },
      { grantMechanism: "BY_MAGIC" },
      { grantMechanism: undefined },
      { grantMechanism: "ADMINISTRATOR_TO_APP", grantee: { type: "App", value: other.id } },
      { entitlement: { attributeName: "appRoles", attributeValue: role.id } },
      { entitlement: { attributeName: "appRoles", attributeValue: "none" } },
      { entitlement: { attributeName: "colour", attributeValue: role.id } },
    ];
    for (const change of changes) {
      const { status } = await post("Grants", grantDetails({ ...good, ...change }));
      expect({ change, status }).toEqual({ change, status: 400 });
    }
    expect((await post("Grants", grantDetails(good))).status).toBe(201);
    expect((await post("Grants", grantDetails(good))).status).toBe(409);
  });
});

describe("an app role", () => {
  test("belongs to an app and has a name of its own there", async () => {
    const [app, other] = [await newApp(), await newApp()];
    const details = roleDetails(app.id);
    const role = await created("AppRoles", details);
    expect(role).toMatchObject({
      ...details,
      uniqueName: `${app.id}_${details.displayName}`,
      app: { value: app.id, display: app.displayName, name: app.name },
      availableToUsers: true,
      availableToGroups: true,
      availableToClients: false,
      adminRole: false,
      public: false,
    });
    expect((await post("AppRoles", details)).status).toBe(409);
    expect((await post("AppRoles", { ...details, app: { value: other.id } })).status).toBe(201);
    expect((await post("AppRoles", roleDetails("none"))).status).toBe(400);
  });

  test("that is granted is deleted only by force, and its app takes it along", async () => {
    const [user, app] = [await newUser(), await newApp()];
    const grantOf = async () => {
      const role = await created("AppRoles", roleDetails(app.id));
      const entitlement = { attributeName: "appRoles", attributeValue: role.id };
      const grantee = { type: "User", value: user.id };
      return [role, await created("Grants", grantDetails({ grantee, app: { value: app.id }, entitlement }))];
    };
    const [role, grant] = await grantOf();
    expect((await remove(`AppRoles/${role.id}`)).status).toBe(400);
    expect((await remove(`AppRoles/${role.id}?forceDelete=true`)).status).toBe(204);
    expect((await cloud.call("GET", `${admin}/Grants/${grant.id}`)).status).toBe(404);
    const [second] = await grantOf();
    expect((await remove(`Apps/${app.id}`)).status).toBe(400);
    expect((await remove(`Apps/${app.id}?forceDelete=true`)).status).toBe(204);
    expect((await cloud.call("GET", `${admin}/AppRoles/${second.id}`)).status).toBe(404);
  });
});

describe("the settings", () => {
  const schemas = ["urn:ietf:params:scim:schemas:oracle:idcs:Settings"];
  const put = (body: object) => cloud.call("PUT", `${admin}/Settings/Settings`, { schemas, ...body });

  test("start as Oracle's do and merge what is put", async () => {
    const { body } = await cloud.call("GET", `${admin}/Settings/Settings`);
    expect(body).toMatchObject({
      id: "Settings",
      csrAccess: "none",
      signingCertPublicAccess: false,
      issuer: "https://identity.oraclecloud.com/",
      auditEventRetentionPeriod: 30,
      meta: { location: `${admin}/Settings/Settings` },
    });
    const changed = await put({ csrAccess: "readOnly" });
    expect(changed.body).toMatchObject({ csrAccess: "readOnly", timezone: body.timezone, issuer: body.issuer });
  });

  test("are set back to those of a new domain where a PUT does not merge, but for what is read-only", async () => {
    const strict = await Cloud.start({ settingsPut: "replaces" });
    try {
      const domain = await strict.createDomain();
      const path = `${domain.url}/admin/v1/Settings/Settings`;
      const before = (await strict.call("GET", path)).body;
      const custom = {
        timezone: "Europe/Berlin",
        contactEmails: ["a@example.com"],
        termsOfUseUrl: "https://a.example.com",
      };
      expect((await strict.call("PUT", path, { schemas, csrAccess: "none", ...custom })).body).toMatchObject(custom);
      const { body } = await strict.call("PUT", path, { schemas, csrAccess: "none", signingCertPublicAccess: true });
      const { id, ocid, domainOcid, timezone } = before;
      expect(body).toMatchObject({ id, ocid, domainOcid, timezone, contactEmails: [], signingCertPublicAccess: true });
      expect(body).not.toHaveProperty("termsOfUseUrl");
      // Only the settings: what else is put merges.
      const { body: app } = await strict.call("POST", `${domain.url}/admin/v1/Apps`, appDetails({ description: "d" }));
      const put = { schemas: app.schemas, displayName: "other" };
      const changed = await strict.call("PUT", `${domain.url}/admin/v1/Apps/${app.id}`, put);
      expect(changed.body).toMatchObject({ displayName: "other", description: "d" });
    } finally {
      await strict.close();
    }
  });

  test("keep the earlier issuer, and take a blank one for the common one", async () => {
    expect((await put({ issuer: "https://a.example.com" })).body).not.toHaveProperty("prevIssuer");
    const { body } = await cloud.call("GET", `${admin}/Settings/Settings?attributes=prevIssuer,issuer`);
    expect(body).toMatchObject({ issuer: "https://a.example.com", prevIssuer: "https://identity.oraclecloud.com/" });
    expect((await put({ issuer: "" })).body.issuer).toBe("https://identity.oraclecloud.com/");
  });

  test("refuse values they do not know", async () => {
    const claim = { value: "x", expression: false, mode: "always", tokenType: "AT", allScopes: true };
    const changes = [
      { csrAccess: "all" },
      { csrAccess: null },
      { defaultTrustScope: "Default" },
      { issuer: "not a url" },
      { signingCertPublicAccess: "true" },
      { tenantCustomClaims: [{ ...claim, name: "groups" }] },
      { tenantCustomClaims: [{ ...claim, name: "a", mode: "sometimes" }] },
      { tenantCustomClaims: [{ ...claim, name: "a", tokenType: "RT" }] },
      { tenantCustomClaims: [claim] },
    ];
    for (const change of changes) {
      expect({ change, status: (await put(change)).status }).toEqual({ change, status: 400 });
    }
  });

  test("are found under their own id only", async () => {
    expect((await cloud.call("GET", `${admin}/Settings/Other`)).status).toBe(404);
    const body = { schemas: [patchOp], Operations: [{ op: "replace", path: "timezone", value: "Europe/Berlin" }] };
    expect((await cloud.call("PATCH", `${admin}/Settings/Settings`, body)).body.timezone).toBe("Europe/Berlin");
  });
});
