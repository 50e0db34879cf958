import {
  type AuthorizationServer,
  type Client,
  ClientSecretBasic,
  clientCredentialsGrantRequest,
  processClientCredentialsResponse,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from "oauth4webapi";

export interface ClientCredentials {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Fully qualified: audience + scope. */
  readonly scopes: readonly string[];
}

/** The domain gave no token; the message holds its words and never the secret. */
export class TokenError extends Error {}

/**
 * An access token by client credentials, with the secret in an HTTP Basic header.
 * @throws TokenError when the domain refuses
 */
export async function clientCredentialsToken(request: ClientCredentials): Promise<string> {
  const { tokenEndpoint, clientId, clientSecret, scopes } = request;
  // The library wants an issuer for the server; it is not used in this grant, and the domain's tokens name another one.
  const server: AuthorizationServer = { issuer: new URL(tokenEndpoint).origin, token_endpoint: tokenEndpoint };
  const client: Client = { client_id: clientId };
  try {
    const response = await clientCredentialsGrantRequest(server, client, ClientSecretBasic(clientSecret), {
      scope: scopes.join(" "),
    });
    const { access_token } = await processClientCredentialsResponse(server, client, response);
    return access_token;
  } catch (error) {
    if (error instanceof ResponseBodyError) {
      const { error: code, error_description: description, status } = error;
      throw new TokenError(
        `${tokenEndpoint} refused a token for ${scopes.join(" ")}: ${status} ${code}, ${description ?? "no description"}`,
      );
    }
    if (error instanceof WWWAuthenticateChallengeError) {
      throw new TokenError(
        `${tokenEndpoint} refused client ${clientId}: ${error.status}; the client secret in the Terraform state may be stale`,
      );
    }
    throw error;
  }
}
