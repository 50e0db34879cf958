/** Configurations for the tests that run Terraform. */

export const header = `
terraform {
  required_providers {
    oci = {
      source  = "oracle/oci"
      version = "8.28.0"
    }
  }
}
provider "oci" {}
`;

export interface Choices {
  /** @default "Tokens for the orders API" */
  description?: string;
  /** @default "ACTIVE" */
  state?: string;
  /** @default "eu-frankfurt-1" */
  homeRegion?: string;
  /** Body lines added to the domain. */
  domainMore?: string;
  /** @default ["orders.read", "orders.write"] */
  scopes?: string[];
  /** @default true */
  active?: boolean;
  /** Body lines added to the app. */
  appMore?: string;
  /** @default "CustomWebAppTemplateId" */
  template?: string;
  /** @default "Ada" */
  givenName?: string;
}

export function domain({
  description,
  state = "ACTIVE",
  homeRegion = "eu-frankfurt-1",
  domainMore = "",
}: Choices = {}) {
  return `${header}
resource "oci_identity_domain" "it" {
  compartment_id = "ocid1.compartment.oc1..test"
  display_name   = "orders-dev"
  description    = "${description ?? "Tokens for the orders API"}"
  home_region    = "${homeRegion}"
  license_type   = "free"
  state          = "${state}"
  ${domainMore}
}
`;
}

/** A domain with its setting, a user, a group of that user, a confidential application and a grant. */
export function everything(choices: Choices = {}): string {
  const { scopes = ["orders.read", "orders.write"], active = true, appMore = "", givenName = "Ada" } = choices;
  return `${domain(choices)}
locals {
  endpoint = oci_identity_domain.it.url
}
resource "oci_identity_domains_setting" "it" {
  idcs_endpoint              = local.endpoint
  setting_id                 = "Settings"
  csr_access                 = "none"
  schemas                    = ["urn:ietf:params:scim:schemas:oracle:idcs:Settings"]
  signing_cert_public_access = true
}
resource "oci_identity_domains_user" "it" {
  idcs_endpoint = local.endpoint
  schemas       = ["urn:ietf:params:scim:schemas:core:2.0:User"]
  user_name     = "ada@example.com"
  name {
    family_name = "Lovelace"
    given_name  = "${givenName}"
  }
  emails {
    type    = "work"
    value   = "ada@example.com"
    primary = true
  }
  force_delete = true
  lifecycle {
    ignore_changes = [schemas, emails]
  }
}
resource "oci_identity_domains_group" "it" {
  idcs_endpoint = local.endpoint
  schemas       = ["urn:ietf:params:scim:schemas:core:2.0:Group"]
  display_name  = "order readers"
  members {
    type  = "User"
    value = oci_identity_domains_user.it.id
  }
  attribute_sets = ["all"]
  force_delete   = true
  lifecycle {
    ignore_changes = [schemas]
  }
}
resource "oci_identity_domains_app" "it" {
  idcs_endpoint = local.endpoint
  schemas       = ["urn:ietf:params:scim:schemas:oracle:idcs:App"]
  display_name  = "orders"
  active        = ${active}
  based_on_template {
    value = "${choices.template ?? "CustomWebAppTemplateId"}"
  }
  client_type       = "confidential"
  is_oauth_client   = true
  is_oauth_resource = true
  audience          = "https://orders.example.com/"
  ${scopes.map((scope) => `scopes {\n    value = "${scope}"\n  }`).join("\n  ")}
  scopes {
    value            = "orders.admin"
    description      = "Everything"
    display_name     = "Administer orders"
    requires_consent = true
  }
  allowed_grants          = ["authorization_code", "client_credentials", "refresh_token"]
  redirect_uris           = ["http://localhost:8912/callback"]
  all_url_schemes_allowed = true
  access_token_expiry     = 1800
  trust_scope             = "Account"
  force_delete            = true
  ${appMore}
  lifecycle {
    ignore_changes = [schemas]
  }
}
resource "oci_identity_domains_grant" "it" {
  idcs_endpoint   = local.endpoint
  schemas         = ["urn:ietf:params:scim:schemas:oracle:idcs:Grant"]
  grant_mechanism = "ADMINISTRATOR_TO_GROUP"
  grantee {
    type  = "Group"
    value = oci_identity_domains_group.it.id
  }
  app {
    value = oci_identity_domains_app.it.id
  }
}
`;
}
