import type { ClientAuth } from "oauth4webapi";
import type { Endpoints } from "./discovery";
import { send } from "./http";
import { oauth } from "./libraries";
import { asTokenError } from "./token-error";
import { type TokenSet, tokenSet } from "./token-set";

/** A client that asks for tokens of its users. */
export interface UserClient {
  readonly server: Endpoints;
  readonly clientId: string;
  /** undefined for a public client. */
  readonly clientSecret?: string;
  /** Fully qualified: audience + scope. */
  readonly scopes: readonly string[];
}

export interface AuthorizationRequest extends UserClient {
  readonly redirectUri: string;
  /** Asks for `openid` too; the domain may then issue tokens for several audiences, which ORDS may refuse. */
  readonly openid: boolean;
  /** Asks for a refresh token. */
  readonly offline: boolean;
}

/** A sign-in that has begun: where to send the browser, and what to do when it comes back. */
export interface Authorization {
  readonly url: URL;
  readonly state: string;
  /**
   * Exchanges the code in the URL that the browser came back to.
   * @throws TokenError when the domain refused
   */
  finish(callback: URL): Promise<TokenSet>;
}

/** Prepares the authorization code flow with PKCE (S256) and state, and a nonce where an ID token will come. */
export async function authorize(request: AuthorizationRequest): Promise<Authorization> {
  const { server, clientId, redirectUri, scopes, openid } = request;
  const client = { client_id: clientId };
  const { generateRandomState, generateRandomCodeVerifier, generateRandomNonce, calculatePKCECodeChallenge } = oauth();
  const state = generateRandomState();
  const verifier = generateRandomCodeVerifier();
  const nonce = openid ? generateRandomNonce() : undefined;
  const url = new URL(server.authorization_endpoint);
  const parameters = {
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: scopeOf(request),
    state,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...(nonce && { nonce }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return {
    url,
    state,
    async finish(callback) {
      try {
        const { validateAuthResponse, authorizationCodeGrantRequest, processAuthorizationCodeResponse } = oauth();
        const { customFetch, None } = oauth();
        const answer = validateAuthResponse(server, client, callback, state);
        const response = await authorizationCodeGrantRequest(server, client, None(), answer, redirectUri, verifier, {
          [customFetch]: send,
        });
        return tokenSet(
          await processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce }),
          client.client_id,
        );
      } catch (error) {
        const code = callback.searchParams.get("code");
        throw asTokenError(error, `a token for ${scopes.join(" ")}`, [verifier, ...(code ? [code] : [])]);
      }
    },
  };
}

/**
 * A fresh access token for a refresh token.
 * @throws TokenError when the domain refuses, with the code `invalid_grant` for a token that is no longer good
 */
export async function refresh(from: UserClient, refreshToken: string): Promise<TokenSet> {
  const { server, clientId, scopes } = from;
  const client = { client_id: clientId };
  const { customFetch, refreshTokenGrantRequest, processRefreshTokenResponse } = oauth();
  try {
    const response = await refreshTokenGrantRequest(server, client, authenticationOf(from), refreshToken, {
      additionalParameters: { scope: scopes.join(" ") },
      [customFetch]: send,
    });
    // A domain that does not rotate refresh tokens sends none, and the old one stays good.
    return { refreshToken, ...tokenSet(await processRefreshTokenResponse(server, client, response), clientId) };
  } catch (error) {
    throw asTokenError(error, "to refresh the token", secretsIn(from, refreshToken));
  }
}

/** All that is asked for, as OAuth writes it. */
export function scopeOf({
  scopes,
  openid,
  offline,
}: Pick<AuthorizationRequest, "scopes" | "openid" | "offline">): string {
  return [...(openid ? ["openid"] : []), ...(offline ? ["offline_access"] : []), ...scopes].join(" ");
}

/** With the secret in an HTTP Basic header, or none. */
export function authenticationOf({ clientSecret }: Pick<UserClient, "clientSecret">): ClientAuth {
  const { ClientSecretBasic, None } = oauth();
  return clientSecret === undefined ? None() : ClientSecretBasic(clientSecret);
}

/** What a request of this client holds that is not to be shown. */
export function secretsIn({ clientSecret }: Pick<UserClient, "clientSecret">, secret: string): string[] {
  return clientSecret === undefined ? [secret] : [secret, clientSecret];
}
