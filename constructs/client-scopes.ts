import type { IdentityDomainsAppConfig } from "@cdktf/provider-oci/lib/identity-domains-app";
import { qualifiedScope } from "../ords/scope";
import type { IConfidentialApp } from "./confidential-app";

/** Lets a client ask for these scopes of an API and for no others. */
export function onlyScopesOf(api: IConfidentialApp, scopes: readonly string[]): Partial<IdentityDomainsAppConfig> {
  return {
    trustScope: "Explicit",
    allowedScopes: scopes.map((value) => ({ fqs: qualifiedScope(api.audience, value) })),
    // The domain takes only scopes that exist, and they are named by value.
    dependsOn: [api],
  };
}
