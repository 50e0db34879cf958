import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createDatabase, startOracleDatabase } from "@ords-jwt/stand-ins/oracle-database";
import { decodeJwt } from "jose";
import { request } from "undici";
import { lackingSecret } from "../../../scripts/commands/verify";
import { Deployed } from "../deployed";

let at: Deployed;
beforeAll(async () => {
  at = await Deployed.start();
  await at.register();
});
afterAll(() => at.close());

const verify = (...args: string[]) => at.run(["verify", "local", "--url", at.apiUrl, ...args]);
const lines = (stdout: string) => stdout.split("\n").filter((line) => /^(ok|FAILED)/.test(line));

test("a healthy system passes every check, and the module and privilege that decide are named", async () => {
  const { code, stdout } = await verify();
  const expected = [
    /^ok +JWK URL is public: https:\S+ \(1 key\)$/,
    /^ok +token by client credentials: a token$/,
    /^ok +token's iss: https:\/\/identity\.oraclecloud\.com\/$/,
    /^ok +token's aud: https:\/\/hello\.example\.com\/$/,
    /^ok +token's scope: hello\.read hello\.write$/,
    /^ok +token's exp: \S+Z \(in \d+ s\)$/,
    /^ok +token's signature: made by a key of the JWK URL$/,
    /^ok +GET \S+ without a token: 401$/,
    /^ok +GET \S+ with garbage for a token: 401$/,
    /^ok +GET \S+ with a tampered token: 401$/,
    /^ok +GET \S+ with a token that lacks the scope: 401$/,
    /^ok +GET \S+ with the token: 200 {"greeting":"Hello \w{32}"}$/,
  ];
  expect(lines(stdout)).toEqual(expected.map((line) => expect.stringMatching(line)));
  expect(stdout).toMatch(/decided by: module hello, privilege hello\.read \(by module hello\)/);
  expect(code).toBe(0);
});

test("--json has each check with expected, got and verdict, and no token", async () => {
  const { code, stdout } = await verify("--json");
  const { ok, checks, decided } = JSON.parse(stdout);
  expect(ok).toBe(true);
  expect(checks).toHaveLength(12);
  expect(checks[0]).toEqual({
    what: expect.any(String),
    expected: expect.any(String),
    got: expect.any(String),
    ok: true,
  });
  expect(decided).toEqual({
    path: "/hello/me",
    module: "hello",
    privileges: [{ name: "hello.read", by: "module hello" }],
    access: "protected",
  });
  expect(stdout).not.toMatch(/eyJ|idcscs-/);
  expect(code).toBe(0);
});

test("without the database it says that it does not know what decided", async () => {
  const { code, stdout } = await at.run(["verify", "local", "--url", at.apiUrl], {
    env: { ORDS_JWT_LOCAL_PASSWORD: "" },
  });
  expect(stdout).toMatch(/decided by: not known \(the database is read when ORDS_JWT_LOCAL_PASSWORD is set\)/);
  expect(stdout).toMatch(/not tried: a token that lacks the scope/);
  expect(code).toBe(0);
});

test("any error of the database is only a reason why it is not known what decided", async () => {
  const old = await startOracleDatabase(createDatabase({ ordsVersion: "22.4.0.r1", users: [at.standIns.user] }));
  const directory = mkdtempSync(join(at.folder, "tns-"));
  writeFileSync(join(directory, "tnsnames.ora"), `ords_jwt_local = ${old.connectString}\n`);
  const { code, stdout } = await at
    .run(["verify", "local", "--url", at.apiUrl], { env: { TNS_ADMIN: directory } })
    .finally(() => old.close());
  expect(stdout).toMatch(/decided by: not known \(the database cannot be read: ORDS 22\.4\.0\.r1 has no JWT profiles/);
  expect(code).toBe(0);
});

test("nobody is asked for a password: the database is passed over unless each is in its variable", () => {
  const connection = { user: "HELLO", connectString: "adb" };
  const database = { schema: "HELLO", connection };
  const [set, unset] = ["PATH", "ORDS_JWT_NOT_SET"];
  expect(lackingSecret(database)).toBe("passwordVariable in the environment file");
  expect(lackingSecret({ ...database, passwordVariable: unset })).toBe(unset);
  expect(lackingSecret({ ...database, passwordVariable: set, walletPasswordVariable: unset })).toBe(unset);
  expect(lackingSecret({ ...database, passwordVariable: set, walletPasswordVariable: set })).toBeUndefined();
  expect(lackingSecret({ ...database, connection: { ...connection, externalAuth: true } })).toBeUndefined();
});

test("with a role claim a user signs in, and the scopes expected are those that were asked for", async () => {
  const { outputs } = at;
  const [read = ""] = outputs.client.scopes;
  const developerClient = { ...outputs.developerClient!, scopes: [read] };
  const privileges = outputs.privileges.map((privilege) => ({ ...privilege, roles: ["hello.user"] }));
  at.setOutputs({ ...outputs, profile: { ...outputs.profile, roleClaim: "/groups" }, privileges, developerClient });
  await at.activate("Correct-horse-9");
  let browsing: Promise<unknown> | undefined;
  const { code, stdout } = await at
    .run(["verify", "local", "--url", at.apiUrl], {
      attended: true,
      onStderr(text) {
        const [, asked] = /^ {2}(https:\S+)\n/m.exec(text) ?? [];
        if (asked) browsing ??= at.browse(asked, { username: "alice@example.com", password: "Correct-horse-9" });
      },
    })
    .finally(() => at.setOutputs(outputs));
  await browsing;
  expect(stdout).toMatch(/^ok +token by authorization code: a token$/m);
  expect(stdout).toMatch(/^ok +token's scope: hello\.read\b(?!.*hello\.write)/m);
  expect(stdout).toMatch(/not tried: a token that lacks the scope \(the profile is role-based\)/);
  expect(code).toBe(0);
});

test("without a terminal nobody is waited for: it says why there is no token, and what to do", async () => {
  const { outputs } = at;
  const privileges = outputs.privileges.map((privilege) => ({ ...privilege, roles: ["hello.user"] }));
  // Another client id, so that no token is kept.
  const developerClient = { ...outputs.developerClient!, clientId: "another" };
  at.setOutputs({ ...outputs, profile: { ...outputs.profile, roleClaim: "/groups" }, privileges, developerClient });
  const { code, stdout, stderr } = await at
    .run(["verify", "local", "--url", at.apiUrl])
    .finally(() => at.setOutputs(outputs));
  expect(stdout).toMatch(
    /^FAILED +token by authorization code: .*there is no terminal: run npx ords-jwt verify local/m,
  );
  expect(stderr).not.toMatch(/sign in at/i);
  expect(code).toBe(1);
});

test("--client takes the token of a further client, and token does too", async () => {
  const { outputs } = at;
  const { clientId, scopes } = outputs.client;
  const [readScope = ""] = scopes;
  const further = { clientId, public: false, grants: ["client_credentials"], redirectUris: [], scopes: [readScope] };
  const shop = { ...further, public: true, grants: ["authorization_code"] };
  at.setOutputs({ ...outputs, clients: { reports: further, shop } }, { client_secret_reports: at.clientSecret });
  const run = (...args: string[]) => at.run(args);
  try {
    const verified = await run("verify", "local", "--url", at.apiUrl, "--client", "reports");
    expect(verified.stdout).toMatch(/^ok +token's scope: hello\.read$/m);
    expect(verified.code).toBe(0);
    const token = await run("token", "local", "--client", "reports", "--no-cache");
    expect(decodeJwt(token.stdout)).toMatchObject({ scope: "hello.read" });
    for (const [key, message] of [
      ["shop", /client "shop" of stack local may not use client credentials \(its grants: authorization_code\)/],
      ["constructor", /stack local has no client "constructor": known are reports, shop/],
    ] as const) {
      const { code, stderr } = await run("token", "local", "--client", key);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
  } finally {
    at.setOutputs(outputs);
  }
});

test("a certificate that is not public, and an API that is open, fail the checks about them", async () => {
  const settings = `${at.outputs.client.domainUrl}/admin/v1/Settings/Settings`;
  await at.patch(settings, { signingCertPublicAccess: false });
  await at.sql("BEGIN ORDS.DELETE_PRIVILEGE(p_name => 'hello.read'); END;");
  await at.untilApiAnswers(200);
  const { code, stdout } = await verify();
  await at.patch(settings, { signingCertPublicAccess: true });
  await at.register();
  expect(stdout).toMatch(
    /FAILED JWK URL is public: the signing certificate is not public.*\(expected 200 without signing in\)/,
  );
  expect(stdout).toMatch(/FAILED token's signature/);
  expect(stdout).toMatch(/FAILED GET \S+ without a token: 200 .*\(expected 401\)/);
  expect(stdout).toMatch(/decided by: module hello, no privilege: public/);
  expect(stdout).toMatch(/why: npx ords-jwt doctor local/);
  expect(code).toBe(1);
});

describe("behind a reverse proxy", () => {
  /** Leads whatever follows `prefix` to `target` at the gateway. */
  async function startProxy(prefix: string, target: string) {
    const server = createServer(async (incoming, outgoing) => {
      const path = target + incoming.url?.slice(prefix.length);
      const { statusCode, body } = await request(new URL(path, at.apiUrl), {
        dispatcher: at.agent,
        headers: { accept: "application/json", authorization: incoming.headers.authorization },
      });
      outgoing.writeHead(statusCode).end(await body.text());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
  }

  test.each([
    ["that hides /ords", "/", "/ords/", "/hello/hello/me"],
    ["that puts a path before it", "/api/v1/", "/ords/", "/api/v1/hello/hello/me"],
  ])("%s, what decides is found by the schema's base path", async (_what, prefix, target, path) => {
    const proxy = await startProxy(prefix, target);
    const { code, stdout } = await at.run(["verify", "local", "--url", proxy.base + path]).finally(proxy.close);
    expect(stdout).toMatch(/decided by: module hello, privilege hello\.read \(by module hello\)/);
    expect(stdout).toMatch(/^ok +GET \S+ with a token that lacks the scope: 401$/m);
    expect(code).toBe(0);
  });

  test("that hides the schema's base path, it cannot be told what decides, which fails nothing", async () => {
    const proxy = await startProxy("/greetings/", "/ords/hello/hello/");
    const url = `${proxy.base}/greetings/me`;
    const { code, stdout } = await at.run(["verify", "local", "--url", url]).finally(proxy.close);
    expect(stdout).toMatch(
      /decided by: not known \("hello", under which the schema is published, is no part of the path/,
    );
    expect(stdout).not.toMatch(/public$/m);
    expect(stdout).toMatch(/not tried: a token that lacks the scope/);
    expect(code).toBe(0);
  });

  test("that hides one of two equal names, it cannot be told either", async () => {
    const proxy = await startProxy("/hello/", "/ords/hello/hello/");
    const { code, stdout } = await at.run(["verify", "local", "--url", `${proxy.base}/hello/me`]).finally(proxy.close);
    expect(stdout).toMatch(/decided by: not known \(no module of schema HELLO is seen to answer \/me\)/);
    expect(code).toBe(0);
  });
});

test("no token is a failed check, and nothing is called", async () => {
  await at.patchApp({ active: false });
  const { code, stdout, stderr } = await verify();
  await at.patchApp({ active: true });
  expect(stdout).toMatch(/FAILED token by client credentials: .*invalid_client/);
  expect(stdout).not.toMatch(/GET /);
  expect(stdout + stderr).not.toMatch(/idcscs-/);
  expect(code).toBe(1);
});

test("which API to call must be said, and must be a URL", async () => {
  const none = await at.run(["verify", "local"]);
  expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/which API to call\? give --url, or set apiUrl/)]);
  const wrong = await at.run(["verify", "local", "--url", "hello"]);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/--url hello is not an http\(s\) URL/)]);
});
