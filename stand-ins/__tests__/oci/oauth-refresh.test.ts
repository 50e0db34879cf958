import type { App } from "../../oci/scim/types";
import { basic, callback, claimsOf, OAuthWorld, pkce } from "./oauth-browser";

let world: OAuthWorld;
let client: App;
let user: { id: string; userName: string };
const withRefresh = { allowedGrants: ["authorization_code", "refresh_token"], allowOffline: true };
beforeAll(async () => {
  world = await OAuthWorld.start();
  client = await world.app({ ...withRefresh, allowedOperations: ["introspect"] });
  user = await world.activeUser();
});
afterAll(() => world.close());
afterEach(() => {
  jest.restoreAllMocks();
});

const offline = (app: App) => `${app.audience}read ${app.audience}write offline_access`;

async function tokens(app = client, scope = offline(app), userName = user.userName) {
  const back = await world.signIn(world.browser(), userName, app, { scope });
  const code = back.location?.searchParams.get("code") as string;
  return (await world.token({ grant_type: "authorization_code", code }, basic(app))).body;
}

const refresh = (refresh_token: string, more: Record<string, string> = {}, app = client) =>
  world.token({ grant_type: "refresh_token", refresh_token, ...more }, basic(app));

const invalidGrant = { status: 400, body: { error: "invalid_grant", ecid: expect.any(String) } };

test("a refresh token gives a new token for the same user, and a new refresh token", async () => {
  const first = await tokens();
  const { status, body: second } = await refresh(first.refresh_token);
  expect(status).toBe(200);
  expect(Object.keys(second).sort()).toEqual(["access_token", "expires_in", "refresh_token", "token_type"]);
  const [before, after] = [claimsOf(first.access_token), claimsOf(second.access_token)];
  for (const name of ["sub", "user_id", "scope", "aud", "sid", "client_id"]) expect(after[name]).toEqual(before[name]);
  expect(after.jti).not.toBe(before.jti);
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect((await refresh(second.refresh_token)).status).toBe(200);
});

test("a public client refreshes with its client id alone", async () => {
  const app = await world.publicClient({ allowedGrants: ["authorization_code", "refresh_token"] });
  const { verifier, parameters } = pkce();
  const back = await world.signIn(world.browser(), user.userName, app, { scope: offline(client), ...parameters });
  const code = back.location?.searchParams.get("code") as string;
  const form = { client_id: app.name, redirect_uri: callback, code_verifier: verifier };
  const { body } = await world.token({ ...form, grant_type: "authorization_code", code });
  const again = { grant_type: "refresh_token", refresh_token: body.refresh_token, client_id: app.name };
  expect((await world.token(again)).status).toBe(200);
});

test("a refresh for fewer scopes is not the last", async () => {
  const first = await tokens();
  const { body: fewer } = await refresh(first.refresh_token, { scope: `${client.audience}read` });
  expect(claimsOf(fewer.access_token).scope).toBe("read");
  const { body: all } = await refresh(fewer.refresh_token);
  expect(claimsOf(all.access_token).scope).toBe("read write offline_access");
});

test("a refresh for more scopes is refused and leaves the refresh token as it was", async () => {
  const { refresh_token } = await tokens(client, `${client.audience}read offline_access`);
  const more = await refresh(refresh_token, { scope: `${client.audience}read ${client.audience}write` });
  expect(more).toMatchObject({ status: 400, body: { error: "invalid_scope" } });
  expect((await refresh(refresh_token)).status).toBe(200);
});

describe("no refresh token is given", () => {
  test("when offline_access is not asked for", async () => {
    expect(await tokens(client, `${client.audience}read`)).not.toHaveProperty("refresh_token");
  });

  test("when the client is not allowed the grant, or the API does not allow it", async () => {
    const noGrant = await world.app({ allowOffline: true });
    const noOffline = await world.app({ allowedGrants: withRefresh.allowedGrants });
    for (const app of [noGrant, noOffline]) expect(await tokens(app)).not.toHaveProperty("refresh_token");
  });
});

describe("a refresh token is refused", () => {
  test("when it is missing or unknown, or is another client's", async () => {
    expect((await world.token({ grant_type: "refresh_token" }, basic(client))).body.error).toBe("invalid_request");
    expect(await refresh("bm8gc3VjaCB0b2tlbg==")).toMatchObject(invalidGrant);
    const other = await world.app(withRefresh);
    const { refresh_token } = await tokens();
    expect(await refresh(refresh_token, {}, other)).toMatchObject(invalidGrant);
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  test("the second time, and then its successors too", async () => {
    const first = await tokens();
    const { body: second } = await refresh(first.refresh_token);
    expect(await refresh(first.refresh_token)).toMatchObject(invalidGrant);
    expect(await refresh(second.refresh_token)).toMatchObject(invalidGrant);
    const { body } = await world.post("/oauth2/v1/introspect", { token: second.access_token }, basic(client));
    expect(body).toEqual({ active: false });
  });

  test("after the time that the API sets", async () => {
    const app = await world.app({ ...withRefresh, refreshTokenExpiry: 600 });
    const start = Date.now();
    const clock = jest.spyOn(Date, "now").mockReturnValue(start);
    const { refresh_token } = await tokens(app);
    clock.mockReturnValue(start + 590_000);
    const { body } = await refresh(refresh_token, {}, app);
    clock.mockReturnValue(start + 590_000 + 601_000);
    expect(await refresh(body.refresh_token, {}, app)).toMatchObject(invalidGrant);
  });

  test("once user, API or grant no longer allow it", async () => {
    const app = await world.app(withRefresh);
    const person = await world.activeUser();
    const { refresh_token } = await tokens(app, offline(app), person.userName);
    const attempt = async () => (await refresh(refresh_token, {}, app)).body.error;

    await world.change(`Users/${person.id}`, "active", false);
    expect(await attempt()).toBe("invalid_grant");
    await world.change(`Users/${person.id}`, "active", true);
    await world.change(`Apps/${app.id}`, "allowOffline", false);
    expect(await attempt()).toBe("invalid_grant");
    await world.change(`Apps/${app.id}`, "allowOffline", true);
    await world.change(`Apps/${app.id}`, "trustScope", "Explicit");
    expect(await attempt()).toBe("invalid_scope");
    await world.change(`Apps/${app.id}`, "trustScope", "Account");
    await world.change(`Apps/${app.id}`, "allowedGrants", ["authorization_code"]);
    expect(await attempt()).toBe("unauthorized_client");
    await world.change(`Apps/${app.id}`, "allowedGrants", withRefresh.allowedGrants);
    await world.change(`Apps/${app.id}`, "active", false);
    expect(await attempt()).toBe("invalid_client");
    await world.change(`Apps/${app.id}`, "active", true);
    expect(await attempt()).toBeUndefined();
  });
});

describe("revoke", () => {
  const revoke = (token: string, app = client) => world.post("/oauth2/v1/revoke", { token }, basic(app));
  const introspect = async (token: string) =>
    (await world.post("/oauth2/v1/introspect", { token }, basic(client))).body;

  test("ends a refresh token with the access tokens that came of it", async () => {
    const { access_token, refresh_token } = await tokens();
    expect((await revoke(refresh_token)).status).toBe(200);
    expect(await refresh(refresh_token)).toMatchObject(invalidGrant);
    expect(await introspect(access_token)).toEqual({ active: false });
  });

  test("ends one access token", async () => {
    const { access_token, refresh_token } = await tokens();
    expect(await introspect(access_token)).toMatchObject({
      active: true,
      sub: user.userName,
      scope: expect.any(String),
    });
    expect((await revoke(access_token)).status).toBe(200);
    expect(await introspect(access_token)).toEqual({ active: false });
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  test("does nothing with what is unknown or another client's", async () => {
    const other = await world.app();
    const { access_token, refresh_token } = await tokens();
    for (const token of ["unknown", access_token, refresh_token]) expect((await revoke(token, other)).status).toBe(200);
    expect(await introspect(access_token)).toMatchObject({ active: true });
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  test("and introspect refuse who does not authenticate, sends no token or may not ask", async () => {
    for (const path of ["/oauth2/v1/revoke", "/oauth2/v1/introspect"]) {
      expect((await world.post(path, { token: "x" })).status).toBe(401);
      expect(await world.post(path, {}, basic(client))).toMatchObject({
        status: 400,
        body: { error: "invalid_request" },
      });
    }
    const other = await world.app();
    const asked = await world.post("/oauth2/v1/introspect", { token: "x" }, basic(other));
    expect(asked).toMatchObject({ status: 403, body: { error: "unauthorized_client" } });
  });

  test("an introspected token that is tampered with, expired or an ID token is not active", async () => {
    const { access_token, id_token } = await tokens(client, `${client.audience}read openid`);
    expect(await introspect(`${access_token.slice(0, -8)}AAAAAAAA`)).toEqual({ active: false });
    expect(await introspect(id_token)).toEqual({ active: false });
    jest.spyOn(Date, "now").mockReturnValue(Date.now() + 3_601_000);
    expect(await introspect(access_token)).toEqual({ active: false });
  });
});
