import { createHash, webcrypto } from "node:crypto";
import type { X509Certificate } from "@peculiar/x509";
import { rsaKeys } from "../../rsa-keys";

const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const year = 365 * 24 * 60 * 60 * 1000;

/** Issues the certificates of the signing keys of all domains. */
interface SigningAuthority {
  certificate: X509Certificate;
  privateKey: webcrypto.CryptoKey;
}

/** A domain's token-signing key with its certificate. */
export interface SigningKey {
  privateKey: webcrypto.CryptoKey;
  publicKey: webcrypto.CryptoKey;
  /** Protected header of every token. No `typ`, as Oracle's. */
  header: { alg: "RS256"; kid: string; x5t: string; "x5t#S256": string };
  /** The public key as published: `key_ops` does not list "verify", which strict libraries stumble over. */
  jwk: Record<string, unknown>;
}

const authorityName = "CN=Cloud9CA";

/** A function that makes its value when it is first asked for it. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => {
    value ??= make();
    return value;
  };
}

/** Gives every domain of a cloud its signing key: certified by one authority, made when it is needed. */
export function signingKeys(): (tenant: string) => () => Promise<SigningKey> {
  const authority = once(createSigningAuthority);
  return (tenant) => once(async () => createSigningKey(await authority(), tenant));
}

async function createSigningAuthority(): Promise<SigningAuthority> {
  const x509 = await import("../../x509");
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: authorityName,
    keys,
    ...validity(),
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  return { certificate, privateKey: keys.privateKey };
}

/** @param tenant `idcs-<32 hex>`, the common name of the certificate */
async function createSigningKey(authority: SigningAuthority, tenant: string): Promise<SigningKey> {
  const x509 = await import("../../x509");
  const { publicKey, privateKey } = await generateKeys();
  const leaf = await x509.X509CertificateGenerator.create({
    subject: `CN=${tenant}`,
    issuer: authorityName,
    publicKey,
    signingKey: authority.privateKey,
    ...validity(),
    signingAlgorithm: algorithm,
  });
  const [der, authorityDer] = [Buffer.from(leaf.rawData), Buffer.from(authority.certificate.rawData)];
  // Every tenant's key has the same id.
  const thumbprints = { x5t: thumbprint("sha1", der), "x5t#S256": thumbprint("sha256", der) };
  const { n, e } = await webcrypto.subtle.exportKey("jwk", publicKey);
  const x5c = [der.toString("base64"), authorityDer.toString("base64")];
  return {
    privateKey,
    publicKey,
    header: { ...thumbprints, kid: "SIGNING_KEY", alg: "RS256" },
    jwk: { kty: "RSA", ...thumbprints, e, kid: "SIGNING_KEY", x5c, key_ops: ["encrypt", "sign"], alg: "RS256", n },
  };
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  const { privateKey, publicKey } = rsaKeys();
  const { subtle } = webcrypto;
  return {
    privateKey: await subtle.importKey("jwk", privateKey.export({ format: "jwk" }), algorithm, true, ["sign"]),
    publicKey: await subtle.importKey("jwk", publicKey.export({ format: "jwk" }), algorithm, true, ["verify"]),
  };
}

function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + year) };
}

function thumbprint(hash: string, der: Buffer): string {
  return createHash(hash).update(der).digest("base64url");
}
