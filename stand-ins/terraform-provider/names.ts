/** Names that the rule of `apiName` does not give: acronyms, digits and words that Terraform reserves. */
const exceptions: Record<string, string> = {
  _ref: "$ref",
  allow_authz_decision_ttl: "allowAuthzDecisionTTL",
  as_opc_service: "asOPCService",
  can_use_oauth2client_credentials: "canUseOAuth2ClientCredentials",
  client_ip: "clientIP",
  client_ip_checking: "clientIPChecking",
  crl_check_on_ocsp_failure_enabled: "crlCheckOnOCSPFailureEnabled",
  deny_authz_decision_ttl: "denyAuthzDecisionTTL",
  end_user_ip_attribute: "endUserIPAttribute",
  form_credential_sharing_group_id: "formCredentialSharingGroupID",
  is_oauth_client: "isOAuthClient",
  is_oauth_resource: "isOAuthResource",
  is_opc_service: "isOPCService",
  is_three_legged_oauth_enabled: "isThreeLeggedOAuthEnabled",
  is_two_legged_oauth_enabled: "isTwoLeggedOAuthEnabled",
  max_no_of_app_cmva_to_return: "maxNoOfAppCMVAToReturn",
  meter_as_opc_service: "meterAsOPCService",
  o_auth2client_credentials: "oAuth2ClientCredentials",
  ocsp_responder_url: "ocspResponderURL",
  ocsp_settings_responder_url_preferred: "ocspSettingsResponderURLPreferred",
  ref: "$ref",
  service_type_urn: "serviceTypeURN",
  sha1thumbprint: "sha1Thumbprint",
  three_legged_oauth_credential: "threeLeggedOAuthCredential",
  three_legged_oauth_provider_name: "threeLeggedOAuthProviderName",
  urnietfparamsscimschemasextensionenterprise20user: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  urnietfparamsscimschemasoracleidcsextension_oci_tags: "urn:ietf:params:scim:schemas:oracle:idcs:extension:OCITags",
  user_provider: "provider",
  web_tier_policy_az_control: "webTierPolicyAZControl",
  x509base64certificate: "x509Base64Certificate",
  x509certificates: "x509Certificates",
};

const extension = /^urnietfparamsscimschemasoracleidcsextension(.+)_(app_template|app|group|user)$/;

/** The API's name of an attribute or block, for example `redirectUris` for `redirect_uris`. */
export function apiName(name: string): string {
  const exception = exceptions[name];
  if (exception) return exception;
  const [, about, resource] = extension.exec(name) ?? [];
  if (about && resource) {
    return `urn:ietf:params:scim:schemas:oracle:idcs:extension:${camelCase(about)}:${capital(camelCase(resource))}`;
  }
  return camelCase(name);
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
