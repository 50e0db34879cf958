import { createServer, type RequestListener } from "node:http";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { send } from "../../oauth/http";
import { callApi } from "../../oauth/protected-resource";
import { ended, listening, portOf } from "./server";

/** Calls a server that answers so. */
async function answered(listener: RequestListener, path = "/"): Promise<Response> {
  const server = await listening(createServer(listener));
  try {
    return await send(`http://127.0.0.1:${portOf(server)}${path}`);
  } finally {
    await ended(server);
  }
}

test("an answer comes whole and decompressed", async () => {
  const response = await answered((_request, response) =>
    response.writeHead(203, { "content-encoding": "gzip", "x-more": "1" }).end(gzipSync("hello")),
  );
  expect([response.status, await response.text(), response.headers.get("x-more")]).toEqual([203, "hello", "1"]);
});

test.each([204, 304])("an answer of status %d has no body", async (status) => {
  const response = await answered((_request, response) => response.writeHead(status).end());
  expect([response.status, await response.text()]).toEqual([status, ""]);
});

test("a redirect is not followed", async () => {
  const asked: (string | undefined)[] = [];
  const response = await answered((request, response) => {
    asked.push(request.url);
    response.writeHead(302, { location: "https://elsewhere.example.com/" }).end();
  });
  expect([response.status, response.headers.get("location"), asked]).toEqual([
    302,
    "https://elsewhere.example.com/",
    ["/"],
  ]);
});

const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
const bomb = Buffer.alloc(5_000_000);
test.each<[string, RequestListener]>([
  ["long", (_request, response) => response.end(bomb)],
  [
    "compressed (gzip)",
    (_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(bomb)),
  ],
  [
    "compressed (br)",
    (_request, response) => response.writeHead(200, { "content-encoding": "br" }).end(brotliCompressSync(bomb, quick)),
  ],
  [
    "endless",
    (_request, response) => {
      const more = () => {
        while (response.writable && response.write(bomb.subarray(0, 65_536)));
      };
      response.on("drain", more);
      more();
    },
  ],
])("an answer that is too %s is cut off", async (_what, listener) => {
  await expect(answered(listener)).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:\d+\/ answered with more than 1000000 bytes$/,
  );
});

test("of an API's answer the beginning is enough", async () => {
  const server = await listening(createServer((_request, response) => response.end(bomb)));
  const { status, body } = await callApi(`http://127.0.0.1:${portOf(server)}/`).finally(() => ended(server));
  expect(status).toBe(200);
  expect(body.length).toBeLessThanOrEqual(1_000_000);
});

test("a server that says nothing is not waited for for ever", async () => {
  const timeout = jest
    .spyOn(AbortSignal, "timeout")
    .mockReturnValue(AbortSignal.abort(new DOMException("", "TimeoutError")));
  try {
    await expect(answered(() => {})).rejects.toThrow(/ cannot be reached: no complete answer within 10 s$/);
    expect(timeout).toHaveBeenCalledWith(10_000);
  } finally {
    timeout.mockRestore();
  }
});

test.each<[string, RequestListener]>([
  ["is cut off", (request) => request.socket.destroy()],
  [
    "is shorter than it says",
    (request, response) => {
      response.writeHead(200, { "content-length": 10 }).write("short");
      setImmediate(() => request.socket.destroy());
    },
  ],
  ["is not HTTP", (request) => request.socket.end("SSH-2.0-OpenSSH\r\n")],
  [
    "is not what it is compressed with",
    (_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("plain"),
  ],
])("an answer that %s is named with its URL and the reason", async (_what, listener) => {
  const error: Error = await answered(listener, "/token").then(
    () => new Error("answered"),
    (thrown) => thrown,
  );
  expect(error.message).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/token cannot be reached: ./);
  expect(error.message).not.toMatch(/fetch failed|undefined/);
});

test("a port that nobody listens at is named", async () => {
  const server = await listening(createServer());
  const port = portOf(server);
  await ended(server);
  await expect(send(`http://127.0.0.1:${port}/x`)).rejects.toMatchObject({
    message: `http://127.0.0.1:${port}/x cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}`,
    code: "unavailable",
  });
});

test("a password in a URL is refused and not shown, and what is not a URL is named", async () => {
  const error: Error = await send("https://me:PASS@api.example.com/x").then(
    () => new Error("sent"),
    (thrown) => thrown,
  );
  expect(error.message).toBe("https://api.example.com/x was given with a user or password in it: leave them out");
  await expect(send("hello")).rejects.toThrow("hello is not a URL");
});
