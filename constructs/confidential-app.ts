import { dataOciIdentityDomainsApp, identityDomainsGrant } from "@cdktf/provider-oci";
import type { ITerraformDependable } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { qualifiedScope } from "../ords/scope";
import { type AppProps, appResource } from "./app-resource";
import type { IGrantee } from "./domain-user";
import type { IIdentityDomain } from "./identity-domain";
import { requireApi, requireClient, requireTokenExpiry } from "./rules";

/** A scope of the API. */
export interface ApiScope {
  /** The scope without the audience, for example `hello.read`; also the name of the ORDS privilege. */
  readonly value: string;
  /** Shown on the consent page and as the privilege's label. */
  readonly displayName: string;
  /** @default - none */
  readonly description?: string;
  /** Asks the user before a token with this scope is issued. @default false */
  readonly requiresConsent?: boolean;
}

/** An app whose scopes protect APIs, whether the stack made it or found it. */
export interface IConfidentialApp extends IConstruct, ITerraformDependable {
  readonly appId: string;
  readonly idcsEndpoint: string;
  readonly clientId: string;
  /** Primary audience. */
  readonly audience: string;
  /**
   * Gives a user or a group access to the app.
   * @param importFrom import id of a grant that exists and is taken over. @default - the grant is made
   */
  grantTo(grantee: IGrantee, importFrom?: string): void;
}

export interface ConfidentialAppProps extends AppProps {
  /** Primary audience, ending in `/`: OCI joins it to a scope with nothing between. */
  readonly audience: string;
  /** At least one. */
  readonly scopes: readonly ApiScope[];
  /** Seconds an access token is valid, 60 to 31,536,000. @default 3600 */
  readonly accessTokenExpirySeconds?: number;
  /** Lets clients with the grant `refresh_token` get refresh tokens for this API. @default false */
  readonly allowTokenRefresh?: boolean;
  /** Seconds a refresh token is valid, 60 to 31,536,000. @default 604800 */
  readonly refreshTokenExpirySeconds?: number;
  /**
   * `Specific`: the app's client may ask for this app's own scopes; `All`: for those of every app in the domain.
   * @default "Specific"
   */
  readonly issuancePolicy?: "All" | "Specific";
  /** Lets only users and groups sign in that the app is granted to. @default false */
  readonly enforceGrants?: boolean;
}

/**
 * A confidential application that is both resource server (primary audience and scopes) and OAuth client.
 *
 * A change of `domain` replaces it, and with it the client id and the client secret; everything else is updated in place.
 */
export class ConfidentialApp extends Construct implements IConfidentialApp {
  /** An app that exists: it is read, and keeps what it has, an audience without slash included. */
  static fromAppId(scope: Construct, id: string, domain: IIdentityDomain, appId: string): IConfidentialApp {
    return new ImportedApp(scope, id, domain, appId);
  }

  readonly appId: string;
  readonly idcsEndpoint: string;
  readonly clientId: string;
  /** Not marked sensitive by the provider: whoever passes it on has to. */
  readonly clientSecret: string;
  readonly audience: string;
  readonly fqn: string;

  constructor(scope: Construct, id: string, props: ConfidentialAppProps) {
    super(scope, id);
    requireApi(
      props.audience,
      props.scopes.map((scope) => scope.value),
    );
    requireClient(props);
    requireTokenExpiry("accessTokenExpirySeconds", props.accessTokenExpirySeconds);
    requireTokenExpiry("refreshTokenExpirySeconds", props.refreshTokenExpirySeconds);

    const specific = (props.issuancePolicy ?? "Specific") === "Specific";
    const app = appResource(this, props, {
      isOauthResource: true,
      audience: props.audience,
      scopes: props.scopes.map(({ value, displayName, description, requiresConsent }) => ({
        value,
        displayName,
        description: description ?? "",
        requiresConsent: requiresConsent ?? false,
      })),
      accessTokenExpiry: props.accessTokenExpirySeconds ?? 3600,
      allowOffline: props.allowTokenRefresh ?? false,
      refreshTokenExpiry: props.refreshTokenExpirySeconds ?? 604_800,
      allowAccessControl: props.enforceGrants ?? false,
      trustScope: specific ? "Explicit" : "Account",
      // "Explicit" leaves out even the app's own scopes, and a resource cannot refer to its own computed `fqs`.
      allowedScopes: specific
        ? props.scopes.map((scope) => ({ fqs: qualifiedScope(props.audience, scope.value) }))
        : undefined,
    });
    this.appId = app.id;
    this.idcsEndpoint = props.domain.url;
    this.clientId = app.name;
    this.clientSecret = app.clientSecret;
    this.audience = props.audience;
    this.fqn = app.fqn;
  }

  /** Gives a user or a group access to the app, by a grant that is made, or taken over by its import id. */
  grantTo(grantee: IGrantee, importFrom?: string): void {
    grant(this, grantee, importFrom);
  }
}

class ImportedApp extends Construct implements IConfidentialApp {
  readonly idcsEndpoint: string;
  readonly clientId: string;
  readonly audience: string;
  readonly fqn: string;

  constructor(
    scope: Construct,
    id: string,
    domain: IIdentityDomain,
    readonly appId: string,
  ) {
    super(scope, id);
    const app = new dataOciIdentityDomainsApp.DataOciIdentityDomainsApp(this, "Resource", {
      idcsEndpoint: domain.url,
      appId,
    });
    this.idcsEndpoint = domain.url;
    this.clientId = app.name;
    this.audience = app.audience;
    this.fqn = app.fqn;
  }

  grantTo(grantee: IGrantee, importFrom?: string): void {
    grant(this, grantee, importFrom);
  }
}

function grant(app: Construct & IConfidentialApp, grantee: IGrantee, importFrom: string | undefined): void {
  const grant = new identityDomainsGrant.IdentityDomainsGrant(app, `Grant-${grantee.node.id}`, {
    idcsEndpoint: app.idcsEndpoint,
    schemas: ["urn:ietf:params:scim:schemas:oracle:idcs:Grant"],
    grantMechanism: `ADMINISTRATOR_TO_${grantee.granteeType.toUpperCase()}`,
    grantee: { type: grantee.granteeType, value: grantee.granteeId },
    app: { value: app.appId },
    // A change of schemas would replace the grant, and the service appends schemas of its own.
    lifecycle: { ignoreChanges: ["schemas"] },
  });
  if (importFrom !== undefined) grant.importFrom(importFrom);
}
