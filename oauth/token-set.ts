import type { TokenEndpointResponse } from "oauth4webapi";

/** What the token endpoint gives. */
export interface TokenSet {
  readonly accessToken: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  readonly refreshToken?: string;
}

/** RFC 6749 leaves `expires_in` to the server; a token that does not say is not kept. */
export function tokenSet(response: TokenEndpointResponse): TokenSet {
  const { access_token, expires_in = 0, refresh_token } = response;
  return {
    accessToken: access_token,
    expiresAt: Math.floor(Date.now() / 1000) + expires_in,
    ...(refresh_token && { refreshToken: refresh_token }),
  };
}
