import { readFileSync } from "node:fs";
import { ConfigurationError } from "../config/environment";
import { decodeText } from "../encoding";

/**
 * The text of a file that somebody passed on, in whatever encoding their shell wrote it.
 * @param what says in the error what was to be read
 * @throws ConfigurationError when it cannot be read, EncodingError when it is no text
 */
export function readText(file: string, what = file): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new ConfigurationError(`cannot read ${what}: ${(error as Error).message}`);
  }
  return decodeText(bytes, file);
}
