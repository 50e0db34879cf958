import { sign } from "node:crypto";
import { Cloud, compartmentId, createSigner, signedHeaders, tenancyId, userId } from "../../testing/oci";

let cloud: Cloud;
let list: string;
beforeAll(async () => {
  cloud = await Cloud.start();
  list = `${cloud.server.url}/20160918/domains?compartmentId=${compartmentId}`;
});
afterAll(() => cloud.close());

const get = (headers: Record<string, string>) => cloud.send("GET", list, headers);

test("takes a correctly signed request", async () => {
  expect((await get(signedHeaders(cloud.signer, "GET", new URL(list), ""))).status).toBe(200);
});

test("takes x-date in the place of date", async () => {
  const headers = { ...signedHeaders(cloud.signer, "GET", new URL(list), "") };
  // The text that was signed differs only in the header's name, so it is signed again under the other one.
  const url = new URL(list);
  const text = `x-date: ${headers.date}\n(request-target): get ${url.pathname}${url.search}\nhost: ${url.host}`;
  const signature = sign("RSA-SHA256", Buffer.from(text), cloud.signer.privateKey).toString("base64");
  const authorization = headers.authorization
    ?.replace('headers="date ', 'headers="x-date ')
    .replace(/signature="[^"]*"/, `signature="${signature}"`) as string;
  const answer = await get({ "x-date": headers.date as string, host: url.host, authorization });
  expect(answer.status).toBe(200);
});

describe("refuses with 401", () => {
  const cases: [string, () => Record<string, string>, string][] = [
    ["no signature", () => ({}), "no Authorization header"],
    ["another scheme", () => ({ authorization: "Bearer abc" }), "not a Signature"],
    [
      "a key id with a part missing",
      () => signed({ keyId: `${tenancyId}/${userId}` }),
      "keyId must be <tenancy>/<user>/<fingerprint>",
    ],
    ["an unsigned host", () => signed({ leaveOut: ["host"] }), "host"],
    ["an unsigned request target", () => signed({ leaveOut: ["(request-target)"] }), "(request-target)"],
    ["an unsigned date", () => signed({ leaveOut: ["date"] }), "date or x-date"],
    ["an old date", () => signed({ headers: { date: new Date(Date.now() - 6 * 60_000).toUTCString() } }), "5 minutes"],
    ["something that is no date", () => signed({ headers: { date: "yesterday" } }), "5 minutes"],
    ["an unknown key", () => signedHeaders(createSigner(), "GET", new URL(list), ""), "fingerprint"],
    [
      "a signature made with another key",
      () => signedHeaders({ ...createSigner(), fingerprint: cloud.signer.fingerprint }, "GET", new URL(list), ""),
      "does not verify",
    ],
    [
      "a signature for another path",
      () => signedHeaders(cloud.signer, "GET", new URL("/other", list), ""),
      "not verify",
    ],
    ["another version", () => replaced('version="1"', 'version="2"'), "version"],
    ["another algorithm", () => replaced("rsa-sha256", "hmac-sha256"), "algorithm"],
    ["an empty signature", () => replaced(/signature="[^"]*"/, 'signature=""'), "missing"],
  ];
  test.each(cases)("%s", async (_what, headers, text) => {
    const answer = await get(headers());
    expect(answer).toMatchObject({ status: 401, body: { code: "NotAuthenticated" } });
    expect(answer.body.message).toContain(text);
  });

  test.each(["content-length", "content-type", "x-content-sha256"])("a body with %s unsigned", async (name) => {
    const url = `${cloud.server.url}/20160918/domains`;
    const headers = signedHeaders(cloud.signer, "POST", new URL(url), "{}", { leaveOut: [name] });
    const answer = await cloud.send("POST", url, headers, "{}");
    expect(answer.status).toBe(401);
    expect(answer.body.message).toContain(name);
  });

  test("a body that is not the one that was signed", async () => {
    const url = `${cloud.server.url}/20160918/domains`;
    const headers = signedHeaders(cloud.signer, "POST", new URL(url), '{"a":1}');
    expect((await cloud.send("POST", url, headers, '{"a":2}')).body.message).toContain("x-content-sha256");
  });

  test("an unsigned SCIM request, in SCIM's form", async () => {
    const { url } = await cloud.createDomain();
    expect(await cloud.send("GET", `${url}/admin/v1/Apps`, {})).toMatchObject({
      status: 401,
      body: { schemas: expect.arrayContaining(["urn:ietf:params:scim:api:messages:2.0:Error"]), status: "401" },
    });
  });
});

test("without a key, checks the form of a signature only", async () => {
  const open = await Cloud.start({ callerPublicKey: undefined });
  try {
    const url = `${open.server.url}/20160918/domains?compartmentId=${compartmentId}`;
    const headers = signedHeaders(createSigner(), "GET", new URL(url), "");
    expect((await open.send("GET", url, headers)).status).toBe(200);
    expect((await open.send("GET", url, {})).status).toBe(401);
  } finally {
    await open.close();
  }
});

function signed(change: Parameters<typeof signedHeaders>[4]) {
  return signedHeaders(cloud.signer, "GET", new URL(list), "", change);
}

function replaced(from: string | RegExp, to: string) {
  const headers = signed({});
  return { ...headers, authorization: headers.authorization?.replace(from, to) as string };
}
