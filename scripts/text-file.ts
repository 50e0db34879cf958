import { closeSync, openSync, readSync } from "node:fs";
import type { Readable } from "node:stream";
import { ConfigurationError } from "../config/configuration-error";
import { decodeText } from "../encoding";

/** More than anything has that is read here, in bytes. */
const maxSize = 10_000_000;

/**
 * The text of a file that somebody passed on, in whatever encoding their shell wrote it.
 * @param what says in the error what was to be read
 * @throws ConfigurationError when it cannot be read or is too long, EncodingError when it is no text
 */
export function readText(file: string, what = file): string {
  let bytes: Buffer;
  try {
    bytes = readBytes(file);
  } catch (error) {
    throw new ConfigurationError(`cannot read ${what}: ${(error as Error).message}`);
  }
  return decodeText(bytes, file);
}

/** Not as long as its size says, which a device has none of. */
function readBytes(file: string): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const chunks: Buffer[] = [];
    for (let size = 0; ; ) {
      const chunk = Buffer.alloc(65_536);
      const read = readSync(descriptor, chunk);
      if (read === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, read));
      size += read;
      if (size > maxSize) throw new Error(tooLong);
    }
  } finally {
    closeSync(descriptor);
  }
}

const tooLong = `it has more than ${maxSize} bytes`;

/**
 * All of standard input, or of another stream.
 * @param what says in the error what was to be read
 * @throws ConfigurationError when it is too long
 */
export async function readStream(stream: Readable, what: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    // Leaving the loop ends the reading.
    if (size > maxSize) throw new ConfigurationError(`cannot read ${what}: ${tooLong}`);
  }
  return Buffer.concat(chunks);
}
