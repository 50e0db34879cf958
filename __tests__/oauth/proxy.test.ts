import { createServer, type Server } from "node:http";
import { request } from "undici";
import { proxyDispatcher, useProxy } from "../../oauth/proxy";
import { ConnectProxy } from "./connect-proxy";
import { ended, listening, portOf } from "./server";

let target: Server;
let proxy: ConnectProxy;
beforeEach(async () => {
  target = await listening(createServer((_request, response) => response.end("reached")));
  proxy = await ConnectProxy.start(() => portOf(target));
});
afterEach(async () => {
  await proxy.close();
  await ended(target);
});

async function get(url: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const dispatcher = proxyDispatcher(environment);
  if (!dispatcher) throw new Error("no proxy");
  try {
    const { body } = await request(url, { dispatcher });
    return await body.text();
  } finally {
    await dispatcher.destroy();
  }
}

test.each(["HTTP_PROXY", "http_proxy"])("a request goes through the proxy that %s names, once", async (name) => {
  expect(await get("http://api.example.com/x", { [name]: `http://${proxy.host}` })).toBe("reached");
  expect(proxy.connects).toEqual([{ target: "api.example.com:80", authorization: undefined }]);
});

test("a proxy may be named without its scheme, and with credentials", async () => {
  await get("http://api.example.com/x", { HTTP_PROXY: `me:PASS@${proxy.host}` });
  expect(proxy.connects[0]?.authorization).toBe(`Basic ${Buffer.from("me:PASS").toString("base64")}`);
});

test.each(["127.0.0.1", "*", "*, x", "example.com 127.0.0.1", "x,127.0.0.1"])(
  "with NO_PROXY=%s the host is called directly",
  async (noProxy) => {
    const environment = { HTTP_PROXY: `http://${proxy.host}`, NO_PROXY: noProxy };
    expect(await get(`http://127.0.0.1:${portOf(target)}/x`, environment)).toBe("reached");
    expect(proxy.connects).toEqual([]);
  },
);

test("without a proxy, or with an empty one, there is none", () => {
  expect(proxyDispatcher({})).toBeUndefined();
  expect(proxyDispatcher({ HTTPS_PROXY: "", NO_PROXY: "*" })).toBeUndefined();
});

test.each(["http://", "ftp://me:PASS@proxy", "me:PASS@", "socks5://me:PASS@proxy"])(
  "%s is not the URL of a proxy, and is not shown",
  (value) => {
    const failing = () => useProxy({ HTTPS_PROXY: value });
    expect(failing).toThrow(/^HTTPS_PROXY does not hold the URL of a proxy/);
    expect(failing).not.toThrow(/PASS/);
  },
);
