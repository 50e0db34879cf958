import { SignJWT } from "jose";
import { newId } from "../../identifiers";
import type { App, Settings } from "../../scim/types";
import { oauthError } from "../errors";
import { type GrantedScopes, grantScopes } from "../scopes";
import type { Grant, OAuthDomain } from "../token";

/** A token for the client itself, with no user behind it. */
export const clientCredentials: Grant = async (domain, client, form) => {
  if (client.clientType === "public") {
    throw oauthError(401, "invalid_client", "a public client cannot use client_credentials");
  }
  const granted = grantScopes(domain.store, client, form.get("scope"));
  const lifetime = Math.min(granted.resource.accessTokenExpiry, granted.expiry ?? Number.POSITIVE_INFINITY);
  const issuedAt = Math.floor(Date.now() / 1000);
  const token = await new SignJWT({
    ...customClaims(domain.store.get("Settings", "Settings"), granted),
    ...claims(domain, client, granted),
    iat: issuedAt,
    exp: issuedAt + lifetime,
  })
    .setProtectedHeader(domain.signingKey.header)
    .sign(domain.signingKey.privateKey);
  return { access_token: token, token_type: "Bearer", expires_in: lifetime };
};

function claims(domain: OAuthDomain, client: App, { resource, values }: GrantedScopes) {
  const { url, domainOcid, tenancyOcid, homeRegion } = domain.store.domain;
  const audiences = [resource.audience as string, ...(resource.secondaryAudiences ?? [])];
  return {
    sub: client.name,
    sub_type: "client",
    client_id: client.name,
    client_ocid: client.ocid,
    client_guid: client.id,
    client_name: client.displayName,
    client_tenantname: domain.tenant,
    "user.tenant.name": domain.tenant,
    iss: domain.store.get("Settings", "Settings").issuer,
    tenant_iss: url,
    tenant: domain.tenant,
    primTenant: false,
    domain: domain.displayName(),
    domain_id: domainOcid,
    domain_home: homeRegion,
    region_name: homeRegion,
    ca_ocid: tenancyOcid,
    aud: audiences.length === 1 ? audiences[0] : audiences,
    scope: values.join(" "),
    jti: newId(),
    tok_type: "AT",
    gtp: "cc",
    opc: false,
  };
}

/** Custom claims with a fixed value. An expression reads the user, and there is none in this grant. */
function customClaims({ tenantCustomClaims = [] }: Settings, { resource, values }: GrantedScopes) {
  const scopes = (resource.scopes ?? []).filter(({ value }) => values.includes(value)).map(({ fqs }) => fqs);
  return Object.fromEntries(
    tenantCustomClaims
      .filter(({ expression, mode, tokenType }) => !expression && mode === "always" && tokenType !== "IT")
      .filter((claim) => claim.allScopes || claim.scopes?.some((fqs) => scopes.includes(fqs)))
      .map(({ name, value }) => [name, value]),
  );
}
