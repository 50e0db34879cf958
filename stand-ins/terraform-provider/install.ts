import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { bundleProvider } from "./bundle";
import { selfSignedCertificate } from "./certificate";
import { filesOf } from "./installation";
import { ProviderSchema, type SchemaFile } from "./schema";

/** The provider to stand in for. */
export interface ProviderRelease {
  /** What `terraform providers schema -json` prints for it: what the stand-in says of itself. */
  readonly schema: SchemaFile;
  /** For example `8.28.0`. */
  readonly version: string;
}

/**
 * Puts the provider where `terraform init` finds it without a network.
 * @param dir where everything goes: a filesystem mirror, the CLI configuration file, what the process reads
 * @returns the file for TF_CLI_CONFIG_FILE. Give it to the child processes that shall use the stand-in and to no other:
 * the provider refuses to work in a Terraform run that does not have it.
 */
export async function installProvider(dir: string, release: ProviderRelease): Promise<{ cliConfigFile: string }> {
  const root = resolve(dir);
  const { cliConfigFile, schema, identity } = filesOf(root);
  const { address } = new ProviderSchema(release.schema);
  const mirror = join(root, "mirror");
  const version = join(mirror, ...address.split("/"), release.version, await terraformPlatform());
  await mkdir(version, { recursive: true });
  await writeFile(schema, JSON.stringify(release.schema));
  await writeFile(identity, await selfSignedCertificate(), { mode: 0o600 });
  // Terraform's lock file hashes the launcher.
  const command = [process.execPath, await bundleProvider(), root].map(shellWord).join(" ");
  const launcher = join(version, `terraform-provider-${address.split("/").pop()}_v${release.version}`);
  await writeFile(launcher, `#!/bin/sh\nexec ${command}\n`, { mode: 0o755 });
  // A mirror alone: with no `direct` method nothing else can be installed, and no command prints a warning.
  await writeFile(
    cliConfigFile,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  return { cliConfigFile };
}

/** For example `linux_amd64`. */
async function terraformPlatform(): Promise<string> {
  // An unreadable CLI configuration file would spoil the answer, and none is needed to give it.
  const { TF_CLI_CONFIG_FILE: _, ...rest } = process.env;
  const env = { ...rest, CHECKPOINT_DISABLE: "1" };
  const { stdout } = await promisify(execFile)("terraform", ["version", "-json"], { env });
  const { platform } = JSON.parse(stdout) as { platform?: string };
  if (!platform) throw new Error(`terraform version -json names no platform: ${stdout}`);
  return platform;
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
