import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 24 * 60 * 60 * 1000;

/** A throw-away certificate authority for the stand-ins: lives in memory, trusted only by processes that are told to. */
export interface CertificateAuthority {
  /** The authority's own certificate, for `NODE_EXTRA_CA_CERTS` and the like. */
  readonly certPem: string;
  /** A server certificate for these DNS names and IP addresses. @default ["localhost", "127.0.0.1"] */
  issue(hosts?: string[]): Promise<{ key: string; cert: string }>;
}

export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  x509.cryptoProvider.set(webcrypto);
  // An authority is found by its name: two that are trusted together must differ.
  const name = `CN=Local stand-ins (throw-away) ${randomBytes(4).toString("hex")}`;
  const keys = await generateKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    ...validity(),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return {
    certPem: authority.toString("pem"),
    async issue(hosts = ["localhost", "127.0.0.1"]) {
      const server = await generateKeys();
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${hosts[0]}`,
        issuer: name,
        publicKey: server.publicKey,
        signingKey: keys.privateKey,
        ...validity(),
        signingAlgorithm: algorithm,
        extensions: [
          new x509.BasicConstraintsExtension(false),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension(
            hosts.map((host) => ({ type: /^[\d.]+$|:/.test(host) ? "ip" : "dns", value: host })),
          ),
        ],
      });
      const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", server.privateKey);
      return { key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY"), cert: certificate.toString("pem") };
    },
  };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - day), notAfter: new Date(now + day) };
}
