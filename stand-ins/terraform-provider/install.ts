import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { providerVersion } from "../../providers/oci/version";
import { providerAddress } from "./schema";

/**
 * Builds the provider and puts it where `terraform init` finds it without a network.
 * @param dir where everything goes: the bundle, a filesystem mirror and the CLI configuration file
 * @returns the file for TF_CLI_CONFIG_FILE. Give it to the child processes that shall use the stand-in and to no other:
 * the provider refuses to work in a Terraform run that does not have it.
 */
export async function installProvider(dir: string): Promise<{ cliConfigFile: string }> {
  const root = resolve(dir);
  const bundle = join(root, "provider", "main.cjs");
  const cliConfigFile = join(root, "terraform.rc");
  const mirror = join(root, "mirror");
  const version = join(mirror, ...providerAddress.split("/"), providerVersion, await terraformPlatform());
  const launcher = join(version, `terraform-provider-oci_v${providerVersion}`);
  await mkdir(version, { recursive: true });
  await build({
    entryPoints: [join(__dirname, "main.ts")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "error",
  });
  for (const proto of ["tfplugin5.proto", "grpc_controller.proto"]) {
    await copyFile(join(__dirname, proto), join(root, "provider", proto));
  }
  // Terraform's lock file hashes the launcher: it stays the same when the code changes.
  const command = [process.execPath, bundle, cliConfigFile].map(shellWord).join(" ");
  await writeFile(launcher, `#!/bin/sh\nexec ${command}\n`);
  await chmod(launcher, 0o755);
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
