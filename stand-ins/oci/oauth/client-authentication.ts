import type { Store } from "../scim/store";
import type { App } from "../scim/types";
import { oauthError } from "./errors";

/**
 * Finds out which app calls the token endpoint: HTTP Basic, or `client_id` and `client_secret` in the form.
 * Public clients send `client_id` alone. Client assertions are not supported.
 */
export function authenticateClient(store: Store, authorization: string | undefined, form: URLSearchParams): App {
  if (form.has("client_assertion") || form.has("client_assertion_type")) {
    throw oauthError(401, "invalid_client", "client assertions are not supported by this stand-in");
  }
  const isBasic = authorization !== undefined;
  if (isBasic && form.has("client_secret")) {
    throw oauthError(400, "invalid_request", "the client authenticates in two ways: header and form");
  }
  const { id, secret } = isBasic
    ? basicCredentials(authorization)
    : { id: form.get("client_id"), secret: form.get("client_secret") };
  const app = store.all("Apps").find(({ name, isOAuthClient }) => name === id && isOAuthClient);
  // One text for all causes, as Oracle does it.
  if (!app?.active || app.clientSecret !== (secret ?? undefined)) throw authenticationFailed();
  if (isBasic && form.has("client_id") && form.get("client_id") !== id) {
    throw oauthError(400, "invalid_request", "client_id in the form is not the client of the Authorization header");
  }
  return app;
}

/** Both parts are form-encoded before they are joined (RFC 6749, section 2.3.1). */
function basicCredentials(authorization: string): { id: string; secret: string } {
  const [, encoded] = /^Basic\s+([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  const text = Buffer.from(encoded ?? "", "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1) throw authenticationFailed();
  try {
    const [id, secret] = [text.slice(0, colon), text.slice(colon + 1)].map((part) =>
      decodeURIComponent(part.replaceAll("+", " ")),
    );
    return { id: id as string, secret: secret as string };
  } catch {
    throw authenticationFailed();
  }
}

function authenticationFailed() {
  return oauthError(401, "invalid_client", "Client authentication failed.");
}
