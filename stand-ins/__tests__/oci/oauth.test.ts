import { createHash, X509Certificate } from "node:crypto";
import { calculateJwkThumbprint, decodeProtectedHeader, importJWK, type JWK, jwtVerify } from "jose";
import type { App } from "../../oci/scim/types";
import { appDetails, Cloud, patchOp, tenancyId } from "../../testing/oci";

let cloud: Cloud;
let url: string;
let domainId: string;
beforeAll(async () => {
  cloud = await Cloud.start();
  ({ url, id: domainId } = await cloud.createDomain());
});
afterAll(() => cloud.close());

async function createApp(changes: Record<string, unknown> = {}): Promise<App> {
  const { status, body } = await cloud.call("POST", `${url}/admin/v1/Apps`, appDetails({ active: true, ...changes }));
  if (status !== 201) throw new Error(body.detail);
  return body;
}

const basic = (id: string, secret: string) => {
  const encode = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
  return { authorization: `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString("base64")}` };
};

function post(form: Record<string, string> | string, headers: Record<string, string> = {}) {
  const type = { "content-type": "application/x-www-form-urlencoded" };
  return cloud.send("POST", `${url}/oauth2/v1/token`, { ...type, ...headers }, new URLSearchParams(form).toString());
}

function tokenOf(client: App, scope: string, more: Record<string, string> = {}) {
  return post({ grant_type: "client_credentials", scope, ...more }, basic(client.name, client.clientSecret as string));
}

const patchSettings = (path: string, value: unknown) =>
  cloud.call("PATCH", `${url}/admin/v1/Settings/Settings`, {
    schemas: [patchOp],
    Operations: [{ op: "replace", path, value }],
  });

async function publicKey(): Promise<JWK> {
  return (await cloud.call("GET", `${url}/admin/v1/SigningCert/jwk`)).body.keys[0];
}

async function verify(token: string) {
  const { key_ops: _, ...jwk } = await publicKey();
  return jwtVerify(token, await importJWK(jwk, "RS256"));
}

describe("client credentials", () => {
  test("give a token with Oracle's claims and header", async () => {
    const app = await createApp({ trustScope: "Account" });
    const answer = await tokenOf(app, `${app.audience}read ${app.audience}write`);
    expect(answer).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
    expect(answer.body).toEqual({ access_token: expect.any(String), token_type: "Bearer", expires_in: 3600 });
    const { payload, protectedHeader } = await verify(answer.body.access_token);
    const jwk = (await publicKey()) as Record<string, string>;
    expect(protectedHeader).toEqual({ alg: "RS256", kid: "SIGNING_KEY", x5t: jwk.x5t, "x5t#S256": jwk["x5t#S256"] });
    expect(payload).toMatchObject({
      iss: "https://identity.oraclecloud.com/",
      aud: app.audience,
      scope: "read write",
      sub: app.name,
      sub_type: "client",
      client_id: app.name,
      client_guid: app.id,
      client_ocid: app.ocid,
      client_name: app.displayName,
      domain_id: domainId,
      tenant_iss: url,
      tenant: expect.stringMatching(/^idcs-[0-9a-f]{32}$/),
      ca_ocid: tenancyId,
      tok_type: "AT",
      gtp: "cc",
    });
    expect((payload.exp as number) - (payload.iat as number)).toBe(3600);
    expect(payload).not.toHaveProperty("nbf");
    expect(Object.keys(payload).filter((name) => name.startsWith("user_"))).toEqual([]);
  });

  test("also by client_secret in the form", async () => {
    const app = await createApp({ trustScope: "Account" });
    const client = { client_id: app.name, client_secret: app.clientSecret as string };
    const answer = await post({ grant_type: "client_credentials", scope: `${app.audience}read`, ...client });
    expect(answer.status).toBe(200);
  });

  test("decode Basic credentials as form encoding", async () => {
    const app = await createApp({ trustScope: "Account" });
    const encoded = (text: string) => text.replaceAll("-", "%2D");
    const pair = `${encoded(app.name)}:${encoded(app.clientSecret as string)}`;
    const authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
    const form = { grant_type: "client_credentials", scope: `${app.audience}read` };
    expect((await post(form, { authorization })).status).toBe(200);
    const broken = `Basic ${Buffer.from(`${pair}%`).toString("base64")}`;
    expect(await post(form, { authorization: broken })).toMatchObject({
      status: 401,
      body: { error: "invalid_client" },
    });
  });

  test("last as long as the resource says, or less when asked for", async () => {
    const resource = await createApp({ accessTokenExpiry: 120 });
    const client = await createApp({ trustScope: "Account", accessTokenExpiry: 7200 });
    const scope = `${resource.audience}read`;
    expect((await tokenOf(client, scope)).body.expires_in).toBe(120);
    expect((await tokenOf(client, `${scope} urn:opc:resource:expiry=30`)).body.expires_in).toBe(30);
    expect((await tokenOf(client, `${scope} urn:opc:resource:expiry=9999`)).body.expires_in).toBe(120);
    expect((await tokenOf(client, `${scope} urn:opc:resource:expiry=soon`)).body.error).toBe("invalid_scope");
  });

  test("list the audiences when there is more than one", async () => {
    const app = await createApp({ trustScope: "Account", secondaryAudiences: ["https://second.example.com/"] });
    const { body } = await tokenOf(app, `${app.audience}read`);
    expect((await verify(body.access_token)).payload.aud).toEqual([app.audience, "https://second.example.com/"]);
  });

  test("carry the issuer of the settings, which discovery shows too", async () => {
    const other = await cloud.createDomain();
    const settings = `${other.url}/admin/v1/Settings/Settings`;
    const schemas = ["urn:ietf:params:scim:schemas:oracle:idcs:Settings"];
    const changed = { schemas, csrAccess: "none", issuer: "https://issuer.example.com", signingCertPublicAccess: true };
    expect((await cloud.call("PUT", settings, changed)).status).toBe(200);
    const { body } = await cloud.send("GET", `${other.url}/.well-known/openid-configuration`, {});
    expect(body.issuer).toBe("https://issuer.example.com");
    const { body: app } = await cloud.call(
      "POST",
      `${other.url}/admin/v1/Apps`,
      appDetails({ active: true, trustScope: "Account" }),
    );
    const answer = await cloud.send(
      "POST",
      `${other.url}/oauth2/v1/token`,
      { "content-type": "application/x-www-form-urlencoded", ...basic(app.name, app.clientSecret) },
      new URLSearchParams({ grant_type: "client_credentials", scope: `${app.audience}read` }).toString(),
    );
    const claims = JSON.parse(Buffer.from(answer.body.access_token.split(".")[1], "base64url").toString());
    expect(claims.iss).toBe("https://issuer.example.com");
  });

  test("carry fixed custom claims, but no expressions: there is no user", async () => {
    const app = await createApp({ trustScope: "Account" });
    const claim = { expression: false, mode: "always", tokenType: "AT", allScopes: true };
    const claims = [
      { ...claim, name: "stage", value: "dev" },
      { ...claim, name: "team", value: "$user.groups.*.display", expression: true },
      { ...claim, name: "only_write", value: "w", allScopes: false, scopes: [`${app.audience}write`] },
      { ...claim, name: "sub", value: "mallory" },
    ];
    expect((await patchSettings("tenantCustomClaims", claims)).status).toBe(200);
    const read = await verify((await tokenOf(app, `${app.audience}read`)).body.access_token);
    expect(read.payload).toMatchObject({ stage: "dev", sub: app.name });
    expect(read.payload).not.toHaveProperty("team");
    expect(read.payload).not.toHaveProperty("only_write");
    const write = await verify((await tokenOf(app, `${app.audience}write`)).body.access_token);
    expect(write.payload.only_write).toBe("w");
    await patchSettings("tenantCustomClaims", []);
  });
});

describe("the token endpoint refuses", () => {
  test("a client it cannot authenticate, always with the same text", async () => {
    const app = await createApp({ trustScope: "Account" });
    const inactive = await createApp({ trustScope: "Account", active: false });
    const noClient = await createApp({ trustScope: "Account", isOAuthClient: false });
    const form = { grant_type: "client_credentials", scope: `${app.audience}read` };
    const attempts = [
      post(form),
      post(form, basic(app.name, "idcscs-wrong")),
      post(form, basic("nobody", app.clientSecret as string)),
      post(form, { authorization: "Basic !!!" }),
      post(form, { authorization: "Bearer abc" }),
      post({ ...form, client_id: app.name }),
      tokenOf(inactive, form.scope),
      tokenOf(noClient, form.scope),
    ];
    for (const answer of await Promise.all(attempts)) {
      expect(answer).toMatchObject({
        status: 401,
        headers: { "www-authenticate": "Basic" },
        body: { error: "invalid_client", error_description: "Client authentication failed.", ecid: expect.any(String) },
      });
    }
  });

  test("a client that authenticates in two ways, or as two clients", async () => {
    const app = await createApp({ trustScope: "Account" });
    const scope = `${app.audience}read`;
    const twice = await tokenOf(app, scope, { client_secret: app.clientSecret as string });
    expect(twice).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect(await tokenOf(app, scope, { client_id: "other" })).toMatchObject({ body: { error: "invalid_request" } });
  });

  test("a public client that asks for client credentials", async () => {
    const { body: app } = await cloud.call(
      "POST",
      `${url}/admin/v1/Apps`,
      appDetails({
        basedOnTemplate: { value: "CustomBrowserMobileTemplateId" },
        clientType: "public",
        active: true,
        trustScope: "Account",
      }),
    );
    const form = { grant_type: "client_credentials", scope: `${app.audience}read`, client_id: app.name };
    expect(await post(form)).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  });

  test("a client assertion, and says that it is not supported", async () => {
    const answer = await post({ grant_type: "client_credentials", client_assertion: "x" });
    expect(answer.body.error_description).toContain("not supported");
  });

  test("a grant that is missing, unknown or not allowed", async () => {
    const app = await createApp({ allowedGrants: ["refresh_token"] });
    const client = basic(app.name, app.clientSecret as string);
    const errors = { "": "invalid_request", password: "unsupported_grant_type", toString: "unsupported_grant_type" };
    for (const [grant_type, error] of Object.entries(errors)) {
      expect(await post({ grant_type }, client)).toMatchObject({ status: 400, body: { error } });
    }
    expect((await tokenOf(app, `${app.audience}read`)).body.error).toBe("unauthorized_client");
  });

  test("a parameter given twice, or a body that is not a form", async () => {
    expect((await post("scope=a&scope=b")).body.error).toBe("invalid_request");
    const json = await cloud.send("POST", `${url}/oauth2/v1/token`, { "content-type": "application/json" }, "{}");
    expect(json).toMatchObject({ status: 400, body: { error: "invalid_request" } });
  });

  test("scopes that are missing, unknown, of an inactive app, or of two resource servers", async () => {
    const [app, other] = [await createApp({ trustScope: "Account" }), await createApp()];
    const inactive = await createApp({ active: false });
    const scopes = [
      "",
      "read",
      `${app.audience}delete`,
      `${app.audience}/read`,
      `${inactive.audience}read`,
      `${app.audience}read ${other.audience}read`,
    ];
    for (const scope of scopes) {
      expect(await tokenOf(app, scope)).toMatchObject({ status: 400, body: { error: "invalid_scope" } });
    }
  });
});

describe("the trust scope", () => {
  test("Explicit allows only what is listed, own scopes included", async () => {
    const app = await createApp();
    expect((await tokenOf(app, `${app.audience}read`)).body.error).toBe("invalid_scope");
    await cloud.call("PATCH", `${url}/admin/v1/Apps/${app.id}`, {
      schemas: [patchOp],
      Operations: [{ op: "add", path: "allowedScopes", value: [{ fqs: `${app.audience}read` }] }],
    });
    expect((await tokenOf(app, `${app.audience}read`)).status).toBe(200);
    expect((await tokenOf(app, `${app.audience}write`)).body.error).toBe("invalid_scope");
  });

  test("Tags allows the resources that carry one of the client's tags", async () => {
    const tag = { key: "team", value: "a" };
    const [tagged, plain] = [await createApp({ tags: [tag] }), await createApp()];
    const client = await createApp({ trustScope: "Tags", allowedTags: [tag] });
    expect((await tokenOf(client, `${tagged.audience}read`)).status).toBe(200);
    expect((await tokenOf(client, `${plain.audience}read`)).body.error).toBe("invalid_scope");
  });

  test("Default is that of the settings, and accountAlwaysTrustScope overrules all", async () => {
    const [client, explicit] = [await createApp({ trustScope: "Default" }), await createApp()];
    const scope = `${client.audience}read`;
    expect((await tokenOf(client, scope)).body.error).toBe("invalid_scope");
    await patchSettings("defaultTrustScope", "Account");
    expect((await tokenOf(client, scope)).status).toBe(200);
    expect((await tokenOf(explicit, scope)).body.error).toBe("invalid_scope");
    await patchSettings("accountAlwaysTrustScope", true);
    expect((await tokenOf(explicit, scope)).status).toBe(200);
    await patchSettings("accountAlwaysTrustScope", false);
    await patchSettings("defaultTrustScope", "Explicit");
  });
});

describe("the signing key", () => {
  test("is published as Oracle does: with a chain, and operations without verify", async () => {
    const jwk = (await publicKey()) as JWK & { x5c: string[]; n: string };
    expect(jwk).toMatchObject({
      kty: "RSA",
      alg: "RS256",
      kid: "SIGNING_KEY",
      e: "AQAB",
      key_ops: ["encrypt", "sign"],
    });
    const [leaf, authority] = jwk.x5c.map((der) => new X509Certificate(Buffer.from(der, "base64")));
    expect(leaf?.subject).toMatch(/^CN=idcs-[0-9a-f]{32}$/);
    expect(authority?.subject).toBe("CN=Cloud9CA");
    expect(leaf?.verify(authority?.publicKey as NonNullable<typeof authority>["publicKey"])).toBe(true);
    expect(leaf?.publicKey.export({ format: "jwk" }).n).toBe(jwk.n);
    expect(
      createHash("sha1")
        .update(leaf?.raw as Buffer)
        .digest("base64url"),
    ).toBe(jwk.x5t);
    expect(
      createHash("sha256")
        .update(leaf?.raw as Buffer)
        .digest("base64url"),
    ).toBe(jwk["x5t#S256"]);
  });

  test("differs between domains, under the same id", async () => {
    const other = await cloud.createDomain();
    const [theirs] = (await cloud.call("GET", `${other.url}/admin/v1/SigningCert/jwk`)).body.keys;
    expect(theirs.kid).toBe("SIGNING_KEY");
    expect(await calculateJwkThumbprint(theirs)).not.toBe(await calculateJwkThumbprint(await publicKey()));
  });

  test("needs authentication until the settings make it public", async () => {
    const own = await cloud.createDomain();
    const jwks = `${own.url}/admin/v1/SigningCert/jwk`;
    expect(await cloud.send("GET", jwks, {})).toMatchObject({ status: 401, body: { status: "401" } });
    await cloud.call("PATCH", `${own.url}/admin/v1/Settings/Settings`, {
      schemas: [patchOp],
      Operations: [{ op: "replace", path: "SigningCertPublicAccess", value: true }],
    });
    expect((await cloud.send("GET", jwks, {})).status).toBe(200);
  });

  test("is also given for a token of this domain, not for that of another", async () => {
    const app = await createApp({ trustScope: "Account" });
    const authorization = `Bearer ${(await tokenOf(app, `${app.audience}read`)).body.access_token}`;
    expect((await cloud.send("GET", `${url}/admin/v1/SigningCert/jwk`, { authorization })).status).toBe(200);
    const other = await cloud.createDomain();
    expect((await cloud.send("GET", `${other.url}/admin/v1/SigningCert/jwk`, { authorization })).status).toBe(401);
    const spoiled = `${authorization.slice(0, -4)}AAAA`;
    expect((await cloud.send("GET", `${url}/admin/v1/SigningCert/jwk`, { authorization: spoiled })).status).toBe(401);
  });
});

test("discovery documents name the endpoints of the domain", async () => {
  const get = async (name: string) => (await cloud.send("GET", `${url}/.well-known/${name}`, {})).body;
  const openid = await get("openid-configuration");
  const endpoints = {
    issuer: "https://identity.oraclecloud.com/",
    token_endpoint: `${url}/oauth2/v1/token`,
    authorization_endpoint: `${url}/oauth2/v1/authorize`,
    jwks_uri: `${url}/admin/v1/SigningCert/jwk`,
    code_challenge_methods_supported: ["S256"],
  };
  expect(openid).toMatchObject({ ...endpoints, end_session_endpoint: `${url}/oauth2/v1/userlogout` });
  expect(openid).not.toHaveProperty("device_authorization_endpoint");
  expect(await get("oauth-authorization-server")).toMatchObject(endpoints);
  expect((await get("idcs-configuration"))["openid-configuration"]).toEqual(openid);
});

test("a token names no type in its header", async () => {
  const app = await createApp({ trustScope: "Account" });
  const { body } = await tokenOf(app, `${app.audience}read`);
  expect(decodeProtectedHeader(body.access_token)).not.toHaveProperty("typ");
});
