import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  appDetails,
  createSigner,
  domainDetails,
  patchOp,
  signedHeaders,
  userDetails,
} from "@ords-jwt/stand-ins/testing/oci";
import oracledb from "oracledb";
import { Agent, request } from "undici";
import type { EnvironmentInput } from "../../config/environment";
import { type StandInOptions, type StandIns, startStandIns } from "../../local/stand-ins";
import type { OrdsOutput } from "../../ords/output";
import { type Ran, type RunOptions, runInProcess } from "./in-process";
import { distrust, trust } from "./trust";

export const audience = "https://hello.example.com/";
export const issuer = "https://identity.oraclecloud.com/";

interface DeployedRunOptions extends RunOptions {
  /** Further variables. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * A deployed stack without Terraform: the stand-ins hold what the environment `local` would have made, and a program in place
 * of Terraform prints the outputs. Commands run as users run them.
 */
export class Deployed {
  private readonly signer = createSigner();
  readonly agent: Agent;
  private readonly authorities: string[] = [];
  outputs!: OrdsOutput;
  clientSecret = "";
  domainId = "";
  appId = "";

  private constructor(
    readonly folder: string,
    readonly standIns: StandIns,
  ) {
    this.agent = new Agent({ connect: { ca: readFileSync(join(folder, "ca.pem")) } });
  }

  static async start(options: StandInOptions = {}): Promise<Deployed> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "deployed-")));
    const standIns = await startStandIns(folder, { provider: "real", metadataCacheMillis: 0, ...options });
    const deployed = new Deployed(folder, standIns);
    deployed.trust(readFileSync(join(folder, "ca.pem"), "utf8"));
    await deployed.deploy();
    return deployed;
  }

  /** Lets this process trust certificates as NODE_EXTRA_CA_CERTS lets one that starts. */
  trust(pem: string): void {
    this.authorities.push(pem);
    trust(this.authorities);
  }

  get apiUrl(): string {
    return `${this.standIns.ords.url}/hello/hello/me`;
  }

  private async deploy(): Promise<void> {
    const { id, url } = await this.createDomain("ords-local");
    this.domainId = id;
    await this.patch(`${url}/admin/v1/Settings/Settings`, { signingCertPublicAccess: true });
    await this.post(`${url}/admin/v1/Users`, userDetails("alice@example.com"));
    const scopes = ["hello.read", "hello.write"];
    const allowedScopes = scopes.map((value) => ({ fqs: audience + value }));
    const app = await this.post(
      `${url}/admin/v1/Apps`,
      appDetails({
        active: true,
        displayName: "hello-api",
        audience,
        scopes: [
          { value: "hello.read", displayName: "Read greetings", requiresConsent: true },
          { value: "hello.write" },
        ],
        allowedGrants: ["client_credentials", "authorization_code"],
        redirectUris: ["https://oauth.pstmn.io/v1/callback"],
        allowOffline: true,
        trustScope: "Explicit",
        allowedScopes,
      }),
    );
    const redirectUris = (await freePorts(2)).map((port) => `http://127.0.0.1:${port}/callback`);
    const developers = await this.post(
      `${url}/admin/v1/Apps`,
      appDetails({
        active: true,
        displayName: "hello-api developers",
        basedOnTemplate: { value: "CustomBrowserMobileTemplateId" },
        clientType: "public",
        isOAuthResource: false,
        audience: undefined,
        scopes: undefined,
        allowedGrants: ["authorization_code", "refresh_token"],
        allUrlSchemesAllowed: true,
        redirectUris,
        trustScope: "Explicit",
        allowedScopes,
      }),
    );
    this.appId = app.id;
    this.clientSecret = app.clientSecret;
    this.setOutputs({
      version: 1,
      stack: "local",
      schema: "HELLO",
      profile: { issuer, audience, jwkUrl: `${url}/admin/v1/SigningCert/jwk`, description: "Tokens of hello-api" },
      privileges: [
        { name: "hello.read", label: "Read", roles: [], modules: ["hello"], patterns: [] },
        { name: "hello.write", label: "Write", roles: [], modules: [], patterns: ["/written/*"] },
      ],
      client: {
        clientId: app.name,
        domainUrl: url,
        tokenEndpoint: `${url}/oauth2/v1/token`,
        authorizationEndpoint: `${url}/oauth2/v1/authorize`,
        grants: ["client_credentials", "authorization_code"],
        redirectUris: ["https://oauth.pstmn.io/v1/callback"],
        scopes: scopes.map((value) => audience + value),
      },
      developerClient: {
        clientId: developers.name,
        redirectUris,
        scopes: scopes.map((value) => audience + value),
        grants: ["authorization_code", "refresh_token"],
      },
      users: ["alice@example.com"],
    });
  }

  /** What the program in place of Terraform prints from now on. */
  setOutputs(outputs: OrdsOutput, secrets: Record<string, string> = {}): void {
    this.outputs = outputs;
    const file = join(this.folder, "outputs.json");
    mkdirSync(join(this.folder, "cdktf.out", "stacks", "local"), { recursive: true });
    writeFileSync(
      file,
      JSON.stringify({ ords: { value: outputs }, ...secretOutputs({ client_secret: this.clientSecret, ...secrets }) }),
    );
    const binary = join(this.folder, "terraform");
    writeFileSync(binary, `#!/bin/sh\nexec cat '${file}'\n`);
    chmodSync(binary, 0o755);
    this.standIns.environment.TERRAFORM_BINARY_NAME = binary;
  }

  /** Puts a folder with some of the repository's environments in the place of the link to it. @returns where it leads */
  ownEnvironments(...names: string[]): string {
    const folder = join(this.folder, "environments");
    const given = realpathSync(folder);
    unlinkSync(folder);
    mkdirSync(folder);
    for (const name of names) symlinkSync(join(given, `${name}.ts`), join(folder, `${name}.ts`));
    return given;
  }

  /** Adds an environment in the domain of `local`, in a folder of its own environments; its outputs are those of `local`. */
  sharingLocal(name: string): void {
    const { connectString } = this.standIns.database;
    const input = {
      region: "eu-frankfurt-1",
      existingDomain: { environment: "local" },
      app: {
        displayName: `${name}-api`,
        audience: `https://${name}.example.com/`,
        scopes: [{ value: "hello.read", displayName: "Read", modules: ["hello"] }],
        grants: ["client_credentials"],
      },
      database: {
        schema: name.toUpperCase(),
        passwordVariable: "ORDS_JWT_LOCAL_PASSWORD",
        connection: { user: "HELLO", connectString },
      },
    } satisfies EnvironmentInput;
    writeFileSync(join(this.folder, "environments", `${name}.ts`), `export default ${JSON.stringify(input)};\n`);
    mkdirSync(join(this.folder, "cdktf.out", "stacks", name), { recursive: true });
  }

  /** What `import` has to be told of what is there. */
  get importFlags(): Readonly<Record<string, string>> {
    const { outputs, standIns } = this;
    return {
      "--domain": outputs.client.domainUrl,
      "--app": outputs.client.clientId,
      "--connect-string": standIns.database.connectString,
      "--user": standIns.user.name,
      "--password-variable": "ORDS_JWT_LOCAL_PASSWORD",
    };
  }

  /** Runs `ords-jwt` to its end, in this process: one at a time. */
  run(args: string[], options: DeployedRunOptions = {}): Promise<Ran> {
    return runInProcess(args, { ...options, cwd: this.folder, env: this.environment(options) });
  }

  /** The same as users do: a process of its own. */
  runProcess(args: string[], options: DeployedRunOptions = {}): Promise<Ran> {
    return this.execute(process.execPath, ["scripts/ords-jwt.js", ...args], options);
  }

  private environment({ env }: DeployedRunOptions): NodeJS.ProcessEnv {
    return { ...this.standIns.environment, DISPLAY: undefined, WAYLAND_DISPLAY: undefined, NO_COLOR: "1", ...env };
  }

  /** Runs any program to its end, with what it needs to reach the stand-ins. */
  execute(program: string, args: string[], options: DeployedRunOptions = {}): Promise<Ran> {
    const child = spawn(program, args, {
      cwd: this.folder,
      env: this.environment(options),
    });
    child.stdin.end(options.input ?? "");
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => {
      output.stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output.stderr += chunk;
      options.onStderr?.(output.stderr);
    });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ code, ...output }));
    });
  }

  /** An access token by client credentials, with nothing of the tool in between. */
  async token(
    scope = `${audience}hello.read ${audience}hello.write`,
    tokenEndpoint = this.outputs.client.tokenEndpoint,
    credentials = `${this.outputs.client.clientId}:${this.clientSecret}`,
  ): Promise<string> {
    const { body } = await request(tokenEndpoint, {
      method: "POST",
      dispatcher: this.agent,
      headers: {
        authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ grant_type: "client_credentials", scope }).toString(),
    });
    const { access_token } = (await body.json()) as { access_token?: string };
    if (!access_token) throw new Error("the stand-in gave no token");
    return access_token;
  }

  /** Publishes the sample API and protects it. */
  async register(): Promise<void> {
    const { code, stderr } = await this.run(["register", "local", "--sample-api"]);
    if (code !== 0) throw new Error(stderr);
  }

  /** Waits until the API answers so to a call without a token: the gateway keeps what it has read for some seconds. */
  async untilApiAnswers(status: number): Promise<void> {
    for (;;) {
      const { statusCode, body } = await request(this.apiUrl, { dispatcher: this.agent });
      await body.dump();
      if (statusCode === status) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Does something in the schema HELLO, committed. */
  async sql(...blocks: string[]): Promise<void> {
    const { name: user, password } = this.standIns.user;
    const connection = await oracledb.getConnection({
      user,
      password,
      connectString: this.standIns.database.connectString,
    });
    try {
      for (const block of blocks) await connection.execute(block);
      await connection.commit();
    } finally {
      await connection.close();
    }
  }

  async createDomain(displayName: string): Promise<{ id: string; url: string }> {
    const api = `${this.standIns.oci.url}/20160918/domains`;
    await this.post(api, { ...domainDetails(), compartmentId: "ocid1.compartment.oc1..local", displayName });
    return this.untilDomain(displayName, "ACTIVE");
  }

  private async untilDomain(displayName: string, state: string): Promise<{ id: string; url: string }> {
    for (;;) {
      const domain = this.standIns.oci.domains().find((each) => each.displayName === displayName);
      if (domain?.lifecycleState === state) return domain;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  patch(url: string, values: Record<string, unknown>): Promise<unknown> {
    const Operations = Object.entries(values).map(([path, value]) => ({ op: "replace", path, value }));
    return this.call("PATCH", url, { schemas: [patchOp], Operations });
  }

  patchApp(values: Record<string, unknown>): Promise<unknown> {
    return this.patch(`${this.outputs.client.domainUrl}/admin/v1/Apps/${this.appId}`, values);
  }

  /** The same for every app of the domain. */
  async patchApps(values: Record<string, unknown>): Promise<void> {
    const apps =
      this.standIns.oci
        .domains()
        .find(({ id }) => id === this.domainId)
        ?.apps() ?? [];
    for (const { id } of apps) await this.patch(`${this.outputs.client.domainUrl}/admin/v1/Apps/${id}`, values);
  }

  /** Activates or deactivates the domain. */
  async domainAction(action: "activate" | "deactivate"): Promise<void> {
    await this.post(`${this.standIns.oci.url}/20160918/domains/${this.domainId}/actions/${action}`, {});
    await this.untilDomain("ords-local", action === "activate" ? "ACTIVE" : "INACTIVE");
  }

  /** A token with the same claims, from a domain that is not the stack's. */
  async tokenOfAnotherDomain(): Promise<string> {
    const { url } = await this.createDomain("ords-other");
    const app = await this.post(
      `${url}/admin/v1/Apps`,
      appDetails({ active: true, audience, scopes: [{ value: "hello.read" }], trustScope: "Account" }),
    );
    return this.token(`${audience}hello.read`, `${url}/oauth2/v1/token`, `${app.name}:${app.clientSecret}`);
  }

  // biome-ignore lint/suspicious/noExplicitAny: bodies of every form
  post(url: string, body: unknown): Promise<any> {
    return this.call("POST", url, body);
  }

  // biome-ignore lint/suspicious/noExplicitAny: bodies of every form
  private async call(method: "POST" | "PATCH", url: string, content: unknown): Promise<any> {
    const text = JSON.stringify(content);
    const headers = signedHeaders(this.signer, method, new URL(url), text);
    const { statusCode, body } = await request(url, { method, headers, body: text, dispatcher: this.agent });
    const answer = await body.text();
    if (statusCode >= 300) throw new Error(`${method} ${url}: ${statusCode} ${answer}`);
    return answer && JSON.parse(answer);
  }

  /** A browser without a screen: goes where it is sent, with cookies, and fills in forms. */
  async browse(start: string, values: Record<string, string>): Promise<{ url: string; status: number; html: string }> {
    const jar = new Map<string, string>();
    let [url, form]: [string, URLSearchParams | undefined] = [start, undefined];
    for (let step = 0; step < 12; step++) {
      const reply = await request(url, {
        method: form ? "POST" : "GET",
        dispatcher: url.startsWith("https:") ? this.agent : undefined,
        headers: {
          cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
          ...(form && { "content-type": "application/x-www-form-urlencoded", origin: new URL(url).origin }),
        },
        body: form?.toString(),
      });
      const html = await reply.body.text();
      for (const cookie of [reply.headers["set-cookie"] ?? []].flat()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        jar.set(name, value);
      }
      form = undefined;
      const { location } = reply.headers;
      if (typeof location === "string") {
        url = new URL(location, url).href;
        continue;
      }
      if (reply.statusCode !== 200 || !html.includes("<form")) return { url, status: reply.statusCode, html };
      form = filled(html, values);
    }
    throw new Error(`lost on the way from ${start}: now at ${url}`);
  }

  /** Chooses the password of the stack's user by the activation link. */
  async activate(password: string): Promise<void> {
    const [domain] = this.standIns.oci.domains();
    const link = domain?.users()[0]?.activationUrl;
    if (!link) throw new Error("the user has no activation link");
    const { status, html } = await this.browse(link, { password, confirmation: password });
    if (status !== 200 || !html.includes("is active")) throw new Error(`not activated: ${status}`);
  }

  async close(): Promise<void> {
    // Not undefined: what the agent has, even that, goes before what a request says.
    distrust();
    await this.agent.close();
    await this.standIns.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** The first form of a page: hidden fields as they are, others by name, and its first button unless a value says which. */
function filled(html: string, values: Record<string, string>): URLSearchParams {
  const form = new URLSearchParams();
  const attribute = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  for (const [tag] of html.matchAll(/<input[^>]*>/g)) {
    const name = attribute(tag, "name");
    if (name) form.set(name, values[name] ?? attribute(tag, "value") ?? "");
  }
  const [button] = /<button[^>]*>/.exec(html) ?? [];
  const name = button && attribute(button, "name");
  if (name) form.set(name, values[name] ?? attribute(button, "value") ?? "");
  return form;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** As `terraform output -json` prints them. */
function secretOutputs(outputs: Record<string, string>) {
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { sensitive: true, value }]));
}
