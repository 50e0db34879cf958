// The package's exports, as index.js makes them one by one.
export { OciProvider } from "@cdktf/provider-oci/lib/provider";
export type { Authentication } from "./config/authentication";
export { defineEnvironment } from "./config/define-environment";
export type { EnvironmentInput } from "./config/environment";
export { addEnvironments } from "./constructs/add-environments";
export type { AppProps } from "./constructs/app-resource";
export { ClientApp, type ClientAppProps } from "./constructs/client-app";
export {
  type ApiScope,
  ConfidentialApp,
  type ConfidentialAppProps,
  type IConfidentialApp,
} from "./constructs/confidential-app";
export { AppDeactivation, type DeactivatedApp } from "./constructs/deactivation";
export { DeveloperClient, type DeveloperClientProps } from "./constructs/developer-client";
export { DomainGroup, type DomainGroupProps } from "./constructs/domain-group";
export { DomainUser, type DomainUserProps } from "./constructs/domain-user";
export { IdentityDomain, type IdentityDomainProps, type IIdentityDomain } from "./constructs/identity-domain";
export { OrdsJwtStack } from "./constructs/ords-jwt-stack";
export { type Declared, ordsOutput } from "./constructs/ords-output";
