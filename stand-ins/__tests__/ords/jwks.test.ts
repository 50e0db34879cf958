import { once } from "node:events";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { type CertificateAuthority, createCertificateAuthority } from "../../certificates";
import { createKeySource } from "../../ords/jwks";
import { defaultJwtSettings } from "../../ords/settings";

const body = JSON.stringify({ keys: [{ kid: "1" }, { kid: "2" }] });
let authority: CertificateAuthority;
let server: Server;
let url: string;
let answer: RequestListener;
let requests: IncomingMessage[];

beforeAll(async () => {
  authority = await createCertificateAuthority();
  server = createServer(await authority.issue(), (request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `https://localhost:${(server.address() as AddressInfo).port}/jwk`;
});
beforeEach(() => {
  requests = [];
  answer = (_, response) => response.end(body);
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
});

function keySource(settings: Partial<typeof defaultJwtSettings> = {}) {
  return createKeySource({ ...defaultJwtSettings, ...settings }, authority.certPem);
}

test("finds a key, asking without authentication and once per refresh interval", async () => {
  const keys = keySource();
  expect(await keys.find(url, "1")).toEqual({ kid: "1" });
  expect(await keys.find(url, "2")).toEqual({ kid: "2" });
  expect(requests).toHaveLength(1);
  expect(requests[0]!.headers).not.toHaveProperty("authorization");
  expect(requests[0]!.headers).not.toHaveProperty("cookie");
});

test("requests at the same time share one fetch", async () => {
  const keys = keySource();
  await Promise.all([keys.find(url, "1"), keys.find(url, "2")]);
  expect(requests).toHaveLength(1);
});

test("does not ask again for an unknown key before the refresh interval is over", async () => {
  const keys = keySource();
  await expect(keys.find(url, "3")).rejects.toMatchObject({ reason: "unknown_key" });
  answer = (_, response) => response.end(JSON.stringify({ keys: [{ kid: "3" }] }));
  await expect(keys.find(url, "3")).rejects.toMatchObject({ reason: "unknown_key" });
  expect(requests).toHaveLength(1);
});

test("after the refresh interval a new key is found and a withdrawn one is not", async () => {
  const keys = keySource({ "security.jwks.refresh.interval": 0 });
  await keys.find(url, "1");
  answer = (_, response) => response.end(JSON.stringify({ keys: [{ kid: "3" }] }));
  expect(await keys.find(url, "3")).toEqual({ kid: "3" });
  await expect(keys.find(url, "1")).rejects.toMatchObject({ reason: "unknown_key" });
});

test("after the refresh interval a JWKS that is no longer public is refused", async () => {
  const keys = keySource({ "security.jwks.refresh.interval": 0 });
  await keys.find(url, "1");
  answer = (_, response) => response.writeHead(401).end();
  await expect(keys.find(url, "1")).rejects.toMatchObject({ reason: "jwks_unreachable" });
});

test("a failure is not kept", async () => {
  const keys = keySource();
  answer = (_, response) => response.writeHead(401).end();
  await expect(keys.find(url, "1")).rejects.toMatchObject({ reason: "jwks_unreachable" });
  answer = (_, response) => response.end(body);
  expect(await keys.find(url, "1")).toEqual({ kid: "1" });
});

test.each(["http://localhost/jwk", "HTTP://localhost/jwk", "file:///jwk", "localhost/jwk", ""])(
  "refuses a JWK URL that does not begin with https://: %p",
  async (wrong) => {
    await expect(keySource().find(wrong, "1")).rejects.toMatchObject({ reason: "jwks_not_https" });
  },
);

test("refuses a JWK URL with credentials", async () => {
  const withUser = url.replace("://", "://user:secret@");
  await expect(keySource().find(withUser, "1")).rejects.toMatchObject({ reason: "jwks_unreachable" });
  expect(requests).toHaveLength(0);
});

test.each([201, 204, 401, 403, 404, 500])("refuses status %d", async (status) => {
  answer = (_, response) => response.writeHead(status).end(status === 204 ? undefined : body);
  await expect(keySource().find(url, "1")).rejects.toMatchObject({ reason: "jwks_unreachable" });
});

test("does not follow a redirect", async () => {
  answer = (request, response) =>
    request.url === "/jwk" ? response.writeHead(302, { location: "/other" }).end() : response.end(body);
  await expect(keySource().find(url, "1")).rejects.toMatchObject({ reason: "jwks_unreachable" });
  expect(requests).toHaveLength(1);
});

test("refuses a server whose certificate it does not trust", async () => {
  await expect(createKeySource(defaultJwtSettings).find(url, "1")).rejects.toMatchObject({
    reason: "jwks_unreachable",
  });
});

test("takes a body of exactly the allowed size and refuses one byte more", async () => {
  const fits = keySource({ "security.jwks.size": body.length });
  expect(await fits.find(url, "1")).toEqual({ kid: "1" });
  const tooSmall = keySource({ "security.jwks.size": body.length - 1 });
  await expect(tooSmall.find(url, "1")).rejects.toMatchObject({ reason: "jwks_too_large" });
});

test("stops reading an endless body", async () => {
  answer = (_, response) => {
    const more = (): void => {
      if (!response.destroyed) response.write(Buffer.alloc(10_000, " "), () => setImmediate(more));
    };
    more();
  };
  await expect(keySource().find(url, "1")).rejects.toMatchObject({ reason: "jwks_too_large" });
});

test.each(["", "not json", "null", "[]", "{}", '{"keys":{}}', '{"keys":[null]}', '{"keys":["1"]}'])(
  "refuses the body %p",
  async (wrong) => {
    answer = (_, response) => response.end(wrong);
    await expect(keySource().find(url, "1")).rejects.toMatchObject({ reason: "jwks_invalid" });
  },
);

test("refuses a body that breaks off", async () => {
  answer = (_, response) => {
    response.writeHead(200, { "content-length": body.length });
    response.write(body.slice(0, 10), () => response.destroy());
  };
  await expect(keySource().find(url, "1")).rejects.toMatchObject({ reason: "jwks_unreachable" });
});

test("gives up on a server that does not answer", async () => {
  answer = () => {};
  const keys = keySource({ "security.jwks.read.timeout": 0.1 });
  await expect(keys.find(url, "1")).rejects.toMatchObject({
    reason: "jwks_unreachable",
    message: expect.stringContaining("in time"),
  });
});

test("gives up on a server that stops in the middle of the body", async () => {
  answer = (_, response) => response.write(body.slice(0, 10));
  const keys = keySource({ "security.jwks.read.timeout": 0.1 });
  await expect(keys.find(url, "1")).rejects.toMatchObject({
    reason: "jwks_unreachable",
    message: expect.stringContaining("in time"),
  });
});

test("gives up on a server that takes the connection and never speaks TLS", async () => {
  const sockets: Socket[] = [];
  const silent = createTcpServer((socket) => sockets.push(socket)).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const silentUrl = `https://127.0.0.1:${(silent.address() as AddressInfo).port}/jwk`;
  try {
    const keys = keySource({ "security.jwks.connection.timeout": 0.1 });
    const outcome = { reason: "jwks_unreachable", message: expect.stringContaining("in time") };
    await expect(keys.find(silentUrl, "1")).rejects.toMatchObject(outcome);
  } finally {
    for (const socket of sockets) socket.destroy();
    silent.close();
    await once(silent, "close");
  }
});

test("refuses a port nobody listens on", async () => {
  const free = createTcpServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const { port } = free.address() as AddressInfo;
  free.close();
  await once(free, "close");
  await expect(keySource().find(`https://127.0.0.1:${port}/jwk`, "1")).rejects.toMatchObject({
    reason: "jwks_unreachable",
  });
});
