/**
 * The token in what a file or standard input holds: alone, after `Authorization: Bearer`, or as `access_token` of a JSON
 * object; in UTF-8 or, as PowerShell writes, in UTF-16; broken into lines or not.
 */
export function tokenText(input: string | Uint8Array): string {
  const text = (typeof input === "string" ? input : decoded(input)).trim();
  return (accessTokenIn(text) ?? text).replace(/^(authorization:\s*)?bearer\s+/i, "").replace(/[\r\n]+[ \t]*/g, "");
}

/** Text of a byte order mark's encoding; UTF-16 without one shows by the zero in one of its first two bytes. */
function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  const encoding = isLittle ? "utf-16le" : isBig ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
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
