import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { appDetails, userDetails } from "@ords-jwt/stand-ins/testing/oci";
import { audience, Deployed } from "../deployed";

let deployed: Deployed;

beforeAll(async () => {
  deployed = await Deployed.start();
  await deployed.register();
  const { domainUrl } = deployed.outputs.client;
  const user = await deployed.post(`${domainUrl}/admin/v1/Users`, userDetails("bob@example.com"));
  const group = await deployed.post(`${domainUrl}/admin/v1/Groups`, {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName: "testers",
    members: [{ type: "User", value: user.id }],
  });
  await deployed.post(`${domainUrl}/admin/v1/Grants`, {
    schemas: ["urn:ietf:params:scim:schemas:oracle:idcs:Grant"],
    grantMechanism: "ADMINISTRATOR_TO_GROUP",
    grantee: { type: "Group", value: group.id },
    app: { value: deployed.appId },
  });
  await deployed.patchApp({ allowAccessControl: true });
  await deployed.post(
    `${domainUrl}/admin/v1/Apps`,
    appDetails({
      active: true,
      displayName: "night batch",
      isOAuthResource: false,
      audience: undefined,
      scopes: undefined,
      allowedGrants: ["client_credentials"],
      trustScope: "Account",
    }),
  );
  await deployed.sql(
    `BEGIN
       ORDS.DEFINE_MODULE('legacy', '/legacy/');
       ORDS.DEFINE_TEMPLATE('legacy', 'all/:id');
       ORDS.DEFINE_HANDLER(p_module_name => 'legacy', p_pattern => 'all/:id', p_method => 'GET', p_source => 'select 1 from dual');
       ORDS.DEFINE_HANDLER(p_module_name => 'legacy', p_pattern => 'all/:id', p_method => 'DELETE', p_source_type => 'plsql/block', p_source => 'begin null; end;');
     END;`,
  );
});
afterAll(() => deployed.close());

const map = (...args: string[]) => deployed.run(["map", "local", ...args]);

test("shows both sides: who gets a token with which client, what it opens, and what anyone may call", async () => {
  const { stdout, code } = await map();
  const id = "[0-9a-f]{32}";
  expect(stdout.replace(new RegExp(id, "g"), "ID")).toMatchInlineSnapshot(`
    "Who can call what: stack local, schema HELLO (/ords/hello/), ORDS
    26.3.0.r2580942
    tokens for https://hello.example.com/
    PUBLIC 1   SOMEBODY ELSE'S 1

    PUBLIC: anyone may call it, without a token
    └ module legacy (/legacy/): no privilege: anyone may call it

    SOMEBODY ELSE'S: made by somebody else
    └ client night batch (ID): not of this stack,
        and may call what privilege hello.read, privilege hello.write protects

    (no privilege)
    ├ by anyone, without a token
    └ opens module legacy (/legacy/)
      └ GET DELETE  /legacy/all/:id

    scope and privilege hello.read
    ├ by the client itself > hello-api > client credentials
    ├ by group testers (bob@example.com) > hello-api > authorization code
    ├ by any user of the domain > hello-api developers > authorization code,
    │   refresh token
    ├ by the client itself > night batch > client credentials
    └ opens module hello (/hello/)
      └ GET  /hello/me

    scope and privilege hello.write
    ├ by the client itself > hello-api > client credentials
    ├ by group testers (bob@example.com) > hello-api > authorization code
    ├ by any user of the domain > hello-api developers > authorization code,
    │   refresh token
    ├ by the client itself > night batch > client credentials
    └ opens pattern /written/*: no module answers there

    Clients
    ├ hello-api, confidential, id ID
    │ ├ grants: authorization code, client credentials
    │ ├ scopes: hello.read, hello.write
    │ └ who may sign in: group testers (bob@example.com)
    ├ hello-api developers, public, id ID
    │ ├ grants: authorization code, refresh token
    │ ├ scopes: hello.read, hello.write
    │ ├ who may sign in: any user of the domain
    │ └ the API's app lets only those in that it is granted to; whether the domain
    │     asks that of users of other clients is not documented
    └ night batch, confidential, id ID
      ├ grants: client credentials
      ├ scopes: hello.read, hello.write
      ├ who may sign in: nobody: it has no grant for users
      ├ not of this stack
      └ the API's app lets only those in that it is granted to; whether the domain
          asks that of users of other clients is not documented

    2 privileges of ORDS itself, before nothing that is listed here

    Not seen from here
    ├ who else ORDS lets in: its own OAuth clients, and database users who sign in
    │   with a role of the privilege
    ├ whether ORDS 26.3.0.r2580942 has one JWT profile for the whole pool
    │   (security.jwt.profile.mode=POOL), which goes before the schema's
    └ what a proxy or gateway before ORDS lets through
    "
  `);
  expect(code).toBe(0);
});

test("gives programs the same", async () => {
  const document = JSON.parse((await map("--json")).stdout);
  expect(document.findings.map(({ kind, what }: { kind: string; what: string }) => [kind, what])).toEqual([
    ["public", "module legacy (/legacy/)"],
    ["foreign", expect.stringMatching(/^client night batch/)],
  ]);
  const { callers, resources } = document.locks[0];
  expect(callers).toContainEqual({
    who: { kind: "group", name: "testers", members: ["bob@example.com"] },
    client: "hello-api",
    clientKey: "app",
    grants: ["authorization_code"],
  });
  expect(resources[0].endpoints).toEqual([{ path: "/hello/me", methods: ["GET"], exposure: "closed" }]);
});

test("draws a diagram for Markdown", async () => {
  const { stdout } = await map("--mermaid");
  expect(stdout).toMatch(/^```mermaid\nflowchart LR\n.*\["night batch<br\/>client credentials"\]/s);
});

test("writes a page that loads nothing and holds no secret, for its owner alone", async () => {
  const file = join(deployed.folder, "map.html");
  const { stdout, stderr, code } = await map("--html", file);
  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).toContain(`written: ${file}`);
  const page = readFileSync(file, "utf8");
  expect(page).toMatch(/<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-/);
  expect(page).not.toMatch(/\b(src|href)="(?!#)|url\(|@import/);
  expect(page).toContain(deployed.outputs.client.clientId);
  expect(page).not.toContain(deployed.clientSecret);
  expect(statSync(file).mode & 0o077).toBe(0);
  expect((await map("--html", deployed.folder)).code).toBe(2);
});

test("takes the clients from the state where the domain cannot be read, and says so", async () => {
  const env = { HOME: join(deployed.folder, "none"), OCI_CONFIG_FILE: join(deployed.folder, "none") };
  const { stdout, code } = await deployed.run(["map", "local", "--json"], { env });
  expect(code).toBe(0);
  const document = JSON.parse(stdout);
  expect(document.unseen[0]).toMatch(/^the identity domain \(/);
  expect(document.clients.map(({ key }: { key: string }) => key)).toEqual(["app", "developerClient"]);
});

test("what was deployed by nobody is read from the schema alone", async () => {
  const binary = join(deployed.folder, "terraform");
  const before = readFileSync(binary, "utf8");
  writeFileSync(binary, "#!/bin/sh\necho '{}'\n");
  const { stdout } = await map("--json");
  writeFileSync(binary, before);
  expect(JSON.parse(stdout).locks[0]).toMatchObject({ name: "hello.read", reach: "unknown" });
  expect(stdout).toContain("stack local is not deployed");
  expect(stdout).not.toContain(`${audience}hello.read`);
});

describe("reports in the same style", () => {
  const report = async (command: string, file: string, env?: NodeJS.ProcessEnv) => {
    const path = join(deployed.folder, file);
    const ran = await deployed.run([command, "local", "--url", deployed.apiUrl, "--html", path], { env });
    return { ...ran, page: readFileSync(path, "utf8"), mode: statSync(path).mode & 0o777 };
  };

  test("of verify hold verdict, checks and claims, and no token", async () => {
    const { code, stdout, page, mode } = await report("verify", "verify.html");
    expect([code, mode]).toEqual([0, 0o600]);
    expect(page).toContain("All 12 checks passed");
    expect(page.match(/<th scope="row">GET /g)).toHaveLength(5);
    expect(page).toContain("hello.read hello.write");
    expect(stdout).toMatch(/^ok {5}GET/m);
    expect(page).not.toMatch(/eyJ|idcscs-|<script/);
  });

  test("of doctor hold cause and remedy; of a failed verify, what failed", async () => {
    await deployed.patchApp({ active: false });
    const [found, failed] = [await report("doctor", "doctor.html"), await report("verify", "failed.html")];
    await deployed.patchApp({ active: true });
    expect([found.code, failed.code]).toEqual([1, 1]);
    expect(found.page).toMatch(/Found: .*<th scope="row">Remedy<\/th><td class="text">\w/s);
    expect(failed.page).toMatch(/1 of 2 checks failed.*FAILED/s);
    const healthy = await report("doctor", "healthy.html");
    expect([healthy.code, healthy.page]).toEqual([0, expect.stringContaining("Healthy")]);
  });
});
