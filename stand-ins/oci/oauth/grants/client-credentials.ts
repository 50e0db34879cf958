import { accessToken } from "../access-token";
import { oauthError } from "../errors";
import { grantScopes } from "../scopes";
import type { Grant } from "./grant";

/** A token for the client itself, with no user behind it. */
export const clientCredentials: Grant = async (domain, client, form) => {
  if (client.clientType === "public") {
    throw oauthError(401, "invalid_client", "a public client cannot use client_credentials");
  }
  const granted = grantScopes(domain.store, client, form.get("scope"));
  const subject = { sub: client.name, sub_type: "client", gtp: "cc" } as const;
  const { token, lifetime } = await accessToken(domain, { client, granted, subject });
  return { access_token: token, token_type: "Bearer", expires_in: lifetime };
};
