import fs from "node:fs";
import { basename, dirname, join, sep } from "node:path";

/** One use of a file, before it happens. */
export interface FileUse {
  /** Name of the function of `node:fs`, for example `writeFileSync`. */
  readonly by: string;
  /** As it is in the file system, also where the use goes through an open folder. */
  readonly path: string;
}

const watched = [
  "chmodSync",
  "linkSync",
  "mkdirSync",
  "mkdtempSync",
  "openSync",
  "readFileSync",
  "readdirSync",
  "renameSync",
  "rmSync",
  "writeFileSync",
] as const;

type Use = (path: unknown, ...rest: unknown[]) => unknown;

/**
 * Watches what this process does with files below some folders.
 * @param before is told of each use, and may change the files before it, or do something in its place by giving a function back
 * @returns puts the real functions back
 */
export function watchFiles(
  folders: readonly string[],
  before: (use: FileUse) => ((go: Use, path: unknown, rest: unknown[]) => unknown) | undefined,
): () => void {
  const functions = fs as unknown as Record<string, Use>;
  const real = Object.fromEntries(watched.map((name) => [name, functions[name]!]));
  const { realpathSync } = fs;
  // Node's own functions use one another.
  let isInside = false;
  const placeOf = (path: unknown) => {
    if (typeof path !== "string") return undefined;
    try {
      const place = join(realpathSync(dirname(path)), basename(path));
      return folders.some((folder) => place === folder || place.startsWith(folder + sep)) ? place : undefined;
    } catch {
      // Its folder is not there: the use will fail, and change nothing.
      return undefined;
    }
  };
  for (const name of watched) {
    functions[name] = (path, ...rest) => {
      const go = real[name]!;
      if (isInside) return go(path, ...rest);
      isInside = true;
      try {
        const place = placeOf(path);
        const instead = place === undefined ? undefined : before({ by: name, path: place });
        return instead ? instead(go, path, rest) : go(path, ...rest);
      } finally {
        isInside = false;
      }
    };
  }
  return () => {
    Object.assign(functions, real);
  };
}
