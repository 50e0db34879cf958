import { IdentityDomainsApp, type IdentityDomainsAppConfig } from "@cdktf/provider-oci/lib/identity-domains-app";
import type { Construct } from "constructs";
import { deviceCodeGrant, type Grant } from "../config/words";
import type { IIdentityDomain } from "./identity-domain";
import { requireDisplayName } from "./rules";
import { schemasWithTags, type Tags } from "./tags";

/** What every app has, be it the API's or a client beside it. */
export interface AppProps {
  /** A change replaces the app, and with it the client id and the secret. */
  readonly domain: IIdentityDomain;
  /** At most 100 characters. */
  readonly displayName: string;
  /** The provider cannot take away one that an app has: the plan says so. @default - none */
  readonly description?: string;
  /** Grants the client may use. */
  readonly grants: readonly Grant[];
  /** Where a browser may come back to with a code; compared exactly. @default - none */
  readonly redirectUris?: readonly string[];
  /** Where a browser may come back to after signing out. @default - none */
  readonly postLogoutRedirectUris?: readonly string[];
  /** Called by the domain when the user signs out. The provider cannot take it away, as with `description`. @default - none */
  readonly logoutUri?: string;
  /** Does not ask users for consent, whatever the scopes say. @default false */
  readonly bypassConsent?: boolean;
  /** Shows the app on the users' page "My Apps". @default false */
  readonly showInMyApps?: boolean;
  /** An inactive app gets no token. @default true */
  readonly active?: boolean;
  /** Makes Terraform refuse to destroy or replace the app. @default false */
  readonly protected?: boolean;
  /** @default - none */
  readonly tags?: Tags;
  /** Import id of an app that exists and is taken over. @default - the app is made */
  readonly importFrom?: string;
}

/**
 * The resource behind an app, with what all of them need; `config` adds what is particular.
 *
 * What may be left out is declared with its default: the provider keeps what OCI has when an attribute leaves the configuration.
 */
export function appResource(
  scope: Construct,
  props: AppProps & { readonly public?: boolean },
  config: Partial<IdentityDomainsAppConfig>,
): IdentityDomainsApp {
  requireDisplayName("the app", props.displayName);
  const app = new IdentityDomainsApp(scope, "Resource", {
    idcsEndpoint: props.domain.url,
    ...schemasWithTags("urn:ietf:params:scim:schemas:oracle:idcs:App", props.tags),
    displayName: props.displayName,
    description: props.description ?? "",
    basedOnTemplate: { value: props.public ? "CustomBrowserMobileTemplateId" : "CustomWebAppTemplateId" },
    clientType: props.public ? "public" : "confidential",
    active: props.active ?? true,
    isOauthClient: true,
    allowedGrants: props.grants.map((grant) => (grant === "device_code" ? deviceCodeGrant : grant)),
    redirectUris: [...(props.redirectUris ?? [])],
    postLogoutRedirectUris: [...(props.postLogoutRedirectUris ?? [])],
    logoutUri: props.logoutUri ?? "",
    bypassConsent: props.bypassConsent ?? false,
    showInMyApps: props.showInMyApps ?? false,
    forceDelete: true,
    lifecycle: {
      // The service appends schemas of its own.
      ignoreChanges: ["schemas"],
      preventDestroy: props.protected || undefined,
    },
    ...config,
  });
  if (props.importFrom !== undefined) app.importFrom(props.importFrom);
  return app;
}
