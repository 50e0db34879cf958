import { X509Certificate } from "node:crypto";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerCredentials } from "@grpc/grpc-js";

type Environment = Record<string, string | undefined>;

const cookie = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/** What Terraform asks for in the environment of a plugin. @returns a complaint, or nothing */
export function checkEnvironment(environment: Environment): string | undefined {
  if (environment.TF_PLUGIN_MAGIC_COOKIE !== cookie) {
    return "this is a Terraform provider: Terraform starts it, it does nothing by itself";
  }
  const versions = environment.PLUGIN_PROTOCOL_VERSIONS ?? "5";
  if (!versions.split(",").includes("5")) {
    return `this provider speaks plugin protocol 5, Terraform offers ${versions}`;
  }
  return undefined;
}

/** A new directory with the path of a socket in it. */
export function socketIn(environment: Environment): { directory: string; socket: string } {
  const directory = mkdtempSync(join(environment.PLUGIN_UNIX_SOCKET_DIR || tmpdir(), "plugin"));
  chmodSync(directory, 0o700);
  const socket = join(directory, "s");
  // The limit of macOS; Linux allows four bytes more.
  if (Buffer.byteLength(socket) > 103)
    throw new Error(`the socket path ${socket} is too long: set TMPDIR to a shorter one`);
  return { directory, socket };
}

/**
 * Mutual TLS with the client certificate that Terraform hands over; plain text without one (TF_DISABLE_PLUGIN_TLS).
 * @param identity our own key and certificate, PEM
 * @returns the credentials and our certificate as the handshake line wants it: DER, base64 without padding
 */
export function serverCredentials(
  environment: Environment,
  identity: Buffer,
): { credentials: ServerCredentials; certificate?: string } {
  const clientCertificate = environment.PLUGIN_CLIENT_CERT;
  if (!clientCertificate) return { credentials: ServerCredentials.createInsecure() };
  const pair = [{ private_key: identity, cert_chain: identity }];
  return {
    credentials: ServerCredentials.createSsl(Buffer.from(clientCertificate), pair, true),
    certificate: new X509Certificate(identity).raw.toString("base64").replace(/=+$/, ""),
  };
}

export function handshakeLine(socket: string, certificate: string | undefined): string {
  return ["1", "5", "unix", socket, "grpc", ...(certificate ? [certificate] : [])].join("|");
}
