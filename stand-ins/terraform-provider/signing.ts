import { createHash, createSign, type KeyObject } from "node:crypto";

export interface SigningKey {
  /** `<tenancy>/<user>/<fingerprint>` */
  keyId: string;
  privateKey: KeyObject;
}

/** The headers that make a request an OCI request: date, host, the hash of the body and the signature over them. */
export function signedHeaders(
  method: string,
  url: URL,
  body: string | undefined,
  key: SigningKey,
): Record<string, string> {
  const headers: Record<string, string> = { date: new Date().toUTCString(), host: url.host };
  const signed = ["date", "(request-target)", "host"];
  if (method === "POST" || method === "PUT") {
    const content = body ?? "";
    headers["content-length"] = String(Buffer.byteLength(content));
    headers["content-type"] = "application/json";
    headers["x-content-sha256"] = createHash("sha256").update(content).digest("base64");
    signed.push("content-length", "content-type", "x-content-sha256");
  }
  const target = `${method.toLowerCase()} ${url.pathname}${url.search}`;
  const lines = signed.map((name) => `${name}: ${name === "(request-target)" ? target : headers[name]}`);
  const signature = createSign("sha256").update(lines.join("\n")).sign(key.privateKey, "base64");
  headers.authorization = `Signature version="1",headers="${signed.join(" ")}",keyId="${key.keyId}",algorithm="rsa-sha256",signature="${signature}"`;
  return headers;
}
