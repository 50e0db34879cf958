/** The resources and data sources of oracle/oci that the stacks use: `schema.json` holds these and no others. */
export const used = {
  resource_schemas: [
    "oci_identity_domain",
    "oci_identity_domains_app",
    "oci_identity_domains_grant",
    "oci_identity_domains_group",
    "oci_identity_domains_setting",
    "oci_identity_domains_user",
  ],
  data_source_schemas: ["oci_identity_domain", "oci_identity_domains_app", "oci_identity_domains_setting"],
} as const;
