import { KeyObject, webcrypto } from "node:crypto";
import { keep, kept } from "../kept";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 24 * 60 * 60 * 1000;

/**
 * Key and certificate of a provider, PEM, for the mutual TLS that Terraform asks for. Processes share them in a folder that
 * STAND_IN_KEYS names.
 */
export async function providerIdentity(): Promise<string> {
  const file = "provider.pem";
  return kept(file) ?? keep(file, await selfSigned());
}

async function selfSigned(): Promise<string> {
  const x509 = await import("../x509");
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const { clientAuth, serverAuth } = x509.ExtendedKeyUsage;
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=localhost",
    keys,
    notBefore: new Date(now - day),
    notAfter: new Date(now + 10 * 365 * day),
    signingAlgorithm: algorithm,
    extensions: [
      // Terraform trusts exactly this certificate, as a root.
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.ExtendedKeyUsageExtension([serverAuth, clientAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "localhost" }]),
    ],
  });
  return `${KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" })}${certificate.toString("pem")}\n`;
}
