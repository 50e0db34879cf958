import { Agent } from "node:https";
import { type BaseClient, custom, generators, Issuer } from "openid-client";
import type { App } from "../../oci/scim/types";
import { type Browser, callback, OAuthWorld, password } from "./oauth-browser";

// A client that nobody here wrote and that shares no code with the stand-in.
const deviceCode = "urn:ietf:params:oauth:grant-type:device_code";
const signedOut = "https://app.example.com/signed-out";

let world: OAuthWorld;
let app: App;
let user: { id: string; userName: string };
let client: BaseClient;

beforeAll(async () => {
  world = await OAuthWorld.start();
  custom.setHttpOptionsDefaults({ agent: new Agent({ ca: world.cloud.certPem }) });
  await world.change("Settings/Settings", "signingCertPublicAccess", true);
  app = await world.app({
    allowedGrants: ["authorization_code", "refresh_token", "client_credentials", deviceCode],
    allowedOperations: ["introspect"],
    allowOffline: true,
    postLogoutRedirectUris: [signedOut],
  });
  user = await world.activeUser();
  client = await clientOf(app);
});
afterAll(() => world.close());
afterEach(() => {
  jest.restoreAllMocks();
});

/** The client by what discovery says; the device endpoint is in none of Oracle's documents. */
async function clientOf({ name, clientSecret }: App): Promise<BaseClient> {
  const { metadata } = await Issuer.discover(world.url);
  const issuer = new Issuer({ ...metadata, device_authorization_endpoint: `${world.url}/oauth2/v1/device` });
  return new issuer.Client({
    client_id: name,
    client_secret: clientSecret,
    redirect_uris: [callback],
    response_types: ["code"],
  });
}

const scope = () => `${app.audience}read openid email offline_access`;

/** Signs the user in and gives the code to the client, which checks the ID token. */
async function signIn(browser: Browser) {
  const [code_verifier, state, nonce] = [generators.codeVerifier(), generators.state(), generators.nonce()];
  const url = client.authorizationUrl({
    scope: scope(),
    state,
    nonce,
    code_challenge: generators.codeChallenge(code_verifier),
    code_challenge_method: "S256",
  });
  const back = await browser.submit(await browser.open(url), { username: user.userName, password });
  const parameters = client.callbackParams(back.location?.href ?? "");
  return client.callback(callback, parameters, { code_verifier, state, nonce, response_type: "code" });
}

test("signs a user in by code and PKCE, believes the ID token and asks who it is", async () => {
  const tokens = await signIn(world.browser());
  expect(tokens.claims()).toMatchObject({
    sub: user.userName,
    azp: app.name,
    iss: "https://identity.oraclecloud.com/",
  });
  expect(await client.userinfo(tokens)).toMatchObject({ sub: user.userName, email: user.userName });
});

test("refuses an answer that is not its own", async () => {
  const code_verifier = generators.codeVerifier();
  const answer = client.callback(callback, { code: "x", state: "a" }, { code_verifier, state: "b" });
  await expect(answer).rejects.toThrow("state mismatch");
});

test("refreshes, and a refresh token works once", async () => {
  const { refresh_token = "" } = await signIn(world.browser());
  const next = await client.refresh(refresh_token);
  expect(next.refresh_token).not.toBe(refresh_token);
  await expect(client.refresh(refresh_token)).rejects.toMatchObject({ error: "invalid_grant" });
});

test("introspects tokens until they are revoked, if it may", async () => {
  const { access_token = "", refresh_token = "" } = await signIn(world.browser());
  expect(await client.introspect(access_token)).toMatchObject({
    active: true,
    sub: user.userName,
    client_id: app.name,
    scope: "read openid email offline_access",
  });
  await client.revoke(refresh_token);
  expect(await client.introspect(access_token)).toEqual({ active: false });
  expect(await client.introspect("no token at all")).toEqual({ active: false });

  const { access_token: own = "" } = await client.grant({
    grant_type: "client_credentials",
    scope: `${app.audience}read`,
  });
  expect(await client.introspect(own)).toMatchObject({ active: true, sub_type: "client" });
  const other = await clientOf(await world.app());
  await expect(other.introspect(own)).rejects.toMatchObject({ error: "unauthorized_client" });
});

test("ends the session and gets the browser back, with the ID token only", async () => {
  const browser = world.browser();
  const { id_token } = await signIn(browser);
  const refused = await browser.send(client.endSessionUrl({ post_logout_redirect_uri: signedOut, client_id: "" }));
  expect(refused.status).toBe(400);
  const url = client.endSessionUrl({ id_token_hint: id_token, post_logout_redirect_uri: signedOut, state: "s" });
  // It adds `client_id`, which other servers know.
  expect((await browser.send(url)).location?.href).toBe(`${signedOut}?state=s`);
  const again = await browser.open(client.authorizationUrl({ scope: scope() }));
  expect(again.url).toContain("/ui/v1/signin?");
});

test("connects a device: it polls until the user has allowed it", async () => {
  const handle = await client.deviceAuthorization({ scope: scope(), response_type: "device_code" });
  const browser = world.browser();
  const page = await browser.open(handle.verification_uri);
  const code = await browser.submit(page, { username: user.userName, password });

  // The client waits between two polls: here until the test lets it go on, and the domain's clock goes along.
  let time = Date.now();
  jest.spyOn(Date, "now").mockImplementation(() => time);
  const { setTimeout: later } = globalThis;
  let goOn: (() => void) | undefined;
  let isWaiting = (): void => {};
  const waits = () =>
    new Promise<void>((resolve) => {
      isWaiting = resolve;
      if (goOn) resolve();
    });
  jest.spyOn(globalThis, "setTimeout").mockImplementation(((callback: () => void, milliseconds?: number) => {
    if (milliseconds !== 5000) return later(callback, milliseconds);
    goOn = callback;
    isWaiting();
  }) as typeof setTimeout);
  const next = async () => {
    await waits();
    time += 5000;
    const poll = goOn;
    goOn = undefined;
    poll?.();
  };
  const polling = handle.poll();
  await next();
  await waits();
  const confirm = await browser.submit(code, { user_code: handle.user_code });
  await browser.submit(confirm, { decision: "allow" });
  await next();
  expect((await polling).claims()).toMatchObject({ sub: user.userName, azp: app.name });
});
