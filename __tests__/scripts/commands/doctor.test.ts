import type { KeyObject } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createCertificateAuthority } from "@ords-jwt/stand-ins/certificates";
import { createDatabase, startOracleDatabase } from "@ords-jwt/stand-ins/oracle-database";
import { rsaKeys } from "@ords-jwt/stand-ins/rsa-keys";
import { exportJWK, SignJWT } from "jose";
import { causes } from "../../../doctor/diagnose";
import { cases } from "../../doctor/cases";
import { audience, Deployed, issuer } from "../deployed";

/** An issuer whose keys and tokens can be anything. */
class Issuer {
  private constructor(
    private readonly server: Server,
    private readonly privateKey: KeyObject,
    readonly jwk: Record<string, unknown>,
  ) {}
  body = "";
  status = 200;

  static async start(trust: (pem: string) => void): Promise<Issuer> {
    // Not the authority of the stand-ins, which keeps to itself.
    const authority = await createCertificateAuthority();
    trust(authority.certPem);
    const { publicKey, privateKey } = rsaKeys();
    const server = createServer(await authority.issue());
    const started = new Issuer(server, privateKey, { ...(await exportJWK(publicKey)), kid: "k", alg: "RS256" });
    server.on("request", (_request, response) => {
      response.writeHead(started.status, { "content-type": "application/json" }).end(started.body);
    });
    started.publish(started.jwk);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return started;
  }

  get url(): string {
    return `https://localhost:${(this.server.address() as AddressInfo).port}/keys`;
  }

  publish(...keys: Record<string, unknown>[]): void {
    this.status = 200;
    this.body = JSON.stringify({ keys });
  }

  sign(claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const good = { iss: issuer, aud: audience, sub: "bob", scope: "hello.read", iat: now, exp: now + 600 };
    const all = Object.entries({ ...good, ...claims }).filter(([, value]) => value !== undefined);
    return new SignJWT(Object.fromEntries(all))
      .setProtectedHeader({ alg: "RS256", kid: "k", ...header })
      .sign(this.privateKey);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

let at: Deployed;
let other: Issuer;
beforeAll(async () => {
  at = await Deployed.start();
  other = await Issuer.start((pem) => at.trust(pem));
  await at.register();
});
beforeEach(() => other.publish(other.jwk));
afterAll(async () => {
  other.close();
  await at.close();
});

interface DoctorOptions {
  /** The token to examine. */
  readonly token?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** @default - the protected API */
  readonly url?: string;
}

async function doctor(options: DoctorOptions = {}) {
  const token = options.token === undefined ? [] : ["--token", "-"];
  const args = ["doctor", "local", "--json", "--url", options.url ?? at.apiUrl, ...token];
  const { code, stdout, stderr } = await at.run(args, { input: options.token, env: options.env });
  if (!stdout) throw new Error(stderr);
  expect(stdout).not.toMatch(/eyJ[\w-]+\.|idcscs-/);
  return { code, stderr, ...JSON.parse(stdout) };
}

/** The profile in the schema is changed behind register's back. */
const profile = (values: string) =>
  at.sql(
    "BEGIN ORDS_SECURITY.DELETE_JWT_PROFILE; END;",
    `BEGIN ORDS_SECURITY.CREATE_JWT_PROFILE(p_issuer => '${issuer}', p_audience => '${audience}', ${values}); END;`,
  );
const jwkUrl = () => `p_jwk_url => '${at.outputs.profile.jwkUrl}'`;
const privilege = (name: string, module: string) => `DECLARE
  l_roles owa.vc_arr; l_patterns owa.vc_arr; l_modules owa.vc_arr;
BEGIN
  l_modules(1) := '${module}';
  ORDS.DEFINE_PRIVILEGE(p_privilege_name => '${name}', p_roles => l_roles, p_patterns => l_patterns, p_modules => l_modules, p_comments => 'managed by ords-jwt, stack local');
END;`;
const dropPrivilege = (name: string) => `BEGIN ORDS.DELETE_PRIVILEGE(p_name => '${name}'); END;`;
const enable = (enabled: string) =>
  `BEGIN ORDS.ENABLE_SCHEMA(p_enabled => ${enabled}, p_schema => 'HELLO', p_url_mapping_type => 'BASE_PATH', p_url_mapping_pattern => 'hello', p_auto_rest_auth => TRUE); END;`;
const domain = (action: "activate" | "deactivate") => at.domainAction(action);
const settings = (values: Record<string, unknown>) =>
  at.patch(`${at.outputs.client.domainUrl}/admin/v1/Settings/Settings`, values);
/** The stack names another JWK URL: that of an issuer of ours. */
const stackOf = (keys: Issuer) => {
  const { outputs } = at;
  at.setOutputs({ ...outputs, profile: { ...outputs.profile, jwkUrl: keys.url } });
  return () => at.setOutputs(outputs);
};
const now = () => Math.floor(Date.now() / 1000);

test("a healthy system gives one line", async () => {
  const { code, stdout } = await at.run(["doctor", "local", "--url", at.apiUrl]);
  expect(stdout).toMatch(
    /^healthy: https:\S+ answers with the token, and 401 without; none of \d+ known causes is there\n$/,
  );
  expect(code).toBe(0);
});

interface Case {
  readonly id: string;
  readonly seen: RegExp;
  /** @returns what to run the doctor with, and what puts things right again */
  readonly breakIt: () => Promise<DoctorOptions & { mend: () => unknown }>;
}

const broken: Case[] = [
  {
    id: "domain-inactive",
    seen: /is INACTIVE/,
    async breakIt() {
      await at.patchApps({ active: false });
      await domain("deactivate");
      return {
        async mend() {
          await domain("activate");
          await at.patchApps({ active: true });
        },
      };
    },
  },
  {
    id: "app-inactive",
    seen: /the app hello-api is inactive/,
    async breakIt() {
      await at.patchApp({ active: false });
      return { mend: () => at.patchApp({ active: true }) };
    },
  },
  {
    id: "certificate-not-public",
    seen: /answered 401/,
    async breakIt() {
      await settings({ signingCertPublicAccess: false });
      return { mend: () => settings({ signingCertPublicAccess: true }) };
    },
  },
  {
    id: "jwks-unreachable",
    seen: /answered 404, expected 200/,
    async breakIt() {
      other.status = 404;
      return { mend: stackOf(other) };
    },
  },
  {
    id: "jwks-unreachable",
    seen: /something else than keys/,
    async breakIt() {
      other.body = "<html>";
      return { mend: stackOf(other) };
    },
  },
  {
    id: "jwks-too-large",
    seen: /the JWKS has 1\d{5} bytes/,
    async breakIt() {
      other.publish(other.jwk, { kty: "RSA", kid: "padding", n: "A".repeat(100_000) });
      return { mend: stackOf(other) };
    },
  },
  {
    id: "wrong-key",
    seen: /key "k" has 1024 bits/,
    async breakIt() {
      other.publish({ ...other.jwk, n: Buffer.alloc(128, 255).toString("base64url") });
      return { token: await other.sign(), mend: stackOf(other) };
    },
  },
  {
    id: "wrong-key",
    seen: /the token is signed with "PS256"/,
    async breakIt() {
      const [, ...rest] = (await other.sign()).split(".");
      const header = Buffer.from('{"alg":"PS256","kid":"k"}').toString("base64url");
      return { token: [header, ...rest].join("."), mend: () => {} };
    },
  },
  {
    id: "missing-kid",
    seen: /the token's header has no kid/,
    async breakIt() {
      return { token: await other.sign({}, { kid: undefined }), mend: () => {} };
    },
  },
  {
    id: "missing-kid",
    seen: /names key "k", published are "SIGNING_KEY"/,
    async breakIt() {
      return { token: await other.sign(), mend: () => {} };
    },
  },
  {
    id: "client-refused",
    seen: /401 invalid_client/,
    async breakIt() {
      const { clientSecret, outputs } = at;
      at.clientSecret = "idcscs-stale";
      at.setOutputs(outputs);
      return {
        mend() {
          at.clientSecret = clientSecret;
          at.setOutputs(outputs);
        },
      };
    },
  },
  {
    id: "issuer-slash",
    seen: /the token has "https:\/\/identity.oraclecloud.com", registered is "https:\/\/identity.oraclecloud.com\/"/,
    async breakIt() {
      await settings({ issuer: issuer.slice(0, -1) });
      return { mend: () => settings({ issuer }) };
    },
  },
  {
    id: "issuer-other",
    seen: /the token has "https:\/\/elsewhere.example.com\/"/,
    async breakIt() {
      await settings({ issuer: "https://elsewhere.example.com/" });
      return { mend: () => settings({ issuer }) };
    },
  },
  {
    id: "audience-slash",
    seen: /the token has "https:\/\/hello.example.com"/,
    async breakIt() {
      return { token: await other.sign({ aud: audience.slice(0, -1) }), mend: stackOf(other) };
    },
  },
  {
    id: "audience-array",
    seen: /aud is the list \["https:\/\/hello.example.com\/","https:\/\/second.example.com\/"\]/,
    async breakIt() {
      await at.patchApp({ secondaryAudiences: ["https://second.example.com/"] });
      return { mend: () => at.patchApp({ secondaryAudiences: [] }) };
    },
  },
  {
    id: "audience-other",
    seen: /registered is "https:\/\/second.example.com\/"/,
    async breakIt() {
      await at.sql(
        "BEGIN ORDS_SECURITY.DELETE_JWT_PROFILE; END;",
        `BEGIN ORDS_SECURITY.CREATE_JWT_PROFILE(p_issuer => '${issuer}', p_audience => 'https://second.example.com/', ${jwkUrl()}); END;`,
      );
      return { mend: () => profile(jwkUrl()) };
    },
  },
  {
    id: "scope-without-audience",
    seen: /the client asks for hello.read, without https:\/\/hello.example.com\/ before it/,
    async breakIt() {
      const { outputs } = at;
      at.setOutputs({ ...outputs, client: { ...outputs.client, scopes: ["hello.read"] } });
      return { mend: () => at.setOutputs(outputs) };
    },
  },
  {
    id: "scope-without-audience",
    seen: /the token has no scope/,
    async breakIt() {
      return { token: await other.sign({ scope: undefined }), mend: stackOf(other) };
    },
  },
  {
    id: "scope-not-granted",
    seen: /invalid_scope/,
    async breakIt() {
      await at.patchApp({ allowedScopes: [{ fqs: `${audience}hello.write` }] });
      const allowedScopes = at.outputs.client.scopes.map((fqs) => ({ fqs }));
      return { mend: () => at.patchApp({ allowedScopes }) };
    },
  },
  {
    id: "scope-not-granted",
    seen: /scope is "hello.write", needed is hello.read/,
    async breakIt() {
      return { token: await at.token(`${audience}hello.write`), mend: () => {} };
    },
  },
  {
    id: "roles-missing",
    seen: /\/groups is absent, expected a list/,
    async breakIt() {
      await profile(`${jwkUrl()}, p_role_claim_name => '/groups'`);
      return { mend: () => profile(jwkUrl()) };
    },
  },
  {
    id: "token-expired",
    seen: /it expired \d+ s ago/,
    async breakIt() {
      return { token: await other.sign({ iat: now() - 700, exp: now() - 100 }), mend: stackOf(other) };
    },
  },
  {
    id: "issued-in-future",
    seen: /will be issued in \d+ s; the gateway's clock is level with this machine's/,
    async breakIt() {
      return { token: await other.sign({ iat: now() + 100 }), mend: stackOf(other) };
    },
  },
  {
    id: "issued-in-future",
    seen: /will be issued in \d+ s; the gateway's clock is (99|1\d\d) s behind this machine's/,
    async breakIt() {
      const late = createHttpServer((_request, response) => {
        response.writeHead(401, { date: new Date(Date.now() - 100_000).toUTCString() }).end();
      });
      await new Promise<void>((resolve) => late.listen(0, "127.0.0.1", resolve));
      const url = `http://127.0.0.1:${(late.address() as AddressInfo).port}/ords/hello/hello/me`;
      return { url, mend: () => late.close() };
    },
  },
  {
    id: "token-too-old",
    seen: /it is \d+ s old, allowed are 60 s/,
    async breakIt() {
      await profile(`${jwkUrl()}, p_allowed_age => 60`);
      const restore = stackOf(other);
      return {
        token: await other.sign({ iat: now() - 100 }),
        async mend() {
          restore();
          await profile(jwkUrl());
        },
      };
    },
  },
  {
    id: "token-too-old",
    seen: /allowed age is 0/,
    async breakIt() {
      await profile(`${jwkUrl()}, p_allowed_age => 0`);
      return { mend: () => profile(jwkUrl()) };
    },
  },
  {
    id: "skew-zero",
    seen: /allowed skew is 0, not NULL/,
    async breakIt() {
      await profile(`${jwkUrl()}, p_allowed_skew => 0`);
      return { mend: () => profile(jwkUrl()) };
    },
  },
  {
    id: "profile-missing",
    seen: /schema HELLO has none/,
    async breakIt() {
      await at.sql("BEGIN ORDS_SECURITY.DELETE_JWT_PROFILE; END;");
      return { mend: () => profile(jwkUrl()) };
    },
  },
  {
    id: "profile-of-another-domain",
    seen: /registered is https:\/\/idcs-0.identity.oraclecloud.com:443\/\S+, the stack's is https:\/\/localhost/,
    async breakIt() {
      await profile("p_jwk_url => 'https://idcs-0.identity.oraclecloud.com:443/admin/v1/SigningCert/jwk'");
      return { mend: () => profile(jwkUrl()) };
    },
  },
  {
    id: "privilege-missing",
    seen: /there is no privilege hello.read/,
    async breakIt() {
      await at.sql(dropPrivilege("hello.read"));
      return { mend: () => at.sql(privilege("hello.read", "hello")) };
    },
  },
  {
    id: "privilege-other-case",
    seen: /the privilege is "Hello.Read", the scope "hello.read"/,
    async breakIt() {
      await at.sql(dropPrivilege("hello.read"), privilege("Hello.Read", "hello"));
      return { mend: () => at.sql(dropPrivilege("Hello.Read"), privilege("hello.read", "hello")) };
    },
  },
  {
    id: "privilege-protects-other",
    seen: /privilege hello.read protects module other, not module hello/,
    async breakIt() {
      const other = "BEGIN ORDS.DEFINE_MODULE(p_module_name => 'other', p_base_path => '/other/'); END;";
      await at.sql(other, privilege("hello.read", "other"));
      return { mend: () => at.sql(privilege("hello.read", "hello")) };
    },
  },
  {
    id: "foreign-privilege",
    seen: /privilege by.hand \(by module hello\) protects \/hello\/me, and the token does not open it/,
    async breakIt() {
      await at.sql(privilege("by.hand", "hello"));
      return { mend: () => at.sql(dropPrivilege("by.hand")) };
    },
  },
  {
    id: "foreign-privilege",
    seen: /privilege everything \(by pattern \/\*\) protects \/hello\/me/,
    async breakIt() {
      const define =
        "ORDS.DEFINE_PRIVILEGE('everything', owa.vc_arr(), owa.vc_arr(1 => '/*'), owa.vc_arr(), p_comments => 'by hand')";
      await at.sql(`BEGIN ${define}; END;`);
      return { mend: () => at.sql(dropPrivilege("everything")) };
    },
  },
  {
    id: "module-unprotected",
    seen: /no privilege protects \/hello\/me of module hello/,
    async breakIt() {
      const { outputs } = at;
      const privileges = outputs.privileges.filter(({ name }) => name !== "hello.read");
      at.setOutputs({ ...outputs, privileges });
      await at.sql(dropPrivilege("hello.read"));
      return {
        async mend() {
          at.setOutputs(outputs);
          await at.sql(privilege("hello.read", "hello"));
        },
      };
    },
  },
  {
    id: "schema-not-enabled",
    seen: /schema HELLO is not REST-enabled/,
    async breakIt() {
      await at.sql(enable("FALSE"));
      return { mend: () => at.sql(enable("TRUE")) };
    },
  },
  {
    id: "url-alias",
    seen: /answers 404 without a token: the schema's base path is "hello", the URL has "HELLO"/,
    breakIt: async () => ({ url: at.apiUrl.replace("/hello/", "/HELLO/"), mend: () => {} }),
  },
  {
    id: "url-double-slash",
    seen: /the path is \/ords\/hello\/\/hello\/me/,
    breakIt: async () => ({ url: at.apiUrl.replace("/hello/hello/", "/hello//hello/"), mend: () => {} }),
  },
  {
    id: "url-trailing-slash",
    seen: /answers 404 without a token: the path is \/hello\/me\/, the template \/hello\/me$/,
    breakIt: async () => ({ url: `${at.apiUrl}/`, mend: () => {} }),
  },
  {
    id: "url-template",
    seen: /module hello has no template for \/hello\/mee; the nearest is \/hello\/me$/,
    breakIt: async () => ({ url: `${at.apiUrl}e`, mend: () => {} }),
  },
  {
    id: "claim-type",
    seen: /scope of the claims is the list \["hello.read"\], expected a text/,
    // As token --header prints it, written to a file by PowerShell.
    breakIt: async () => ({
      token: `\ufeffAuthorization: Bearer ${await other.sign({ scope: ["hello.read"] })}\r\n`,
      mend: () => {},
    }),
  },
  {
    id: "ords-too-old",
    seen: /ORDS 22\.4\.0\.r1 has no JWT profiles/,
    async breakIt() {
      const old = await startOracleDatabase(createDatabase({ ordsVersion: "22.4.0.r1", users: [at.standIns.user] }));
      const directory = mkdtempSync(join(at.folder, "tns-"));
      writeFileSync(join(directory, "tnsnames.ora"), `ords_jwt_local = ${old.connectString}\n`);
      return { env: { TNS_ADMIN: directory }, mend: () => old.close() };
    },
  },
  {
    id: "user-of-another-domain",
    seen: /the token of "\w+" is from https:\/\/localhost:\d+, the stack's domain is/,
    async breakIt() {
      return { token: await at.tokenOfAnotherDomain(), mend: () => {} };
    },
  },
  {
    id: "user-of-another-domain",
    seen: /no key of the stack's domain made/,
    async breakIt() {
      const [header, , signature] = (await at.token()).split(".");
      const [, payload] = (await other.sign()).split(".");
      return { token: [header, payload, signature].join("."), mend: () => {} };
    },
  },
];

test.each(broken)("$id is found: $seen", async ({ id, seen, breakIt }) => {
  const { mend, ...options } = await breakIt();
  const { code, finding } = await doctor(options).finally(mend);
  expect(finding).toEqual({
    id,
    seen: expect.stringMatching(seen),
    title: expect.any(String),
    why: expect.any(String),
    remedy: expect.not.stringMatching(/\bENV\b/),
  });
  expect(code).toBe(1);
});

test("after all of that the system is healthy again: nothing was left broken", async () => {
  expect(await doctor()).toMatchObject({ code: 0, healthy: true, finding: null, unseen: [] });
});

test("every cause of the table is made above, or in doctor/cases", () => {
  const made = new Set([...broken, ...cases].map(({ id }) => id));
  expect(causes.map(({ id }) => id).filter((id) => !made.has(id))).toEqual([]);
});

test("what cannot be reached is named as not seen, and is no error", async () => {
  const env = { HOME: join(at.folder, "none"), OCI_CONFIG_FILE: join(at.folder, "none"), ORDS_JWT_LOCAL_PASSWORD: "" };
  const { code, healthy, unseen } = await doctor({ env });
  expect([code, healthy]).toEqual([0, true]);
  expect(unseen.map(({ part }: { part: string }) => part)).toEqual(["the domain and the app in OCI", "schema HELLO"]);
  const unproved = await at.run(["doctor", "local", "--json"], { env });
  expect(JSON.parse(unproved.stdout)).toMatchObject({ healthy: null, finding: null, answer: null });
  expect(unproved.code).toBe(0);
  const { stdout } = await at.run(["doctor", "local"], { env });
  expect(stdout).toMatch(/^nothing found among \d+ known causes, as far as could be seen\n/);
  expect(stdout).toMatch(/not seen: schema HELLO \(the password of database user HELLO is missing/);
  expect(stdout).toMatch(/not seen: the gateway's clock \(no API is named/);
  expect(stdout).toMatch(/not visible from here: a JWT profile for the whole pool/);
});

test("a 401 that nothing explains is no clean bill: what remains is named", async () => {
  const refusing = createHttpServer((_request, response) => response.writeHead(401).end());
  await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}/ords/hello/hello/me`;
  const { code, stdout } = await at.run(["doctor", "local", "--url", url]).finally(() => refusing.close());
  expect(stdout).toMatch(/with the token: 401, expected 2xx.*none of \d+ known causes was seen; what remains:\n/);
  expect(stdout).toMatch(/security\.jwks\.allowed\.urls/);
  expect(code).toBe(1);
});

test("the finding says what was seen, why it gives 401 and what mends it", async () => {
  await at.patchApp({ active: false });
  const { stdout } = await at.run(["doctor", "local", "--url", at.apiUrl]).finally(() => at.patchApp({ active: true }));
  expect(stdout).toMatch(
    /^found: the app is inactive \(app-inactive\)\n {2}seen {4}the app hello-api is inactive\n {2}why {5}an inactive app gets no token.*\n {2}remedy {2}npx cdktf deploy local.*\n$/,
  );
});

test("a token cannot drive the terminal through a finding", async () => {
  const mend = stackOf(other);
  const input = await other.sign({ iss: "\u001b[2J\u009b\nhealthy: all is well" });
  const { stdout } = await at.run(["doctor", "local", "--token", "-"], { input }).finally(mend);
  expect(stdout).toMatch(/^found: the token has another issuer/);
  expect(stdout).not.toMatch(/[^\P{Cc}\n]|^healthy/mu);
});

test("a token as an argument, and what is no token, are wrong calls", async () => {
  const argument = await at.run(["doctor", "local", "--token", await at.token()]);
  expect([argument.code, argument.stderr]).toEqual([2, expect.stringMatching(/standard input only/)]);
  const garbage = await at.run(["doctor", "local", "--token", "-"], { input: "garbage" });
  expect([garbage.code, garbage.stderr]).toEqual([2, expect.stringMatching(/not a JSON Web Token/)]);
  expect(argument.stderr + argument.stdout).not.toMatch(/eyJ/);
});
