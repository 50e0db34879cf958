import { idToken } from "../id-token";
import { grantUserScopes } from "../scopes";
import { userOf, userTokens } from "../user-tokens";
import type { Grant } from "./grant";

/** Exchanges a device code, once its user has allowed it. */
export const deviceCode: Grant = async (domain, client, form) => {
  const authorization = domain.memory.deviceCodes.take(form.get("device_code"), client);
  const granted = grantUserScopes(domain.store, client, authorization.scope);
  const user = userOf(domain, client, authorization, granted);
  const reply = await userTokens(domain, client, user, authorization, granted);
  if (!granted.identity.includes("openid")) return reply;
  return { ...reply, id_token: await idToken(domain, client, user, authorization, granted, reply.access_token) };
};
