import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { Request } from "./http";

/** Who signed a request, from the key id `<tenancy>/<user>/<fingerprint>`. */
export interface Caller {
  tenancyId: string;
  userId: string;
}

/** What is wrong with a signature. The text says more than Oracle's does, to shorten the search. */
export class SignatureError extends Error {}

const maximumSkewMinutes = 5;

/**
 * Checks Oracle's HTTP request signature, version 1.
 * @param publicKey the caller's public key, PEM. Without it everything but the signature value itself is checked.
 * @throws {SignatureError}
 */
export function checkSignature(request: Request, publicKey?: string): Caller {
  const parameters = parseAuthorization(request.headers.authorization);
  const [tenancyId, userId, fingerprint, ...more] = (parameters.get("keyId") ?? "").split("/");
  if (!tenancyId || !userId || !fingerprint || more.length > 0) {
    throw new SignatureError(`keyId must be <tenancy>/<user>/<fingerprint>, not "${parameters.get("keyId")}"`);
  }
  expect(parameters, "version", "1");
  expect(parameters, "algorithm", "rsa-sha256");

  const signed = (parameters.get("headers") ?? "").toLowerCase().split(" ");
  const hasBody = ["POST", "PUT", "PATCH"].includes(request.method);
  const required = [
    "(request-target)",
    "host",
    ...(hasBody ? ["content-length", "content-type", "x-content-sha256"] : []),
  ];
  const missing = required.filter((name) => !signed.includes(name));
  if (missing.length > 0) throw new SignatureError(`these must be signed as well: ${missing.join(", ")}`);
  const date = signed.find((name) => name === "date" || name === "x-date");
  if (!date) throw new SignatureError("date or x-date must be signed");
  checkDate(headerValue(request, date));
  if (hasBody) checkBodyHash(request);

  const text = signed.map((name) => `${name}: ${headerValue(request, name)}`).join("\n");
  const signature = Buffer.from(parameters.get("signature") ?? "", "base64");
  if (signature.length === 0) throw new SignatureError("the signature is missing or not base64");
  if (publicKey) checkSignatureValue(publicKey, fingerprint, text, signature);
  return { tenancyId, userId };
}

function parseAuthorization(header: string | undefined): Map<string, string> {
  const [, list] = /^Signature\s+(.*)$/i.exec(header ?? "") ?? [];
  if (!list)
    throw new SignatureError(header ? "the Authorization header is not a Signature" : "no Authorization header");
  return new Map([...list.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name as string, value as string]));
}

function expect(parameters: Map<string, string>, name: string, wanted: string): void {
  const value = parameters.get(name);
  if (value !== wanted) throw new SignatureError(`${name} must be "${wanted}", not "${value}"`);
}

function headerValue(request: Request, name: string): string {
  if (name === "(request-target)") return `${request.method.toLowerCase()} ${request.target}`;
  const value = request.headers[name];
  if (value === undefined) throw new SignatureError(`the header ${name} is signed but was not sent`);
  return String(value);
}

function checkDate(date: string): void {
  const skew = Math.abs(Date.now() - Date.parse(date)) / 60_000;
  // NaN (not a date) must be refused too.
  if (!(skew <= maximumSkewMinutes)) {
    throw new SignatureError(`the date "${date}" is not within ${maximumSkewMinutes} minutes of this server's clock`);
  }
}

function checkBodyHash(request: Request): void {
  const hash = createHash("sha256").update(request.body).digest("base64");
  if (headerValue(request, "x-content-sha256") !== hash) {
    throw new SignatureError("x-content-sha256 does not match the body");
  }
}

const read = new Map<string, { readonly key: KeyObject; readonly md5: string }>();

/** A caller's key with its fingerprint, read once: each request is signed. */
function keyOf(publicKey: string): { readonly key: KeyObject; readonly md5: string } {
  const known = read.get(publicKey);
  if (known) return known;
  const key = createPublicKey(publicKey);
  const der = key.export({ type: "spki", format: "der" });
  const made = { key, md5: createHash("md5").update(der).digest("hex") };
  read.set(publicKey, made);
  return made;
}

function checkSignatureValue(publicKey: string, fingerprint: string, text: string, signature: Buffer): void {
  const { key, md5 } = keyOf(publicKey);
  if (fingerprint.replaceAll(":", "").toLowerCase() !== md5) {
    throw new SignatureError(`no key with the fingerprint ${fingerprint} is known`);
  }
  if (!verify("RSA-SHA256", Buffer.from(text), key, signature))
    throw new SignatureError("the signature does not verify");
}
