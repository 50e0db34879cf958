import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { OciOptions } from "@ords-jwt/stand-ins/oci";
import {
  type Bench,
  type OciRequest,
  openBench,
  type ResourceChange,
  type Run,
  Workspace,
} from "@ords-jwt/stand-ins/testing/terraform";
import { App } from "cdktf";
import { Agent, install, setGlobalDispatcher } from "undici";
import { type EnvironmentInput, parseEnvironment } from "../../config/environment";
import { OrdsJwtStack } from "../../constructs/ords-jwt-stack";
import { projectEntries } from "../../local/stand-ins";
import schema from "../../providers/oci/schema.json";
import { providerVersion } from "../../providers/oci/version";
import type { Place } from "../scripts/in-place";
import { distrust, trust } from "../scripts/trust";

const root = join(__dirname, "../..");

/** A change that Terraform plans, with both sides of it. */
export type Change = ResourceChange["change"] & { before: Record<string, unknown> | null };

/** A stack of ours, deployed by the real Terraform, with stand-ins for OCI and for its provider. */
export class Stack extends Workspace {
  #agent?: Agent;

  private constructor(
    readonly bench: Bench,
    /** Looks like the project, but for its state. */
    readonly project: string,
    readonly name: string,
  ) {
    super(join(project, "cdktf.out", "stacks", name), bench.environment);
    mkdirSync(project, { recursive: true });
    for (const entry of projectEntries) {
      symlinkSync(join(root, entry), join(project, entry));
    }
  }

  /** The stack, with an OCI of its own. */
  static async open(options: Partial<OciOptions> = {}, name = "local"): Promise<Stack> {
    const provider = { schema, version: providerVersion };
    const bench = await openBench(provider, { appendsSchemas: true, addsRecoveryEmail: true, ...options });
    // A plugin cache shared with other projects would silently serve another provider.
    Object.assign(bench.environment, { CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1", CI: "1", NO_COLOR: "1" });
    return new Stack(bench, join(bench.folder, "project"), name);
  }

  /** The stack in another checkout, which has no state; or another stack. */
  elsewhere(name = this.name): Stack {
    return new Stack(this.bench, join(this.bench.folder, `elsewhere-${name}`), name);
  }

  writeJson(file: string, content: unknown): void {
    writeFileSync(join(this.directory, file), JSON.stringify(content));
  }

  /** Synthesizes the stack in the form that `cdktf synth` gives it. */
  synthesize(input: EnvironmentInput): this {
    const app = new App({ outdir: join(this.project, "cdktf.out"), skipValidation: true });
    new OrdsJwtStack(app, this.name, parseEnvironment(this.name, input));
    app.synth();
    return this;
  }

  async deploy(input: EnvironmentInput): Promise<this> {
    this.synthesize(input);
    await this.ok("init", "-no-color", "-input=false");
    await this.apply();
    return this;
  }

  /** What a plan would change, by resource address; empty when it would change nothing. */
  async changes(): Promise<Record<string, Change>> {
    const { resource_changes = [] } = await this.plan();
    const changes = resource_changes.map(({ address, change }) => [address, change as Change] as const);
    return Object.fromEntries(changes.filter(([, { actions }]) => actions.join() !== "no-op"));
  }

  /** The only domain there is. */
  domain() {
    const [domain, ...more] = this.bench.oci.domains();
    if (!domain || more.length > 0) throw new Error(`expected one domain, found ${more.length + (domain ? 1 : 0)}`);
    return domain;
  }

  app(displayName: string) {
    const app = this.domain()
      .apps()
      .find((candidate) => candidate.displayName === displayName);
    if (!app) throw new Error(`the domain has no app ${displayName}`);
    return app;
  }

  /** What somebody does by hand, in the domain or, for paths below `/20160918`, in the Identity API. */
  async byHand(method: OciRequest["method"], path: string, body?: OciRequest["body"]) {
    const isIdentity = path.startsWith("/20160918/");
    return this.bench.client.send({
      service: isIdentity ? "Identity" : "Identity Domains",
      operation: "test",
      method,
      endpoint: isIdentity ? this.bench.oci.url : this.domain().url,
      path,
      body,
    });
  }

  /**
   * Where a command works that this process runs. It trusts the stack's OCI then, until it trusts another or the stack is closed.
   * @param more whom to trust else, as PEM
   */
  place(...more: string[]): Place {
    const authorities = [readFileSync(String(this.environment.NODE_EXTRA_CA_CERTS), "utf8"), ...more];
    trust(authorities);
    // As behind a proxy: the `fetch` of Node 20 and this dispatcher disagree about a Content-Length that Oracle's SDK gives.
    install();
    void this.#agent?.destroy();
    this.#agent = new Agent({ connect: { ca: authorities } });
    setGlobalDispatcher(this.#agent);
    // The home folder of this process is another one.
    const env = { ...this.environment, OCI_CONFIG_FILE: join(this.bench.folder, ".oci", "config") };
    return { cwd: this.project, env };
  }

  /** Starts Terraform, to be killed at any time together with all that it started. */
  start(args: string[]): { kill(): void; ended: Promise<Run> } {
    // A group of its own, so that what it starts can be killed with it.
    const child = spawn("terraform", args, {
      cwd: this.directory,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const run = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].on("data", (chunk) => {
        run[stream] += chunk;
      });
    }
    const ended = new Promise<Run>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve({ ...run, code: signal ? -1 : (code ?? 1) }));
    });
    return { kill: () => void process.kill(-Number(child.pid), "SIGKILL"), ended };
  }

  /** Waits until no work request is running in the domain. */
  async settled(): Promise<void> {
    for (;;) {
      const { body } = await this.byHand("GET", `/20160918/domains/${this.domain().id}`);
      const { lifecycleState, lifecycleDetails } = body as Record<string, string | null>;
      if (!lifecycleDetails && lifecycleState !== "CREATING") return;
      await sleep(50);
    }
  }

  /** Deactivates or activates an app as somebody does in the console. */
  async setActive(displayName: string, active: boolean): Promise<void> {
    const schemas = ["urn:ietf:params:scim:schemas:oracle:idcs:AppStatusChanger"];
    await this.byHand("PUT", `/admin/v1/AppStatusChanger/${this.app(displayName).id}`, { schemas, active });
  }

  async close(): Promise<void> {
    if (this.#agent) distrust();
    await this.#agent?.destroy();
    await this.bench.close();
  }
}

/** Something of everything that an environment can declare. */
export const rich = {
  region: "eu-frankfurt-1",
  tags: { team: "orders", stage: "test" },
  domain: {
    compartmentOcid: "ocid1.compartment.oc1..test",
    displayName: "orders-test",
    isHiddenOnLogin: true,
    adminContact: { userName: "admin@example.com", email: "admin@example.com", lastName: "Admin", firstName: "Ada" },
  },
  users: {
    alice: { userName: "alice", givenName: "Alice", familyName: "Smith", workEmail: "alice@example.com" },
    bob: {
      userName: "bob",
      givenName: "Bob",
      familyName: "Jones",
      workEmail: "bob@example.com",
      recoveryEmail: "bob@home.example.com",
      activationMail: false,
    },
  },
  groups: { testers: { displayName: "testers", members: ["alice"] }, empty: { displayName: "nobody yet" } },
  app: {
    displayName: "orders-api",
    description: "Orders",
    audience: "https://orders.example.com/",
    scopes: [
      { value: "orders.read", displayName: "Read orders", modules: ["orders"] },
      {
        value: "orders.write",
        displayName: "Write orders",
        description: "Place orders",
        requiresConsent: true,
        patterns: ["/orders/*"],
      },
    ],
    grants: ["client_credentials", "authorization_code", "refresh_token"],
    redirectUris: ["https://oauth.pstmn.io/v1/callback"],
    postLogoutRedirectUris: ["https://orders.example.com/bye"],
    logoutUri: "https://orders.example.com/logout",
    accessTokenExpirySeconds: 900,
    allowTokenRefresh: true,
    refreshTokenExpirySeconds: 86_400,
    enforceGrants: true,
    bypassConsent: false,
    showInMyApps: true,
    grantedTo: ["testers", "bob"],
  },
  clients: {
    reports: { displayName: "orders-reports", grants: ["client_credentials"], scopes: ["orders.read"] },
    shop: {
      displayName: "orders-shop",
      public: true,
      grants: ["authorization_code"],
      redirectUris: ["https://shop.example.com/callback"],
      scopes: ["orders.read", "orders.write"],
    },
  },
  developerClient: {},
  database: { schema: "ORDERS", passwordVariable: "UNUSED", connection: { user: "ORDERS", connectString: "unused" } },
} satisfies EnvironmentInput;
