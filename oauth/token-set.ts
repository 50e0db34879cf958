import type { TokenEndpointResponse } from "oauth4webapi";
import { z } from "zod";
import { NotATokenError, parseToken } from "./token";
import { TokenError } from "./token-error";

/** What the token endpoint gives. */
export interface TokenSet {
  readonly accessToken: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  readonly refreshToken?: string;
}

/** Ten years: more is a mistake, or an attack on our arithmetic. */
const longestLife = 315_360_000;

const responseSchema = z.object({
  access_token: z.string(),
  /** RFC 6749 leaves it to the server; a token that does not say is not kept. */
  expires_in: z.number().min(0).max(longestLife).default(0),
  /** RFC 6749, appendix A.17. */
  refresh_token: z
    .string()
    .regex(/^[\x20-\x7e]+$/, "expected printable ASCII characters")
    .optional(),
});

/** @throws TokenError when it is not what RFC 6749 says, or its access token not a JSON Web Token */
export function tokenSet(response: TokenEndpointResponse): TokenSet {
  const { data, error } = responseSchema.safeParse(response);
  if (!data) {
    const [issue] = error.issues;
    throw new TokenError(
      `the token response of the identity domain is wrong: ${issue?.path.join(".")}: ${issue?.message}`,
    );
  }
  const { access_token, expires_in, refresh_token } = data;
  return {
    accessToken: bare(access_token),
    expiresAt: Math.floor(Date.now() / 1000 + expires_in),
    ...(refresh_token && { refreshToken: refresh_token }),
  };
}

function bare(token: string): string {
  try {
    const { text } = parseToken(token);
    if (text === token) return text;
    throw new NotATokenError("it has something around the token");
  } catch (error) {
    if (!(error instanceof NotATokenError)) throw error;
    throw new TokenError(`the access token of the identity domain is not one that ORDS takes: ${error.message}`);
  }
}
