import type { App } from "../../oci/scim/types";
import { callback, OAuthWorld, password, pkce } from "./oauth-browser";

let world: OAuthWorld;
let api: App;
let scope: string;
beforeAll(async () => {
  world = await OAuthWorld.start();
  api = await world.app();
  scope = `${api.audience}read`;
});
afterAll(() => world.close());

const open = (client: App, parameters: Record<string, string | undefined>) =>
  world.browser().send(world.authorizeUrl(client, parameters));

/** What the client is told, or why it is told nothing. */
async function errorOf(client: App, parameters: Record<string, string | undefined>): Promise<string> {
  const { location, text } = await open(client, { state: "s", ...parameters });
  if (!location?.href.startsWith(`${callback}?`)) return `not redirected: ${text}`;
  expect(location.searchParams.get("state")).toBe("s");
  expect(location.searchParams.get("error_description")).toEqual(expect.any(String));
  expect(location.searchParams.has("code")).toBe(false);
  return location.searchParams.get("error") as string;
}

test("sends a browser without a session to the sign-in page, one with a session straight back", async () => {
  const user = await world.activeUser();
  const browser = world.browser();
  const first = await browser.send(world.authorizeUrl(api, { scope }));
  expect(first).toMatchObject({ status: 302, location: { pathname: "/ui/v1/signin" } });
  await world.signIn(browser, user.userName, api, { scope });
  const again = await browser.send(world.authorizeUrl(api, { scope, state: "2" }));
  expect(again.location?.href).toMatch(new RegExp(`^${callback}\\?code=[^&]+&state=2$`));
  expect(again.headers.get("cache-control")).toBe("no-store");
});

test("adds its answer to the query of a redirect URI that has one", async () => {
  const uri = `${callback}?tool=x`;
  const client = await world.app({ redirectUris: [uri] });
  const { location } = await open(client, { redirect_uri: uri, response_type: "token" });
  expect(location?.href).toMatch(`${uri}&error=unsupported_response_type`);
});

describe("an error is shown and not redirected", () => {
  test("for a client that is missing, unknown, inactive or no client", async () => {
    const inactive = await world.app({ active: false });
    const noClient = await world.app({ isOAuthClient: false });
    for (const client of [{ ...api, name: "nobody" }, inactive, noClient]) {
      const { status, text } = await open(client, { scope });
      expect(status).toBe(400);
      expect(JSON.parse(text)).toEqual({
        error: "invalid_client",
        error_description: expect.stringContaining(client.name),
        ecid: expect.any(String),
      });
    }
    const twice = await world.browser().send(`${world.authorizeUrl(api, { scope })}&client_id=${api.name}`);
    for (const { status, text } of [await open(api, { client_id: undefined }), twice]) {
      expect([status, JSON.parse(text).error]).toEqual([400, "invalid_request"]);
      expect(text).toContain("client_id");
    }
  });

  test.each([
    ["that is missing", undefined],
    ["of another port", "http://127.0.0.1:53683/callback"],
    ["with a slash more", `${callback}/`],
    ["with a query more", `${callback}?a=b`],
    ["of another spelling", "http://localhost:53682/callback"],
    ["in capitals", callback.replace("callback", "Callback")],
  ])("for a redirect URI %s", async (_how, redirect_uri) => {
    const { status, text, location } = await open(api, { scope, redirect_uri });
    expect({ status, location }).toEqual({ status: 400, location: undefined });
    const { error, error_description } = JSON.parse(text);
    expect(error).toBe("invalid_redirect_uri");
    expect(error_description).toContain(
      `Client ${api.name} requested an invalid redirect URL: ${redirect_uri ?? "none"}. ECID: `,
    );
  });

  test("also at the sign-in page and the consent page", async () => {
    for (const path of ["/ui/v1/signin", "/ui/v1/myconsole/consent"]) {
      const url = world.authorizeUrl(api, { scope, redirect_uri: "https://evil.example.com/" });
      const { status, text } = await world.browser().send(url.replace("/oauth2/v1/authorize", path));
      expect(status).toBe(400);
      expect(text).toContain("invalid_redirect_uri");
    }
  });
});

describe("the client is told of", () => {
  test("a response type that is missing or not code", async () => {
    expect(await errorOf(api, { scope, response_type: undefined })).toBe("invalid_request");
    expect(await errorOf(api, { scope, response_type: "token" })).toBe("unsupported_response_type");
    expect(await errorOf(api, { scope, response_type: "code id_token" })).toBe("unsupported_response_type");
  });

  test("a grant that it is not allowed", async () => {
    const client = await world.app({ allowedGrants: ["client_credentials"] });
    expect(await errorOf(client, { scope: `${client.audience}read` })).toBe("unauthorized_client");
  });

  test("scopes that are missing, unknown, not fully qualified or of two APIs", async () => {
    const other = await world.app();
    for (const wrong of [undefined, "read", "profile", `${scope}x`, `${scope} ${other.audience}read`]) {
      expect(await errorOf(api, { scope: wrong })).toBe("invalid_scope");
    }
    const { location } = await open(api, { scope: "read" });
    expect(location?.searchParams.get("error_description")).toContain("read");
  });

  test("scopes that its trust scope does not allow", async () => {
    const allowedScopes = [{ fqs: scope }];
    const client = await world.publicClient({ trustScope: "Explicit", allowedScopes });
    const { parameters } = pkce();
    expect((await open(client, { scope, ...parameters })).location?.pathname).toBe("/ui/v1/signin");
    expect(await errorOf(client, { scope: `${api.audience}write`, ...parameters })).toBe("invalid_scope");
  });

  test("PKCE that is missing for a public client, or not S256", async () => {
    const client = await world.publicClient();
    const { parameters, verifier } = pkce();
    expect(await errorOf(client, { scope })).toBe("invalid_request");
    for (const each of [client, api]) {
      expect(await errorOf(each, { scope, ...parameters, code_challenge_method: "plain" })).toBe("invalid_request");
      expect(await errorOf(each, { scope, code_challenge: verifier })).toBe("invalid_request");
      expect(await errorOf(each, { scope, code_challenge_method: "S256" })).toBe("invalid_request");
      expect(await errorOf(each, { scope, ...parameters, code_challenge: "short" })).toBe("invalid_request");
    }
  });

  test("parameters that are given twice or not supported", async () => {
    const { location } = await world.browser().send(`${world.authorizeUrl(api, { scope })}&scope=openid`);
    expect(location?.searchParams.get("error")).toBe("invalid_request");
    expect(await errorOf(api, { scope, prompt: "none" })).toBe("invalid_request");
    expect(await errorOf(api, { scope, request: "x.y.z" })).toBe("invalid_request");
    expect(await errorOf(api, { scope, response_mode: "form_post" })).toBe("invalid_request");
  });
});

describe("an app that enforces grants", () => {
  const accessDenied = async (client: App, userName: string) => {
    const back = await world.signIn(world.browser(), userName, client, { scope });
    return back.location?.searchParams.get("error") === "access_denied";
  };
  const grantTo = (app: App, type: "User" | "Group", value: string) =>
    world.create<{ id: string }>("Grants", {
      schemas: ["urn:ietf:params:scim:schemas:oracle:idcs:Grant"],
      grantMechanism: `ADMINISTRATOR_TO_${type.toUpperCase()}`,
      grantee: { type, value },
      app: { value: app.id },
    });

  test("lets in only users to whom it is granted, themselves or by a group", async () => {
    const client = await world.app({ allowAccessControl: true });
    const [direct, member] = [await world.activeUser(), await world.activeUser()];
    expect(await accessDenied(client, direct.userName)).toBe(true);
    await grantTo(client, "User", direct.id);
    expect(await accessDenied(client, direct.userName)).toBe(false);
    expect(await accessDenied(client, member.userName)).toBe(true);
    const group = await world.create<{ id: string }>("Groups", {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
      displayName: "granted",
      members: [{ type: "User", value: member.id }],
    });
    await grantTo(client, "Group", group.id);
    expect(await accessDenied(client, member.userName)).toBe(false);
  });

  test("does so as API too, when the client is another app", async () => {
    const guarded = await world.app({ allowAccessControl: true });
    const client = await world.app();
    const user = await world.activeUser();
    const signIn = () => world.signIn(world.browser(), user.userName, client, { scope: `${guarded.audience}read` });
    expect((await signIn()).location?.searchParams.get("error")).toBe("access_denied");
    await grantTo(guarded, "User", user.id);
    expect((await signIn()).location?.searchParams.has("code")).toBe(true);
  });

  test("refuses the code of a user who has lost the grant since", async () => {
    const client = await world.app({ allowAccessControl: true });
    const user = await world.activeUser();
    const { id } = await grantTo(client, "User", user.id);
    const back = await world.signIn(world.browser(), user.userName, client, { scope: `${client.audience}read` });
    await world.cloud.call("DELETE", `${world.url}/admin/v1/Grants/${id}`);
    const form = {
      grant_type: "authorization_code",
      code: back.location?.searchParams.get("code") as string,
      client_id: client.name,
      client_secret: client.clientSecret as string,
    };
    expect((await world.token(form)).body.error).toBe("invalid_grant");
  });
});

test("a session ends with the user's account", async () => {
  const user = await world.activeUser();
  const browser = world.browser();
  await world.signIn(browser, user.userName, api, { scope });
  await world.change(`Users/${user.id}`, "active", false);
  const { location } = await browser.send(world.authorizeUrl(api, { scope }));
  expect(location?.pathname).toBe("/ui/v1/signin");
});

test("a session lasts eight hours", async () => {
  const user = await world.activeUser();
  const browser = world.browser();
  await world.signIn(browser, user.userName, api, { scope });
  const start = Date.now();
  const later = async (seconds: number) => {
    const clock = jest.spyOn(Date, "now").mockReturnValue(start + seconds * 1000);
    const { location } = await browser.send(world.authorizeUrl(api, { scope }));
    clock.mockRestore();
    return location?.pathname;
  };
  expect(await later(8 * 3600 - 60)).toBe("/callback");
  expect(await later(8 * 3600 + 1)).toBe("/ui/v1/signin");
});

test("a password is not accepted in place of a session cookie that somebody made up", async () => {
  const browser = world.browser();
  const page = await browser.open(world.authorizeUrl(api, { scope }));
  const name = [...browser.cookies.keys()][0]?.replace("form", "session") as string;
  browser.cookies.set(name, "0".repeat(32));
  expect((await browser.open(world.authorizeUrl(api, { scope }))).url).toContain("/ui/v1/signin");
  expect((await browser.submit(page, { username: "nobody@example.com", password })).status).toBe(401);
});
