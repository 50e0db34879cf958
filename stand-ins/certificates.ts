import { createPrivateKey, KeyObject, randomBytes, webcrypto } from "node:crypto";
import { keep, kept } from "./kept";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 24 * 60 * 60 * 1000;

/** A throw-away certificate authority for the stand-ins, trusted only by processes that are told to. */
export interface CertificateAuthority {
  /** The authority's own certificate, for `NODE_EXTRA_CA_CERTS` and the like. */
  readonly certPem: string;
  /** A server certificate for these DNS names and IP addresses. @default ["localhost", "127.0.0.1"] */
  issue(hosts?: string[]): Promise<Identity>;
}

/** A key and its certificate, PEM. */
interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** An authority and what it has issued, by hosts. */
interface Kept extends Identity {
  readonly made: number;
  readonly name: string;
  readonly issued: Record<string, Identity>;
}

let asked = 0;

/**
 * Another authority at each call. Where STAND_IN_KEYS names a folder, it is kept there for half a day with what it issues, and the
 * next process that asks for its first, second, ... gets this one.
 */
export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  const file = `authority-${++asked}.json`;
  const last: Kept = JSON.parse(kept(file) ?? "{}");
  const authority = Math.abs(Date.now() - last.made) < day / 2 ? last : await makeAuthority();
  return {
    certPem: authority.cert,
    async issue(hosts = ["localhost", "127.0.0.1"]) {
      const known = authority.issued[String(hosts)];
      if (known) return known;
      const identity = await issue(authority, hosts);
      authority.issued[String(hosts)] = identity;
      keep(file, JSON.stringify(authority));
      return identity;
    },
  };
}

async function makeAuthority(): Promise<Kept> {
  const x509 = await import("./x509");
  // An authority is found by its name: two that are trusted together must differ.
  const name = `CN=Local stand-ins (throw-away) ${randomBytes(4).toString("hex")}`;
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    ...validity(),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return { made: Date.now(), name, key: pem(keys), cert: certificate.toString("pem"), issued: {} };
}

async function issue(authority: Kept, hosts: string[]): Promise<Identity> {
  const x509 = await import("./x509");
  const keys = await generateKeys();
  const pkcs8 = createPrivateKey(authority.key).export({ type: "pkcs8", format: "der" });
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${hosts[0]}`,
    issuer: authority.name,
    publicKey: keys.publicKey,
    signingKey: await webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]),
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
  return { key: pem(keys), cert: certificate.toString("pem") };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function pem({ privateKey }: webcrypto.CryptoKeyPair): string {
  return KeyObject.from(privateKey).export({ type: "pkcs8", format: "pem" }).toString();
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - day), notAfter: new Date(now + day) };
}
