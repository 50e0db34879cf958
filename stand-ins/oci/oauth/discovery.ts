import { identityScopes } from "./scopes";

/** The members of `/.well-known/oauth-authorization-server` (RFC 8414). */
export function authorizationServerMetadata(url: string, issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${url}/oauth2/v1/authorize`,
    token_endpoint: `${url}/oauth2/v1/token`,
    token_endpoint_auth_methods_supported: ["client_secret_basic", "private_key_jwt", "client_secret_post", "none"],
    token_endpoint_auth_signing_alg_values_supported: ["RS256"],
    jwks_uri: `${url}/admin/v1/SigningCert/jwk`,
    scopes_supported: identityScopes,
    response_types_supported: [
      "code",
      "token",
      "id_token",
      "code token",
      "code id_token",
      "token id_token",
      "code token id_token",
    ],
    ui_locales_supported: ["en"],
    revocation_endpoint: `${url}/oauth2/v1/revoke`,
    introspection_endpoint: `${url}/oauth2/v1/introspect`,
    userinfo_endpoint: `${url}/oauth2/v1/userinfo`,
    code_challenge_methods_supported: ["S256"],
    grant_types_supported: [
      "client_credentials",
      "password",
      "refresh_token",
      "authorization_code",
      "urn:ietf:params:oauth:grant-type:jwt-bearer",
      "tls_cert_auth",
    ],
  };
}

/** The members of `/.well-known/openid-configuration`. */
export function openidConfiguration(url: string, issuer: string): Record<string, unknown> {
  return {
    ...authorizationServerMetadata(url, issuer),
    introspect_endpoint: `${url}/oauth2/v1/introspect`,
    end_session_endpoint: `${url}/oauth2/v1/userlogout`,
    id_token_signing_alg_values_supported: ["RS256"],
    subject_types_supported: ["public"],
    claims_supported: ["aud", "exp", "iat", "iss", "jti", "sub"],
    userinfo_signing_alg_values_supported: ["none"],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    claims_parameter_supported: false,
    http_logout_supported: true,
    logout_session_supported: false,
  };
}

/** The document of `/.well-known/idcs-configuration`: the same, one level down. */
export function idcsConfiguration(url: string, issuer: string): Record<string, unknown> {
  return { "openid-configuration": openidConfiguration(url, issuer) };
}
