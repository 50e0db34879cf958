import type { Faults } from "../../oci/http";
import { Cloud, domainDetails } from "../../testing/oci";

let cloud: Cloud;
let fault: ReturnType<Faults>;
beforeAll(async () => {
  cloud = await Cloud.start({ faults: () => fault });
});
afterEach(() => {
  fault = undefined;
});
afterAll(() => cloud.close());

test("a fault is worded as the API that was called words its errors", async () => {
  const { id, url } = await cloud.createDomain();
  fault = { status: 429, message: "slow down" };
  const identity = await cloud.api("GET", `/domains/${id}`);
  expect(identity).toMatchObject({ status: 429, body: { code: "TooManyRequests", message: "slow down" } });
  const scim = await cloud.call("GET", `${url}/admin/v1/Apps`);
  expect(scim).toMatchObject({ status: 429, body: { status: "429", detail: "slow down" } });
  expect(scim.body.code).toBeUndefined();
});

test.each([
  [409, "IncorrectState"],
  [412, "PreConditionFailed"],
  [503, "ServiceUnavailable"],
])("the Identity API has a code of its own for %i", async (status, code) => {
  fault = { status, message: "not now" };
  expect(await cloud.api("GET", "/domains")).toMatchObject({ status, body: { code } });
});

test("a fault can say when to try again", async () => {
  const { url } = await cloud.createDomain();
  fault = { status: 503, message: "not now", retryAfter: 7 };
  expect((await cloud.call("GET", `${url}/admin/v1/Apps`)).headers["retry-after"]).toBe("7");
  fault = { status: 503, message: "not now" };
  expect((await cloud.call("GET", `${url}/admin/v1/Apps`)).headers).not.toHaveProperty("retry-after");
});

test("a request that fails by a fault changes nothing", async () => {
  const { url } = await cloud.createDomain();
  const user = { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName: "a", name: { familyName: "A" } };
  fault = { status: 503, message: "out of order" };
  expect((await cloud.call("POST", `${url}/admin/v1/Users`, user)).status).toBe(503);
  fault = undefined;
  expect((await cloud.call("GET", `${url}/admin/v1/Users`)).body.totalResults).toBe(0);
});

test("the endpoint of a region that is not the home region reads and refuses to change, and names the home region", async () => {
  const abroad = await Cloud.start({ region: "uk-london-1" });
  try {
    const answer = await abroad.api("POST", "/domains", domainDetails());
    expect(answer).toMatchObject({ status: 403, body: { code: "NotAllowed" } });
    expect(answer.body.message).toContain("eu-frankfurt-1");
    expect((await abroad.api("GET", "/domains?compartmentId=c")).body).toEqual([]);
  } finally {
    await abroad.close();
  }
});

test("work requests can take longer for one operation than for others", async () => {
  const asked: string[] = [];
  const slow = await Cloud.start({
    workRequestMillis(operation) {
      asked.push(operation);
      return operation === "DEACTIVATE_DOMAIN" ? 60_000 : 1;
    },
  });
  try {
    const { id } = await slow.createDomain();
    await slow.api("POST", `/domains/${id}/actions/deactivate`);
    expect((await slow.api("GET", `/domains/${id}`)).body.lifecycleDetails).toBe("DEACTIVATING");
    expect(asked).toEqual(["CREATE_DOMAIN", "DEACTIVATE_DOMAIN"]);
  } finally {
    await slow.close();
  }
});
