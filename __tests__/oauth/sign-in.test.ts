import { createServer, request } from "node:http";
import { connect } from "node:net";
import timers from "node:timers/promises";
import { decodeJwt } from "jose";
import { refresh } from "../../oauth/authorization-code";
import { signInWithBrowser } from "../../oauth/browser-sign-in";
import { clientCredentialsToken } from "../../oauth/client-credentials";
import { type DeviceCode, signInWithCode } from "../../oauth/device";
import { discover } from "../../oauth/discovery";
import { getToken } from "../../oauth/get-token";
import { ended, listening, portOf, serve } from "./server";

const origin = "https://domain.example.com";
const domain = {
  domainUrl: `${origin}:443`,
  authorizationEndpoint: `${origin}:443/oauth2/v1/authorize`,
  tokenEndpoint: `${origin}:443/oauth2/v1/token`,
  issuer: "https://identity.oraclecloud.com/",
};
const document = {
  issuer: domain.issuer,
  authorization_endpoint: domain.authorizationEndpoint,
  token_endpoint: domain.tokenEndpoint,
};

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const tokenWith = (claims: object) =>
  `${part({ alg: "RS256" })}.${part({ sub: "alice", aud: "https://a/", scope: "read", exp: 2e9, ...claims })}.c2ln`;
const accessToken = tokenWith({});
const good = { access_token: accessToken, token_type: "Bearer", expires_in: 3600 };

/** What the domain answers from now on, and what it was asked. */
const domainSays = {
  discovery: document as unknown,
  device: undefined as unknown,
  token: good as unknown,
  /** One after the other, in place of `token`; a status of 0 hangs up. */
  tokens: [] as { status: number; body: unknown }[],
  tokenRequests: [] as URLSearchParams[],
};
let close: () => Promise<void>;
beforeEach(async () => {
  Object.assign(domainSays, { discovery: document, token: good, tokens: [], tokenRequests: [] });
  close = await serve({
    [origin]: (incoming, response) => {
      const isToken = incoming.url === "/oauth2/v1/token";
      let body = "";
      incoming.on("data", (chunk) => {
        body += chunk;
      });
      incoming.on("end", () => {
        if (isToken) domainSays.tokenRequests.push(new URLSearchParams(body));
        const next = isToken ? domainSays.tokens.shift() : undefined;
        if (next?.status === 0) return void incoming.socket.destroy();
        if (next) response.statusCode = next.status;
        const isDevice = incoming.url?.includes("device");
        const answer = isToken ? (next?.body ?? domainSays.token) : isDevice ? domainSays.device : domainSays.discovery;
        response.setHeader("content-type", "application/json");
        response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
      });
    },
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await close();
});

/** Signs in with a browser that does as it is told when it is sent to the domain. */
async function signIn(browse: (redirectUri: string, state: string) => Promise<unknown>, timeoutSeconds = 60) {
  const reserved = await listening(createServer());
  const redirectUri = `http://127.0.0.1:${portOf(reserved)}/callback`;
  await ended(reserved);
  return signInWithBrowser({
    server: await discover(domain),
    clientId: "client",
    scopes: ["https://a/read"],
    redirectUris: [redirectUri],
    openid: false,
    offline: false,
    timeoutSeconds,
    open: async (url) => {
      await browse(redirectUri, url.searchParams.get("state") ?? "");
    },
    noteOn: () => undefined,
  });
}

interface Raw {
  readonly method?: string;
  readonly target?: string;
  readonly host?: string;
}

/** A request exactly as it is given. */
function call(redirectUri: string, { method = "GET", target = "/callback", host }: Raw): Promise<number> {
  const { hostname, port, host: expected } = new URL(redirectUri);
  return new Promise((resolve, reject) => {
    const headers = { host: host ?? expected };
    request({ hostname, port, method, path: target, headers, agent: false }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0));
    })
      .once("error", reject)
      .end();
  });
}

test("the awaited answer gives the token", async () => {
  const tokens = await signIn((uri, state) => call(uri, { target: `/callback?code=c&state=${state}` }));
  expect(tokens.accessToken).toBe(accessToken);
  expect(decodeJwt(tokens.accessToken).sub).toBe("alice");
  expect(domainSays.tokenRequests.map((body) => body.get("code"))).toEqual(["c"]);
});

const others: [string, (state: string) => Raw, number][] = [
  ["GET //", () => ({ target: "//" }), 404],
  ["GET //evil/callback", (state) => ({ target: `//evil/callback?code=x&state=${state}` }), 404],
  ["a target that is not a URL", () => ({ target: "http://[" }), 404],
  ["a whole URL for a target", (state) => ({ target: `http://127.0.0.1/callback?code=x&state=${state}` }), 404],
  ["*", () => ({ method: "OPTIONS", target: "*" }), 404],
  ["another path", (state) => ({ target: `/callback/?code=x&state=${state}` }), 404],
  ["a path with dots", (state) => ({ target: `/x/../callback?code=x&state=${state}` }), 404],
  ["another case", (state) => ({ target: `/Callback?code=x&state=${state}` }), 404],
  ["POST", (state) => ({ method: "POST", target: `/callback?code=x&state=${state}` }), 404],
  ["HEAD", (state) => ({ method: "HEAD", target: `/callback?code=x&state=${state}` }), 404],
  ["another host", (state) => ({ host: "evil.example.com", target: `/callback?code=x&state=${state}` }), 404],
  ["no state", () => ({ target: "/callback?code=x" }), 400],
  ["another state", () => ({ target: "/callback?code=x&state=guessed" }), 400],
  ["the state and another", (state) => ({ target: `/callback?code=x&state=${state}&state=guessed` }), 400],
  ["an error with another state", () => ({ target: "/callback?error=access_denied&state=guessed" }), 400],
  ["a broken escape", () => ({ target: "/callback?code=%E0%A4%A&state=%" }), 400],
  ["more than fits in a head", (state) => ({ target: `/callback?code=${"x".repeat(20_000)}&state=${state}` }), 431],
];

test.each(others)("%s is turned away and changes nothing", async (_what, raw, status) => {
  const tokens = await signIn(async (uri, state) => {
    expect(await call(uri, raw(state))).toBe(status);
    await call(uri, { target: `/callback?code=mine&state=${state}` });
  });
  expect(tokens.accessToken).toBe(accessToken);
  expect(domainSays.tokenRequests.map((body) => body.get("code"))).toEqual(["mine"]);
});

test("what is not HTTP, and a client that says nothing, are in nobody's way", async () => {
  const sockets: ReturnType<typeof connect>[] = [];
  const tokens = await signIn(async (uri, state) => {
    const port = Number(new URL(uri).port);
    for (const text of ["", "GET /call", "\u0016\u0003\u0001 not HTTP\r\n\r\n"]) {
      const socket = connect(port, "127.0.0.1")
        .resume()
        .on("error", () => {});
      socket.write(text);
      sockets.push(socket);
    }
    await call(uri, { target: `/callback?code=mine&state=${state}` });
  });
  expect(tokens.accessToken).toBe(accessToken);
  // The listener has gone, and its connections with it.
  await Promise.all(sockets.map((socket) => socket.closed || new Promise((resolve) => socket.once("close", resolve))));
});

test("a second answer is turned away while the first is worked on", async () => {
  let second = 0;
  const tokens = await signIn(async (uri, state) => {
    const first = call(uri, { target: `/callback?code=first&state=${state}` });
    second = await call(uri, { target: `/callback?code=second&state=${state}` }).catch(() => 0);
    await first;
  });
  expect(tokens.accessToken).toBe(accessToken);
  expect(domainSays.tokenRequests).toHaveLength(1);
  expect([0, 400]).toContain(second);
});

test("a browser that leaves before its page comes does not keep anybody waiting", async () => {
  const tokens = await signIn(async (uri, state) => {
    const socket = connect(Number(new URL(uri).port), "127.0.0.1");
    socket.write(`GET /callback?code=c&state=${state} HTTP/1.1\r\nHost: ${new URL(uri).host}\r\n\r\n`, () =>
      socket.destroy(),
    );
    await new Promise((resolve) => socket.once("close", resolve));
  });
  expect(tokens.accessToken).toBe(accessToken);
});

test("when nobody comes it ends", async () => {
  await expect(signIn(async () => {}, 0.01)).rejects.toMatchObject({ code: "no-sign-in" });
});

test("an answer of another authorization server is refused (RFC 9207)", async () => {
  const evil = encodeURIComponent("https://evil.example.com/");
  const come = (more: string) =>
    signIn((uri, state) => call(uri, { target: `/callback?code=c&state=${state}${more}` }));
  await expect(come(`&iss=${evil}`)).rejects.toThrow(/unexpected "iss"/);
  expect(domainSays.tokenRequests).toEqual([]);
  expect((await come(`&iss=${encodeURIComponent(domain.issuer)}`)).accessToken).toBe(accessToken);
  domainSays.discovery = { ...document, authorization_response_iss_parameter_supported: true };
  await expect(come("")).rejects.toThrow(/"iss"/);
});

describe("the discovery document", () => {
  test("is followed on the domain's own origin", async () => {
    domainSays.discovery = {
      ...document,
      end_session_endpoint: `${origin}/logout`,
      jwks_uri: "https://evil.example.com/",
    };
    expect(await discover(domain)).toEqual({
      issuer: domain.issuer,
      authorization_endpoint: domain.authorizationEndpoint,
      token_endpoint: domain.tokenEndpoint,
      end_session_endpoint: `${origin}/logout`,
    });
  });

  test("may name what the outputs name, wherever that is", async () => {
    const tokenEndpoint = "https://secure.example.com/token";
    domainSays.discovery = { ...document, token_endpoint: tokenEndpoint };
    expect((await discover({ ...domain, tokenEndpoint })).token_endpoint).toBe(tokenEndpoint);
    const plain = tokenEndpoint.replace("https", "http");
    domainSays.discovery = { ...document, token_endpoint: plain };
    await expect(discover({ ...domain, tokenEndpoint: plain })).rejects.toThrow(`names ${plain} as its token_endpoint`);
  });

  test.each([
    ["another host", "https://evil.example.com/x"],
    ["another port", `${origin}:8443/x`],
    ["plain HTTP", "http://domain.example.com/x"],
    ["a host that begins with the domain's", `${origin}.evil.example.com/x`],
    ["the domain as a user name", `${origin}@evil.example.com/x`],
    ["a script", "javascript:alert(1)"],
    ["a program", "vscode://file/etc/passwd"],
    ["a file", "file:///etc/passwd"],
    ["no URL", "x"],
  ])("that names %s is refused, for each endpoint", async (_what, url) => {
    for (const name of ["authorization_endpoint", "token_endpoint", "end_session_endpoint"]) {
      domainSays.discovery = { ...document, [name]: url };
      await expect(discover(domain)).rejects.toThrow(`names ${url} as its ${name}`);
    }
  });

  test.each([
    ["not JSON", "<html>"],
    ["null", null],
    ["a list", [document]],
    ["without an endpoint", { ...document, token_endpoint: undefined }],
    ["with an endpoint of a wrong type", { ...document, authorization_endpoint: [domain.authorizationEndpoint] }],
    ["with a wrong flag", { ...document, authorization_response_iss_parameter_supported: "yes" }],
  ])("that is %s is refused", async (_what, answer) => {
    domainSays.discovery = answer === null ? "null" : answer;
    await expect(discover(domain)).rejects.toMatchObject({
      code: "no-token",
      message: expect.stringMatching(/did not answer with a discovery document: /),
    });
  });
});

describe("the device endpoint", () => {
  const asked = {
    device_code: "code-0815",
    user_code: "BCDF-GHJK",
    verification_uri: `${origin}/ui/v1/device`,
    expires_in: 300,
  };
  const pending = { status: 400, body: { error: "authorization_pending" } };

  /** Waits for nobody, and says how long it would have. */
  async function withCode(device: object, tokens: typeof domainSays.tokens = []) {
    Object.assign(domainSays, { device: { ...asked, ...device }, tokens: [...tokens] });
    let time = Date.now();
    const waits: number[] = [];
    jest.spyOn(Date, "now").mockImplementation(() => time);
    jest.spyOn(timers, "setTimeout").mockImplementation(async (millis = 0) => {
      waits.push(millis / 1000);
      time += millis;
      return undefined as never;
    });
    const shown: DeviceCode[] = [];
    const outcome = await signInWithCode({
      ...{ server: await discover(domain), domainUrl: domain.domainUrl, clientId: "c", scopes: ["https://a/read"] },
      ...{ openid: false, offline: false, timeoutSeconds: 3600 },
      show: (code) => shown.push(code),
    }).catch((error: Error) => error.message);
    return { outcome, waits, shown };
  }

  test("names page, code, and the page with the code in it; how often it may be asked counts", async () => {
    const pageWithCode = `${origin}/ui/v1/device?user_code=BCDF-GHJK`;
    const slow = { status: 400, body: { error: "slow_down" } };
    const device = { verification_uri_complete: pageWithCode, interval: 7 };
    const { outcome, waits, shown } = await withCode(device, [pending, slow, pending]);
    expect(outcome).toMatchObject({ accessToken });
    expect(waits).toEqual([7, 7, 12, 12]);
    expect(shown).toEqual([
      {
        userCode: "BCDF-GHJK",
        page: new URL(asked.verification_uri),
        pageWithCode: new URL(pageWithCode),
        expiresIn: 300,
      },
    ]);
    const [first] = domainSays.tokenRequests;
    expect(Object.fromEntries(first ?? [])).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: "code-0815",
      client_id: "c",
    });
  });

  test("that is named by the discovery document is asked there, on the domain's origin only", async () => {
    domainSays.discovery = { ...document, device_authorization_endpoint: `${origin}/other/device` };
    expect((await withCode({})).outcome).toMatchObject({ accessToken });
    domainSays.discovery = { ...document, device_authorization_endpoint: "https://evil.example.com/device" };
    await expect(withCode({})).rejects.toThrow(/names https:\/\/evil.example.com\/device as its device_auth/);
  });

  test.each([
    [
      "a page of another host",
      { verification_uri: "https://evil.example.com/" },
      /names .*evil.* as its verification_uri/,
    ],
    ["a page that is a program", { verification_uri: "javascript:alert(1)" }, /as its verification_uri/],
    [
      "a page of another host with the code in it",
      { verification_uri_complete: `${origin}.evil.example.com/?c=BCDF` },
      /as its verification_uri_complete/,
    ],
    [
      "a code of two lines",
      { user_code: "B\nopen https://evil.example.com/" },
      /user_code: expected 1 to 64 printable/,
    ],
    ["a code that drives a terminal", { user_code: "\u001b[2J" }, /user_code: expected/],
    ["a page-long code", { user_code: "B".repeat(65) }, /user_code: expected/],
    ["no code", { user_code: undefined }, /is not an OAuth response/],
    ["a code of another type", { user_code: ["B"] }, /is not an OAuth response/],
    ["no expiry", { expires_in: undefined }, /is not an OAuth response/],
    ["a pace of another type", { interval: "5" }, /is not an OAuth response/],
  ])("that answers with %s is refused, and nothing is shown", async (_what, device, message) => {
    expect(await withCode(device)).toEqual({ outcome: expect.stringMatching(message), waits: [], shown: [] });
  });

  test("whose page is plain http is not shown as such", async () => {
    const { shown } = await withCode({ verification_uri: "http://domain.example.com/ui/v1/device" });
    expect(shown[0]?.page.href).toBe(`${origin}/ui/v1/device`);
  });

  test.each([
    ["too short", { interval: 0.001 }, [1, 1]],
    ["longer than the code lives", { interval: 1e12 }, [300]],
  ])("that names a pace %s makes nobody hurry or wait for ever", async (_what, device, waits) => {
    expect((await withCode(device, [...waits.slice(1).map(() => pending)])).waits).toEqual(waits);
  });

  test("a code that lives for ever is given up after the time that was given", async () => {
    const { outcome, waits } = await withCode({ expires_in: 1e12, interval: 1800 }, [pending, pending]);
    expect([outcome, waits]).toEqual([expect.stringMatching(/within 3600 s/), [1800, 1800]]);
  });

  test("a domain that hangs up, or says 400 and no more, is asked again, less and less often", async () => {
    const silent = [
      { status: 0, body: "" },
      { status: 400, body: {} },
    ];
    const late = await withCode({}, silent);
    expect([late.outcome, late.waits]).toEqual([expect.objectContaining({ accessToken }), [5, 10, 20]]);
    const never = await withCode({}, Array(9).fill(silent[1]));
    expect(never.outcome).toMatch(/nobody used the code within 300 s.*when it was last asked, the domain answered 400/);
    expect(never.waits).toEqual([5, 10, 20, 40, 80, 145]);
  });

  test.each([
    ["an error that is final", { status: 400, body: { error: "invalid_grant" } }, /400 invalid_grant/],
    ["an error of its own", { status: 500, body: {} }, /is not an OAuth response/],
    [
      "a token of another client",
      { status: 200, body: { ...good, access_token: tokenWith({ client_id: "other" }) } },
      /a token of another client, other: it is not used/,
    ],
    [
      "an error that quotes the code",
      { status: 400, body: { error: "access_denied", error_description: "no-code-0815" } },
      /access_denied, no-\(hidden\);/,
    ],
  ])("that answers with %s ends it at once", async (_what, answer, message) => {
    const { outcome, waits } = await withCode({}, [answer]);
    expect([outcome, waits]).toEqual([expect.stringMatching(message), [5]]);
  });
});

describe("the token endpoint", () => {
  const ask = () =>
    clientCredentialsToken({
      tokenEndpoint: domain.tokenEndpoint,
      clientId: "c",
      clientSecret: "idcscs-SECRET",
      scopes: ["x"],
    });

  test.each([
    ["names it", { client_id: "c" }],
    ["has it for its subject", { sub: "c", sub_type: "client" }],
    ["names it, whatever its subject is", { client_id: "c", sub: "hello-api", sub_type: "client" }],
  ])("gives a token of the client, which %s", async (_what, claims) => {
    domainSays.token = { ...good, access_token: tokenWith(claims) };
    expect(await ask()).toMatchObject({ accessToken: tokenWith(claims) });
  });

  test("gives no token of another client to whoever signs in with the browser or refreshes", async () => {
    domainSays.token = { ...good, access_token: tokenWith({ client_id: "other" }) };
    const server = await discover(domain);
    const of = { server, clientId: "c", scopes: ["https://a/read"] };
    const refused = {
      code: "no-token",
      message: expect.stringMatching(/a token of another client, other: it is not u/),
    };
    await expect(refresh(of, "r")).rejects.toMatchObject(refused);
    await expect(
      signIn((uri, state) => call(uri, { target: `/callback?code=c&state=${state}` })),
    ).rejects.toMatchObject(refused);
  });

  test.each<[string, unknown, boolean]>([
    ["this audience", "https://a/", true],
    ["it without its slash", "https://a", true],
    ["it and others", ["https://b/", "https://a/"], true],
    ["nobody", undefined, true],
    ["somebody else", "https://b/", false],
    ["somebody whose name begins the same", "https://a/b/", false],
    ["others", ["https://b/", "https://c/"], false],
    ["none of a list", [], false],
  ])("gives a token for %s, which is used or not", async (_what, aud, isUsed) => {
    domainSays.token = { ...good, access_token: tokenWith({ aud }) };
    const outcome = await getToken({ cache: undefined, scopes: [], audience: "https://a/", grant: ask }).catch(
      ({ code }) => code,
    );
    expect(outcome === "no-token").toBe(!isUsed);
  });

  test("gives a token with its expiry", async () => {
    const before = Math.floor(Date.now() / 1000);
    const { expiresAt } = await ask();
    expect(expiresAt).toBeGreaterThanOrEqual(before + 3600);
    domainSays.token = { ...good, expires_in: undefined };
    // One that does not say when it expires is not kept.
    expect((await ask()).expiresAt).toBeLessThanOrEqual(Date.now() / 1000);
  });

  test.each([
    ["not JSON", "<html>"],
    ["null", "null"],
    ["a list", [good]],
    ["without a token", { ...good, access_token: undefined }],
    ["with a token of another type", { ...good, access_token: { toString: "x" } }],
    ["with a token that is not a JWT", { ...good, access_token: "opaque" }],
    ["with a token that drives a terminal", { ...good, access_token: "\u001b[2Ja.b.c" }],
    ["with a token and more", { ...good, access_token: `Bearer ${accessToken}` }],
    ["with a token of another client", { ...good, access_token: tokenWith({ client_id: "other" }) }],
    ["with a token of several clients", { ...good, access_token: tokenWith({ client_id: ["c", "other"] }) }],
    [
      "with a token of another client, named by its subject alone",
      { ...good, access_token: tokenWith({ sub: "other", sub_type: "client" }) },
    ],
    ["with a token of another kind", { ...good, token_type: "mac" }],
    ["with an expiry beyond all dates", { ...good, expires_in: 1e300 }],
    ["with an expiry in the past", { ...good, expires_in: -1 }],
    ["with an expiry in words", { ...good, expires_in: "soon" }],
    ["with a refresh token of another type", { ...good, refresh_token: 5 }],
    ["with a refresh token of two lines", { ...good, refresh_token: "a\nb" }],
    ["with an error of another type", { error: { a: 1 } }],
  ])("that answers %s is refused without quoting it", async (_what, answer) => {
    domainSays.token = answer;
    const error = await ask().then(
      () => new Error("taken"),
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code: "no-token", message: expect.not.stringMatching(/eyJ|SECRET|\[2J|opaque/) });
  });
});
