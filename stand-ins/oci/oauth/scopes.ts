import { definesScope } from "../scim/resources/apps";
import type { Store } from "../scim/store";
import type { App } from "../scim/types";
import { oauthError } from "./errors";

export interface GrantedScopes {
  /** The app whose scopes were asked for; absent when nothing but the user's identity was. */
  resource?: App;
  /** Scopes of the resource, without the audience. */
  values: string[];
  /** The other scopes, those of OpenID Connect and the like. */
  identity: string[];
  /** Seconds, when the pseudo-scope `urn:opc:resource:expiry` asks for a shorter life. */
  expiry?: number;
}

/** Scopes that say what a client wants to know of a user, and for how long. */
export const identityScopes = [
  "openid",
  "profile",
  "offline_access",
  "email",
  "address",
  "phone",
  "groups",
  "get_groups",
  "approles",
  "get_approles",
];

const expiryScope = "urn:opc:resource:expiry=";

/** Which of the requested scopes a client gets for itself: all of them, or `invalid_scope`. */
export function grantScopes(store: Store, client: App, requested: string | null): GrantedScopes {
  const all = [...new Set((requested ?? "").split(" ").filter((scope) => scope !== ""))];
  const scopes = all.filter((scope) => !scope.startsWith(expiryScope));
  if (scopes.length === 0) throw invalidScope("no scope was requested");
  const resources = new Map(scopes.map((fqs) => [resourceOf(store, fqs).id, resourceOf(store, fqs)]));
  const [resource, ...others] = resources.values();
  if (!resource || others.length > 0) throw invalidScope("the scopes belong to more than one resource server");
  for (const fqs of scopes) {
    if (!isTrusted(store, client, resource, fqs)) {
      throw invalidScope(`the client ${client.name} is not allowed the scope ${fqs}`);
    }
  }
  const values = scopes.map((fqs) => resource.scopes?.find((scope) => scope.fqs === fqs)?.value as string);
  return { resource, values, identity: [], expiry: requestedExpiry(all) };
}

/** Which of the requested scopes a client gets on behalf of a user: all of them, or `invalid_scope`. */
export function grantUserScopes(store: Store, client: App, requested: string | null): GrantedScopes {
  const all = [...new Set((requested ?? "").split(" ").filter((scope) => scope !== ""))];
  const identity = all.filter((scope) => identityScopes.includes(scope));
  const others = all.filter((scope) => !identityScopes.includes(scope));
  const isSignInOnly = identity.includes("openid") && others.every((scope) => scope.startsWith(expiryScope));
  if (isSignInOnly) return { values: [], identity, expiry: requestedExpiry(others) };
  return { ...grantScopes(store, client, others.join(" ")), identity };
}
function resourceOf(store: Store, fqs: string): App {
  const resource = store.all("Apps").find((app) => app.active && definesScope(app, fqs));
  if (!resource) throw invalidScope(`${fqs} is not the fully qualified scope of an active app of this domain`);
  return resource;
}

function isTrusted(store: Store, client: App, resource: App, fqs: string): boolean {
  const settings = store.get("Settings", "Settings");
  if (settings.accountAlwaysTrustScope) return true;
  const trust = client.trustScope === "Default" ? settings.defaultTrustScope : client.trustScope;
  if (trust === "Account") return true;
  if (trust === "Tags") {
    return (client.allowedTags ?? []).some((allowed) =>
      (resource.tags ?? []).some((tag) => tag.key === allowed.key && tag.value === allowed.value),
    );
  }
  // Explicit: even the app's own scopes have to be listed.
  return (client.allowedScopes ?? []).some((allowed) => allowed.fqs === fqs);
}

function requestedExpiry(scopes: string[]): number | undefined {
  const text = scopes.find((scope) => scope.startsWith(expiryScope))?.slice(expiryScope.length);
  if (text === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(text)) throw invalidScope(`${expiryScope}${text}: the life must be a number of seconds`);
  return Number(text);
}

function invalidScope(description: string) {
  return oauthError(400, "invalid_scope", description);
}
