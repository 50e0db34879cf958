import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificateAuthority } from "../certificates";
import { type OciOptions, type OciServer, startOci } from "../oci/server";
import { rsaKeys } from "../rsa-keys";
import type { JsonObject } from "../terraform-provider/api-values";
import { attachProvider } from "../terraform-provider/attach";
import type { ServiceError } from "../terraform-provider/errors";
import { installProvider, type ProviderRelease } from "../terraform-provider/install";
import { OciClient, type OciRequest } from "../terraform-provider/oci-client";

export type { JsonObject, OciRequest, ServiceError };

export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/** The OCI stand-in, the provider and a caller that both know. */
export interface Bench {
  folder: string;
  oci: OciServer;
  environment: NodeJS.ProcessEnv;
  /** For what a test does behind Terraform's back. */
  client: OciClient;
  /** A new, empty Terraform working directory with this configuration. */
  workspace(name: string, hcl: string): Workspace;
  close(): Promise<void>;
}

export class Workspace {
  constructor(
    readonly directory: string,
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  write(hcl: string): void {
    writeFileSync(join(this.directory, "main.tf"), hcl);
  }

  /** Never rejects: a test may want the failure. */
  run(args: string[], environment: NodeJS.ProcessEnv = {}): Promise<Run> {
    const env = { ...this.environment, ...environment };
    return new Promise((resolve) => {
      execFile("terraform", args, { cwd: this.directory, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
      });
    });
  }

  /** @throws with everything Terraform printed when it fails */
  async ok(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args);
    if (code !== 0) throw new Error(`terraform ${args.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
    return stdout;
  }

  async apply(): Promise<string> {
    return this.ok("apply", "-no-color", "-auto-approve", "-input=false");
  }

  /** Whether a plan finds nothing to do. */
  async inSync(): Promise<boolean> {
    const { code, stdout, stderr } = await this.run(["plan", "-no-color", "-input=false", "-detailed-exitcode"]);
    if (code === 1) throw new Error(`terraform plan failed\n${stdout}\n${stderr}`);
    return code === 0;
  }

  /** What a plan would do, per resource address. */
  async plannedActions(): Promise<Record<string, string>> {
    const { resource_changes = [] } = await this.plan();
    return Object.fromEntries(
      resource_changes
        .map(({ address, change }) => [address, change.actions.join("+")] as const)
        .filter(([, actions]) => actions !== "no-op"),
    );
  }

  async plan(): Promise<{ resource_changes?: ResourceChange[] }> {
    await this.ok("plan", "-no-color", "-input=false", "-out=plan.bin");
    return JSON.parse(await this.ok("show", "-json", "plan.bin"));
  }

  /** Attributes in state, per resource address. */
  async state(): Promise<Record<string, Record<string, unknown>>> {
    const shown = JSON.parse(await this.ok("show", "-json"));
    const resources: { address: string; values: Record<string, unknown> }[] = shown.values?.root_module.resources ?? [];
    return Object.fromEntries(resources.map(({ address, values }) => [address, values]));
  }
}

export interface ResourceChange {
  address: string;
  change: { actions: string[]; after: Record<string, unknown>; after_unknown: object; replace_paths?: unknown[] };
}

/**
 * The provider is served from this process. It is installed too, for programs between the test and Terraform that look for it.
 * @param provider what Terraform gets as `oracle/oci`
 */
export async function openBench(provider: ProviderRelease, options: Partial<OciOptions> = {}): Promise<Bench> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tfp-")));
  const authority = await createCertificateAuthority();
  // Short, and so quick to sign with: it only has to tell one caller from another.
  const { publicKey, privateKey } = rsaKeys(1024);
  const publicDer = publicKey.export({ type: "spki", format: "der" });
  const fingerprint = createHash("md5").update(publicDer).digest("hex").match(/../g)?.join(":");
  const oci = await startOci({
    tls: await authority.issue(),
    callerPublicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    workRequestMillis: 20,
    ...options,
  });
  writeFileSync(join(folder, "ca.pem"), authority.certPem);
  writeFileSync(join(folder, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
  mkdirSync(join(folder, ".oci"));
  const profile = { tenancy: "ocid1.tenancy.oc1..test", user: "ocid1.user.oc1..test", fingerprint };
  const lines = Object.entries({ ...profile, key_file: join(folder, "key.pem"), region: "eu-frankfurt-1" });
  const client = new OciClient(
    { keyId: `${profile.tenancy}/${profile.user}/${fingerprint}`, privateKey },
    { disabled: true, not409: true },
    authority.certPem,
  );
  writeFileSync(join(folder, ".oci", "config"), `[DEFAULT]\n${lines.map(([k, v]) => `${k}=${v}\n`).join("")}`);
  const { cliConfigFile } = await installProvider(join(folder, "provider"), provider);
  const environment: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: folder,
    TMPDIR: process.env.TMPDIR,
    GOGC: process.env.GOGC,
    TF_CLI_CONFIG_FILE: cliConfigFile,
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
    CLIENT_HOST_OVERRIDES: `oci_identity.IdentityClient=${oci.url}`,
  };
  const { NODE_EXTRA_CA_CERTS: custom_cert_location } = environment;
  const attached = await attachProvider(provider, { ...environment, custom_cert_location });
  environment.TF_REATTACH_PROVIDERS = attached.reattach;
  return {
    folder,
    oci,
    environment,
    client,
    workspace(name, hcl) {
      const directory = join(folder, name);
      mkdirSync(directory);
      const workspace = new Workspace(directory, environment);
      workspace.write(hcl);
      return workspace;
    },
    async close() {
      await attached.close();
      await oci.close();
      rmSync(folder, { recursive: true });
    },
  };
}
