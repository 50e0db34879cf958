import { oauthError } from "../errors";
import { revokeAuthorization } from "../revocation";
import { grantUserScopes } from "../scopes";
import { userOf, userTokens } from "../user-tokens";
import type { Grant } from "./grant";

/**
 * Exchanges a refresh token for new tokens. Whether Oracle's can be used again is not known: here each works once, and using
 * one twice ends them all.
 */
export const refreshToken: Grant = async (domain, client, form) => {
  const { refreshTokens } = domain.memory;
  const value = form.get("refresh_token");
  const authorization = refreshTokens.check(value, client, (leaked) => revokeAuthorization(domain, leaked));
  const scope = form.get("scope") ?? authorization.scope;
  const allowed = authorization.scope.split(" ");
  const more = scope.split(" ").find((each) => !allowed.includes(each));
  if (more !== undefined) throw oauthError(400, "invalid_scope", `${more} was not granted with the refresh token`);
  const granted = grantUserScopes(domain.store, client, scope);
  if (!granted.resource?.allowOffline) {
    throw oauthError(400, "invalid_grant", "the resource does not allow refresh tokens");
  }
  const user = userOf(domain, client, authorization, granted);
  refreshTokens.useUp(value);
  return userTokens(domain, client, user, authorization, granted);
};
