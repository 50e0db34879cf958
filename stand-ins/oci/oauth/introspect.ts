import type { Reply, Request } from "../http";
import { authenticateClient } from "./client-authentication";
import type { OAuthDomain } from "./domain";
import { oauthError } from "./errors";
import { parseForm } from "./form";
import { activeAccessToken } from "./issued-tokens";

/** `POST /oauth2/v1/introspect`: whether an access token is active, for clients that may ask. */
export async function introspect(request: Request, domain: OAuthDomain): Promise<Reply> {
  const form = parseForm(request);
  const client = authenticateClient(domain.store, request.headers.authorization, form);
  if (client.clientType === "public" || !client.allowedOperations?.includes("introspect")) {
    throw oauthError(403, "unauthorized_client", `the client ${client.name} is not allowed the operation introspect`);
  }
  const token = form.get("token");
  if (!token) throw oauthError(400, "invalid_request", "token is missing");
  const claims = await activeAccessToken(domain, token);
  return { status: 200, headers: { "cache-control": "no-store" }, body: { active: claims !== undefined, ...claims } };
}
