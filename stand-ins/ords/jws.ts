import type { JWTPayload, ProtectedHeaderParameters } from "jose";
import { Refusal } from "./refusal";

/**
 * Header and payload of a compact JWS, nothing of which is verified yet. There is one spelling of a token: base64url without padding
 * or stray bits, UTF-8, objects without repeated members. Two readers of a token can otherwise see two tokens.
 *
 * @throws Refusal
 */
export function decodeToken(token: string): { header: ProtectedHeaderParameters; payload: JWTPayload } {
  const parts = token.split(".");
  if (parts.length !== 3) throw malformed(`it has ${parts.length} parts, a signed JWT has 3`);
  const [header, payload] = parts.map(decodeBase64url) as [Buffer, Buffer, Buffer];
  return { header: parseObject(header, "header"), payload: parseObject(payload, "payload") };
}

function decodeBase64url(text: string): Buffer {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") !== text) throw malformed("a part is not base64url");
  return bytes;
}

function parseObject(bytes: Buffer, name: string): Record<string, unknown> {
  let value: unknown;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(`the ${name} is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(`the ${name} is no object`);
  const repeated = repeatedMember(text);
  if (repeated !== undefined) throw malformed(`the ${name} has ${JSON.stringify(repeated)} twice`);
  return value as Record<string, unknown>;
}

/** The first name that an object in a JSON text has twice, at any depth. @param json well-formed */
function repeatedMember(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  for (const [, text, colon, bracket] of json.matchAll(/("(?:[^"\\]|\\.)*")\s*(:)?|([{}[\]])/g)) {
    if (bracket === "{" || bracket === "[") open.push(bracket === "{" ? new Set() : undefined);
    else if (bracket) open.pop();
    else if (text && colon) {
      const name = JSON.parse(text) as string;
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
}

function malformed(why: string): Refusal {
  return new Refusal("malformed_token", `not a signed JWT: ${why}`);
}
