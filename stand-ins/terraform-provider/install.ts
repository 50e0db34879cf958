import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { bundleProvider } from "./bundle";
import { providerIdentity } from "./certificate";
import { filesOf } from "./installation";
import { ProviderSchema, type SchemaFile } from "./schema";

/** The provider to stand in for. */
export interface ProviderRelease {
  /** What `terraform providers schema -json` prints for it: what the stand-in says of itself. */
  readonly schema: SchemaFile;
  /** For example `8.28.0`. */
  readonly version: string;
}

/** Those of Terraform that this works on. Which one Terraform was built for need not be that of Node. */
const platforms = ["darwin_amd64", "darwin_arm64", "linux_386", "linux_amd64", "linux_arm", "linux_arm64"];

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
  const version = join(mirror, ...address.split("/"), release.version);
  // Terraform's lock file hashes the launcher.
  const command = [process.execPath, await bundleProvider(), root].map(shellWord).join(" ");
  const launcher = `terraform-provider-${address.split("/").pop()}_v${release.version}`;
  for (const platform of platforms) {
    await mkdir(join(version, platform), { recursive: true });
    await writeFile(join(version, platform, launcher), `#!/bin/sh\nexec ${command}\n`, { mode: 0o755 });
  }
  await writeFile(schema, JSON.stringify(release.schema));
  await writeFile(identity, await providerIdentity(), { mode: 0o600 });
  // A mirror alone: with no `direct` method nothing else can be installed, and no command prints a warning.
  await writeFile(
    cliConfigFile,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  return { cliConfigFile };
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
