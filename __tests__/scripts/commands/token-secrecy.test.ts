import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join, relative } from "node:path";
import { createCertificateAuthority } from "@ords-jwt/stand-ins/certificates";
import { authorize, refresh } from "../../../oauth/authorization-code";
import { clientCredentialsToken } from "../../../oauth/client-credentials";
import { probe } from "../../../oauth/protected-resource";
import { Deployed } from "../deployed";
import type { Ran } from "../in-process";

const password = "Correct-horse-9";
const jwt = /eyJ[\w-]{10,}\.[\w-]+\.[\w-]+/;

let at: Deployed;
beforeAll(async () => {
  at = await Deployed.start();
  await at.activate(password);
  await at.register();
});
afterAll(() => at.close());

/** Every file below the folder that is not a link into the project. */
function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return entry.isFile() ? [path] : [];
  });
}

test("tokens, codes, secrets and passwords are in no output but the token's own, and in no file but the cache", async () => {
  const { apiUrl } = at;
  const token = await at.token();
  const outputs: Record<string, Ran> = {};
  const run = async (name: string, args: string[], input?: string) => {
    outputs[name] = await at.run(args, { input });
  };
  await run("register", ["register", "local"]);
  await run("verify", ["verify", "local", "--url", apiUrl]);
  await run("verify --json", ["verify", "local", "--url", apiUrl, "--json"]);
  await run("doctor", ["doctor", "local", "--url", apiUrl]);
  await run("doctor --token -", ["doctor", "local", "--url", apiUrl, "--token", "-", "--json"], token);
  await run("decode", ["token", "decode", "-", "--environment", "local"], token);
  await run("decode --json", ["token", "decode", "-", "--json"], token);
  await run("postman", ["postman", "local", "--url", apiUrl]);
  await run("unknown scope", ["token", "local", "--scope", "x"]);

  let landed = "";
  let browsing: Promise<unknown> | undefined;
  const signedIn = await at.run(["token", "local", "--no-browser"], {
    onStderr(text) {
      const [, address] = /^ {2}(https:\S+)\n/m.exec(text) ?? [];
      if (address) {
        browsing ??= at.browse(address, { username: "alice@example.com", password }).then(({ url }) => {
          landed = url;
        });
      }
    },
  });
  await browsing;
  const code = new URL(landed).searchParams.get("code") ?? "";
  expect(code).not.toBe("");
  outputs["sign-in, standard error"] = { ...signedIn, stdout: "" };

  at.clientSecret = "idcscs-stale";
  const secret = JSON.parse(readFileSync(join(at.folder, "outputs.json"), "utf8")).client_secret.value;
  at.setOutputs(at.outputs);
  await run("refused", ["token", "local", "--grant", "client_credentials", "--no-cache"]);

  const secrets = [secret, "idcscs-", at.standIns.user.password, password, code, encodeURIComponent(code)];
  for (const [name, { stdout, stderr }] of Object.entries(outputs)) {
    const text = stdout + stderr;
    expect({ name, hasToken: jwt.test(text) }).toEqual({ name, hasToken: false });
    expect({ name, secrets: secrets.filter((each) => text.includes(each)) }).toEqual({ name, secrets: [] });
  }

  // What the test itself wrote in Terraform's place does hold the secret.
  const written = files(at.folder).filter((file) => !file.endsWith("outputs.json"));
  const holding = written.filter((file) => {
    const text = readFileSync(file, "utf8");
    return jwt.test(text) || secrets.some((each) => text.includes(each));
  });
  expect([...new Set(holding.map((file) => relative(at.folder, file).split("/")[0]))]).toEqual([".tokens"]);
});

test("an answer that is no answer is not quoted: it may hold a token", async () => {
  const broken = Response.json("eyJhbGciOiJSUzI1NiJ9.e30.c2ln", { headers: { "content-type": "application/json" } });
  jest.spyOn(globalThis, "fetch").mockResolvedValueOnce(broken);
  const request = {
    tokenEndpoint: "https://domain.example.com/token",
    clientId: "c",
    clientSecret: "s",
    scopes: ["x"],
  };
  const error = await clientCredentialsToken(request).catch((error: Error) => error);
  expect(error).toMatchObject({ message: expect.stringMatching(/is not an OAuth response/) });
  expect(JSON.stringify(error) + String(error) + String((error as Error).cause)).not.toMatch(/eyJ/);
});

test("a secret that the domain echoes in its error is not printed", async () => {
  const authority = await createCertificateAuthority();
  let sent = "";
  const echo = createServer(await authority.issue(), (request, response) => {
    sent = request.headers.authorization ?? "";
    response.writeHead(401, { "content-type": "application/json" });
    response.end(
      JSON.stringify({ error: "invalid_client", error_description: `bad header ${sent}, ${at.clientSecret}` }),
    );
  });
  await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
  const { outputs } = at;
  try {
    at.trust(authority.certPem);
    const tokenEndpoint = `https://127.0.0.1:${(echo.address() as AddressInfo).port}/oauth2/v1/token`;
    const domainUrl = new URL(tokenEndpoint).origin;
    at.setOutputs({ ...outputs, client: { ...outputs.client, tokenEndpoint, domainUrl } });
    for (const args of [
      ["token", "local", "--grant", "client_credentials", "--no-cache"],
      ["register", "local", "--json"],
    ]) {
      const { code, stdout, stderr } = await at.run(args);
      expect(code).toBe(3);
      expect(sent).toMatch(/^Basic ./);
      expect(stderr).toMatch(/bad header Basic \S*\(hidden\)/);
      expect(stdout + stderr).not.toContain(at.clientSecret);
      expect(stdout + stderr).not.toContain(sent.slice(-20));
    }
  } finally {
    at.setOutputs(outputs);
    echo.close();
  }
});

test("what was sent and is echoed goes before the text is cut, so that no part of it is left", async () => {
  const secret = "a-secret-of-this-client";
  const request = { tokenEndpoint: "https://domain.example.com/t", clientId: "c", clientSecret: secret, scopes: ["x"] };
  const echoed = `${"x".repeat(490)}${secret}`;
  const answer = Response.json({ error: "invalid_client", error_description: echoed }, { status: 400 });
  jest.spyOn(globalThis, "fetch").mockResolvedValueOnce(answer);
  const error = await clientCredentialsToken(request).catch((error: Error) => error);
  expect(String(error)).toContain("xxx(hidden)");
  expect(String(error)).not.toContain("a-secret");

  const token = `eyJhbGciOiJSUzI1NiJ9.${"a".repeat(40)}.${"b".repeat(40)}`;
  jest.spyOn(globalThis, "fetch").mockImplementation(async () => new Response(`${"x".repeat(150)}${token}`));
  const [check] = await probe("https://api.example.com/", [{ how: "with the token", token, expected: "2xx" }]);
  jest.restoreAllMocks();
  expect(check?.got).toMatch(/x\(hidden\)$/);
});

test("refresh tokens, codes and verifiers that the domain echoes are not printed", async () => {
  const server = {
    issuer: "https://domain.example.com",
    authorization_endpoint: "https://domain.example.com/authorize",
    token_endpoint: "https://domain.example.com/token",
  };
  const client = { server, clientId: "c", scopes: ["x"] };
  jest.spyOn(globalThis, "fetch").mockImplementation(async (_to, init) => {
    return Response.json({ error: "invalid_grant", error_description: `bad: ${init?.body}` }, { status: 400 });
  });
  const redirectUri = "http://127.0.0.1:8010/callback";
  const { state, finish } = await authorize({ ...client, redirectUri, openid: false, offline: false });
  const callback = new URL(`${redirectUri}?${new URLSearchParams({ state, code: "the/code", iss: server.issuer })}`);
  const errors = [await refresh(client, "the.refresh.token").catch(String), await finish(callback).catch(String)];
  jest.restoreAllMocks();
  expect(errors.join("\n")).toMatch(/refresh_token=\(hidden\)[\s\S]*code=\(hidden\)[\s\S]*code_verifier=\(hidden\)/);
});

test("a URL that may hold a password is not printed", async () => {
  for (const url of [
    "ann:s3cr3t@api.example.com/ords",
    "https://ann:s3/cr3t@api.example.com/",
    "https://ann:s3cr3t@x/",
  ]) {
    const { code, stdout, stderr } = await at.run(["verify", "local", "--url", url, "--json"]);
    expect(code).toBe(2);
    expect(stdout + stderr).not.toMatch(/s3/);
  }
});

test("no program that a command starts is given the password of another environment", async () => {
  const binary = join(at.folder, "other-terraform");
  const seen = join(at.folder, "seen-of-others");
  writeFileSync(binary, `#!/bin/sh\nenv > '${seen}'\ncat '${join(at.folder, "outputs.json")}'\n`, { mode: 0o755 });
  const env = { TERRAFORM_BINARY_NAME: binary, ORDS_JWT_DEV_PASSWORD: "Plann3d-1" };
  await at.run(["outputs", "local"], { env });
  expect(readFileSync(seen, "utf8")).not.toContain("Plann3d-1");
  // Where the environment is named by an option, its own password goes as well.
  rmSync(seen);
  await at.run(["token", "decode", "--environment", "local"], { env, input: "eyJhbGciOiJSUzI1NiJ9.e30.c2ln" });
  expect(readFileSync(seen, "utf8")).not.toMatch(/ORDS_JWT_\w+_PASSWORD/);
});

test("a secret that Terraform prints is not printed again", async () => {
  const { name: user, password: secret } = at.standIns.user;
  const binary = join(at.folder, "failing-terraform");
  writeFileSync(binary, `#!/bin/sh\necho "cannot read state of ${user}: wrong password ${secret}" >&2\nexit 1\n`, {
    mode: 0o755,
  });
  const { code, stdout, stderr } = await at.run(["outputs", "local", "--verbose"], {
    env: { TERRAFORM_BINARY_NAME: binary },
  });
  expect(code).toBe(3);
  expect(stderr).toContain(`cannot read state of ${user}: wrong password (hidden)`);
  expect(stdout + stderr).not.toContain(secret);
});

test("a program that a command starts is not given the database's password, but all else", async () => {
  const binary = join(at.folder, "curious-terraform");
  const seen = join(at.folder, "seen");
  writeFileSync(binary, `#!/bin/sh\nenv > '${seen}'\ncat '${join(at.folder, "outputs.json")}'\n`, { mode: 0o755 });
  const env = { TERRAFORM_BINARY_NAME: binary, OF_A_HOOK: "kept" };
  // It does log in to the database after that.
  expect((await at.run(["register", "local", "--no-preflight", "--json"], { env })).code).toBe(0);
  const given = readFileSync(seen, "utf8");
  expect(given).toContain("OF_A_HOOK=kept");
  expect(given).not.toContain("ORDS_JWT_LOCAL_PASSWORD");
  expect(given).not.toContain(at.standIns.user.password);
});
