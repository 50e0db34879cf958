import { rmSync } from "node:fs";
import { ServerCredentials } from "@grpc/grpc-js";
import { socketIn } from "./handshake";
import { providerRpcs } from "./rpcs";
import { ProviderSchema, type SchemaFile } from "./schema";
import { serve } from "./serve";

/** A provider that runs in this process. */
export interface AttachedProvider {
  /** For TF_REATTACH_PROVIDERS: Terraform runs that have it use this provider, install none and start none. */
  readonly reattach: string;
  close(): Promise<void>;
}

/**
 * Serves the provider from this process, which spares Terraform the three or four starts of it that each command takes.
 * @param release its schema is what the stand-in says of itself
 * @param environment what the provider reads in place of this process's own. The CA goes into `custom_cert_location`:
 * Node reads NODE_EXTRA_CA_CERTS only when a process starts.
 * @see https://developer.hashicorp.com/terraform/plugin/debugging#terraform-cli-development-overrides
 */
export async function attachProvider(
  release: { readonly schema: SchemaFile },
  environment: Record<string, string | undefined>,
): Promise<AttachedProvider> {
  const schema = new ProviderSchema(release.schema);
  const { directory, socket } = socketIn(environment);
  const server = await serve({
    socket,
    credentials: ServerCredentials.createInsecure(),
    rpcs: providerRpcs(schema, () => undefined, environment),
    // Terraform says so at the end of every command; the next one will be served as well.
    onShutdown: () => {},
  });
  const Addr = { Network: "unix", String: socket };
  return {
    reattach: JSON.stringify({
      [schema.address]: { Protocol: "grpc", ProtocolVersion: 5, Pid: process.pid, Test: true, Addr },
    }),
    async close() {
      server.forceShutdown();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
