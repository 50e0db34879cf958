/** A string, and the colon that makes a name of it. */
const strings = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** Far more than a token has. */
const maxDepth = 32;

/**
 * Reads a JSON object as RFC 7515 wants it: UTF-8, and no member twice, of which two readers could each take another.
 * @throws Error that says what is wrong
 */
export function strictObject(bytes: Uint8Array): Record<string, unknown> {
  const text = utf8(bytes);
  const value = parsed(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("is not a JSON object");
  // What is recursive here and elsewhere stays within the stack.
  if (depthOf(text) > maxDepth) throw new Error(`is nested deeper than ${maxDepth} levels`);
  const names = [...text.matchAll(strings)].filter(([, colon]) => colon).length;
  if (names !== membersOf(value)) throw new Error("has the same name twice");
  return value as Record<string, unknown>;
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error("is not UTF-8");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message would quote it.
    throw new Error("is not JSON");
  }
}

function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const character of text.replace(strings, "")) {
    if (character === "{" || character === "[") deepest = Math.max(deepest, ++depth);
    if (character === "}" || character === "]") depth--;
  }
  return deepest;
}

function membersOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const inner = Object.values(value).reduce((sum: number, each) => sum + membersOf(each), 0);
  return inner + (Array.isArray(value) ? 0 : Object.keys(value).length);
}
