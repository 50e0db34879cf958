import { appDetails, Cloud, groupDetails, patchOp, userDetails } from "../../testing/oci";

let cloud: Cloud;
let admin: string;
beforeAll(async () => {
  cloud = await Cloud.start();
  admin = `${(await cloud.createDomain()).url}/admin/v1`;
});
afterAll(() => cloud.close());

async function created(endpoint: string, body: object, query = "") {
  const answer = await cloud.call("POST", `${admin}/${endpoint}${query}`, body);
  if (answer.status !== 201) throw new Error(answer.body.detail);
  return answer.body;
}
const get = async (path: string) => (await cloud.call("GET", `${admin}/${path}`)).body;
const patch = (path: string, ...Operations: object[]) =>
  cloud.call("PATCH", `${admin}/${path}`, { schemas: [patchOp], Operations });

let userCount = 0;
const newUser = (changes: Record<string, unknown> = {}) => {
  userCount += 1;
  return created("Users", userDetails(`user${userCount}@example.com`, changes));
};

describe("listing", () => {
  let ids: string[];
  beforeAll(async () => {
    const users = [
      await newUser({ title: "Listed One", nickName: 'say "hi"' }),
      await newUser({ title: "Listed Two", active: false }),
      await newUser({ title: "Listed Three" }),
    ];
    ids = users.map(({ id }) => id);
  });
  const filtered = async (filter: string) => {
    const { Resources } = await get(`Users?filter=${encodeURIComponent(filter)}`);
    return Resources.map(({ id }: { id: string }) => ids.indexOf(id)).filter((index: number) => index >= 0);
  };

  test.each([
    ['title eq "listed two"', [1]],
    ['title sw "Listed" and active eq true', [0, 2]],
    ['TITLE co "Three"', [2]],
    ["title pr and active eq false", [1]],
    ['nickName eq "say \\"hi\\""', [0]],
    ['name.familyName eq "smith" and title eq "Listed One"', [0]],
    ['emails sw "user" and title eq "Listed One"', [0]],
    ['emails.type eq "work" and title eq "Listed One"', [0]],
    ['title eq "nobody"', []],
  ])("filters by %s", async (filter, expected) => {
    expect(await filtered(filter)).toEqual(expected);
  });

  test.each([
    "title",
    "title eq",
    'title ne "a"',
    'title eq "a" or title eq "b"',
    'not (title eq "a")',
    'colour eq "red"',
  ])("refuses the filter %s", async (filter) => {
    const answer = await cloud.call("GET", `${admin}/Users?filter=${encodeURIComponent(filter)}`);
    expect(answer).toMatchObject({ status: 400, body: { status: "400" } });
  });

  test("pages", async () => {
    const all = await get("Users");
    const page = await get("Users?startIndex=2&count=1");
    expect(page).toMatchObject({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults: all.totalResults,
      startIndex: 2,
      itemsPerPage: 1,
    });
    expect(page.Resources).toEqual([all.Resources[1]]);
    expect((await get("Users?count=0")).Resources).toEqual([]);
    expect((await cloud.call("GET", `${admin}/Users?count=many`)).status).toBe(400);
  });

  test("refuses what it cannot do: sorting", async () => {
    expect((await cloud.call("GET", `${admin}/Users?sortBy=title`)).status).toBe(400);
  });

  test("searches by a request with a body", async () => {
    const body = { schemas: ["x"], filter: 'title eq "Listed Two"', attributes: ["title"], count: 5 };
    const answer = await cloud.call("POST", `${admin}/Users/.search`, body);
    expect(answer).toMatchObject({ status: 200, body: { totalResults: 1 } });
    expect(Object.keys(answer.body.Resources[0]).sort()).toEqual(["id", "title", "userName"]);
  });
});

describe("what is returned", () => {
  const requestable = "urn:ietf:params:scim:schemas:oracle:idcs:extension:requestable:App";

  test("by default, all but what has to be asked for", async () => {
    const app = await created(
      "Apps",
      appDetails({ tags: [{ key: "a", value: "b" }], [requestable]: { requestable: true } }),
    );
    const read = await get(`Apps/${app.id}`);
    expect(read).toEqual(app);
    expect(read).not.toHaveProperty("tags");
    expect(read).not.toHaveProperty([requestable]);
    expect(read.scopes[0]).not.toHaveProperty("readOnly");
    expect(read.clientSecret).toBeDefined();
    const all = await get(`Apps/${app.id}?attributeSets=all`);
    expect(all).toMatchObject({ ...read, tags: [{ key: "a" }], [requestable]: { requestable: true } });
    expect(all.scopes[0].readOnly).toBe(false);
    expect(await get(`Apps/${app.id}?attributeSets=default&attributeSets=request`)).toEqual(all);
  });

  test("by name, those and the ones that always come", async () => {
    const { id } = await created("Apps", appDetails());
    expect(Object.keys(await get(`Apps/${id}?attributes=audience`)).sort()).toEqual([
      "audience",
      "basedOnTemplate",
      "disableKmsiTokenAuthentication",
      "displayName",
      "id",
      "isAliasApp",
      "meterAsOPCService",
    ]);
    const { basedOnTemplate, scopes } = await get(`Apps/${id}?attributes=SCOPES.fqs`);
    expect(basedOnTemplate).toEqual({ value: "CustomWebAppTemplateId" });
    expect(Object.keys(scopes[0])).toEqual(["fqs"]);
    expect((await cloud.call("GET", `${admin}/Apps/${id}?attributes=colour`)).status).toBe(400);
  });

  test("never a password, nor whether to notify", async () => {
    const profile = "urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User";
    const user = await newUser({ password: "Sekret-1", [profile]: { bypassNotification: true } });
    for (const body of [user, await get(`Users/${user.id}?attributeSets=all&attributes=password`)]) {
      expect(body).not.toHaveProperty("password");
      expect(body[profile]).toEqual({ isFederatedUser: false });
    }
  });

  test("members of a group and groups of a user only on request", async () => {
    const { id, userName, ocid } = await newUser();
    const body = groupDetails("returned", { members: [{ type: "User", value: id }] });
    const group = await created("Groups", body);
    expect(group).not.toHaveProperty("members");
    const { members } = await get(`Groups/${group.id}?attributes=members`);
    expect(members).toMatchObject([{ type: "User", value: id, ocid, name: userName, display: "Alice Smith" }]);
    expect(await get(`Users/${id}`)).not.toHaveProperty("groups");
    const { groups } = await get(`Users/${id}?attributeSets=all`);
    expect(groups).toMatchObject([{ value: group.id, display: "returned" }]);
  });
});

describe("patching", () => {
  test("takes the operation in any case, and the value alone or in a list", async () => {
    const { id } = await newUser();
    for (const [op, value, active] of [
      ["REPLACE", [false], false],
      ["replace", true, true],
      ["Add", false, false],
    ]) {
      expect((await patch(`Users/${id}`, { op, path: "active", value })).body.active).toBe(active);
    }
  });

  test("adds to lists, replaces them and removes", async () => {
    const { id } = await created("Apps", appDetails({ redirectUris: ["https://a.example.com"], description: "d" }));
    const path = "redirectUris";
    const added = await patch(`Apps/${id}`, { op: "add", path, value: ["https://b.example.com"] });
    expect(added.body.redirectUris).toEqual(["https://a.example.com", "https://b.example.com"]);
    const replaced = await patch(`Apps/${id}`, { op: "replace", path, value: "https://c.example.com" });
    expect(replaced.body.redirectUris).toEqual(["https://c.example.com"]);
    const removed = await patch(`Apps/${id}`, { op: "remove", path: "description" }, { op: "remove", path });
    expect(removed.body).not.toHaveProperty("description");
    expect(removed.body).not.toHaveProperty("redirectUris");
  });

  test("reaches into complex attributes, extensions and chosen elements", async () => {
    const { id } = await newUser();
    const state = "urn:ietf:params:scim:schemas:oracle:idcs:extension:userState:User";
    const { status, body } = await patch(
      `Users/${id}`,
      { op: "replace", path: "name.givenName", value: "Alicia" },
      { op: "replace", path: `${state}:locked.on`, value: true },
      { op: "replace", path: 'emails[type eq "work"].value', value: "new@example.com" },
      { op: "add", path: "emails", value: { type: "home", value: "home@example.com" } },
      { op: "replace", value: { title: "Dr", "name.middleName": "B" } },
      { op: "replace", path: "urn:ietf:params:scim:schemas:core:2.0:User:nickName", value: "Al" },
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: { givenName: "Alicia", familyName: "Smith", middleName: "B" },
      [state]: { locked: { on: true } },
      emails: [
        { type: "work", value: "new@example.com", primary: true },
        { type: "home", value: "home@example.com", primary: false },
      ],
      title: "Dr",
      nickName: "Al",
    });
  });

  test("takes members in and out of a group", async () => {
    const [first, second] = [await newUser(), await newUser()];
    const { id } = await created("Groups", groupDetails("patched", { members: [{ type: "User", value: first.id }] }));
    const members = async () => (await get(`Groups/${id}?attributes=members`)).members;
    const [before] = await members();
    await patch(`Groups/${id}`, { op: "add", path: "members", value: [{ type: "User", value: second.id }] });
    expect(await members()).toMatchObject([before, { value: second.id }]);
    await patch(`Groups/${id}`, { op: "remove", path: `members[value eq "${first.id}"]` });
    expect(await members()).toMatchObject([{ value: second.id }]);
  });

  test.each([
    ["no operations", []],
    ["an unknown operation", [{ op: "move", path: "title", value: "x" }]],
    ["nothing to set", [{ op: "replace", path: "title" }]],
    ["an unknown attribute", [{ op: "replace", path: "colour", value: "red" }]],
    ["an unknown sub-attribute", [{ op: "replace", path: "name.colour", value: "red" }]],
    ["a part of a text", [{ op: "replace", path: "title.part", value: "x" }]],
    ["a value of the wrong type", [{ op: "replace", path: "title", value: 7 }]],
    ["a read-only attribute", [{ op: "replace", path: "id", value: "x" }]],
    ["an immutable attribute", [{ op: "remove", path: "ocid" }]],
    ["a removal of everything", [{ op: "remove" }]],
    ["all elements at once", [{ op: "replace", path: "emails.value", value: "x@example.com" }]],
    ["an element that is not there", [{ op: "remove", path: 'emails[type eq "other"]' }]],
    ["the last primary email", [{ op: "remove", path: "emails" }]],
    ["a required attribute", [{ op: "remove", path: "userName" }]],
  ])("refuses %s", async (_what, operations) => {
    const { id, title } = await newUser({ title: "before" });
    expect((await patch(`Users/${id}`, ...operations)).status).toBe(400);
    expect((await get(`Users/${id}`)).title).toBe(title);
  });
});

test("a query that cannot be answered leaves no resource behind", async () => {
  const body = groupDetails("never made");
  expect((await cloud.call("POST", `${admin}/Groups?attributes=colour`, body)).status).toBe(400);
  expect((await get(`Groups?filter=${encodeURIComponent('displayName eq "never made"')}`)).totalResults).toBe(0);
});

test("attribute names in a body are not case-sensitive", async () => {
  expect(await newUser({ TITLE: "Dr" })).toMatchObject({ title: "Dr" });
});

test.each([
  ["Apps", () => appDetails()],
  ["Users", () => userDetails("tagged@example.com")],
  ["Groups", () => groupDetails("tagged")],
] as const)("the tags of %s keep what is put, but for the slug, which is read-only", async (endpoint, details) => {
  const tags = "urn:ietf:params:scim:schemas:oracle:idcs:extension:OCITags";
  const freeformTags = [{ key: "team", value: "orders" }];
  const sent = { ...details(), [tags]: { freeformTags, tagSlug: "" } };
  const { status, body } = await cloud.call("POST", `${admin}/${endpoint}`, sent);
  expect([status, body[tags]]).toEqual([201, { freeformTags }]);
  const again = await cloud.call("PUT", `${admin}/${endpoint}/${body.id}`, { ...body, ...sent });
  expect([again.status, again.body[tags]]).toEqual([200, { freeformTags }]);
});

test("appends the schemas of extensions when told to, once", async () => {
  const appending = await Cloud.start({ appendsSchemas: true });
  try {
    const { url } = await appending.createDomain();
    const { body } = await appending.call("POST", `${url}/admin/v1/Apps`, appDetails());
    expect(body.schemas).toEqual([
      "urn:ietf:params:scim:schemas:oracle:idcs:App",
      "urn:ietf:params:scim:schemas:oracle:idcs:extension:OCITags",
      "urn:ietf:params:scim:schemas:oracle:idcs:extension:requestable:App",
    ]);
    const again = await appending.call("PUT", `${url}/admin/v1/Apps/${body.id}`, body);
    expect(again.body.schemas).toEqual(body.schemas);
    expect((await appending.call("GET", `${url}/admin/v1/Settings/Settings`)).body.schemas).toHaveLength(1);
  } finally {
    await appending.close();
  }
});
