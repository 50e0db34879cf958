import type { TokenEndpointResponse } from "oauth4webapi";
import { z } from "zod";
import { NotATokenError, parseToken, shownValue } from "./token";
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

/**
 * @param clientId of whoever asked
 * @throws TokenError when it is not what RFC 6749 says, or its access token not a JSON Web Token, or that of another client
 */
export function tokenSet(response: TokenEndpointResponse, clientId: string): TokenSet {
  const { data, error } = responseSchema.safeParse(response);
  if (!data) {
    const [issue] = error.issues;
    throw new TokenError(
      `the token response of the identity domain is wrong: ${issue?.path.join(".")}: ${issue?.message}`,
    );
  }
  const { access_token, expires_in, refresh_token } = data;
  return {
    accessToken: issuedTo(clientId, access_token),
    expiresAt: Math.floor(Date.now() / 1000 + expires_in),
    ...(refresh_token && { refreshToken: refresh_token }),
  };
}

function issuedTo(clientId: string, token: string): string {
  try {
    const { text, claims, raw } = parseToken(token);
    if (text !== token) throw new NotATokenError("it has something around the token");
    // The domain always says who asked; without a user it is the subject, too.
    const owner = raw.claims.client_id ?? (claims.sub_type === "client" ? claims.sub : undefined);
    if (owner === undefined || owner === clientId) return text;
    throw new TokenError(
      `the identity domain gave client ${clientId} a token of another client, ${shownValue(owner).slice(0, 100)}: it is not used`,
    );
  } catch (error) {
    if (!(error instanceof NotATokenError)) throw error;
    throw new TokenError(`the access token of the identity domain is not one that ORDS takes: ${error.message}`);
  }
}
