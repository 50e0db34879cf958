import { createHash, verify } from "node:crypto";
import { endpointUrl, type OciRequest } from "../../terraform-provider/oci-client";
import { type Answer, clientWithoutWaiting, type FakeApi, fakeApi, keys, type Received } from "./fake-api";

let api: FakeApi | undefined;

afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function serve(answer: (request: Received, count: number) => Answer): Promise<FakeApi> {
  api = await fakeApi(answer);
  return api;
}

function request(more: Partial<OciRequest> = {}): OciRequest {
  const path = "/admin/v1/Apps";
  return {
    service: "Identity Domains",
    operation: "CreateApp",
    method: "POST",
    endpoint: api?.url ?? "",
    path,
    ...more,
  };
}

test("signs method, path, query, host, date and the body", async () => {
  const { received, url } = await serve(() => ({ status: 200 }));
  const query: [string, string][] = [
    ["attributeSets", "all"],
    ["attributes", "name,scopes"],
  ];
  await clientWithoutWaiting().client.send(request({ query, body: { displayName: "Bestellungen für Köln" } }));

  const [{ headers, path, body }] = received as [Received];
  expect(path).toBe("/admin/v1/Apps?attributeSets=all&attributes=name%2Cscopes");
  const text = JSON.stringify(body);
  const names = "date (request-target) host content-length content-type x-content-sha256";
  const parts = new Map([...(headers.authorization ?? "").matchAll(/(\w+)="([^"]*)"/g)].map((m) => [m[1], m[2] ?? ""]));
  expect(headers.authorization).toMatch(/^Signature version="1",headers=/);
  expect(parts.get("headers")).toBe(names);
  expect(parts.get("keyId")).toBe("tenancy/user/fingerprint");
  expect(headers["x-content-sha256"]).toBe(createHash("sha256").update(text).digest("base64"));
  const values: Record<string, unknown> = { ...headers, "(request-target)": `post ${path}` };
  const signed = names.split(" ").map((name) => `${name}: ${values[name]}`);
  const signature = Buffer.from(parts.get("signature") ?? "", "base64");
  expect(verify("sha256", Buffer.from(signed.join("\n")), keys.publicKey, signature)).toBe(true);
  expect(headers.host).toBe(new URL(url).host);
});

test("signs three headers and sends no body length with GET and DELETE", async () => {
  const { received } = await serve(() => ({ status: 204 }));
  const { client } = clientWithoutWaiting();
  for (const method of ["GET", "DELETE"] as const) await client.send(request({ method }));
  for (const { headers } of received) expect(headers.authorization).toContain('headers="date (request-target) host"');
});

test.each([429, 409, 500, 503, 405, 422])(
  "repeats a request that is answered %i, with the same retry token",
  async (status) => {
    const { received } = await serve((_, count) => (count < 3 ? { status } : { status: 201, body: { id: "1" } }));
    const { client, waits } = clientWithoutWaiting();
    expect((await client.send(request({ retryToken: true }))).body).toEqual({ id: "1" });
    expect(received).toHaveLength(3);
    const tokens = new Set(received.map(({ headers }) => headers["opc-retry-token"]));
    expect(tokens.size).toBe(1);
    expect([...tokens][0]).toMatch(/^\w{32}$/);
    expect(new Set(received.map(({ headers }) => headers["opc-request-id"])).size).toBe(3);
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(1000);
      expect(wait).toBeLessThanOrEqual(2000 * (index + 1) ** 2);
    }
  },
);

test.each([400, 401, 403, 404, 412, 413])("does not repeat a request that is answered %i", async (status) => {
  const { received } = await serve(() => ({ status }));
  await expect(clientWithoutWaiting().client.send(request())).rejects.toMatchObject({ status });
  expect(received).toHaveLength(1);
});

test("stops after ten attempts at an identity domain", async () => {
  const { received } = await serve(() => ({ status: 500 }));
  await expect(clientWithoutWaiting().client.send(request())).rejects.toMatchObject({ status: 500 });
  expect(received).toHaveLength(10);
});

test("does not count the attempts at the Identity API", async () => {
  const { received } = await serve((_, count) => ({ status: count < 15 ? 500 : 200 }));
  await clientWithoutWaiting().client.send(request({ service: "Identity" }));
  expect(received).toHaveLength(15);
});

test("has ten minutes of patience with a 429 and two with other answers", async () => {
  const start = Date.now();
  const clock = jest.spyOn(Date, "now");
  const attempts = async (status: number, minutes: number) => {
    const { received, close, url } = await fakeApi(() => ({ status }));
    clock.mockImplementation(() => start + received.length * minutes * 60_000);
    const send = clientWithoutWaiting().client.send(request({ service: "Identity", endpoint: url }));
    await expect(send).rejects.toMatchObject({ status });
    await close();
    return received.length;
  };
  expect(await attempts(503, 1)).toBe(2);
  expect(await attempts(429, 5)).toBe(2);
  expect(await attempts(429, 1)).toBe(10);
  clock.mockRestore();
});

test("makes one attempt when retries are disabled, or their time is up, or a 409 is final", async () => {
  const { received } = await serve((_, count) => ({ status: count === 3 ? 409 : 500 }));
  await expect(clientWithoutWaiting({ disabled: true }).client.send(request())).rejects.toMatchObject({ status: 500 });
  await expect(clientWithoutWaiting({ durationSeconds: 0 }).client.send(request())).rejects.toMatchObject({
    status: 500,
  });
  await expect(clientWithoutWaiting({ not409: true }).client.send(request())).rejects.toMatchObject({ status: 409 });
  expect(received).toHaveLength(3);
});

test("reports an error of the Identity API by its code", async () => {
  const body = { code: "NotAuthorizedOrNotFound", message: "not found" };
  await serve(() => ({ status: 404, body, headers: { "opc-request-id": "4711/1" } }));
  await expect(clientWithoutWaiting().client.send(request({ query: [["attributes", "name"]] }))).rejects.toMatchObject({
    status: 404,
    code: "NotAuthorizedOrNotFound",
    reason: "not found",
    request: { target: `POST ${api?.url}/admin/v1/Apps?attributes=name`, operation: "CreateApp", id: "4711/1" },
  });
});

test("reports a SCIM error without its text, as the real provider's SDK does", async () => {
  const extension = "urn:ietf:params:scim:api:oracle:idcs:extension:messages:Error";
  const body = { detail: "no primary email", status: "400", [extension]: { messageId: "error.x" } };
  await serve(() => ({ status: 400, body }));
  const failure = clientWithoutWaiting().client.send(request());
  await expect(failure).rejects.toMatchObject({ status: 400, code: "BadErrorResponse", reason: "" });
});

test("waits as long as a domain's Retry-After says, where the real provider looks at it", async () => {
  const waitsAfter = async (status: number, service: OciRequest["service"], retryAfter: string) => {
    const { close, url } = await fakeApi((_, count) =>
      count === 1 ? { status, headers: { "retry-after": retryAfter } } : { status: 200 },
    );
    const { client, waits } = clientWithoutWaiting();
    await client.send(request({ service, endpoint: url })).finally(close);
    return waits;
  };
  for (const status of [409, 429, 503]) expect(await waitsAfter(status, "Identity Domains", "77")).toEqual([77_000]);
  for (const [status, service, retryAfter] of [
    [500, "Identity Domains", "77"],
    [503, "Identity", "77"],
    [503, "Identity Domains", "soon"],
  ] as const) {
    expect((await waitsAfter(status, service, retryAfter))[0]).toBeLessThanOrEqual(2000);
  }
});

test("reports an answer that is not JSON", async () => {
  await serve((_, count) => ({ status: count === 1 ? 200 : 400, body: "<html>" }));
  const { client } = clientWithoutWaiting();
  await expect(client.send(request())).rejects.toThrow("/admin/v1/Apps is not JSON");
  await expect(client.send(request())).rejects.toMatchObject({
    code: "BadErrorResponse",
    reason: expect.stringMatching(/^Failed to parse json .* With response body <html>\.$/),
  });
});

test("fails at once when nothing listens", async () => {
  const { url, close } = await fakeApi(() => ({ status: 200 }));
  await close();
  const { client, waits } = clientWithoutWaiting();
  await expect(client.send(request({ endpoint: url }))).rejects.toThrow(
    `cannot reach POST ${url}/admin/v1/Apps: connect ECONNREFUSED`,
  );
  expect(waits).toEqual([]);
});

test.each([
  "https://h/",
  "https://h/admin",
  "https://h?x=1",
  "https://h#x",
  "https://u:p@h",
  "ftp://h",
  "",
  "https://",
])("refuses the endpoint %j", (endpoint) => {
  expect(() => endpointUrl(endpoint)).toThrow("expected scheme://host[:port] without user info");
});

test("takes an endpoint with a port, and https when there is no scheme", () => {
  expect(endpointUrl("https://idcs-1.identity.oraclecloud.com:443").href).toBe(
    "https://idcs-1.identity.oraclecloud.com/",
  );
  expect(endpointUrl("http://127.0.0.1:8080").host).toBe("127.0.0.1:8080");
  expect(endpointUrl("idcs-1.example.com").protocol).toBe("https:");
});
