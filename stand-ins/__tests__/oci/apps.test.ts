import { appDetails, Cloud, patchOp } from "../../testing/oci";

let cloud: Cloud;
let apps: string;
beforeAll(async () => {
  cloud = await Cloud.start();
  apps = `${(await cloud.createDomain()).url}/admin/v1/Apps`;
});
afterAll(() => cloud.close());

const create = (changes: Record<string, unknown> = {}) => cloud.call("POST", apps, appDetails(changes));
const created = async (changes: Record<string, unknown> = {}) => {
  const { status, body } = await create(changes);
  if (status !== 201) throw new Error(body.detail);
  return body;
};
const patch = (id: string, ...Operations: object[]) =>
  cloud.call("PATCH", `${apps}/${id}`, { schemas: [patchOp], Operations });

describe("creating an app", () => {
  test("echoes what was sent and fills in the rest", async () => {
    const details = appDetails({
      scopes: [
        { value: "read", description: "r" },
        { value: "x", requiresConsent: true },
      ],
    });
    const { status, body } = await cloud.call("POST", apps, details);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...details,
      active: false,
      accessTokenExpiry: 3600,
      refreshTokenExpiry: 604_800,
      trustScope: "Explicit",
      loginMechanism: "OIDC",
      clientIPChecking: "anywhere",
      isLoginTarget: true,
      allUrlSchemesAllowed: false,
      basedOnTemplate: { value: "CustomWebAppTemplateId", wellKnownId: "CustomWebAppTemplateId" },
      meta: { resourceType: "App", location: `${apps}/${body.id}` },
      attrRenderingMetadata: [{ name: "aliasApps", visible: false }],
    });
    expect(body.id).toMatch(/^[0-9a-f]{32}$/);
    expect(body.name).toMatch(/^[0-9a-f]{32}$/);
    expect(body.clientSecret).toMatch(/^idcscs-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(body.ocid).toMatch(/^ocid1\.domainapp\.oc1\.eu-frankfurt-1\./);
  });

  test("computes fully qualified scopes as audience and value, with nothing between", async () => {
    const plain = await created({ audience: "urn:api", scopes: [{ value: "read" }] });
    expect(plain.scopes[0]).toMatchObject({ fqs: "urn:apiread", requiresConsent: false });
    const slash = await created({ audience: "https://fqs.example.com/", scopes: [{ value: "read" }] });
    expect(slash.scopes[0].fqs).toBe("https://fqs.example.com/read");
  });

  test("keeps a name that was given", async () => {
    expect((await created({ name: "my-client_1" })).name).toBe("my-client_1");
  });

  test("gives a public client no secret", async () => {
    const template = { value: "CustomBrowserMobileTemplateId" };
    const body = await created({ basedOnTemplate: template, clientType: "public" });
    expect(body).not.toHaveProperty("clientSecret");
    expect(await created({ basedOnTemplate: template, clientType: undefined })).toMatchObject({ clientType: "public" });
  });

  test("links an allowed scope to the app that defines it, its own included", async () => {
    const other = await created();
    const audience = "https://own.example.com/";
    const body = await created({
      audience,
      allowedScopes: [{ fqs: `${audience}read` }, { fqs: `${other.audience}read` }],
    });
    expect(body.allowedScopes).toMatchObject([{ idOfDefiningApp: body.id }, { idOfDefiningApp: other.id }]);
  });
});

describe("refuses an app", () => {
  test.each(["displayName", "basedOnTemplate", "schemas"])("without %s", async (name) => {
    expect(await create({ [name]: undefined })).toMatchObject({
      status: 400,
      body: {
        schemas: [
          "urn:ietf:params:scim:api:messages:2.0:Error",
          "urn:ietf:params:scim:api:oracle:idcs:extension:messages:Error",
        ],
        status: "400",
        detail: expect.stringContaining(name),
        "urn:ietf:params:scim:api:oracle:idcs:extension:messages:Error": {
          messageId: "error.common.validation.missingReqAttributes",
        },
      },
    });
  });

  const cases: [string, Record<string, unknown>, string][] = [
    ["from an unknown template", { basedOnTemplate: { value: "MyTemplateId" } }, "MyTemplateId"],
    ["whose template has no value", { basedOnTemplate: {} }, "basedOnTemplate.value"],
    ["with a client type that its template does not have", { clientType: "public" }, "clientType"],
    ["without the schema of apps", { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"] }, "schemas"],
    ["that is a resource without an audience", { audience: undefined }, "audience"],
    ["that has scopes but is no resource", { isOAuthResource: false }, "scopes"],
    ["with the same scope twice", { scopes: [{ value: "a" }, { value: "a" }] }, '"a"'],
    ["with white space in a scope", { scopes: [{ value: "a b" }] }, '"a b"'],
    ["with a scope that has no value", { scopes: [{ description: "d" }] }, "scopes.value"],
    ["with an unknown attribute", { redirectUri: "https://a.example.com" }, "redirectUri"],
    ["with an unknown sub-attribute", { scopes: [{ value: "a", name: "b" }] }, "scopes.name"],
    ["with a text where a truth value belongs", { active: "true" }, "active"],
    ["with a text where a number belongs", { accessTokenExpiry: "3600" }, "accessTokenExpiry"],
    ["with one value where a list belongs", { redirectUris: "https://a.example.com" }, "redirectUris"],
    ["with a text where an object belongs", { basedOnTemplate: "CustomWebAppTemplateId" }, "basedOnTemplate"],
    ["with tokens shorter than a minute", { accessTokenExpiry: 59 }, "accessTokenExpiry"],
    ["with tokens longer than a year", { accessTokenExpiry: 31_536_001 }, "accessTokenExpiry"],
    ["with refresh tokens of no life", { refreshTokenExpiry: 0 }, "refreshTokenExpiry"],
    ["with an unknown grant", { allowedGrants: ["client_credential"] }, "client_credential"],
    ["with an unknown operation", { allowedOperations: ["revoke"] }, "revoke"],
    ["with an unknown trust scope", { trustScope: "Everything" }, "trustScope"],
    ["with an unknown login mechanism", { loginMechanism: "LDAP" }, "loginMechanism"],
    ["with an unknown address check", { clientIPChecking: "nowhere" }, "clientIPChecking"],
    ["with a name that is no identifier", { name: "my client" }, "name"],
    ["with the code grant but nowhere to redirect to", { allowedGrants: ["authorization_code"] }, "redirectUris"],
    ["with a redirect URI over http", { redirectUris: ["http://localhost:8765/callback"] }, "allUrlSchemesAllowed"],
    ["with a logout URI over http", { logoutUri: "http://localhost/" }, "logoutUri"],
    ["with a redirect URI that is relative", { redirectUris: ["/callback"] }, '"/callback"'],
    ["with a fragment in a redirect URI", { redirectUris: ["https://a.example.com/#x"] }, "https://a.example.com/#x"],
    [
      "with an allowed scope that no app defines",
      { allowedScopes: [{ fqs: "https://nowhere/read" }] },
      "https://nowhere/read",
    ],
  ];
  test.each(cases)("%s", async (_what, changes, text) => {
    const answer = await create(changes);
    expect(answer).toMatchObject({ status: 400, body: { status: "400" } });
    expect(answer.body.detail).toContain(text);
  });

  test("whose display name, name or scope belongs to another", async () => {
    const first = await created({ name: "taken", audience: "https://taken.example.com/" });
    expect((await create({ displayName: first.displayName.toUpperCase() })).status).toBe(409);
    expect((await create({ name: "taken" })).status).toBe(409);
    const sameFqs = { audience: "https://taken.example.com", scopes: [{ value: "/read" }] };
    expect((await create(sameFqs)).status).toBe(409);
  });
});

test("allows http and custom schemes when all URL schemes are allowed", async () => {
  const redirectUris = ["http://localhost:8765/callback", "vscode://auth"];
  expect((await create({ redirectUris, allUrlSchemesAllowed: true })).status).toBe(201);
});

describe("updating an app", () => {
  test("merges: what is left out stays, what is null goes", async () => {
    const { id } = await created({ description: "first", redirectUris: ["https://a.example.com/cb"] });
    const { body } = await cloud.call("PUT", `${apps}/${id}`, { ...appDetails(), description: null });
    expect(body.redirectUris).toEqual(["https://a.example.com/cb"]);
    expect(body).not.toHaveProperty("description");
  });

  test("ignores read-only and immutable members, and keeps name and secret", async () => {
    const before = await created();
    const { status, body } = await cloud.call("PUT", `${apps}/${before.id}`, {
      ...before,
      id: "other",
      ocid: "other",
      name: "other",
      clientSecret: "other",
      isAliasApp: true,
      isOPCService: true,
      basedOnTemplate: { value: "CustomBrowserMobileTemplateId" },
      scopes: [{ value: "read", fqs: "other", readOnly: true }],
    });
    expect(status).toBe(200);
    const { meta: _, idcsLastModifiedBy: __, scopes, ...rest } = before;
    expect(body).toMatchObject({ ...rest, scopes: [scopes[0]] });
  });

  test("follows a new audience with the fully qualified scopes", async () => {
    const { id } = await created();
    const { body } = await patch(id, { op: "replace", path: "audience", value: "https://new.example.com/" });
    expect(body.scopes.map(({ fqs }: { fqs: string }) => fqs)).toEqual([
      "https://new.example.com/read",
      "https://new.example.com/write",
    ]);
  });

  test("checks the outcome like a new app, and changes nothing when it refuses", async () => {
    const { id } = await created();
    expect((await patch(id, { op: "replace", path: "accessTokenExpiry", value: 1 })).status).toBe(400);
    expect((await patch(id, { op: "remove", path: "audience" })).status).toBe(400);
    expect((await cloud.call("GET", `${apps}/${id}`)).body.accessTokenExpiry).toBe(3600);
  });

  test("is possible when the app of an allowed scope is gone", async () => {
    const other = await created();
    const { id } = await created({ active: true, allowedScopes: [{ fqs: `${other.audience}read` }] });
    expect((await cloud.call("DELETE", `${apps}/${other.id}`)).status).toBe(204);
    const { body } = await cloud.call("GET", `${apps}/${id}`);
    expect((await cloud.call("PUT", `${apps}/${id}`, { ...body, description: "still here" })).status).toBe(200);
    expect((await patch(id, { op: "replace", path: "active", value: false })).status).toBe(200);
  });

  test("is refused for a version that is no longer the current one", async () => {
    const { id, meta } = await created();
    const send = (version: string) => cloud.call("PUT", `${apps}/${id}`, { active: false }, { "if-match": version });
    expect((await send(meta.version)).status).toBe(200);
    expect((await send(meta.version)).status).toBe(412);
    expect((await send("*")).status).toBe(200);
  });
});

describe("activating and deleting", () => {
  const changer = "urn:ietf:params:scim:schemas:oracle:idcs:AppStatusChanger";
  const status = (id: string, body: object) =>
    cloud.call("PUT", apps.replace("Apps", `AppStatusChanger/${id}`), { schemas: [changer], ...body });

  test("the status changer changes active and nothing else", async () => {
    const { id, displayName } = await created();
    expect((await status(id, { active: true })).body).toMatchObject({ schemas: [changer], id, active: true });
    expect((await cloud.call("GET", `${apps}/${id}`)).body).toMatchObject({ active: true, displayName });
    expect((await status(id, {})).status).toBe(400);
    expect((await status(id, { active: true, schemas: ["other"] })).status).toBe(400);
    expect((await status("none", { active: true })).status).toBe(404);
  });

  test("refuses to delete an active app, even by force", async () => {
    const { id } = await created({ active: true });
    for (const query of ["", "?forceDelete=true"]) {
      expect(await cloud.call("DELETE", `${apps}/${id}${query}`)).toMatchObject({
        status: 400,
        body: { status: "400" },
      });
    }
    await status(id, { active: false });
    const gone = await cloud.call("DELETE", `${apps}/${id}`);
    expect(gone).toMatchObject({ status: 204, body: undefined });
    expect((await cloud.call("GET", `${apps}/${id}`)).status).toBe(404);
    expect((await cloud.call("DELETE", `${apps}/${id}`)).status).toBe(404);
  });

  test("is found by its OCID, too", async () => {
    const { id, ocid } = await created();
    expect((await cloud.call("GET", `${apps}/${ocid}`)).body.id).toBe(id);
    expect((await patch(ocid, { op: "replace", path: "active", value: true })).body).toMatchObject({
      id,
      active: true,
    });
  });
});
