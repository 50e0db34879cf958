import type { App } from "../../oci/scim/types";
import { type Browser, basic, claimsOf, OAuthWorld, password, type Seen } from "./oauth-browser";

const deviceCode = "urn:ietf:params:oauth:grant-type:device_code";

let world: OAuthWorld;
let client: App;
let user: { id: string; userName: string };
beforeAll(async () => {
  world = await OAuthWorld.start();
  client = await world.app({ allowedGrants: [deviceCode], allowOffline: true });
  user = await world.activeUser();
});
afterAll(() => world.close());
afterEach(() => {
  jest.restoreAllMocks();
});

const read = (app = client) => `${app.audience}read`;

const start = (more: Record<string, string> = {}, app = client, headers: Record<string, string> = {}) =>
  world.post(
    "/oauth2/v1/device",
    { response_type: "device_code", client_id: app.name, scope: read(app), ...more },
    headers,
  );

const poll = (device_code: string, app = client) => world.token({ grant_type: deviceCode, device_code }, basic(app));

const refused = (error: string) => ({ status: 400, body: { error, ecid: expect.any(String) } });

/** Lets the polls of a test come as far apart as the domain wants them. */
function patience() {
  let time = Date.now();
  jest.spyOn(Date, "now").mockImplementation(() => time);
  return (seconds = 5) => {
    time += seconds * 1000;
  };
}

/** A browser in which the user is signed in and has been asked for the code. */
async function signedInBrowser(userName = user.userName): Promise<{ browser: Browser; page: Seen }> {
  const browser = world.browser();
  const page = await browser.submit(await browser.open(`${world.url}/ui/v1/device`), { username: userName, password });
  return { browser, page };
}

/** What the page says after the user has typed the code and decided. */
async function decide(user_code: string, decision: string, userName = user.userName): Promise<Seen> {
  const { browser, page } = await signedInBrowser(userName);
  return browser.submit(await browser.submit(page, { user_code }), { user_code, decision });
}

test("the answer has what Oracle's has and no more", async () => {
  const { status, body } = await start();
  expect([status, body]).toEqual([
    200,
    {
      expires_in: 300,
      device_code: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      user_code: expect.stringMatching(/^[A-Z]{8}$/),
      verification_uri: `${world.url}/ui/v1/device`,
    },
  ]);
});

test("a user signs in, types the code and allows it; then the device gets a token for that user, once", async () => {
  const wait = patience();
  const { body } = await start({ scope: `${read()} openid offline_access` });
  expect(await poll(body.device_code)).toMatchObject(refused("authorization_pending"));

  const { browser, page } = await signedInBrowser();
  const typed = `${body.user_code.slice(0, 4).toLowerCase()}-${body.user_code.slice(4)} `;
  const confirm = await browser.submit(page, { user_code: typed });
  for (const shown of [client.displayName, user.userName, body.user_code]) expect(confirm.text).toContain(shown);
  wait();
  expect(await poll(body.device_code)).toMatchObject(refused("authorization_pending"));
  expect((await browser.submit(confirm, { decision: "allow" })).status).toBe(200);

  wait();
  const { status, body: tokens } = await poll(body.device_code);
  expect(status).toBe(200);
  expect(Object.keys(tokens).sort()).toEqual(["access_token", "expires_in", "id_token", "token_type"]);
  expect(claimsOf(tokens.access_token)).toMatchObject({ sub: user.userName, client_id: client.name, user_id: user.id });
  expect(claimsOf(tokens.access_token).scope).toBe("read openid offline_access");
  expect(claimsOf(tokens.id_token)).toMatchObject({ azp: client.name, sub: user.userName });
  wait();
  expect(await poll(body.device_code)).toMatchObject(refused("invalid_grant"));
});

test("a refresh token comes where client, API and request allow it, and works", async () => {
  const app = await world.app({ allowedGrants: [deviceCode, "refresh_token"], allowOffline: true });
  const { body } = await start({ scope: `${read(app)} offline_access` }, app);
  await decide(body.user_code, "allow");
  const { refresh_token } = (await poll(body.device_code, app)).body;
  expect((await world.token({ grant_type: "refresh_token", refresh_token }, basic(app))).status).toBe(200);
});

test("a public client gets its token without a secret", async () => {
  const app = await world.publicClient({ allowedGrants: [deviceCode], redirectUris: undefined });
  const { body } = await start({ scope: read(client) }, app);
  await decide(body.user_code, "allow");
  const form = { grant_type: deviceCode, device_code: body.device_code, client_id: app.name };
  expect((await world.token(form)).status).toBe(200);
});

test("a device that polls too fast is told to slow down, and has to wait longer from then on", async () => {
  const wait = patience();
  const { device_code, user_code } = (await start()).body;
  expect(await poll(device_code)).toMatchObject(refused("authorization_pending"));
  wait(3);
  expect(await poll(device_code)).toMatchObject(refused("slow_down"));
  wait(5);
  expect(await poll(device_code)).toMatchObject(refused("slow_down"));
  await decide(user_code, "allow");
  wait(15);
  expect((await poll(device_code)).status).toBe(200);
});

test("what the user does not allow is denied, once and for all", async () => {
  const wait = patience();
  const { device_code, user_code } = (await start()).body;
  expect((await decide(user_code, "deny")).status).toBe(200);
  expect(await poll(device_code)).toMatchObject(refused("access_denied"));
  expect((await decide(user_code, "allow")).status).toBe(400);
  wait();
  expect(await poll(device_code)).toMatchObject(refused("invalid_grant"));
});

test("codes expire after five minutes, for the device and for the user", async () => {
  const wait = patience();
  const { device_code, user_code } = (await start()).body;
  const { browser, page } = await signedInBrowser();
  wait(299);
  expect(await poll(device_code)).toMatchObject(refused("authorization_pending"));
  wait(6);
  expect(await poll(device_code)).toMatchObject(refused("expired_token"));
  const answer = await browser.submit(page, { user_code });
  expect([answer.status, answer.text.includes('role="alert"')]).toEqual([400, true]);
});

test("a code is of no use to another client, and an unknown one to nobody", async () => {
  const other = await world.app({ allowedGrants: [deviceCode] });
  const { device_code } = (await start()).body;
  expect(await poll(device_code, other)).toMatchObject(refused("invalid_grant"));
  expect(await poll("4d03f7bc-f7a5-4795-819a-5748c4801d35")).toMatchObject(refused("invalid_grant"));
  expect(await world.token({ grant_type: deviceCode }, basic(client))).toMatchObject(refused("invalid_request"));
  const wrong = { authorization: `Basic ${Buffer.from(`${client.name}:x`).toString("base64")}` };
  const form = { grant_type: deviceCode, device_code };
  expect(await world.token(form, wrong)).toMatchObject({ status: 401, body: { error: "invalid_client" } });
});

test("codes are given to clients that may have them, for scopes that they may have", async () => {
  const other = await world.app({ allowedGrants: ["client_credentials"] });
  const inactive = await world.app({ allowedGrants: [deviceCode], active: false });
  const invalidClient = { status: 401, body: { error: "invalid_client" } };
  expect(await start({}, other)).toMatchObject(refused("unauthorized_client"));
  expect(await start({ scope: read() }, inactive)).toMatchObject(invalidClient);
  expect(await start({ client_id: "nobody" })).toMatchObject(invalidClient);
  expect(await start({ scope: "read" })).toMatchObject(refused("invalid_scope"));
  expect(await start({ scope: "" })).toMatchObject(refused("invalid_scope"));
  expect(await start({ response_type: "code" })).toMatchObject(refused("invalid_request"));
  expect((await start({}, client, basic(client))).status).toBe(200);
  expect(await start({ client_secret: "wrong" })).toMatchObject(invalidClient);
});

test("only those to whom an app that enforces grants is granted can connect a device to it", async () => {
  const app = await world.app({ allowedGrants: [deviceCode], allowAccessControl: true });
  const { device_code, user_code } = (await start({}, app)).body;
  const { browser, page } = await signedInBrowser();
  expect((await browser.submit(page, { user_code })).status).toBe(403);
  expect(await poll(device_code, app)).toMatchObject(refused("access_denied"));
});

test("a user who is deactivated meanwhile gets the device no token", async () => {
  const leaver = await world.activeUser();
  const { device_code, user_code } = (await start()).body;
  await decide(user_code, "allow", leaver.userName);
  await world.change(`Users/${leaver.id}`, "active", false);
  expect(await poll(device_code)).toMatchObject(refused("invalid_grant"));
});

test("scopes that need consent are named, and consent holds for the next time", async () => {
  const scopes = [{ value: "read", displayName: "Read <greetings>", requiresConsent: true }];
  const app = await world.app({ allowedGrants: [deviceCode], scopes });
  const { user_code } = (await start({}, app)).body;
  const { browser, page } = await signedInBrowser();
  const confirm = await browser.submit(page, { user_code });
  expect(confirm.text).toContain("Read &#60;greetings&#62;");
  await browser.submit(confirm, { decision: "allow" });
  const again = (await start({}, app)).body.user_code;
  const next = await browser.submit(await browser.open(`${world.url}/ui/v1/device`), { user_code: again });
  expect(next.text).not.toContain("greetings");
});

test("a wrong password, a code without sign-in and a form of another site lead nowhere", async () => {
  const { user_code } = (await start()).body;
  const browser = world.browser();
  const page = await browser.open(`${world.url}/ui/v1/device?user_code=${user_code}`);
  const wrong = await browser.submit(page, { username: user.userName, password: "x" });
  expect([wrong.status, wrong.text.includes('role="alert"')]).toEqual([401, true]);
  expect((await browser.submit(page, { user_code, decision: "allow" })).status).toBe(401);
  const signed = await browser.submit(page, { username: user.userName, password });
  expect(signed.text).toContain(`value="${user_code}"`);
  const forged = await browser.send(`${world.url}/ui/v1/device`, { form: "x", user_code, decision: "allow" });
  expect(forged.status).toBe(403);
});
