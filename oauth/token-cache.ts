import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { inFolder, inPrivateFolder, readPrivateFile, writePrivateFile } from "../private-folder";
import type { TokenSet } from "./token-set";

/** In the working directory, and in .gitignore. */
const folder = ".tokens";
const remedy = "remove it, or use --no-cache";

/** Seconds before its expiry when a token is no longer used. */
const margin = 60;

const entrySchema = z.object({
  accessToken: z.string().regex(/^[\x21-\x7e]+$/),
  expiresAt: z.number(),
  refreshToken: z.string().optional(),
  /** As asked for: another scope is another token. */
  scopes: z.array(z.string()),
});

/** Tokens of one client of one environment, in a file that only its owner can read. */
export class TokenCache {
  readonly #file: string;

  constructor(environment: string, clientId: string) {
    // A client id is no file name.
    const key = createHash("sha256").update(clientId).digest("hex").slice(0, 16);
    this.#file = `${environment}-${key}.json`;
  }

  /** What is kept for these scopes; `isFresh` when the access token is good for another minute. */
  read(scopes: readonly string[]): (TokenSet & { readonly isFresh: boolean }) | undefined {
    const text = readPrivateFile(folder, this.#file);
    if (text === undefined) return undefined;
    const { success, data } = entrySchema.safeParse(parsed(text));
    if (!success || data.scopes.join(" ") !== scopes.join(" ")) return undefined;
    return { ...data, isFresh: data.expiresAt - margin > Date.now() / 1000 };
  }

  /** @throws FolderError when the folder is not our own to close to others; FileError when it cannot be written */
  write(scopes: readonly string[], tokens: TokenSet): void {
    inPrivateFolder(folder, remedy, (pinned) =>
      writePrivateFile(join(pinned, this.#file), JSON.stringify({ ...tokens, scopes })),
    );
  }

  /** @throws FolderError when the folder is a link; FileError when the system refuses */
  forget(): void {
    if (!existsSync(folder)) return;
    inFolder(folder, remedy, (pinned) => {
      // Of a run that was killed there may be what it was about to keep.
      const files = readdirSync(pinned).filter((name) => name.startsWith(this.#file));
      for (const name of files) rmSync(join(pinned, name), { force: true });
    });
  }
}

/** A file that was cut short is as good as none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
