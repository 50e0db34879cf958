import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { refresh } from "../oauth/authorization-code";
import { signInWithBrowser } from "../oauth/browser-sign-in";
import { discover } from "../oauth/discovery";
import { type Row, spread, Tally } from "./row";
import { watchFetch } from "./watched-fetch";

const origin = "https://domain.example.com";
const known = {
  domainUrl: origin,
  authorizationEndpoint: `${origin}/oauth2/v1/authorize`,
  tokenEndpoint: `${origin}/oauth2/v1/token`,
  issuer: "https://identity.oraclecloud.com/",
};
const document = {
  issuer: known.issuer,
  authorization_endpoint: known.authorizationEndpoint,
  token_endpoint: known.tokenEndpoint,
  authorization_response_iss_parameter_supported: true,
};

const scripts = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "'-alert(1)-'",
  "</p></main><iframe src=javascript:alert(1)>",
  "{{7*7}}${7*7}",
  "\r\nset-cookie: a=b\r\n\r\n<script>alert(1)</script>",
  "\u202e\u0007\u001b[2J\u009b31m",
  "&lt;script&gt;&#60;svg onload=alert(1)>",
];

const promises = [
  "accepted",
  "sign-in lost",
  "echoed",
  "long answer",
  "readable by a page",
  "requests elsewhere",
] as const;

/** What comes back from the sign-in. */
interface Outcome {
  readonly token?: string;
  readonly error?: Error;
}

/** A sign-in that waits, and what an attacker or a browser may do to it. */
interface Waiting {
  readonly uri: URL;
  /** Of the request that the browser was sent to the domain with. */
  readonly asked: URLSearchParams;
  /** A code that the domain gives to whoever signs in there. */
  code(challenge?: string): string;
}

export const oauthClient: Row = {
  name: "oauth-client",
  promise:
    "whatever else comes to the listener of `token` gets a short answer and changes nothing, and the awaited sign-in still succeeds; an answer that is replayed, injected, mixed up or not bound to this sign-in gives no token; no value on a page is markup",
  async run(limit) {
    const tally = new Tally(promises);
    const domain = await Domain.start();
    try {
      await strangers(domain, tally, limit);
      await crowds(domain, tally, limit === undefined ? 1_000 : 20);
      await badAnswers(domain, tally, limit);
      await goodOnes(domain, tally, limit ?? 100);
      await refreshes(domain, tally);
      return tally.result();
    } finally {
      await domain.close();
    }
  },
};

/** Requests that are not the awaited one, each followed by the one that is. */
async function strangers(domain: Domain, tally: Tally, limit: number | undefined): Promise<void> {
  const earlier = await domain.signIn(async () => {}, { timeoutSeconds: 0.01 });
  const good = (target: string, more: Partial<Raw> = {}): Raw => ({ method: "GET", target, ...more });
  const requests: [string, (state: string) => Raw][] = [];
  const add = (what: string, raw: (state: string) => Raw) => requests.push([what, raw]);
  for (const method of ["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "TRACE", "PATCH"]) {
    for (const path of [
      "/",
      "//",
      "/callback/",
      "/Callback",
      "/callback%2f",
      "/x/../callback",
      "/./callback",
      "//callback",
      "/callback;x",
      "//evil.example.com/callback",
      "http://evil.example.com/callback",
      "/favicon.ico",
      "/.well-known/x",
      "*",
      `/${"a".repeat(8_000)}`,
    ])
      add(`${method} ${path.slice(0, 40)}`, (state) => good(`${path}?code=evil&state=${state}`, { method }));
    if (method !== "GET")
      add(`${method} with the state`, (state) => good(`/callback?code=evil&state=${state}`, { method }));
  }
  const states: [string, (state: string) => string][] = [
    ["no state", () => ""],
    ["an empty state", () => "&state="],
    ["another state", () => "&state=guessed"],
    ["the state of an earlier sign-in", () => `&state=${earlier.state}`],
    ["part of the state", (state) => `&state=${state.slice(0, -1)}`],
    ["more than the state", (state) => `&state=${state}x`],
    ["the state twice", (state) => `&state=${state}&state=${state}`],
    ["the state and another", (state) => `&state=${state}&state=x`],
    ["another and the state", (state) => `&state=x&state=${state}`],
    ["the state in other letters", (state) => `&state=${state.toUpperCase()}x`],
    ["the state as a list", (state) => `&state[]=${state}`],
    ["the state by another name", (state) => `&STATE=${state}`],
    ["the state behind a fragment", (state) => `#&state=${state}`],
    ["the state with a line break", (state) => `&state=${state}%0d%0a`],
    ["a state that is a name of objects", () => "&state=__proto__&state=constructor"],
    ["a state of 8,000 characters", () => `&state=${"x".repeat(8_000)}`],
    ["a broken escape", () => "&state=%E0%A4%A"],
    ...scripts.map((text): [string, () => string] => [
      `markup for a state: ${text}`,
      () => `&state=${encodeURIComponent(text)}`,
    ]),
  ];
  for (const [what, query] of states) {
    add(what, (state) => good(`/callback?code=evil${query(state)}`));
    add(`an error with ${what}`, (state) => good(`/callback?error=access_denied${query(state)}`));
  }
  for (const host of [
    "evil.example.com",
    "localhost",
    "127.0.0.1",
    "127.0.0.1:1",
    "[::1]",
    "0.0.0.0",
    "127.0.0.1.evil.example.com",
    "evil.example.com@127.0.0.1",
    "",
    "x\ty",
  ])
    add(`Host ${JSON.stringify(host)} with the state`, (state) => good(`/callback?code=evil&state=${state}`, { host }));
  for (const text of scripts) {
    const value = encodeURIComponent(text);
    for (const name of ["code", "error", "error_description", "iss", "session_state", text])
      add(`markup for ${name} without the state`, () =>
        good(`/callback?${encodeURIComponent(name)}=${value}&state=guessed`),
      );
    add(`markup in the path`, () => good(`/callback/${value}`));
    add(`markup in a header`, () => good("/x", { headers: [`origin: https://evil.example.com`, `referer: ${value}`] }));
  }
  add("a page that asks by script", () =>
    good("/callback?state=guessed", { headers: ["origin: https://evil.example.com", "sec-fetch-mode: cors"] }),
  );
  add("a preflight", () =>
    good("/callback", {
      method: "OPTIONS",
      headers: [
        "origin: https://evil.example.com",
        "access-control-request-method: GET",
        "access-control-request-private-network: true",
      ],
    }),
  );
  add("a WebSocket", () =>
    good("/callback", {
      headers: [
        "upgrade: websocket",
        "connection: upgrade",
        "sec-websocket-version: 13",
        "sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==",
      ],
    }),
  );
  add("a head of 20,000 characters", () => good("/callback", { headers: [`x: ${"x".repeat(20_000)}`] }));
  add("two bodies", () =>
    good("/callback?state=guessed", { method: "POST", headers: ["content-length: 3", "transfer-encoding: chunked"] }),
  );
  for (const bytes of [
    "\u0000\u0001\u0002",
    "\u0016\u0003\u0001\u0002\u0000",
    "GET\r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    " / \r\n\r\n",
    "CONNECT evil.example.com:443 HTTP/1.1\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\r\n\r\n\r\n",
    "GET /callback HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
  ])
    add(`bytes ${JSON.stringify(bytes)}`, () => ({ bytes }));

  const chosen = spread(requests, limit && 20);
  // A sign-in for some of them each.
  for (let from = 0; from < chosen.length; from += 20) {
    const some = chosen.slice(from, from + 20);
    const seen: [string, Raw, string][] = [];
    const outcome = await domain.signIn(async ({ uri, asked, code }) => {
      for (const [what, raw] of some) {
        const sent = raw(asked.get("state")!);
        seen.push([what, sent, await call(uri, sent)]);
      }
      await call(uri, { method: "GET", target: goodTarget(asked, code()) });
    });
    for (const [what, sent, answer] of seen) tally.add(what, turnedAway(answer, sent));
    tally.add(`the awaited answer after ${some.map(([what]) => what).join(", ")}`, {
      "sign-in lost": outcome.token === domain.token ? undefined : String(outcome.error),
      accepted: outcome.requests === 1 ? undefined : `${outcome.requests} requests for a token`,
      "requests elsewhere": domain.strangersSince(),
    });
  }
}

/** What of others is markup on a page, or drives whoever reads it. */
function obeyedIn(page: string): string | undefined {
  const markup = scripts.filter((text) => /[<>'"]/.test(text)).find((text) => page.includes(text));
  const control = /(?![\r\n])[\p{Cc}\p{Bidi_Control}]/u.exec(page);
  return markup ?? (control ? JSON.stringify(page.slice(control.index - 40, control.index + 40)) : undefined);
}

function goodTarget(asked: URLSearchParams, code: string): string {
  return `/callback?code=${code}&state=${asked.get("state")}&iss=${encodeURIComponent(known.issuer)}`;
}

/** A short answer in which nothing is of the request, for nobody else to read; or none. */
function turnedAway(answer: string, sent: Raw) {
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(answer) ?? [];
  const isRefusal = answer === "" || (status !== undefined && Number(status) >= 400 && Number(status) < 500);
  const markup = [...scripts, "evil", "alert(1)"].filter((text) => answer.includes(text));
  return {
    accepted: isRefusal ? undefined : answer.slice(0, 200),
    "long answer":
      answer.length <= 500 ? undefined : `${answer.length} characters to ${JSON.stringify(sent).slice(0, 100)}`,
    echoed: markup.length === 0 ? undefined : answer,
    "readable by a page": /access-control-allow|set-cookie|^location/im.test(answer) ? answer : undefined,
  };
}

/** Many who say little, and who stay. */
async function crowds(domain: Domain, tally: Tally, count: number): Promise<void> {
  const beginnings = [
    "",
    "G",
    "GET /callback HTTP/1.1\r\nHost: ",
    "POST /callback HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n",
    "GET /callback?state=x HTTP/1.1\r\nhost: x\r\n\r\n",
  ];
  for (const beginning of beginnings) {
    const sockets: Socket[] = [];
    const outcome = await domain.signIn(async ({ uri, asked, code }) => {
      for (let index = 0; index < count; index++) {
        const socket = connect(Number(uri.port), uri.hostname).on("error", () => {});
        sockets.push(socket);
        await once(socket, "connect");
        socket.write(beginning);
        if (index % 2) socket.pause();
      }
      await call(uri, { method: "GET", target: goodTarget(asked, code()) });
    });
    const ended = Promise.all(sockets.map((socket) => socket.resume().closed || once(socket, "close")));
    await ended;
    tally.add(`${count} connections that say ${JSON.stringify(beginning)}`, {
      "sign-in lost": outcome.token === domain.token ? undefined : String(outcome.error),
    });
  }
}

/** Answers with the state of this sign-in that are not the domain's, or not for it. */
async function badAnswers(domain: Domain, tally: Tally, limit: number | undefined): Promise<void> {
  const iss = `&iss=${encodeURIComponent(known.issuer)}`;
  type Bad = {
    readonly query: (waiting: Waiting) => string;
    readonly openid?: boolean;
    readonly claims?: (asked: URLSearchParams) => object;
  };
  const cases: [string, Bad][] = [
    [
      "the issuer of another server (mix-up)",
      { query: ({ code }) => `code=${code()}&iss=https%3A%2F%2Fevil.example.com%2F` },
    ],
    [
      "the issuer without its slash",
      { query: ({ code }) => `code=${code()}&iss=${encodeURIComponent(known.issuer.slice(0, -1))}` },
    ],
    ["no issuer, where the domain announces one", { query: ({ code }) => `code=${code()}` }],
    ["two issuers", { query: ({ code }) => `code=${code()}${iss}&iss=https%3A%2F%2Fevil.example.com%2F` }],
    ["an empty issuer", { query: ({ code }) => `code=${code()}&iss=` }],
    ["no code", { query: () => iss.slice(1) }],
    ["an empty code", { query: () => `code=${iss}` }],
    ["two codes", { query: ({ code }) => `code=${code()}&code=evil${iss}` }],
    ["a code that was made up", { query: () => `code=evil${iss}` }],
    ["a code of another sign-in (injection)", { query: ({ code }) => `code=${code("another-challenge")}${iss}` }],
    ["a code without a challenge (PKCE downgrade)", { query: ({ code }) => `code=${code("")}${iss}` }],
    ["a code that was used (replay)", { query: () => `code=${domain.used}${iss}` }],
    ["a code and an error", { query: ({ code }) => `code=${code()}&error=access_denied${iss}` }],
    ["an implicit answer", { query: () => `access_token=${domain.token}&token_type=Bearer${iss}` }],
    ["an ID token beside the code", { query: ({ code }) => `code=${code()}&id_token=${domain.token}${iss}` }],
    ["a response in a JWT", { query: () => `response=${domain.token}${iss}` }],
    ...["error", "error_description", "error_uri", "iss", "code"].flatMap((name) =>
      scripts.map((text): [string, Bad] => [
        `markup for ${name}: ${text}`,
        {
          query: () =>
            `${name === "error" ? "" : name === "error_description" || name === "error_uri" ? "error=access_denied&" : ""}${name}=${encodeURIComponent(text)}${name === "iss" ? "" : iss}`,
        },
      ]),
    ),
    ...Object.entries<(asked: URLSearchParams) => object>({
      "no nonce": () => ({ nonce: undefined }),
      "another nonce": () => ({ nonce: "guessed" }),
      "the nonce of an earlier sign-in (replay)": () => ({ nonce: domain.usedNonce }),
      "another client": () => ({ aud: "other-client" }),
      "another client beside this one": () => ({ aud: ["client", "other-client"] }),
      "another issuer": () => ({ iss: "https://evil.example.com/" }),
      "an expiry in the past": () => ({ exp: 1 }),
    }).map(([what, claims]): [string, Bad] => [
      `an ID token with ${what}`,
      { openid: true, claims, query: ({ code }) => `code=${code()}${iss}` },
    ]),
  ];
  // For a code that was used, and a nonce.
  await domain.signIn(({ uri, asked, code }) => call(uri, { method: "GET", target: goodTarget(asked, code()) }), {
    openid: true,
  });
  for (const [what, { query, openid, claims }] of spread(cases, limit && 20)) {
    domain.claims = claims;
    let page = "";
    const outcome = await domain.signIn(
      async (waiting) => {
        page = await call(waiting.uri, {
          method: "GET",
          target: `/callback?${query(waiting)}&state=${waiting.asked.get("state")}`,
        });
      },
      { openid },
    );
    domain.claims = undefined;
    tally.add(what, {
      accepted:
        outcome.token === undefined && (outcome.error as { code?: string })?.code === "no-token"
          ? undefined
          : `${outcome.token} ${outcome.error?.stack}`,
      echoed: obeyedIn(page),
      "readable by a page":
        page.includes("content-security-policy: default-src 'none'") && page.includes("cache-control: no-store")
          ? undefined
          : page.slice(0, 500),
      "long answer": page.length < 10_000 ? undefined : `${page.length} characters`,
      "requests elsewhere": domain.strangersSince(),
    });
  }
}

/** Sign-ins that nobody disturbs but themselves: what they send is bound to each alone. */
async function goodOnes(domain: Domain, tally: Tally, count: number): Promise<void> {
  const seen = new Set<string>();
  for (let index = 0; index < count; index++) {
    let problem: string | undefined;
    const texts =
      index % 2
        ? {
            sub: scripts[index % scripts.length],
            aud: scripts[index % scripts.length],
            scope: scripts[index % scripts.length],
          }
        : {};
    domain.tokenClaims = texts;
    let page = "";
    const outcome = await domain.signIn(
      async ({ uri, asked, code }) => {
        const once = ["state", "code_challenge", "nonce"].map((name) => `${name} ${asked.get(name)}`);
        if (once.some((value) => seen.has(value) || value.length < 40)) problem = `used twice or short: ${once}`;
        for (const value of once) seen.add(value);
        if (asked.get("code_challenge_method") !== "S256") problem = "no S256";
        if (asked.get("response_type") !== "code") problem = "no code flow";
        if (asked.get("redirect_uri") !== uri.href) problem = "another redirect URI";
        const target = goodTarget(asked, code());
        const pages = await Promise.all([call(uri, { method: "GET", target }), call(uri, { method: "GET", target })]);
        page = pages.find((text) => text.startsWith("HTTP/1.1 200")) ?? "";
        if (pages.filter((text) => text.startsWith("HTTP/1.1 200")).length !== 1) problem = `a second answer was taken`;
      },
      { openid: true },
    );
    tally.add(`sign-in ${index}`, {
      "sign-in lost": outcome.token === domain.token ? undefined : String(outcome.error?.stack),
      accepted: problem ?? (outcome.requests === 1 ? undefined : `${outcome.requests} requests for a token`),
      echoed: obeyedIn(page),
      "requests elsewhere": domain.strangersSince(),
    });
  }
  domain.tokenClaims = {};
}

/** Answers to a refresh that give no token. */
async function refreshes(domain: Domain, tally: Tally): Promise<void> {
  const good = { access_token: domain.token, token_type: "Bearer", expires_in: 3600 };
  const answers: Record<string, object> = {
    "no token": { ...good, access_token: undefined },
    "a token that is opaque": { ...good, access_token: "opaque" },
    "a token and more": { ...good, access_token: `${domain.token}\r\nx: y` },
    "another kind of token": { ...good, token_type: "mac" },
    "a token of another client": { ...good, access_token: domain.tokenWith({ client_id: "other" }) },
    "an expiry in words": { ...good, expires_in: "soon" },
    "a refresh token of two lines": { ...good, refresh_token: "a\nb" },
    "an ID token for another client": {
      ...good,
      id_token: jwt({ iss: known.issuer, sub: "alice", aud: "other", iat: 1, exp: 2e9 }),
    },
    "an error that repeats the refresh token": { error: "invalid_grant", error_description: "for refresh-token-1" },
    "an error that is none": { error: { toString: 1 } },
    "a list": [good],
  };
  for (const [what, answer] of Object.entries(answers)) {
    domain.answer = answer;
    const server = await discover(known);
    const outcome: unknown = await refresh(
      { server, clientId: "client", scopes: ["https://a/read"] },
      "refresh-token-1",
    ).catch((error: unknown) => error);
    domain.answer = undefined;
    tally.add(`a refresh with ${what}`, {
      accepted: (outcome as { code?: string }).code === "no-token" ? undefined : String((outcome as Error).stack),
      echoed: String(outcome).includes("refresh-token-1") ? String(outcome) : undefined,
      "requests elsewhere": domain.strangersSince(),
    });
  }
}

interface Raw {
  readonly method?: string;
  readonly target?: string;
  readonly host?: string;
  readonly headers?: readonly string[];
  /** All of it, in place of the rest. */
  readonly bytes?: string;
}

/** Sends a request exactly as it is given. @returns the whole answer; "" when the connection was ended without one */
async function call(uri: URL, { method, target, host = uri.host, headers = [], bytes }: Raw): Promise<string> {
  const socket = connect(Number(uri.port), uri.hostname).on("error", () => {});
  let answer = "";
  socket.setEncoding("latin1").on("data", (chunk) => {
    answer += chunk;
  });
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host}`, "Connection: close", ...headers];
  socket.write(Buffer.from(bytes ?? `${lines.join("\r\n")}\r\n\r\n`, "latin1"));
  // Some requests have no end, and are not answered before they have.
  if (bytes !== undefined) socket.end();
  await once(socket, "close");
  return Buffer.from(answer, "latin1").toString("utf8");
}

/** An identity domain as far as a sign-in needs it: it gives tokens for codes that are bound to their challenge, once. */
class Domain {
  used = "";
  usedNonce = "";
  /** What an ID token says otherwise. */
  claims: ((asked: URLSearchParams) => object) | undefined;
  tokenClaims: object = {};
  /** Of the token endpoint, whatever it is asked. */
  answer: object | undefined;
  private requests = 0;
  private asked = new URLSearchParams();
  private readonly codes = new Map<string, string>();
  private readonly server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const isToken = request.url === new URL(known.tokenEndpoint).pathname;
      const answer = isToken ? (this.answer ?? this.exchange(new URLSearchParams(body))) : document;
      response.writeHead("error" in answer ? 400 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
    });
  });
  private watched!: ReturnType<typeof watchFetch>;

  static async start(): Promise<Domain> {
    const domain = new Domain();
    await once(domain.server.listen(0, "127.0.0.1"), "listening");
    const { port } = domain.server.address() as AddressInfo;
    domain.watched = watchFetch(new Map([[origin, `http://127.0.0.1:${port}`]]));
    return domain;
  }

  get token(): string {
    return this.tokenWith(this.tokenClaims);
  }

  tokenWith(claims: object): string {
    return jwt({ iss: known.issuer, sub: "alice", aud: "https://a/", scope: "read", exp: 2e9, ...claims });
  }

  async close(): Promise<void> {
    this.watched.restore();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  strangersSince(): string | undefined {
    return this.watched.strangers.splice(0).join(", ") || undefined;
  }

  /** Signs in with a browser that does as it is told once it is sent to the domain. */
  async signIn(
    browse: (waiting: Waiting) => Promise<unknown>,
    { openid = false, timeoutSeconds = 300 }: { openid?: boolean; timeoutSeconds?: number } = {},
  ): Promise<Outcome & { state: string; requests: number }> {
    this.requests = 0;
    const redirectUri = await freeRedirectUri();
    const server = await discover(known);
    try {
      const { accessToken } = await signInWithBrowser({
        server,
        clientId: "client",
        scopes: ["https://a/read"],
        redirectUris: [redirectUri],
        openid,
        offline: false,
        timeoutSeconds,
        open: async (url) => {
          this.asked = url.searchParams;
          const code = (challenge = url.searchParams.get("code_challenge") ?? "") => {
            const made = `code-${this.codes.size}`;
            this.codes.set(made, challenge);
            return made;
          };
          await browse({ uri: new URL(redirectUri), asked: url.searchParams, code });
        },
        noteOn: () => undefined,
      });
      return { token: accessToken, state: this.asked.get("state")!, requests: this.requests };
    } catch (error) {
      return { error: error as Error, state: this.asked.get("state")!, requests: this.requests };
    }
  }

  private exchange(body: URLSearchParams): object {
    this.requests += 1;
    const code = body.get("code") ?? "";
    const challenge = createHash("sha256")
      .update(body.get("code_verifier") ?? "")
      .digest("base64url");
    const isBound = this.codes.get(code) === challenge && body.get("redirect_uri") === this.asked.get("redirect_uri");
    if (!isBound) return { error: "invalid_grant", error_description: scripts.join(" ") };
    this.codes.set(code, "used");
    this.used = code;
    const nonce = this.asked.get("nonce");
    if (nonce && !this.claims) this.usedNonce = nonce;
    const now = Math.floor(Date.now() / 1000);
    const identity = {
      iss: known.issuer,
      sub: "alice",
      aud: "client",
      iat: now,
      exp: now + 600,
      nonce,
      ...this.claims?.(this.asked),
    };
    return {
      access_token: this.token,
      token_type: "Bearer",
      expires_in: 3600,
      ...(nonce && { id_token: jwt(identity) }),
    };
  }
}

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(claims)}.c2ln`;
}

/** On a port that the system chose and that is free again. */
async function freeRedirectUri(): Promise<string> {
  const reserved = createServer().listen(0, "127.0.0.1");
  await once(reserved, "listening");
  const { port } = reserved.address() as AddressInfo;
  await new Promise((resolve) => reserved.close(resolve));
  return `http://127.0.0.1:${port}/callback`;
}
