import { appDetails, Cloud, signedHeaders } from "../../testing/oci";

let cloud: Cloud;
let url: string;
beforeAll(async () => {
  cloud = await Cloud.start();
  url = (await cloud.createDomain()).url;
});
afterAll(() => cloud.close());

test("answers an unknown path with 404 in the form of each API", async () => {
  expect(await cloud.api("GET", "/nothing")).toMatchObject({ status: 404, body: { code: "NotAuthorizedOrNotFound" } });
  expect(await cloud.call("GET", `${url}/admin/v1/Nothing`)).toMatchObject({ status: 404, body: { status: "404" } });
  expect(await cloud.send("GET", `${url}/oauth2/v1/nothing`, {})).toMatchObject({
    status: 404,
    body: { error: expect.any(String), error_description: expect.any(String), ecid: expect.any(String) },
  });
});

test("answers a method that a path does not have with 405 and those it has", async () => {
  expect(await cloud.api("PATCH", "/domains")).toMatchObject({ status: 405, headers: { allow: "POST, GET" } });
  expect((await cloud.call("DELETE", `${url}/admin/v1/Settings/Settings`)).status).toBe(405);
  expect((await cloud.call("POST", `${url}/admin/v1/Settings`, {})).status).toBe(405);
  expect((await cloud.call("PUT", `${url}/admin/v1/Grants/x`, {})).status).toBe(405);
});

test.each([
  ["text that is not JSON", "{"],
  ["a list", "[]"],
])("refuses %s", async (_what, body) => {
  for (const target of [`${cloud.server.url}/20160918/domains`, `${url}/admin/v1/Apps`]) {
    const answer = await cloud.send("POST", target, signedHeaders(cloud.signer, "POST", new URL(target), body), body);
    expect(answer.status).toBe(400);
    expect(answer.body.message ?? answer.body.detail).toContain("JSON");
  }
});

test("refuses a body of more than a megabyte", async () => {
  const body = appDetails({ description: "x".repeat(1024 * 1024) });
  expect((await cloud.call("POST", `${url}/admin/v1/Apps`, body)).status).toBe(413);
});

test("refuses a path with broken percent-encoding", async () => {
  expect((await cloud.call("GET", `${url}/admin/v1/Apps/%zz`)).status).toBe(400);
});

test("every answer has a date", async () => {
  const answers = [await cloud.api("GET", "/nothing"), await cloud.call("GET", `${url}/admin/v1/Apps`)];
  for (const { headers } of answers) expect(Date.parse(headers.date as string)).not.toBeNaN();
});

test("every answer has an id of the request, which begins with the caller's", async () => {
  const { url: ui } = await cloud.createDomain();
  const answers = [
    await cloud.api("GET", "/domains?compartmentId=c"),
    await cloud.api("GET", "/nothing"),
    await cloud.call("GET", `${url}/admin/v1/Apps`),
    await cloud.send("GET", `${ui}/.well-known/openid-configuration`, {}),
  ];
  const ids = answers.map(({ headers }) => headers["opc-request-id"]);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(ids).size).toBe(answers.length);
  const own = await cloud.call("GET", `${url}/admin/v1/Apps`, undefined, { "opc-request-id": "ABC" });
  expect(own.headers["opc-request-id"]).toMatch(/^ABC\/[0-9a-f]{32}$/);
});

test("domains do not see each other's resources", async () => {
  const other = await cloud.createDomain();
  const { body: app } = await cloud.call("POST", `${url}/admin/v1/Apps`, appDetails());
  expect((await cloud.call("GET", `${url}/admin/v1/Apps/${app.id}`)).status).toBe(200);
  expect((await cloud.call("GET", `${other.url}/admin/v1/Apps/${app.id}`)).status).toBe(404);
});
