import type { Caller } from "../signatures";

/** What every resource of an identity domain has. */
export interface Resource {
  id: string;
  ocid: string;
  schemas: string[];
  meta: { resourceType: string; created: string; lastModified: string; location: string; version: string };
  [attribute: string]: unknown;
}

export interface App extends Resource {
  displayName: string;
  /** The OAuth client id. */
  name: string;
  active: boolean;
  basedOnTemplate: { value: string };
  clientType: "confidential" | "public" | "trusted";
  clientSecret?: string;
  isOAuthClient?: boolean;
  isOAuthResource?: boolean;
  allowedGrants?: string[];
  redirectUris?: string[];
  logoutUri?: string;
  postLogoutRedirectUris?: string[];
  allUrlSchemesAllowed: boolean;
  audience?: string;
  secondaryAudiences?: string[];
  scopes?: AppScope[];
  trustScope: "Explicit" | "Account" | "Tags" | "Default";
  allowedScopes?: { fqs: string; idOfDefiningApp: string; readOnly: boolean }[];
  allowedTags?: Tag[];
  tags?: Tag[];
  /** Seconds. */
  accessTokenExpiry: number;
  /** Seconds. */
  refreshTokenExpiry: number;
  /** Whether refresh tokens are given for this resource. */
  allowOffline: boolean;
  bypassConsent: boolean;
  /** Only users to whom the app is granted may use it. */
  allowAccessControl: boolean;
  allowedOperations?: string[];
}

export interface AppScope {
  value: string;
  fqs: string;
  displayName?: string;
  description?: string;
  readOnly: boolean;
  requiresConsent: boolean;
}

interface Tag {
  key: string;
  value: string;
}

export interface User extends Resource {
  userName: string;
  displayName: string;
  active: boolean;
  name: { familyName: string; givenName?: string; formatted?: string };
  emails?: Email[];
  /** Absent until the user, or an administrator, has set one. */
  password?: string;
  "urn:ietf:params:scim:schemas:oracle:idcs:extension:userState:User"?: { locked?: { on?: boolean } };
  "urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User"?: {
    bypassNotification?: boolean;
    isFederatedUser?: boolean;
  };
}

export interface Email {
  type: string;
  value: string;
  primary: boolean;
  secondary: boolean;
  verified: boolean;
}

export interface Group extends Resource {
  displayName: string;
  members?: { type: string; value: string; dateAdded: string; membershipOcid: string }[];
}

export interface Grant extends Resource {
  grantMechanism: string;
  grantee: { type: string; value: string };
  app?: { value: string };
  entitlement?: { attributeName: string; attributeValue: string };
  compositeKey: string;
}

export interface AppRole extends Resource {
  displayName: string;
  app: { value: string };
  availableToUsers: boolean;
  availableToGroups: boolean;
  availableToClients: boolean;
}

export interface Settings extends Resource {
  csrAccess: string;
  signingCertPublicAccess: boolean;
  issuer?: string;
  prevIssuer?: string;
  accountAlwaysTrustScope: boolean;
  defaultTrustScope: "Explicit" | "Account" | "Tags";
  tenantCustomClaims?: TenantCustomClaim[];
}

interface TenantCustomClaim {
  name: string;
  value: string;
  expression: boolean;
  mode: "always" | "request" | "never";
  tokenType: "AT" | "IT" | "BOTH";
  allScopes: boolean;
  scopes?: string[];
}

/** The resources by the name of their endpoint. */
export interface Endpoints {
  Apps: App;
  Users: User;
  Groups: Group;
  Grants: Grant;
  AppRoles: AppRole;
  Settings: Settings;
}

export type Endpoint = keyof Endpoints;

/** What the resources need to know of the domain they are in. */
export interface DomainFacts {
  /** `https://localhost:PORT` */
  url: string;
  domainOcid: string;
  tenancyOcid: string;
  compartmentOcid: string;
  homeRegion: string;
  isPrimaryEmailRequired: boolean;
  /** The service adds the schema of the tags extension to apps, users and groups. */
  appendsSchemas: boolean;
  /** The service adds a recovery e-mail to users who have none. */
  addsRecoveryEmail: boolean;
  /** Whether a PUT of the settings keeps what it leaves out, or sets it back to what a new domain starts with. */
  settingsPut: "merges" | "replaces";
}

export type { Caller };
