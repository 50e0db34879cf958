import { refresh, type UserClient } from "./authorization-code";
import type { TokenCache } from "./token-cache";
import { TokenError } from "./token-error";
import type { TokenSet } from "./token-set";

/** Where a token may come from, the cheapest first. */
export interface TokenSources {
  /** undefined: nothing is read or kept. */
  readonly cache: TokenCache | undefined;
  /** Fully qualified, as asked for. */
  readonly scopes: readonly string[];
  /** The client that may refresh its tokens; undefined when it may not. */
  readonly refreshing?: () => Promise<UserClient>;
  /** By client credentials, the browser or a code. */
  readonly grant: () => Promise<TokenSet>;
}

/**
 * A token that is good for another minute: the one in the cache, a refreshed one, or a new one.
 * @throws what `grant` throws, and TokenError when a refresh fails for another reason than a refresh token that is no longer good
 */
export async function getToken({ cache, scopes, refreshing, grant }: TokenSources): Promise<TokenSet> {
  const kept = cache?.read(scopes);
  if (kept?.isFresh) return kept;
  const renewed = kept?.refreshToken && refreshing ? await refreshed(await refreshing(), kept.refreshToken) : undefined;
  const tokens = renewed ?? (await grant());
  cache?.write(scopes, tokens);
  return tokens;
}

async function refreshed(client: UserClient, refreshToken: string): Promise<TokenSet | undefined> {
  try {
    return await refresh(client, refreshToken);
  } catch (error) {
    if (error instanceof TokenError && error.oauthError === "invalid_grant") return undefined;
    throw error;
  }
}
