import { createHash } from "node:crypto";
import { importJWK, jwtVerify } from "jose";
import type { App } from "../../oci/scim/types";
import { basic, claimsOf, OAuthWorld } from "./oauth-browser";

const signedOut = "https://app.example.com/signed-out";
let world: OAuthWorld;
let client: App;
let user: { id: string; userName: string };
beforeAll(async () => {
  world = await OAuthWorld.start();
  client = await world.app({ postLogoutRedirectUris: [signedOut, `${signedOut}?from=oci`] });
  user = await world.activeUser();
});
afterAll(() => world.close());
afterEach(() => {
  jest.restoreAllMocks();
});

async function tokens(scope: string, parameters: Record<string, string> = {}, browser = world.browser()) {
  const back = await world.signIn(browser, user.userName, client, { scope, ...parameters });
  const code = back.location?.searchParams.get("code") as string;
  return (await world.token({ grant_type: "authorization_code", code }, basic(client))).body;
}

describe("the ID token", () => {
  test("is signed by the domain and says who has signed in for whom", async () => {
    const { access_token, id_token } = await tokens(`${client.audience}read openid`, { nonce: "n-1" });
    const [{ key_ops: _, ...jwk }] = (await world.cloud.call("GET", `${world.url}/admin/v1/SigningCert/jwk`)).body.keys;
    const { payload } = await jwtVerify(id_token, await importJWK(jwk, "RS256"));
    const digest = createHash("sha256").update(access_token).digest();
    expect(payload).toMatchObject({
      iss: "https://identity.oraclecloud.com/",
      aud: ["https://identity.oraclecloud.com/", client.name],
      azp: client.name,
      sub: user.userName,
      user_id: user.id,
      nonce: "n-1",
      tok_type: "IT",
      at_hash: digest.subarray(0, 16).toString("base64url"),
      sid: claimsOf(access_token).sid,
      session_exp: payload.exp,
    });
    expect((payload.exp as number) - (payload.auth_time as number)).toBe(8 * 3600);
  });

  test("has no nonce when none was sent", async () => {
    expect(claimsOf((await tokens("openid")).id_token)).not.toHaveProperty("nonce");
  });

  test("is not given without openid", async () => {
    expect(await tokens(`${client.audience}read email`)).not.toHaveProperty("id_token");
  });
});

describe("userinfo", () => {
  const userInfo = (token?: string) =>
    world.cloud.send("GET", `${world.url}/oauth2/v1/userinfo`, token ? { authorization: `Bearer ${token}` } : {});

  test("tells who the user is, and the e-mail address when that was asked for", async () => {
    const { status, body } = await userInfo((await tokens("openid")).access_token);
    expect(status).toBe(200);
    expect(body).toEqual({
      birthdate: "",
      gender: "",
      website: "",
      name: "Alice Smith",
      preferred_username: user.userName,
      sub: user.userName,
      updated_at: expect.any(Number),
    });
    const withEmail = await userInfo((await tokens(`${client.audience}read openid email`)).access_token);
    expect(withEmail.body).toMatchObject({ email: user.userName, email_verified: false });
  });

  test("refuses a token that is missing, made up, an ID token, expired or revoked", async () => {
    const { access_token, id_token } = await tokens("openid");
    const refused = {
      status: 401,
      headers: { "www-authenticate": 'Bearer error="invalid_token"' },
      body: { error: "invalid_token" },
    };
    for (const token of [undefined, "x.y.z", id_token]) expect(await userInfo(token)).toMatchObject(refused);
    const { access_token: other } = await tokens("openid");
    await world.post("/oauth2/v1/revoke", { token: other }, basic(client));
    expect(await userInfo(other)).toMatchObject(refused);
    jest.spyOn(Date, "now").mockReturnValue(Date.now() + 3_601_000);
    expect(await userInfo(access_token)).toMatchObject(refused);
  });

  test("refuses a token without openid, one of a client, and one of a user who is deactivated", async () => {
    const { access_token } = await tokens(`${client.audience}read email`);
    expect(await userInfo(access_token)).toMatchObject({ status: 403, body: { error: "insufficient_scope" } });
    const machine = await world.app({ allowedGrants: ["client_credentials"], redirectUris: [] });
    const form = { grant_type: "client_credentials", scope: `${machine.audience}read` };
    expect((await userInfo((await world.token(form, basic(machine))).body.access_token)).status).toBe(401);
    const { access_token: openid } = await tokens("openid");
    await world.change(`Users/${user.id}`, "active", false);
    expect((await userInfo(openid)).status).toBe(401);
    await world.change(`Users/${user.id}`, "active", true);
  });
});

describe("logout", () => {
  const logoutUrl = (parameters: Record<string, string> = {}) =>
    `${world.url}/oauth2/v1/userlogout?${new URLSearchParams(parameters)}`;
  const isSignedIn = async (browser: ReturnType<OAuthWorld["browser"]>) =>
    (await browser.send(world.authorizeUrl(client, { scope: "openid" }))).location?.pathname === "/callback";

  test("ends the session in this browser and says so", async () => {
    const [browser, other] = [world.browser(), world.browser()];
    await tokens("openid", {}, browser);
    await tokens("openid", {}, other);
    const cookies = new Map(browser.cookies);
    const { status, text } = await browser.send(logoutUrl());
    expect(status).toBe(200);
    expect(text).toContain("You are signed out");
    expect(await isSignedIn(browser)).toBe(false);
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    expect(await isSignedIn(browser)).toBe(false);
    expect(await isSignedIn(other)).toBe(true);
  });

  test("sends the browser back with the state, even when the ID token has expired", async () => {
    const browser = world.browser();
    const { id_token } = await tokens("openid", {}, browser);
    jest.spyOn(Date, "now").mockReturnValue(Date.now() + 9 * 3_600_000);
    const asked = { post_logout_redirect_uri: signedOut, state: "a&b", id_token_hint: id_token };
    const { status, location } = await browser.send(logoutUrl(asked));
    expect({ status, href: location?.href }).toEqual({ status: 302, href: `${signedOut}?state=a%26b` });
    const withQuery = { ...asked, post_logout_redirect_uri: `${signedOut}?from=oci` };
    expect((await browser.send(logoutUrl(withQuery))).location?.href).toBe(`${signedOut}?from=oci&state=a%26b`);
  });

  test("does not redirect, and keeps the session, without a valid hint or to where the client has not registered", async () => {
    const browser = world.browser();
    const { id_token, access_token } = await tokens("openid", {}, browser);
    const other = await world.app();
    const back = await browser.send(world.authorizeUrl(other, { scope: "openid" }));
    const code = back.location?.searchParams.get("code") as string;
    const { body } = await world.token({ grant_type: "authorization_code", code }, basic(other));
    const asked = { post_logout_redirect_uri: signedOut };
    const wrong: [reason: string, parameters: Record<string, string>][] = [
      ["id_token_hint is missing", asked],
      ["not an ID token", { ...asked, id_token_hint: access_token }],
      ["not an ID token", { ...asked, id_token_hint: `${id_token.slice(0, -8)}AAAAAAAA` }],
      ["not registered", { ...asked, id_token_hint: body.id_token }],
      ["not registered", { post_logout_redirect_uri: `${signedOut}/`, id_token_hint: id_token }],
    ];
    for (const [reason, parameters] of wrong) {
      const { status, location, text } = await browser.send(logoutUrl(parameters));
      expect({ status, location }).toEqual({ status: 400, location: undefined });
      expect(JSON.parse(text)).toEqual({
        error: "invalid_request",
        error_description: expect.stringContaining(reason),
        ecid: expect.any(String),
      });
    }
    expect(await isSignedIn(browser)).toBe(true);
  });
});
