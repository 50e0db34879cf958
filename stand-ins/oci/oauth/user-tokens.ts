import type { App, User } from "../scim/types";
import { mayUse } from "./access";
import { accessToken } from "./access-token";
import type { OAuthDomain } from "./domain";
import { oauthError } from "./errors";
import type { TokenReply } from "./grants/grant";
import type { Authorization } from "./one-time-values";
import type { GrantedScopes } from "./scopes";
import { whyNotSignIn } from "./signed-in";

/** The user of an authorization, who may have been deactivated or lost the app since. */
export function userOf(domain: OAuthDomain, client: App, { userId }: Authorization, granted: GrantedScopes): User {
  const user = domain.store.find("Users", userId);
  const isAllowed = user && !whyNotSignIn(user) && mayUse(domain.store, user, [client, granted.resource]);
  if (!isAllowed) throw oauthError(400, "invalid_grant", "the user may no longer use this application");
  return user;
}

/** An access token for a user, and a refresh token where client, resource and request allow it. */
export async function userTokens(
  domain: OAuthDomain,
  client: App,
  user: User,
  authorization: Authorization,
  granted: GrantedScopes,
): Promise<TokenReply> {
  const { id, token, lifetime } = await accessToken(domain, {
    client,
    granted,
    user,
    subject: {
      ...userClaims(domain, user, authorization),
      gtp: "azc",
      userAppRoles: ["Authenticated"],
      clientAppRoles: ["Authenticated Client"],
    },
  });
  authorization.accessTokens.push(id);
  const reply: TokenReply = { access_token: token, token_type: "Bearer", expires_in: lifetime };
  const { resource } = granted;
  // Decided by what was first asked for: a refresh for fewer scopes must not be the last.
  const isOffline = authorization.scope.split(" ").includes("offline_access");
  if (!isOffline || !client.allowedGrants?.includes("refresh_token") || !resource?.allowOffline) return reply;
  return { ...reply, refresh_token: domain.memory.refreshTokens.issue(authorization, resource.refreshTokenExpiry) };
}

/** Claims of every token about the user and how the user signed in. */
export function userClaims({ store, tenant }: OAuthDomain, user: User, { session }: Authorization) {
  const settings = store.get("Settings", "Settings");
  const mapping = (settings.subMappingAttr as string | undefined) ?? "userName";
  const subject = user[mapping];
  if (typeof subject !== "string") {
    throw oauthError(500, "server_error", `subMappingAttr: this stand-in finds no text in the user's ${mapping}`);
  }
  return {
    sub: subject,
    sub_type: "user" as const,
    sub_mappingattr: mapping,
    user_id: user.id,
    user_ocid: user.ocid,
    user_displayname: user.displayName,
    user_tenantname: tenant,
    user_tz: user.timezone ?? settings.timezone,
    user_lang: user.preferredLanguage ?? settings.preferredLanguage,
    user_locale: user.locale ?? settings.locale,
    sid: session.id,
    sidle: 480,
    idp_name: "UserNamePassword",
    idp_guid: "UserNamePassword",
    idp_type: "LOCAL",
    amr: ["USERNAME_PASSWORD"],
  };
}
