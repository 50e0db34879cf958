import type { App } from "../../oci/scim/types";
import { callback, OAuthWorld, password } from "./oauth-browser";

let world: OAuthWorld;
let api: App;
let scope: string;
beforeAll(async () => {
  world = await OAuthWorld.start();
  api = await world.app({ displayName: `Tom & "Jerry" <script>alert('x')</script>` });
  scope = `${api.audience}read`;
});
afterAll(() => world.close());

const escaped = "Tom &#38; &#34;Jerry&#34; &#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;";
const userState = "urn:ietf:params:scim:schemas:oracle:idcs:extension:userState:User";
const userExtension = "urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User";

describe("the activation link", () => {
  test("lets a new user choose a password, once", async () => {
    const user = await world.newUser();
    const url = world.activationUrl(user.userName) as string;
    expect(url).toMatch(new RegExp(`^${world.url}/ui/v1/activate\\?token=[\\w-]{32}$`));
    expect(world.activationUrl(user.userName)).toBe(url);
    const browser = world.browser();
    const page = await browser.open(url);
    expect(page).toMatchObject({ status: 200 });
    expect(page.text).toContain(user.userName);
    expect((await browser.submit(page, { password, confirmation: password })).status).toBe(200);
    expect(world.activationUrl(user.userName)).toBeUndefined();
    expect((await browser.open(url)).status).toBe(404);
    expect((await browser.submit(page, { password: "Other-horse-2", confirmation: "Other-horse-2" })).status).toBe(404);
    const back = await world.signIn(browser, user.userName, api, { scope });
    expect(back.location?.searchParams.has("code")).toBe(true);
  });

  test("refuses a password that is repeated wrongly, too simple or holds the user name", async () => {
    const user = await world.newUser();
    const browser = world.browser();
    const page = await browser.open(world.activationUrl(user.userName) as string);
    const bad = {
      Aa1: "Aa1",
      "correct-horse-1": "correct-horse-1",
      CORRECTHORSE1: "CORRECTHORSE1",
      Correcthorse: "Correcthorse",
    };
    for (const [wrong, confirmation] of Object.entries({ ...bad, [password]: `${password}x` })) {
      const answer = await browser.submit(page, { password: wrong, confirmation });
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('role="alert"');
      expect(answer.text).not.toContain(wrong);
    }
    const named = `X1${user.userName.toUpperCase()}a`;
    expect((await browser.submit(page, { password: named, confirmation: named })).status).toBe(400);
    expect(world.activationUrl(user.userName)).toBeDefined();
  });

  test("is nobody's when it is made up or the user is deactivated or gone", async () => {
    const user = await world.newUser();
    const url = world.activationUrl(user.userName) as string;
    await world.change(`Users/${user.id}`, "active", false);
    for (const wrong of [`${world.url}/ui/v1/activate`, `${world.url}/ui/v1/activate?token=`, `${url}x`, url]) {
      expect((await world.browser().open(wrong)).status).toBe(404);
    }
    expect(world.activationUrl(user.userName)).toBeUndefined();
    await world.change(`Users/${user.id}`, "active", true);
    expect((await world.browser().open(url)).status).toBe(200);
    await world.cloud.call("DELETE", `${world.url}/admin/v1/Users/${user.id}`);
    expect((await world.browser().open(url)).status).toBe(404);
  });

  test("exists only where the service would mail one: no password, mail not bypassed", async () => {
    const bypassed = await world.newUser({ [userExtension]: { bypassNotification: true } });
    const complete = await world.newUser({ password });
    expect(world.activationUrl(bypassed.userName)).toBeUndefined();
    expect(world.activationUrl(complete.userName)).toBeUndefined();
    const back = await world.signIn(world.browser(), complete.userName, api, { scope });
    expect(back.location?.searchParams.has("code")).toBe(true);
  });

  test("is in no answer of the SCIM API, and the password neither there nor in what tests see", async () => {
    const { id } = await world.activeUser();
    expect(JSON.stringify(world.cloud.server.domains()[0]?.users())).not.toContain(password);
    await world.newUser();
    for (const path of [
      `Users/${id}?attributeSets=all`,
      "Users?attributeSets=all",
      `Users/${id}?attributes=password`,
    ]) {
      const { status, body } = await world.cloud.call("GET", `${world.url}/admin/v1/${path}`);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toMatch(/ctivationUrl|ui\/v1|Correct-horse/);
    }
  });
});

describe("the sign-in page", () => {
  const attempt = async (userName: string, secret: string) => {
    const browser = world.browser();
    const page = await browser.open(world.authorizeUrl(api, { scope }));
    const seen = await browser.submit(page, { username: userName, password: secret });
    return { ...seen, alert: /role="alert">([^<]*)</.exec(seen.text)?.[1], cookies: [...browser.cookies.keys()] };
  };

  test("escapes what it shows and loads nothing", async () => {
    const page = await world.browser().open(world.authorizeUrl(api, { scope, state: '"><script>' }));
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(page.text).toContain(escaped);
    expect(page.text).not.toMatch(/<script|https?:|\bsrc=|\bon\w+=/);
    expect((await attempt('"><b>', "x")).text).toContain('value="&#34;&#62;&#60;b&#62;"');
  });

  test("says when user name or password are wrong, with one text for both, and starts no session", async () => {
    const user = await world.activeUser();
    for (const [name, secret] of [
      [user.userName, "wrong"],
      [user.userName, ""],
      [user.userName, password.toLowerCase()],
      ["nobody@example.com", password],
      ["", ""],
    ] as const) {
      const seen = await attempt(name, secret);
      expect(seen).toMatchObject({ status: 401, alert: "You entered an incorrect user name or password." });
      expect(seen.location).toBeUndefined();
      expect(seen.cookies.filter((cookie) => cookie.includes("session"))).toEqual([]);
      if (secret) expect(seen.text).not.toContain(secret);
    }
  });

  test("takes the user name in any case", async () => {
    const user = await world.activeUser();
    expect((await attempt(user.userName.toUpperCase(), password)).location?.searchParams.has("code")).toBe(true);
  });

  test("refuses a user who is not activated, deactivated or locked", async () => {
    const [pending, inactive, locked] = [await world.newUser(), await world.activeUser(), await world.activeUser()];
    await world.change(`Users/${inactive.id}`, "active", false);
    await world.change(`Users/${locked.id}`, userState, { locked: { on: true } });
    expect(await attempt(pending.userName, "")).toMatchObject({
      status: 401,
      alert: expect.stringContaining("not activated"),
    });
    expect(await attempt(inactive.userName, password)).toMatchObject({
      status: 401,
      alert: expect.stringContaining("deactivated"),
    });
    expect(await attempt(locked.userName, password)).toMatchObject({
      status: 401,
      alert: expect.stringContaining("locked"),
    });
    expect((await attempt(inactive.userName, "wrong")).alert).toContain("incorrect");
  });

  test("keeps its cookies to this domain, out of scripts and off plain HTTP", async () => {
    const user = await world.activeUser();
    const browser = world.browser();
    const page = await browser.open(world.authorizeUrl(api, { scope }));
    const form = /name="form" value="(\w+)"/.exec(page.text)?.[1] as string;
    const { headers } = await browser.send(page.url, { form, username: user.userName, password });
    const [cookie, ...more] = headers.getSetCookie();
    expect(more).toEqual([]);
    expect(cookie).toMatch(/^__Host-session-idcs-[0-9a-f]{32}=[0-9a-f]{32}; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
  });
});

describe("a form that comes from elsewhere is refused", () => {
  test.each([
    ["without the page's value", {}],
    ["with another value", { form: "0".repeat(32) }],
  ])("%s", async (_how, fields) => {
    const user = await world.activeUser();
    const pending = await world.newUser();
    const signedIn = world.browser();
    await world.signIn(signedIn, user.userName, api, { scope });
    const query = new URL(world.authorizeUrl(api, { scope })).search;
    const posts = [
      [world.browser(), `${world.url}/ui/v1/signin${query}`, { username: user.userName, password }],
      [signedIn, `${world.url}/ui/v1/signin${query}`, { username: user.userName, password }],
      [signedIn, `${world.url}/ui/v1/myconsole/consent${query}`, { decision: "allow" }],
      [signedIn, world.activationUrl(pending.userName) as string, { password, confirmation: password }],
    ] as const;
    for (const [browser, url, form] of posts) {
      const { status, text, location } = await browser.send(url, { ...form, ...fields });
      expect({ status, location }).toEqual({ status: 403, location: undefined });
      expect(JSON.parse(text).error).toBe("invalid_request");
    }
    expect(world.activationUrl(pending.userName)).toBeDefined();
  });
});

describe("consent", () => {
  const scopes = [
    { value: "read", displayName: "Read greetings", description: "Call <the> API", requiresConsent: true },
    { value: "write", displayName: "Write greetings", requiresConsent: true },
    { value: "plain" },
  ];
  const fqs = (app: App, ...values: string[]) => values.map((value) => `${app.audience}${value}`).join(" ");

  test("is asked for once per user, client and scope", async () => {
    const app = await world.app({ scopes });
    const user = await world.activeUser();
    const browser = world.browser();
    const page = await world.signIn(browser, user.userName, app, { scope: fqs(app, "read", "plain") });
    expect(page.url).toContain("/ui/v1/myconsole/consent?");
    expect(page.text).toContain("Read greetings");
    expect(page.text).toContain("Call &#60;the&#62; API");
    expect(page.text).toContain(user.userName);
    expect(page.text).not.toMatch(/Write greetings|<li>plain/);
    const back = await browser.submit(page, { decision: "allow" });
    expect(back.location?.href).toMatch(new RegExp(`^${callback}\\?code=`));
    const again = await browser.open(world.authorizeUrl(app, { scope: fqs(app, "read") }));
    expect(again.location?.searchParams.has("code")).toBe(true);
    const more = await browser.open(world.authorizeUrl(app, { scope: fqs(app, "read", "write") }));
    expect(more.text).toContain("Write greetings");
    expect(more.text).not.toContain("Read greetings");
    const other = await world.activeUser();
    const theirs = await world.signIn(world.browser(), other.userName, app, { scope: fqs(app, "read") });
    expect(theirs.url).toContain("/ui/v1/myconsole/consent?");
    // The page of a consent that is no longer missing leads on.
    expect((await browser.open(page.url)).location?.searchParams.has("code")).toBe(true);
  });

  test("that is denied sends the client away without a code, and is asked for again", async () => {
    const app = await world.app({ scopes });
    const user = await world.activeUser();
    const browser = world.browser();
    const asked = { scope: fqs(app, "read"), state: "s" };
    const page = await world.signIn(browser, user.userName, app, asked);
    const back = await browser.submit(page, { decision: "deny" });
    expect(Object.fromEntries(back.location?.searchParams ?? [])).toEqual({
      error: "access_denied",
      error_description: "the user did not consent",
      state: "s",
    });
    expect((await browser.submit(page, {})).status).toBe(400);
    expect((await browser.open(world.authorizeUrl(app, asked))).url).toContain("/ui/v1/myconsole/consent?");
  });

  test("is not asked for when no scope needs it or the client bypasses it", async () => {
    const app = await world.app({ scopes });
    const client = await world.app({ bypassConsent: true });
    const user = await world.activeUser();
    const none = await world.signIn(world.browser(), user.userName, app, { scope: fqs(app, "plain") });
    const bypassed = await world.signIn(world.browser(), user.userName, client, { scope: fqs(app, "read") });
    for (const back of [none, bypassed]) expect(back.location?.searchParams.has("code")).toBe(true);
  });

  test("cannot be given by a browser that is not signed in", async () => {
    const app = await world.app({ scopes });
    const user = await world.activeUser();
    const browser = world.browser();
    const page = await world.signIn(browser, user.userName, app, { scope: fqs(app, "read") });
    for (const name of browser.cookies.keys()) if (name.includes("session")) browser.cookies.delete(name);
    expect((await browser.submit(page, { decision: "allow" })).url).toContain("/ui/v1/signin?");
    const again = await world.signIn(browser, user.userName, app, { scope: fqs(app, "read") });
    expect(again.url).toContain("/ui/v1/myconsole/consent?");
  });
});
