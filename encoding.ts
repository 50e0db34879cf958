import { Failure } from "./errors";

/** A file or standard input is in no encoding that is read here. */
class EncodingError extends Failure {
  readonly code = "invalid-input";
}

/**
 * The text in bytes that a shell or an editor wrote: UTF-8 or UTF-16, as Windows PowerShell writes with `>`, with or without a byte
 * order mark.
 * @param source names the bytes in the error
 * @throws EncodingError naming the encoding, as far as it can be told
 */
export function decodeText(bytes: Uint8Array, source: string): string {
  const encoding = encodingOf(bytes);
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // Not in that encoding: what it may be is said below.
  }
  throw new EncodingError(
    `${source} is not a text in UTF-8 or UTF-16, but ${guess(bytes, encoding)}: save it as UTF-8`,
  );
}

/** By the byte order mark; UTF-16 without one shows by the zeros of its ASCII letters. */
function encodingOf([first, second, third, fourth]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  const isWide = first === 0xff && second === 0xfe && third === 0 && fourth === 0;
  if ((first === 0xff && second === 0xfe && !isWide) || (first && second === 0 && third && fourth === 0))
    return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second && third === 0 && fourth)) return "utf-16be";
  return "utf-8";
}

function guess(bytes: Uint8Array, encoding: string): string {
  const [first, second, third, fourth] = bytes;
  const zeros = [first, second, third, fourth].filter((byte) => byte === 0).length;
  if (zeros >= 2 && bytes.length % 4 === 0) return "UTF-32";
  if (encoding !== "utf-8") return `damaged ${encoding.toUpperCase()}`;
  return bytes.includes(0) ? "binary" : "a Windows or ISO 8859 code page";
}
