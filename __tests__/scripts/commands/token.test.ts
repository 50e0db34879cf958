import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import timers from "node:timers/promises";
import { decodeJwt } from "jose";
import { curlForToken, shellWord } from "../../../scripts/curl";
import { audience, Deployed, issuer } from "../deployed";
import type { Ran } from "../in-process";

const password = "Correct-horse-9";
const user = { username: "alice@example.com", password };
let at: Deployed;
beforeAll(async () => {
  at = await Deployed.start();
  await at.activate(password);
});
afterAll(() => at.close());

const jwt = /^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/;
const cacheFiles = () => (existsSync(join(at.folder, ".tokens")) ? readdirSync(join(at.folder, ".tokens")) : []);

/** Waits for a file that another program writes, and for what is in it. */
async function untilExists(file: string): Promise<void> {
  while (!existsSync(file) || readFileSync(file, "utf8") === "") {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Comes back from the domain's page as somebody who declined. */
function refuse(asked: string): Promise<Response> {
  const { searchParams } = new URL(asked);
  const answer = new URLSearchParams({ error: "access_denied", state: searchParams.get("state") ?? "" });
  return fetch(`${searchParams.get("redirect_uri")}?${answer}`);
}

/** Signs in where the command says, without a browser of its own. */
async function signIn(
  args: string[],
  values: Record<string, string> = user,
): Promise<Ran & { page: string; landed: string; asked: URL }> {
  let browsing: Promise<{ url: string; html: string }> | undefined;
  let asked = "";
  const ran = await at.run(["token", "local", "--no-browser", ...args], {
    onStderr(text) {
      asked ||= /^ {2}(https:\S+)\n/m.exec(text)?.[1] ?? "";
      if (asked) browsing ??= at.browse(asked, values);
    },
  });
  if (!browsing) throw new Error(`no address was printed: ${ran.stderr}`);
  const { html, url } = await browsing;
  return { ...ran, page: html, landed: url, asked: new URL(asked) };
}

describe("by client credentials", () => {
  const cc = ["token", "local", "--grant", "client_credentials"];

  test("prints the token and nothing else, for all scopes of the client", async () => {
    const { code, stdout, stderr } = await at.run([...cc, "--no-cache"]);
    expect(stdout).toMatch(jwt);
    expect(decodeJwt(stdout)).toMatchObject({ iss: issuer, aud: audience, scope: "hello.read hello.write" });
    expect([stderr, code]).toEqual(["", 0]);
    expect(cacheFiles()).toEqual([]);
  });

  test("a token for somebody else is neither printed nor kept", async () => {
    const { outputs } = at;
    at.setOutputs({ ...outputs, profile: { ...outputs.profile, audience: "https://hello.example.com.evil/" } });
    const refused = await at.run(cc);
    const kept = cacheFiles();
    at.setOutputs(outputs);
    expect(refused.stderr).toMatch(
      /^error: .* a token for https:\/\/hello\.example\.com\/, not for https:\S+\.evil\/: it/,
    );
    expect([refused.code, refused.stdout, kept]).toEqual([3, "", []]);
  });

  test("takes scopes by their short and by their full names", async () => {
    for (const scope of ["hello.write", `${audience}hello.write`]) {
      const { stdout } = await at.run([...cc, "--no-cache", "--scope", scope]);
      expect(decodeJwt(stdout).scope).toBe("hello.write");
    }
  });

  test("an unknown scope is refused before the domain is asked", async () => {
    const { code, stderr } = await at.run([...cc, "--scope", "hello.raed"]);
    expect(stderr).toMatch(/unknown scope "hello.raed": the client may ask for hello.read, hello.write/);
    expect(code).toBe(2);
  });

  test("a token is kept in a file for its owner alone, and used again for the same scopes only", async () => {
    const first = await at.run(cc);
    const [file = ""] = cacheFiles();
    expect(statSync(join(at.folder, ".tokens", file)).mode & 0o777).toBe(0o600);
    expect((await at.run(cc)).stdout).toBe(first.stdout);
    expect((await at.run([...cc, "--no-cache"])).stdout).not.toBe(first.stdout);
    const other = await at.run([...cc, "--scope", "hello.read"]);
    expect(decodeJwt(other.stdout).scope).toBe("hello.read");
  });

  test("a token that expires within a minute, and a file that is not ours, are replaced", async () => {
    const first = await at.run(cc);
    const [name = ""] = cacheFiles();
    const file = join(at.folder, ".tokens", name);
    const kept = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...kept, expiresAt: Math.floor(Date.now() / 1000) + 59 }));
    const second = await at.run(cc);
    expect(second.stdout).not.toBe(first.stdout);
    writeFileSync(file, '{"accessToken":');
    expect((await at.run(cc)).stdout).toMatch(jwt);
  });

  test("--header is a header for curl, --json has token and expiry", async () => {
    expect((await at.run([...cc, "--header"])).stdout).toMatch(/^Authorization: Bearer eyJ\S+\n$/);
    const json = JSON.parse((await at.run([...cc, "--json"])).stdout);
    expect(json).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_at: expect.stringMatching(/Z$/),
    });
  });

  test("a refusal of the domain names code and remedy, never the secret", async () => {
    const { clientSecret } = at;
    at.clientSecret = "idcscs-stale";
    at.setOutputs(at.outputs);
    const { code, stdout, stderr } = await at.run([...cc, "--no-cache"]);
    at.clientSecret = clientSecret;
    at.setOutputs(at.outputs);
    expect(stderr).toMatch(/refused client \w+ a token .*: 401 invalid_client.*secret in the Terraform state stale/);
    expect(stderr + stdout).not.toMatch(/idcscs-/);
    expect(code).toBe(3);
  });

  test("is the default without a developer client, and refused without the grant", async () => {
    const { outputs } = at;
    at.setOutputs({ ...outputs, developerClient: null });
    expect((await at.run(["token", "local", "--no-cache"])).stdout).toMatch(jwt);
    const browser = await at.run(["token", "local", "--grant", "authorization_code"]);
    at.setOutputs({ ...outputs, client: { ...outputs.client, grants: ["authorization_code"] } });
    const without = await at.run(cc);
    at.setOutputs(outputs);
    expect([browser.code, browser.stderr]).toEqual([
      2,
      expect.stringMatching(/has no developer client.*--grant client_credentials/),
    ]);
    expect([without.code, without.stderr]).toEqual([
      2,
      expect.stringMatching(/may not use client credentials.*app\.grants/),
    ]);
  });
});

describe("by signing in", () => {
  test("prints a token of the user, and the page says whose, for what and until when", async () => {
    const { code, stdout, page, asked, landed } = await signIn(["--no-cache"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(jwt);
    const claims = decodeJwt(stdout);
    expect(claims).toMatchObject({
      sub: user.username,
      aud: audience,
      scope: expect.stringMatching(/^hello\.read hello\.write\b/),
    });
    expect(page).toContain(`Signed in as <strong>${user.username}</strong>`);
    expect(page).toContain(audience);
    expect(page).toContain("hello.read hello.write");
    expect(page).toContain(new Date((claims.exp ?? 0) * 1000).toISOString().slice(11, 16));
    expect(page).toMatch(/close this window/);
    expect(page).not.toContain(stdout.trim());
    expect(page).not.toContain(new URL(landed).searchParams.get("code"));
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: "code",
      code_challenge_method: "S256",
      state: expect.any(String),
      scope: `offline_access ${audience}hello.read ${audience}hello.write`,
    });
    expect(asked.searchParams.has("nonce")).toBe(false);
  });

  test("--openid asks for openid with a nonce", async () => {
    const { code, asked } = await signIn(["--no-cache", "--openid"]);
    expect(code).toBe(0);
    expect(asked.searchParams.get("scope")).toMatch(/^openid /);
    expect(asked.searchParams.has("nonce")).toBe(true);
  });

  test("a kept token that has expired is refreshed without the browser", async () => {
    const first = await signIn([]);
    const name = cacheFiles().find((file) =>
      readFileSync(join(at.folder, ".tokens", file), "utf8").includes(first.stdout.trim()),
    );
    const file = join(at.folder, ".tokens", name ?? "");
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), expiresAt: 0 }));
    const second = await at.run(["token", "local"]);
    expect(second.stdout).toMatch(jwt);
    expect(second.stdout).not.toBe(first.stdout);
    expect(decodeJwt(second.stdout).sub).toBe(user.username);
    expect(second.stderr).toBe("");
  });

  test("a kept token of --openid is refreshed with openid", async () => {
    rmSync(join(at.folder, ".tokens"), { recursive: true, force: true });
    const first = await signIn(["--openid"]);
    expect(decodeJwt(first.stdout).scope).toMatch(/\bopenid\b/);
    const file = join(at.folder, ".tokens", cacheFiles()[0] ?? "");
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), expiresAt: 0 }));
    const second = await at.run(["token", "local", "--openid"]);
    expect(second.stderr).not.toMatch(/sign in/);
    expect(second.stderr).toMatch(/^warning: aud is \[.*\], registered is .*: ORDS may answer 401$/m);
    expect(second.stdout).not.toBe(first.stdout);
    expect(decodeJwt(second.stdout).scope).toMatch(/\bopenid\b/);
  });

  test("a refresh token that is no longer good leads to the browser", async () => {
    rmSync(join(at.folder, ".tokens"), { recursive: true, force: true });
    await signIn([]);
    for (const file of cacheFiles()) {
      const path = join(at.folder, ".tokens", file);
      const kept = JSON.parse(readFileSync(path, "utf8"));
      if (kept.refreshToken) writeFileSync(path, JSON.stringify({ ...kept, refreshToken: "gone", expiresAt: 0 }));
    }
    const { code, stdout } = await signIn([]);
    expect(stdout).toMatch(jwt);
    expect(code).toBe(0);
  });

  test("another user than the stack's is pointed out, in the terminal and on the page", async () => {
    const { outputs } = at;
    at.setOutputs({ ...outputs, users: ["bob@example.com"] });
    const { code, stderr, page } = await signIn(["--no-cache"]);
    at.setOutputs(outputs);
    expect(stderr).toMatch(/alice@example.com is not a user of this stack \(bob@example.com\).*--logout/);
    expect(page).toMatch(/alice@example.com is not a user of this stack/);
    expect(code).toBe(0);
  });

  test("an error of the domain is shown as what to do, on the page and in the terminal", async () => {
    const { outputs } = at;
    const developerClient = { ...outputs.developerClient!, scopes: [`${audience}hello.delete`] };
    at.setOutputs({ ...outputs, developerClient });
    const { code, stdout, stderr, page } = await signIn(["--no-cache"]);
    at.setOutputs(outputs);
    expect(page).toMatch(/Not signed in[\s\S]*invalid_scope[\s\S]*What to do[\s\S]*audience \+ name/);
    expect(stderr).toMatch(/invalid_scope.*audience \+ name/);
    expect([code, stdout]).toEqual([3, ""]);
  });

  test("an answer with another state is turned away and does not end the wait", async () => {
    let sent: Promise<Response> | undefined;
    let browsing: Promise<{ html: string }> | undefined;
    const { code } = await at.run(["token", "local", "--no-browser", "--no-cache"], {
      onStderr(text) {
        const [, asked] = /^ {2}(https:\S+)\n/m.exec(text) ?? [];
        if (!asked || sent) return;
        const redirect = new URL(asked).searchParams.get("redirect_uri");
        sent = fetch(`${redirect}?code=stolen&state=other`);
        browsing = sent.then(() => at.browse(asked, user));
      },
    });
    expect((await sent)?.status).toBe(400);
    expect((await browsing)?.html).toContain("Signed in as");
    expect(code).toBe(0);
  });

  test("gives up after the time that was given, and takes the next port when one is in use", async () => {
    const [first = "", second = ""] = at.outputs.developerClient?.redirectUris ?? [];
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(Number(new URL(first).port), "127.0.0.1", resolve));
    const { code, stderr } = await at.run(["token", "local", "--no-browser", "--no-cache", "--timeout", "1"]);
    await new Promise((resolve) => busy.close(resolve));
    expect(stderr).toContain(encodeURIComponent(second));
    expect(stderr).toMatch(/nobody signed in within 1 s: run the command again/);
    expect(code).toBe(3);
  });

  test("the browser is opened where there is a screen", async () => {
    let refused: Promise<Response> | undefined;
    const opened = join(at.folder, "opened");
    const browser = join(at.folder, "browser.sh");
    writeFileSync(browser, `#!/bin/sh\necho "$1" > '${opened}'\n`, { mode: 0o755 });
    const env = { DISPLAY: ":0", BROWSER: browser, XDG_CURRENT_DESKTOP: "" };
    // In time the person would sign in; this one comes back and says no once the browser has been opened.
    const { stderr } = await at.runProcess(["token", "local", "--no-cache"], {
      env,
      onStderr: (text) => {
        const [, asked] = /^ {2}(https:\S+)\n/m.exec(text) ?? [];
        if (asked) refused ??= untilExists(opened).then(() => refuse(asked));
      },
    });
    await refused;
    expect(stderr).toMatch(/sign in in the browser that was opened, or at this address/);
    expect(readFileSync(opened, "utf8")).toMatch(/^https:\/\/localhost:\d+\/oauth2\/v1\/authorize\?client_id=/);
  });

  test("--logout leads to the domain's logout and forgets what is kept", async () => {
    await at.run(["token", "local", "--grant", "client_credentials"]);
    expect(cacheFiles()).not.toEqual([]);
    const { code, stdout, stderr } = await at.run(["token", "local", "--logout"]);
    expect(stderr).toMatch(/sign out at this address:\n {2}https:\/\/localhost:\d+\/oauth2\/v1\/userlogout\n/);
    expect([code, stdout]).toEqual([0, ""]);
    expect(cacheFiles()).toEqual([]);
  });
});

describe("by a code", () => {
  const grants = [
    "authorization_code",
    "client_credentials",
    "refresh_token",
    "urn:ietf:params:oauth:grant-type:device_code",
  ];
  const device = ["token", "local", "--grant", "device"];
  let before: typeof at.outputs;
  beforeAll(async () => {
    await at.patchApps({ allowedGrants: grants });
    before = at.outputs;
    const developerClient = { ...before.developerClient!, grants: ["authorization_code", "device_code"] };
    at.setOutputs({ ...before, developerClient });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => at.setOutputs(before));

  interface Person {
    /** What they do on the page. */
    readonly decision?: string;
    /** After how many questions of the command. @default never */
    readonly decidesAfter?: number;
    /** Milliseconds that go by while the command waits for so many. */
    readonly clock?: (millis: number, waited: number) => number;
  }

  /** Runs the command on a clock of its own; a person types the code in where it says. */
  async function signInByCode(args: string[], { decision = "allow", decidesAfter, clock }: Person = {}) {
    let time = Date.now();
    jest.spyOn(Date, "now").mockImplementation(() => time);
    const waits: number[] = [];
    let shown = "";
    jest.spyOn(timers, "setTimeout").mockImplementation(async (millis = 0) => {
      waits.push(millis / 1000);
      time += clock?.(millis, waits.length) ?? millis;
      if (waits.length !== decidesAfter) return undefined as never;
      const [, page = "", user_code = ""] = /address:\n {2}(\S+)\n.*\n {2}(\S+)\n/.exec(shown) ?? [];
      const { html } = await at.browse(page, { ...user, user_code, decision });
      expect(html).toMatch(/This window can be closed/);
      return undefined as never;
    });
    const ran = await at.run([...device, ...args], {
      onStderr: (text) => {
        shown = text;
      },
    });
    return { ...ran, waits };
  }

  test("a person types it in on another device, and the token is theirs; nothing but the token is on standard output", async () => {
    const { code, stdout, stderr, waits } = await signInByCode(["--no-cache", "--json"], { decidesAfter: 2 });
    expect(stderr).toMatch(
      /^sign in with a browser on any device, at this address:\n {2}https:\/\/localhost:\d+\/ui\/v1\/device\nand type in this code:\n {2}[A-Z]{8}\nwaiting; the code is good for 300 s\n$/,
    );
    expect(decodeJwt(JSON.parse(stdout).access_token)).toMatchObject({ sub: user.username, aud: audience });
    expect(waits).toEqual([5, 5]);
    expect(code).toBe(0);
    expect(cacheFiles()).toEqual([]);
  });

  test("asks less often once it is told to slow down", async () => {
    // By the domain's clock the second question comes too early.
    const clock = (millis: number, waited: number) => (waited === 2 ? 1000 : millis);
    const { stdout, waits } = await signInByCode(["--no-cache"], { decidesAfter: 4, clock });
    expect(stdout).toMatch(jwt);
    expect(waits).toEqual([5, 5, 10, 10]);
  });

  test.each<[string, string[], Person, RegExp, number[]]>([
    ["does not allow it", [], { decision: "deny", decidesAfter: 1 }, /refused .*400 access_denied/, [5]],
    ["comes after it expired", [], { clock: () => 301_000 }, /400 expired_token.*; run the command again/, [5]],
    ["does nothing", ["--timeout", "7"], {}, /nobody used the code within 7 s: run the command again/, [5, 2]],
  ])("when the person %s there is no token", async (_what, args, person, message, expected) => {
    const { code, stdout, stderr, waits } = await signInByCode(["--no-cache", ...args], person);
    expect(stderr).toMatch(message);
    expect([code, stdout, waits]).toEqual([3, "", expected]);
  });

  test("a confidential client keeps its users' token apart from its own, and refreshes it with its secret", async () => {
    const client = { ...before.client, grants: ["client_credentials", "device_code", "refresh_token"] };
    at.setOutputs({ ...before, client, developerClient: null });
    const own = await at.run(["token", "local"]);
    const first = await signInByCode([], { decidesAfter: 1 });
    expect([decodeJwt(own.stdout).sub, decodeJwt(first.stdout).sub]).toEqual([client.clientId, user.username]);
    expect((await at.run(["token", "local"])).stdout).toBe(own.stdout);
    const again = await signInByCode([]);
    expect([again.stdout, again.stderr]).toEqual([first.stdout, ""]);
    for (const file of cacheFiles()) {
      const path = join(at.folder, ".tokens", file);
      writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), expiresAt: 0 }));
    }
    const refreshed = await signInByCode([]);
    expect(decodeJwt(refreshed.stdout).sub).toBe(user.username);
    expect([refreshed.stdout === first.stdout, refreshed.stderr]).toEqual([false, ""]);
    await at.run(["token", "local", "--logout"]);
    expect(cacheFiles()).toEqual([]);
  });

  test("a client of the environment may be named, and has to allow it, as the domain has", async () => {
    const { clientId, scopes } = before.developerClient!;
    const spa = { clientId, public: true, redirectUris: [], scopes, grants: ["device_code"] };
    at.setOutputs({ ...before, clients: { spa, reports: { ...spa, grants: ["client_credentials"] } } });
    const named = await signInByCode(["--no-cache", "--client", "spa"], { decidesAfter: 1 });
    expect(decodeJwt(named.stdout).sub).toBe(user.username);
    const other = await at.run([...device, "--client", "reports"]);
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringMatching(
        /client "reports" may not let users sign in by a code: add device_code to clients\.reports\.g/,
      ),
    ]);
    const none = await at.run(device);
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringMatching(
        /neither the developer client nor the app may .*add developerClient: { allowDeviceCode: true }/,
      ),
    ]);
    await at.patchApps({ allowedGrants: grants.slice(0, 3) });
    const refused = await at.run([...device, "--client", "spa"]);
    await at.patchApps({ allowedGrants: grants });
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringMatching(/refused client \w+ a code for .*unauthorized_client.*the app does not list this grant/),
    ]);
  });
});

describe("--curl", () => {
  /** Runs a line as it is pasted; `npx` finds the command in this repository. */
  async function paste(line: string, env: NodeJS.ProcessEnv = {}) {
    const npx = join(at.folder, "npx");
    writeFileSync(npx, '#!/bin/sh\nshift\nexec node scripts/ords-jwt.js "$@"\n', { mode: 0o755 });
    const PATH = `${at.folder}:${process.env.PATH}`;
    return at.execute("sh", ["-c", line], { env: { CURL_CA_BUNDLE: join(at.folder, "ca.pem"), PATH, ...env } });
  }

  test("prints one line that calls the API with a token, and holds neither token nor secret", async () => {
    await at.register();
    const url = `${at.apiUrl}?a='$(touch pwned)&b[]={1}`;
    const { code, stdout } = await at.run([
      ...["token", "local", "--grant", "client_credentials", "--scope", "hello.read", "--no-cache", "--curl", url],
    ]);
    expect([code, stdout]).toEqual([
      0,
      `npx ords-jwt token local --grant client_credentials --scope hello.read --no-cache --header | curl --globoff --header @- '${at.apiUrl}?a=%27$(touch%20pwned)&b[]={1}'\n`,
    ]);
    const called = await paste(stdout);
    expect(called.stdout).toBe(`{"greeting":"Hello ${at.outputs.client.clientId}"}`);
    expect(existsSync(join(at.folder, "pwned"))).toBe(false);
  });

  test("and where this tool is not, a line gets a token with the secret of a variable", async () => {
    const line = curlForToken(at.outputs.client);
    expect(line).not.toContain(at.clientSecret);
    const { stdout } = await paste(line, { CLIENT_SECRET: at.clientSecret });
    expect(decodeJwt(JSON.parse(stdout).access_token)).toMatchObject({
      aud: audience,
      scope: "hello.read hello.write",
    });
    expect((await paste(line, { CLIENT_SECRET: "idcscs-wrong" })).stdout).toMatch(/invalid_client/);
  });

  test("a word stays one word for a shell, whatever is in it", () => {
    const words = [
      "a b",
      "'",
      "''$(id)'",
      "`id`",
      "$HOME",
      '"',
      "\\",
      "a\nb",
      "*",
      "~",
      "!x",
      "#",
      "",
      "-n",
      ";id",
      "é",
      "a=b",
    ];
    const line = `printf '[%s]' ${words.map(shellWord).join(" ")}`;
    expect(execFileSync("sh", ["-c", line], { encoding: "utf8" })).toBe(words.map((word) => `[${word}]`).join(""));
  });

  test.each([
    [["--curl", "ftp://host/"], /--curl ftp:\/\/host\/ is not an http\(s\) URL/],
    [["--curl", "hello/me"], /--curl hello\/me is not an http\(s\) URL/],
    [["--curl", "https://u:secret-word@host/"], /--curl has a user or password in it/],
    [["--curl", "https://host/", "--json"], /cannot be used with option '--json'/],
    [["--curl", "https://host/", "--client", "nobody"], /has no client "nobody"/],
  ])("refuses %j", async (args, message) => {
    const { code, stdout, stderr } = await at.run(["token", "local", ...args]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("secret-word");
    expect(code).toBe(2);
    if (!args.includes("--json")) expect(stdout).toBe("");
  });
});

describe("decode", () => {
  test("shows header, claims in words, the three values for ORDS, and checks the signature where the keys are known", async () => {
    const token = await at.token();
    const { code, stdout } = await at.run(["token", "decode", "-", "--environment", "local"], {
      input: `Bearer ${token}\n`,
    });
    expect(stdout).toMatch(/kid +SIGNING_KEY/);
    expect(stdout).toMatch(/issued at +\d{4}-\d\d-\d\dT\S+ \(\d+ s ago\)/);
    expect(stdout).toMatch(/expires +\S+ \(in (5\d|60) min\)/);
    expect(stdout).toMatch(/grant +client credentials/);
    expect(stdout).toMatch(/signature: good/);
    expect(stdout).toMatch(
      /for the JWT profile in ORDS\n +issuer +https:\/\/identity\.oraclecloud\.com\/\n +audience +https:\/\/hello\.example\.com\/\n +JWK URL +https:\/\/localhost:\d+\/admin\/v1\/SigningCert\/jwk\n/,
    );
    expect(stdout).not.toContain(token.split(".")[2]);
    expect(code).toBe(0);
  });

  test("a changed token has a wrong signature, and without an environment nothing is checked", async () => {
    const [header, , signature] = (await at.token()).split(".");
    const payload = Buffer.from(JSON.stringify({ sub: "mallory" })).toString("base64url");
    const input = [header, payload, signature].join(".");
    const checked = await at.run(["token", "decode", "--environment", "local"], { input });
    expect([checked.code, checked.stdout]).toEqual([1, expect.stringMatching(/signature: wrong/)]);
    const unchecked = await at.run(["token", "decode"], { input });
    expect([unchecked.code, unchecked.stdout]).toEqual([0, expect.stringMatching(/signature: not checked/)]);
  });

  test("claims cannot drive the terminal", async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = { iss: "\u001b[2J\u009b", aud: "a\nsignature: good", "\u001b]0;": "b" };
    const input = `${part({ alg: "RS256", kid: "\u001b[31m" })}.${part(claims)}.c2ln`;
    const { code, stdout } = await at.run(["token", "decode"], { input });
    expect(stdout).toContain("\\u001b[2J\\u009b");
    expect(stdout).not.toMatch(/[^\P{Cc}\n]|^signature: good/mu);
    expect(code).toBe(0);
  });

  test("a token as an argument and what is no token are refused, without repeating it", async () => {
    const token = await at.token();
    const argument = await at.run(["token", "decode", token]);
    expect([argument.code, argument.stderr]).toEqual([2, expect.stringMatching(/standard input only/)]);
    const garbage = await at.run(["token", "decode"], { input: "secret-thing" });
    expect([garbage.code, garbage.stderr]).toEqual([2, expect.stringMatching(/not a JSON Web Token/)]);
    expect(argument.stderr + garbage.stderr).not.toMatch(/secret-thing|eyJ/);
  });
});
