import { Construct } from "constructs";
import { IdentityDomainsApp } from "../.gen/providers/oci/identity-domains-app";
import type { IdentityDomain } from "./identity-domain";

export interface AppScope {
  /** The scope without the audience, for example `hello.read`. */
  readonly value: string;
  readonly displayName: string;
  /** @default - no description */
  readonly description?: string;
}

export interface ConfidentialAppProps {
  readonly domain: IdentityDomain;
  readonly displayName: string;
  /** Primary audience, ending in `/`: OCI joins it to a scope with nothing between. */
  readonly audience: string;
  readonly scopes: readonly AppScope[];
  /** Grants the client may use: `authorization_code`, `client_credentials`, `refresh_token`. */
  readonly grants: readonly string[];
  /** @default - none */
  readonly redirectUris?: readonly string[];
  /**
   * `Specific`: the client may ask for this app's own scopes; `All`: for those of every app in the domain.
   * @default "Specific"
   */
  readonly issuancePolicy?: "All" | "Specific";
}

/**
 * A confidential application that is both resource server (primary audience and scopes) and OAuth client.
 * A change of `domain` replaces it, and with it the client id and the client secret; everything else is updated in place.
 */
export class ConfidentialApp extends Construct {
  readonly appId: string;
  readonly idcsEndpoint: string;
  readonly clientId: string;
  /** Not marked sensitive by the provider: whoever passes it on has to. */
  readonly clientSecret: string;
  readonly audience: string;

  constructor(scope: Construct, id: string, props: ConfidentialAppProps) {
    super(scope, id);
    const specific = (props.issuancePolicy ?? "Specific") === "Specific";
    const app = new IdentityDomainsApp(this, "Resource", {
      idcsEndpoint: props.domain.url,
      schemas: ["urn:ietf:params:scim:schemas:oracle:idcs:App"],
      displayName: props.displayName,
      basedOnTemplate: { value: "CustomWebAppTemplateId" },
      clientType: "confidential",
      active: true,
      isOauthResource: true,
      audience: props.audience,
      scopes: props.scopes.map(({ value, displayName, description }) => ({ value, displayName, description })),
      isOauthClient: true,
      allowedGrants: [...props.grants],
      redirectUris: props.redirectUris?.length ? [...props.redirectUris] : undefined,
      trustScope: specific ? "Explicit" : "Account",
      // "Explicit" leaves out even the app's own scopes, and a resource cannot refer to its own computed `fqs`.
      allowedScopes: specific ? props.scopes.map((scope) => ({ fqs: props.audience + scope.value })) : undefined,
      forceDelete: true,
      // The service appends schemas of its own.
      lifecycle: { ignoreChanges: ["schemas"] },
    });
    this.appId = app.id;
    this.idcsEndpoint = props.domain.url;
    this.clientId = app.name;
    this.clientSecret = app.clientSecret;
    this.audience = props.audience;
  }
}
