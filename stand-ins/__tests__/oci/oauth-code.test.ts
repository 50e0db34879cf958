import { decodeProtectedHeader } from "jose";
import type { App } from "../../oci/scim/types";
import { basic, callback, claimsOf, OAuthWorld, password, pkce } from "./oauth-browser";

let world: OAuthWorld;
let api: App;
let user: { id: string; ocid: string; userName: string };
beforeAll(async () => {
  world = await OAuthWorld.start();
  api = await world.app();
  user = await world.activeUser();
});
afterAll(() => world.close());
afterEach(() => {
  jest.restoreAllMocks();
});

async function codeFor(client: App, parameters: Record<string, string> = {}, scope = `${api.audience}read`) {
  const back = await world.signIn(world.browser(), user.userName, client, { scope, ...parameters });
  return back.location?.searchParams.get("code") as string;
}

const exchange = (client: App, code: string, form: Record<string, string> = {}, headers = basic(client)) =>
  world.token({ grant_type: "authorization_code", code, ...form }, headers);

test("a public client with PKCE gets a user's token", async () => {
  const client = await world.publicClient();
  const { verifier, parameters } = pkce();
  const scope = `${api.audience}read ${api.audience}write`;
  const state = "a b&c=ä";
  const back = await world.signIn(world.browser(), user.userName, client, { scope, state, ...parameters });
  expect(back.status).toBe(302);
  expect(back.location?.href).toMatch(`${callback}?`);
  expect(back.location?.searchParams.get("state")).toBe(state);
  const code = back.location?.searchParams.get("code") as string;
  expect(code).toMatch(/^[A-Za-z0-9+/]{100,}=+$/);
  const answer = await world.token({
    grant_type: "authorization_code",
    code,
    redirect_uri: callback,
    client_id: client.name,
    code_verifier: verifier,
  });
  expect(answer).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
  expect(answer.body).toEqual({ access_token: expect.any(String), token_type: "Bearer", expires_in: 3600 });
  expect(decodeProtectedHeader(answer.body.access_token)).toEqual({
    alg: "RS256",
    kid: "SIGNING_KEY",
    x5t: expect.any(String),
    "x5t#S256": expect.any(String),
  });
  const claims = claimsOf(answer.body.access_token);
  expect(claims).toMatchObject({
    iss: "https://identity.oraclecloud.com/",
    aud: api.audience,
    scope: "read write",
    sub: user.userName,
    sub_type: "user",
    sub_mappingattr: "userName",
    user_id: user.id,
    user_ocid: user.ocid,
    user_displayname: "Alice Smith",
    client_id: client.name,
    client_guid: client.id,
    tenant_iss: world.url,
    domain_id: world.domainId,
    gtp: "azc",
    tok_type: "AT",
    amr: ["USERNAME_PASSWORD"],
    sid: expect.stringMatching(/^[0-9a-f]{32}$/),
    jti: expect.any(String),
  });
  expect((claims.exp as number) - (claims.iat as number)).toBe(3600);
  expect(claims).not.toHaveProperty("nbf");
});

test("a confidential client needs neither PKCE nor, at the exchange, the redirect URI", async () => {
  expect((await exchange(api, await codeFor(api))).status).toBe(200);
  expect((await exchange(api, await codeFor(api), { redirect_uri: callback })).status).toBe(200);
});

test("a code whose padding was not encoded still works, a plus sign that was not does not", async () => {
  const code = await codeFor(api);
  const raw = (text: string) =>
    world.cloud.send(
      "POST",
      `${world.url}/oauth2/v1/token`,
      { "content-type": "application/x-www-form-urlencoded", ...basic(api) },
      `grant_type=authorization_code&code=${text}`,
    );
  const spoiled = code.includes("+") ? code : `+${code}`;
  expect((await raw(spoiled)).body.error).toBe("invalid_grant");
  expect((await raw(code.replaceAll("+", "%2B"))).status).toBe(200);
});

test("aud is a list when the API has more than one audience, and when openid is asked for", async () => {
  const second = "https://second.example.com/";
  const two = await world.app({ secondaryAudiences: [second] });
  const answer = await exchange(two, await codeFor(two, {}, `${two.audience}read`));
  expect(claimsOf(answer.body.access_token).aud).toEqual([two.audience, second]);
  const openid = await exchange(api, await codeFor(api, {}, `${api.audience}read openid`));
  expect(claimsOf(openid.body.access_token)).toMatchObject({ aud: [api.audience, world.url], scope: "read openid" });
  const alone = await exchange(api, await codeFor(api, {}, "openid"));
  expect(claimsOf(alone.body.access_token)).toMatchObject({ aud: world.url, scope: "openid" });
});

test("a token lasts as long as the API says, or less when asked for", async () => {
  const short = await world.app({ accessTokenExpiry: 120 });
  const life = async (scope: string) => (await exchange(short, await codeFor(short, {}, scope))).body.expires_in;
  expect(await life(`${short.audience}read`)).toBe(120);
  expect(await life(`${short.audience}read urn:opc:resource:expiry=30`)).toBe(30);
});

test("a user's token carries custom claims that read the user", async () => {
  await world.create("Groups", {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName: "readers",
    members: [{ type: "User", value: user.id }],
  });
  const claim = { mode: "always", tokenType: "AT", allScopes: true, expression: true };
  await world.change("Settings/Settings", "tenantCustomClaims", [
    { ...claim, name: "roles", value: "$user.groups.*.display" },
    { ...claim, name: "roles2", value: "$(user.groups[*].display)" },
    { ...claim, name: "family", value: "$user.name.familyName" },
    { ...claim, name: "secret", value: "$user.password" },
    { ...claim, name: "id_only", value: "x", expression: false, tokenType: "IT" },
  ]);
  const { body } = await exchange(api, await codeFor(api));
  const claims = claimsOf(body.access_token);
  expect(claims).toMatchObject({ roles: ["readers"], roles2: ["readers"], family: "Smith" });
  expect(claims).not.toHaveProperty("secret");
  expect(claims).not.toHaveProperty("id_only");
  await world.change("Settings/Settings", "tenantCustomClaims", []);
});

describe("the exchange of a code is refused", () => {
  const refused = { status: 400, body: { error: "invalid_grant", ecid: expect.any(String) } };

  test("without a code, or for one that is unknown", async () => {
    expect((await world.token({ grant_type: "authorization_code" }, basic(api))).body.error).toBe("invalid_request");
    expect(await exchange(api, "bm8gc3VjaCBjb2Rl")).toMatchObject(refused);
  });

  test("the second time, and the tokens of the first are revoked", async () => {
    const offline = await world.app({
      allowedGrants: ["authorization_code", "refresh_token"],
      allowOffline: true,
      allowedOperations: ["introspect"],
    });
    const code = await codeFor(offline, {}, `${offline.audience}read offline_access`);
    const { body: first } = await exchange(offline, code);
    const isActive = async () =>
      (await world.post("/oauth2/v1/introspect", { token: first.access_token }, basic(offline))).body.active;
    expect(await isActive()).toBe(true);
    expect(await exchange(offline, code)).toMatchObject(refused);
    expect(await isActive()).toBe(false);
    const refresh = { grant_type: "refresh_token", refresh_token: first.refresh_token };
    expect(await world.token(refresh, basic(offline))).toMatchObject(refused);
  });

  test("after three minutes", async () => {
    const start = Date.now();
    const clock = jest.spyOn(Date, "now").mockReturnValue(start);
    const [early, late] = [await codeFor(api), await codeFor(api)];
    clock.mockReturnValue(start + 170_000);
    expect((await exchange(api, early)).status).toBe(200);
    clock.mockReturnValue(start + 181_000);
    expect(await exchange(api, late)).toMatchObject(refused);
  });

  test("for another client, which does not use the code up", async () => {
    const other = await world.app();
    const code = await codeFor(api);
    expect(await exchange(other, code)).toMatchObject(refused);
    expect((await exchange(api, code)).status).toBe(200);
  });

  test("with another redirect URI, or without one for a public client", async () => {
    expect(await exchange(api, await codeFor(api), { redirect_uri: `${callback}/` })).toMatchObject(refused);
    const client = await world.publicClient();
    const { verifier, parameters } = pkce();
    const form = {
      grant_type: "authorization_code",
      code: await codeFor(client, parameters),
      client_id: client.name,
      code_verifier: verifier,
    };
    expect(await world.token(form)).toMatchObject(refused);
  });

  test("with a wrong, a missing or an unasked-for code verifier, after which the code is used up", async () => {
    const { verifier, parameters } = pkce();
    for (const wrong of [pkce().verifier, "short", verifier.toUpperCase()]) {
      const code = await codeFor(api, parameters);
      expect(await exchange(api, code, { code_verifier: wrong })).toMatchObject(refused);
      expect(await exchange(api, code, { code_verifier: verifier })).toMatchObject(refused);
    }
    const missing = await exchange(api, await codeFor(api, parameters));
    expect(missing).toMatchObject({
      ...refused,
      body: { error_description: expect.stringContaining("code_verifier") },
    });
    expect(await exchange(api, await codeFor(api), { code_verifier: verifier })).toMatchObject(refused);
  });

  test("for a user who has been deactivated or deleted since", async () => {
    const other = await world.activeUser();
    const signIn = async () => {
      const back = await world.signIn(world.browser(), other.userName, api, { scope: `${api.audience}read` });
      return back.location?.searchParams.get("code") as string;
    };
    const [first, second] = [await signIn(), await signIn()];
    await world.change(`Users/${other.id}`, "active", false);
    expect(await exchange(api, first)).toMatchObject(refused);
    expect((await world.cloud.call("DELETE", `${world.url}/admin/v1/Users/${other.id}`)).status).toBe(204);
    expect(await exchange(api, second)).toMatchObject(refused);
  });

  test("for a client that has been deactivated or has lost the grant since", async () => {
    const client = await world.app();
    const [first, second] = [
      await codeFor(client, {}, `${client.audience}read`),
      await codeFor(client, {}, `${client.audience}read`),
    ];
    await world.change(`Apps/${client.id}`, "allowedGrants", ["client_credentials"]);
    expect((await exchange(client, first)).body.error).toBe("unauthorized_client");
    await world.change(`Apps/${client.id}`, "allowedGrants", ["authorization_code"]);
    await world.change(`Apps/${client.id}`, "active", false);
    expect(await exchange(client, second)).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  });

  test("for an API that has been deactivated or taken from the client since", async () => {
    const resource = await world.app();
    const scope = `${resource.audience}read`;
    const client = await world.app({ trustScope: "Explicit", allowedScopes: [{ fqs: scope }] });
    const codes = [await codeFor(client, {}, scope), await codeFor(client, {}, scope)];
    await world.change(`Apps/${client.id}`, "allowedScopes", []);
    expect((await exchange(client, codes[0] as string)).body.error).toBe("invalid_scope");
    await world.change(`Apps/${client.id}`, "trustScope", "Account");
    await world.change(`Apps/${resource.id}`, "active", false);
    expect((await exchange(client, codes[1] as string)).body.error).toBe("invalid_scope");
  });

  test("for a confidential client without its secret, and for a public one that sends a secret", async () => {
    const code = await codeFor(api);
    const form = { grant_type: "authorization_code", code, client_id: api.name };
    expect((await world.token(form)).status).toBe(401);
    const client = await world.publicClient();
    const withSecret = { ...form, client_id: client.name, client_secret: "idcscs-x" };
    expect(await world.token(withSecret)).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  });

  test("at a domain that is not active", async () => {
    const other = await OAuthWorld.start();
    try {
      const own = await other.app();
      const person = await other.activeUser();
      const browser = other.browser();
      const url = other.authorizeUrl(own, { scope: `${own.audience}read` });
      const back = await browser.submit(await browser.open(url), { username: person.userName, password });
      const code = back.location?.searchParams.get("code") as string;
      await other.change(`Apps/${own.id}`, "active", false);
      await other.cloud.finished(await other.cloud.api("POST", `/domains/${other.domainId}/actions/deactivate`));
      expect((await browser.open(url)).status).toBe(403);
      expect((await other.token({ grant_type: "authorization_code", code }, basic(own))).status).toBe(403);
    } finally {
      await other.close();
    }
  });
});
