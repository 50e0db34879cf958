import { refresh, type UserClient } from "./authorization-code";
import { parseToken, shownValue } from "./token";
import type { TokenCache } from "./token-cache";
import { withoutSlash } from "./token-claims";
import { TokenError } from "./token-error";
import type { TokenSet } from "./token-set";

/** Where a token may come from, the cheapest first. */
export interface TokenSources {
  /** undefined: nothing is read or kept. */
  readonly cache: TokenCache | undefined;
  /** Fully qualified, as asked for. */
  readonly scopes: readonly string[];
  /** Whom the scopes are of. */
  readonly audience: string;
  /** The client that may refresh its tokens; undefined when it may not. */
  readonly refreshing?: () => Promise<UserClient>;
  /** By client credentials, the browser or a code. */
  readonly grant: () => Promise<TokenSet>;
}

/**
 * A token that is good for another minute: the one in the cache, a refreshed one, or a new one.
 * @throws what `grant` throws, and TokenError when a refresh fails for another reason than a refresh token that is no longer good, or the
 * domain gives a token for somebody else
 */
export async function getToken({ cache, scopes, audience, refreshing, grant }: TokenSources): Promise<TokenSet> {
  const kept = cache?.read(scopes);
  if (kept?.isFresh) return kept;
  const renewed = kept?.refreshToken && refreshing ? await refreshed(await refreshing(), kept.refreshToken) : undefined;
  const tokens = renewed ?? (await grant());
  requireAudience(tokens.accessToken, audience);
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

/** Whoever it is sent to could use it there. One that names no audience, or further ones, is another matter: ORDS refuses it at most. */
function requireAudience(token: string, audience: string): void {
  const { aud = audience } = parseToken(token).claims;
  if ([aud].flat().some((name) => withoutSlash(name) === withoutSlash(audience))) return;
  throw new TokenError(
    `the identity domain gave a token for ${shownValue(aud).slice(0, 300)}, not for ${audience}: it is neither shown nor kept, since whoever gets it could use it there`,
  );
}
