import { createHash, randomBytes } from "node:crypto";
import { Agent, fetch, type Response } from "undici";
import type { App } from "../../oci/scim/types";
import { appDetails, Cloud, userDetails } from "../../testing/oci";

/** Where the tests' clients want the browser to come back to; nothing listens there. */
export const callback = "http://127.0.0.1:53682/callback";

export const password = "Correct-horse-1";

/** What an HTTP client sees of an answer. */
export interface Seen {
  status: number;
  url: string;
  headers: Response["headers"];
  text: string;
  /** Where a redirect leads. */
  location?: URL;
}

/** A browser as far as these pages need one: cookies, redirects within the domain, forms with hidden fields. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(
    private readonly agent: Agent,
    private readonly domainUrl: string,
  ) {}

  async send(url: string, form?: Record<string, string>): Promise<Seen> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      dispatcher: this.agent,
      redirect: "manual",
      headers: { ...(cookie && { cookie }) },
      ...(form && { method: "POST", body: new URLSearchParams(form) }),
    });
    for (const header of response.headers.getSetCookie()) {
      const [, name = "", value = "", attributes = ""] = /^([^=]+)=([^;]*)(.*)$/.exec(header) ?? [];
      if (/; Max-Age=0\b/.test(attributes)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const target = response.headers.get("location");
    const location = target === null ? undefined : new URL(target, url);
    return { status: response.status, url, headers: response.headers, text: await response.text(), location };
  }

  /** Follows redirects as long as they stay at the domain. */
  async open(url: string, form?: Record<string, string>): Promise<Seen> {
    let seen = await this.send(url, form);
    while (seen.location?.origin === this.domainUrl) seen = await this.send(seen.location.href);
    return seen;
  }

  /** Submits the form of a page: its hidden fields and what the user fills in. */
  submit(page: Seen, fields: Record<string, string>): Promise<Seen> {
    const hidden = [...page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)];
    if (hidden.length === 0) throw new Error(`no form on ${page.url}: ${page.status} ${page.text}`);
    return this.open(page.url, { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), ...fields });
  }
}

/** A verifier and its challenge. */
export function pkce(): { verifier: string; parameters: Record<string, string> } {
  const verifier = randomBytes(32).toString("base64url");
  const code_challenge = createHash("sha256").update(verifier).digest("base64url");
  return { verifier, parameters: { code_challenge, code_challenge_method: "S256" } };
}

export function basic(client: App): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${client.name}:${client.clientSecret}`).toString("base64")}` };
}

export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] as string, "base64url").toString());
}

/** A domain with helpers for what the OAuth tests do again and again. */
export class OAuthWorld {
  private userCount = 0;

  private constructor(
    readonly cloud: Cloud,
    readonly url: string,
    readonly domainId: string,
    private readonly agent: Agent,
  ) {}

  static async start(): Promise<OAuthWorld> {
    const cloud = await Cloud.start();
    const { url, id } = await cloud.createDomain();
    return new OAuthWorld(cloud, url, id, new Agent({ connect: { ca: cloud.certPem } }));
  }

  browser(): Browser {
    return new Browser(this.agent, this.url);
  }

  async create<T>(endpoint: string, details: Record<string, unknown>): Promise<T> {
    const { status, body } = await this.cloud.call("POST", `${this.url}/admin/v1/${endpoint}`, details);
    if (status !== 201) throw new Error(body.detail);
    return body;
  }

  /** An app that is API and client at once, allowed its own scopes by code. */
  app(changes: Record<string, unknown> = {}): Promise<App> {
    return this.create<App>(
      "Apps",
      appDetails({
        active: true,
        trustScope: "Account",
        allUrlSchemesAllowed: true,
        allowedGrants: ["authorization_code"],
        redirectUris: [callback],
        ...changes,
      }),
    );
  }

  publicClient(changes: Record<string, unknown> = {}): Promise<App> {
    const template = { basedOnTemplate: { value: "CustomBrowserMobileTemplateId" }, clientType: "public" };
    return this.app({ ...template, isOAuthResource: false, audience: undefined, scopes: undefined, ...changes });
  }

  change(path: string, attribute: string, value: unknown) {
    return this.cloud.call("PATCH", `${this.url}/admin/v1/${path}`, {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      Operations: [{ op: "replace", path: attribute, value }],
    });
  }

  /** A user as the stack makes one, without a password. */
  newUser(changes: Record<string, unknown> = {}): Promise<{ id: string; ocid: string; userName: string }> {
    this.userCount += 1;
    return this.create("Users", userDetails(`user${this.userCount}@example.com`, changes));
  }

  activationUrl(userName: string): string | undefined {
    const domain = this.cloud.server.domains().find(({ id }) => id === this.domainId);
    return domain?.users().find((user) => user.userName === userName)?.activationUrl;
  }

  /** A user who has opened the activation link and chosen {@link password}. */
  async activeUser(changes: Record<string, unknown> = {}) {
    const user = await this.newUser(changes);
    const browser = this.browser();
    const page = await browser.open(this.activationUrl(user.userName) as string);
    const done = await browser.submit(page, { password, confirmation: password });
    if (done.status !== 200) throw new Error(done.text);
    return user;
  }

  authorizeUrl(client: App, parameters: Record<string, string | undefined>): string {
    const all = { response_type: "code", client_id: client.name, redirect_uri: callback, ...parameters };
    const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return `${this.url}/oauth2/v1/authorize?${new URLSearchParams(given)}`;
  }

  /** Signs a user in; the result is what follows: the consent page or the redirect to the client. */
  async signIn(browser: Browser, userName: string, client: App, parameters: Record<string, string | undefined>) {
    const page = await browser.open(this.authorizeUrl(client, parameters));
    return browser.submit(page, { username: userName, password });
  }

  post(path: string, form: Record<string, string>, headers: Record<string, string> = {}) {
    const type = { "content-type": "application/x-www-form-urlencoded" };
    return this.cloud.send("POST", `${this.url}${path}`, { ...type, ...headers }, new URLSearchParams(form).toString());
  }

  token(form: Record<string, string>, headers: Record<string, string> = {}) {
    return this.post("/oauth2/v1/token", form, headers);
  }

  async close(): Promise<void> {
    await this.agent.close();
    await this.cloud.close();
  }
}
