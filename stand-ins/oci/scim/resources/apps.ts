import { randomUUID } from "node:crypto";
import { newId } from "../../identifiers";
import { appAttributes } from "../attributes/app";
import { scimError } from "../errors";
import { Schema } from "../schema";
import type { ResourceType, Store } from "../store";
import type { App } from "../types";
import { checkOneOf } from "./checks";

/** Well-known id of a template -> the client type of the apps made from it. */
const templates: Record<string, App["clientType"][]> = {
  CustomWebAppTemplateId: ["confidential", "trusted"],
  CustomBrowserMobileTemplateId: ["public"],
};

const grants = [
  "authorization_code",
  "client_credentials",
  "refresh_token",
  "password",
  "implicit",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "urn:ietf:params:oauth:grant-type:saml2-bearer",
  "tls_client_auth",
];

export const apps: ResourceType<App> = {
  name: "App",
  ocidType: "domainapp",
  schema: new Schema("urn:ietf:params:scim:schemas:oracle:idcs:App", "App", appAttributes),
  operations: ["create", "replace", "patch", "delete"],

  fill(app, previous, store) {
    fillDefaults(app);
    app.name ??= newId();
    // What is public stays so: its template has no other type.
    if (app.clientType !== "public") app.clientSecret ??= `idcscs-${randomUUID()}`;
    for (const scope of app.scopes ?? []) {
      scope.requiresConsent ??= false;
      scope.readOnly = false;
      // Nothing is put between the two: an audience that should end in a slash has to bring it.
      scope.fqs = `${app.audience ?? ""}${scope.value}`;
    }
    for (const allowed of app.allowedScopes ?? []) {
      allowed.readOnly = false;
      const defining = [app, ...store.all("Apps")].find((other) => definesScope(other, allowed.fqs));
      if (defining) allowed.idOfDefiningApp = defining.id;
    }
    if (!previous) {
      Object.assign(app.basedOnTemplate ?? {}, {
        wellKnownId: app.basedOnTemplate?.value,
        lastModified: app.meta.created,
        $ref: `${store.domain.url}/admin/v1/AppTemplates/${app.basedOnTemplate?.value}`,
      });
    }
  },

  check(app, previous, store) {
    const clientTypes = templates[app.basedOnTemplate.value];
    if (!clientTypes) throw invalid("basedOnTemplate.value", `there is no template ${app.basedOnTemplate.value}`);
    // Stricter than what is known of the service: the template decides the client type.
    checkOneOf("clientType", app.clientType, clientTypes);
    checkOneOf("trustScope", app.trustScope, ["Explicit", "Account", "Tags", "Default"]);
    checkOneOf("loginMechanism", app.loginMechanism, ["OIDC", "SAML", "FORMFILL", "RADIUS"]);
    checkOneOf("clientIPChecking", app.clientIPChecking, ["anywhere", "whitelisted"]);
    for (const grant of app.allowedGrants ?? []) checkOneOf("allowedGrants", grant, grants);
    for (const operation of (app.allowedOperations ?? []) as string[]) {
      checkOneOf("allowedOperations", operation, ["introspect", "onBehalfOfUser"]);
    }
    if (!/^[\w-]+$/.test(app.name)) {
      throw invalid("name", `"${app.name}" may hold only letters, digits, "_" and "-"`);
    }
    if (app.accessTokenExpiry < 60 || app.accessTokenExpiry > 365 * 24 * 60 * 60) {
      throw invalid("accessTokenExpiry", `${app.accessTokenExpiry} seconds is not between 60 and one year`);
    }
    if (app.refreshTokenExpiry < 1) throw invalid("refreshTokenExpiry", "must be positive");
    checkScopes(app, store);
    checkUris(app);
    // One that is listed already may dangle: its app may have gone first, and this one must still be changeable.
    const known = previous?.allowedScopes?.map(({ fqs }) => fqs) ?? [];
    for (const { fqs, idOfDefiningApp } of app.allowedScopes ?? []) {
      if (!idOfDefiningApp && !known.includes(fqs)) {
        throw invalid("allowedScopes", `${fqs} is not the fully qualified scope of any app in this domain`);
      }
    }
  },

  checkDelete(app) {
    // Not even forceDelete helps. The text is this stand-in's own; Oracle's is not known.
    if (app.active) {
      throw scimError(
        400,
        `App ${app.id} is active: deactivate it before deleting it`,
        "error.apps.app.activeAppDelete",
      );
    }
  },

  references(app, store) {
    const granted = store
      .all("Grants")
      .filter(({ app: of, grantee }) => of?.value === app.id || grantee.value === app.id);
    const roles = store.all("AppRoles").filter((role) => role.app.value === app.id);
    return [
      ...granted.map(({ id }) => ({ description: `Grant ${id}`, remove: () => store.remove("Grants", id) })),
      ...roles.map(({ id }) => ({ description: `AppRole ${id}`, remove: () => store.remove("AppRoles", id) })),
    ];
  },
};

export function definesScope(app: App, fqs: string): boolean {
  return app.isOAuthResource === true && (app.scopes ?? []).some((scope) => scope.fqs === fqs);
}

function fillDefaults(app: App): void {
  const clientType = templates[app.basedOnTemplate?.value]?.[0] ?? "confidential";
  const defaults = {
    active: false,
    accessTokenExpiry: 3600,
    refreshTokenExpiry: 604_800,
    trustScope: "Explicit",
    loginMechanism: "OIDC",
    clientIPChecking: "anywhere",
    clientType,
    isLoginTarget: true,
    isUnmanagedApp: true,
    attrRenderingMetadata: [{ name: "aliasApps", visible: false }],
    allowedScopes: [],
    ...Object.fromEntries(falseByDefault.map((name) => [name, false])),
  };
  for (const [name, value] of Object.entries(defaults)) app[name] ??= value;
}

const falseByDefault = [
  "isAliasApp",
  "showInMyApps",
  "isMobileTarget",
  "allowOffline",
  "isOPCService",
  "isManagedApp",
  "isSamlServiceProvider",
  "infrastructure",
  "allUrlSchemesAllowed",
  "isWebTierPolicy",
  "allowAccessControl",
  "migrated",
  "isKerberosRealm",
  "isFormFill",
  "isRadiusApp",
  "isEnterpriseApp",
  "isMulticloudServiceApp",
  "isObligationCapable",
  "readyToUpgrade",
  "bypassConsent",
  "disableKmsiTokenAuthentication",
  "meterAsOPCService",
];

function checkScopes(app: App, store: Store): void {
  const scopes = app.scopes ?? [];
  if (app.isOAuthResource && !app.audience) throw invalid("audience", "an OAuth resource needs a primary audience");
  if (scopes.length > 0 && !app.isOAuthResource) throw invalid("scopes", "only an OAuth resource has scopes");
  for (const { value, fqs } of scopes) {
    // A token lists scopes separated by spaces.
    if (/\s/.test(value)) throw invalid("scopes", `"${value}" contains white space`);
    if (scopes.filter((scope) => scope.value === value).length > 1)
      throw invalid("scopes", `"${value}" is listed twice`);
    const other = store.all("Apps").find((candidate) => candidate.id !== app.id && definesScope(candidate, fqs));
    if (other) {
      throw scimError(
        409,
        `the fully qualified scope ${fqs} belongs to the App ${other.displayName}`,
        "error.common.validation.uniquenessViolation",
      );
    }
  }
}

function checkUris(app: App): void {
  if (app.isOAuthClient && app.allowedGrants?.includes("authorization_code") && !app.redirectUris?.length) {
    throw invalid("redirectUris", "the grant authorization_code needs at least one");
  }
  const named = {
    redirectUris: app.redirectUris ?? [],
    postLogoutRedirectUris: app.postLogoutRedirectUris ?? [],
    logoutUri: app.logoutUri ? [app.logoutUri] : [],
  };
  for (const [name, uris] of Object.entries(named)) {
    for (const uri of uris) {
      if (!URL.canParse(uri)) throw invalid(name, `"${uri}" is not an absolute URI`);
      if (uri.includes("#")) throw invalid(name, `"${uri}" has a fragment`);
      if (!app.allUrlSchemesAllowed && new URL(uri).protocol !== "https:") {
        throw invalid(name, `"${uri}" is not https: set allUrlSchemesAllowed to true to allow it`);
      }
    }
  }
}

function invalid(name: string, detail: string) {
  return scimError(400, `${name}: ${detail}`, "error.common.validation.invalidValue");
}
