import { decodeText } from "../encoding";

/**
 * The token in what a file or standard input holds: alone, after `Authorization: Bearer`, or as `access_token` of a JSON
 * object; in UTF-8 or, as PowerShell writes, in UTF-16; broken into lines or not.
 */
export function tokenText(input: string | Uint8Array): string {
  const text = (typeof input === "string" ? input : decodeText(input, "the token")).trim();
  return (accessTokenIn(text) ?? text).replace(/^(authorization:\s*)?bearer\s+/i, "").replace(/[\r\n]+[ \t]*/g, "");
}

/** As `token --json` and a token endpoint give it. */
function accessTokenIn(text: string): string | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const { access_token: token } = JSON.parse(text);
    return typeof token === "string" ? token : undefined;
  } catch {
    // Then it is not JSON, and not a token either.
    return undefined;
  }
}
