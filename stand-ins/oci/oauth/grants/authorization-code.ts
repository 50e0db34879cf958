import type { App } from "../../scim/types";
import { checkCodeVerifier } from "../authorization-request";
import { oauthError } from "../errors";
import { idToken } from "../id-token";
import type { Authorization } from "../one-time-values";
import { revokeAuthorization } from "../revocation";
import { grantUserScopes } from "../scopes";
import { userOf, userTokens } from "../user-tokens";
import type { Grant } from "./grant";

/** Exchanges the code that the authorization endpoint gave. */
export const authorizationCode: Grant = async (domain, client, form) => {
  const code = form.get("code");
  const authorization = domain.memory.codes.check(code, client, (leaked) => revokeAuthorization(domain, leaked));
  // One attempt: a wrong verifier costs the code.
  domain.memory.codes.useUp(code);
  checkRedirectUri(authorization, client, form.get("redirect_uri"));
  checkCodeVerifier(authorization.codeChallenge, form.get("code_verifier"));
  const granted = grantUserScopes(domain.store, client, authorization.scope);
  const user = userOf(domain, client, authorization, granted);
  const reply = await userTokens(domain, client, user, authorization, granted);
  if (!granted.identity.includes("openid")) return reply;
  return { ...reply, id_token: await idToken(domain, client, user, authorization, granted, reply.access_token) };
};

/** Oracle's examples leave it out for confidential clients. */
function checkRedirectUri({ redirectUri }: Authorization, client: App, sent: string | null): void {
  if (sent === null && client.clientType !== "public") return;
  if (sent !== redirectUri) {
    throw oauthError(
      400,
      "invalid_grant",
      `redirect_uri is ${sent ?? "missing"}, the code was asked for with ${redirectUri}`,
    );
  }
}
