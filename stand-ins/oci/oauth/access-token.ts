import { SignJWT } from "jose";
import { newId } from "../identifiers";
import type { App, User } from "../scim/types";
import { now } from "./clock";
import { customClaims } from "./custom-claims";
import type { OAuthDomain } from "./domain";
import type { GrantedScopes } from "./scopes";

export interface AccessTokenRequest {
  client: App;
  granted: GrantedScopes;
  /** Whom the token is about; absent when it is the client itself. */
  user?: User;
  /** Claims about the subject and how it signed in. */
  subject: { sub: string; sub_type: "client" | "user"; gtp: "cc" | "azc"; [claim: string]: unknown };
}

/** Seconds that a token lasts with which only the user's identity can be asked for. */
const defaultLife = 3600;

/** Signs an access token. */
export async function accessToken(domain: OAuthDomain, { client, granted, user, subject }: AccessTokenRequest) {
  const { resource, values, identity, expiry = Number.POSITIVE_INFINITY } = granted;
  const lifetime = Math.min(resource?.accessTokenExpiry ?? defaultLife, expiry);
  const issuedAt = now();
  const id = newId();
  const audiences = audiencesOf(domain, granted);
  const { header, privateKey } = await domain.signingKey();
  const token = await new SignJWT({
    ...customClaims(domain.store, granted, "AT", user),
    ...clientClaims(domain, client),
    ...tenantClaims(domain),
    ...subject,
    aud: audiences.length === 1 ? audiences[0] : audiences,
    scope: [...values, ...identity].join(" "),
    jti: id,
    tok_type: "AT",
    opc: false,
    iat: issuedAt,
    exp: issuedAt + lifetime,
  })
    .setProtectedHeader(header)
    .sign(privateKey);
  return { id, token, lifetime };
}

/**
 * With `openid` the token is good for the domain's own userinfo endpoint too. Whether Oracle shows that in `aud` is not known;
 * here it does, so that who asks for `openid` without need meets an `aud` that is a list.
 */
function audiencesOf({ store }: OAuthDomain, { resource, identity }: GrantedScopes): string[] {
  const own = resource ? [resource.audience as string, ...(resource.secondaryAudiences ?? [])] : [];
  return identity.includes("openid") ? [...own, store.domain.url] : own;
}

/** Claims of every token about the client that asked for it. */
export function clientClaims({ tenant }: OAuthDomain, client: App) {
  return {
    client_id: client.name,
    client_ocid: client.ocid,
    client_guid: client.id,
    client_name: client.displayName,
    client_tenantname: tenant,
  };
}

/** Claims of every token about the domain that issues it. */
export function tenantClaims(domain: OAuthDomain) {
  const { store, tenant } = domain;
  const { url, domainOcid, tenancyOcid, homeRegion } = store.domain;
  return {
    iss: store.get("Settings", "Settings").issuer,
    tenant_iss: url,
    tenant,
    "user.tenant.name": tenant,
    primTenant: false,
    domain: domain.displayName(),
    domain_id: domainOcid,
    domain_home: homeRegion,
    region_name: homeRegion,
    ca_ocid: tenancyOcid,
  };
}
