import type { AuthorizationServer, Client } from "oauth4webapi";
import { send } from "./http";
import { oauth } from "./libraries";
import { asTokenError } from "./token-error";
import { type TokenSet, tokenSet } from "./token-set";

export interface ClientCredentials {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Fully qualified: audience + scope. */
  readonly scopes: readonly string[];
}

/**
 * An access token by client credentials, with the secret in an HTTP Basic header.
 * @throws TokenError when the domain refuses
 */
export async function clientCredentialsToken(request: ClientCredentials): Promise<TokenSet> {
  const { tokenEndpoint, clientId, clientSecret, scopes } = request;
  // The library wants an issuer for the server; it is not used in this grant, and the domain's tokens name another one.
  const server: AuthorizationServer = { issuer: new URL(tokenEndpoint).origin, token_endpoint: tokenEndpoint };
  const client: Client = { client_id: clientId };
  const { clientCredentialsGrantRequest, ClientSecretBasic, customFetch, processClientCredentialsResponse } = oauth();
  try {
    const parameters = { scope: scopes.join(" ") };
    const response = await clientCredentialsGrantRequest(server, client, ClientSecretBasic(clientSecret), parameters, {
      [customFetch]: send,
    });
    return tokenSet(await processClientCredentialsResponse(server, client, response), clientId);
  } catch (error) {
    throw asTokenError(error, `client ${clientId} a token for ${scopes.join(" ")}`, [clientSecret]);
  }
}
