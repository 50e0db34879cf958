import type { Reply, Request } from "../http";
import { authenticateClient } from "./client-authentication";
import type { OAuthDomain } from "./domain";
import { oauthError } from "./errors";
import { parseForm } from "./form";
import { authorizationCode } from "./grants/authorization-code";
import { clientCredentials } from "./grants/client-credentials";
import { deviceCode } from "./grants/device-code";
import type { Grant } from "./grants/grant";
import { refreshToken } from "./grants/refresh-token";

const grants: Record<string, Grant> = {
  authorization_code: authorizationCode,
  client_credentials: clientCredentials,
  refresh_token: refreshToken,
  "urn:ietf:params:oauth:grant-type:device_code": deviceCode,
};

/** The token endpoint, `POST /oauth2/v1/token`. */
export async function token(request: Request, domain: OAuthDomain): Promise<Reply> {
  const form = parseForm(request);
  const client = authenticateClient(domain.store, request.headers.authorization, form);
  const type = form.get("grant_type");
  if (!type) throw oauthError(400, "invalid_request", "grant_type is missing");
  const grant = Object.hasOwn(grants, type) ? grants[type] : undefined;
  if (!grant) throw oauthError(400, "unsupported_grant_type", `this stand-in does not support the grant ${type}`);
  if (!client.allowedGrants?.includes(type)) {
    throw oauthError(400, "unauthorized_client", `the client ${client.name} is not allowed the grant ${type}`);
  }
  const body = await grant(domain, client, form);
  return { status: 200, headers: { "cache-control": "no-store", pragma: "no-cache" }, body };
}
