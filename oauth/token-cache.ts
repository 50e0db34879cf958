import { createHash, randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { isPrivate, makePrivateFolder } from "../private-folder";
import type { TokenSet } from "./token-set";

/** In the working directory, and in .gitignore. */
const folder = ".tokens";

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
    this.#file = join(folder, `${environment}-${key}.json`);
  }

  /** What is kept for these scopes; `isFresh` when the access token is good for another minute. */
  read(scopes: readonly string[]): (TokenSet & { readonly isFresh: boolean }) | undefined {
    let text: string;
    try {
      // What others may have put there is not believed.
      if (!isPrivate(folder) || !isPrivate(this.#file)) return undefined;
      text = readFileSync(this.#file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    const { success, data } = entrySchema.safeParse(parsed(text));
    if (!success || data.scopes.join(" ") !== scopes.join(" ")) return undefined;
    return { ...data, isFresh: data.expiresAt - margin > Date.now() / 1000 };
  }

  /** @throws PrivateFolderError when the folder is not our own to close to others */
  write(scopes: readonly string[], tokens: TokenSet): void {
    makePrivateFolder(folder, "remove it, or use --no-cache");
    // The mode counts only for a file that is made now, and another process may be writing too: the last one wins.
    const temporary = `${this.#file}.${randomUUID()}`;
    writeFileSync(temporary, JSON.stringify({ ...tokens, scopes }), { mode: 0o600, flag: "wx" });
    renameSync(temporary, this.#file);
  }

  forget(): void {
    rmSync(this.#file, { force: true });
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
