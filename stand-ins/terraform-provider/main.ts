import { readFileSync, realpathSync, rmSync } from "node:fs";
import { checkEnvironment, handshakeLine, serverCredentials, socketIn } from "./handshake";
import { filesOf } from "./installation";
import { providerRpcs } from "./rpcs";
import { ProviderSchema } from "./schema";
import { serve } from "./serve";

const installation = filesOf(process.argv[2] ?? ".");

/** The provider process. Its one argument is the folder of the installation it belongs to. */
async function main(): Promise<void> {
  const complaint = checkEnvironment(process.env);
  if (complaint !== undefined) {
    process.stderr.write(`${complaint}\n`);
    process.exit(1);
  }
  const { directory, socket } = socketIn(process.env);
  const end = () => {
    rmSync(directory, { recursive: true, force: true });
    process.exit(0);
  };
  // Ctrl-C reaches the whole process group, but Terraform decides when its provider ends.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", end);
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || end(), 1000).unref();

  const { credentials, certificate } = serverCredentials(process.env, readFileSync(installation.identity));
  const schema = new ProviderSchema(JSON.parse(readFileSync(installation.schema, "utf8")));
  const rpcs = providerRpcs(schema, foreignInstallation);
  // The answer to Shutdown must leave before the process does.
  await serve({ socket, credentials, rpcs, onShutdown: (server) => server.tryShutdown(end) });
  process.stdout.write(`${handshakeLine(socket, certificate)}\n`);
}

/**
 * A plugin cache or a left-over `.terraform` can hand this process to a Terraform that means the real provider. That
 * Terraform does not use our CLI configuration file, so it is told instead of served.
 */
function foreignInstallation(): string | undefined {
  const own = installation.cliConfigFile;
  const used = process.env.TF_CLI_CONFIG_FILE;
  if (used && realpathSync(own) === realpathSync(used)) return undefined;
  return `this is the local stand-in of the OCI provider, and it serves only Terraform runs with TF_CLI_CONFIG_FILE=${own} (here: ${used ?? "not set"}); for the real provider remove .terraform, the lock file and this version in the plugin cache, then run terraform init`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});
