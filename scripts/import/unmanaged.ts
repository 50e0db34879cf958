import { ociTags } from "../oci/domain-api";
import type { FoundApp } from "./found";

/** Attributes of an app that an environment file says, or that follow from what it says. */
const said = [
  "displayName",
  "description",
  "basedOnTemplate",
  "clientType",
  "active",
  "isOAuthClient",
  "isOAuthResource",
  "allowedGrants",
  "redirectUris",
  "postLogoutRedirectUris",
  "logoutUri",
  "bypassConsent",
  "showInMyApps",
  "allowAccessControl",
  "audience",
  "scopes",
  "accessTokenExpiry",
  "allowOffline",
  "refreshTokenExpiry",
  "trustScope",
  "allowedScopes",
];

/** What the service writes, or derives from other things. */
const computed = [
  "id",
  "ocid",
  "name",
  "meta",
  "schemas",
  "domainOcid",
  "compartmentOcid",
  "tenancyOcid",
  "idcsCreatedBy",
  "idcsLastModifiedBy",
  "idcsPreventedOperations",
  "idcsLastUpgradedInRelease",
  "deleteInProgress",
  "editableAttributes",
  "grants",
  "grantedAppRoles",
  "userRoles",
  "adminRoles",
  "accounts",
  "isUnmanagedApp",
  "isManagedApp",
  "isOPCService",
  "infrastructure",
  "migrated",
  "readyToUpgrade",
  ociTags,
];

/** What every custom app has. */
const defaults: Record<string, unknown> = {
  loginMechanism: "OIDC",
  clientIPChecking: "anywhere",
  isLoginTarget: true,
  attrRenderingMetadata: [{ name: "aliasApps", visible: false }],
};

const known = new Set([...said, ...computed]);

/**
 * Attributes of an app that are set and that no environment file speaks of, each as `name` or `name value`. Values of more than one
 * word of theirs are left out: they may be secret.
 */
export function unmanagedAttributes(app: FoundApp): string[] {
  return Object.entries(app).flatMap(([name, value]) => {
    if (known.has(name) || isEmpty(value) || JSON.stringify(value) === JSON.stringify(defaults[name])) return [];
    const shown = Array.isArray(value) && value.every((item) => typeof item === "string") ? value.join(", ") : value;
    if (typeof shown === "object") return [name];
    return [`${name} ${String(shown).slice(0, 60)}`];
  });
}

function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).every(isEmpty);
  return value === undefined || value === null || value === "" || value === false;
}
