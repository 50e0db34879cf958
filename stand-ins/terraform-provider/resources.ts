/** An `oci_identity_domains_*` resource: one SCIM collection of an identity domain. */
export interface ScimResource {
  /** Path below `/admin/v1/`, and the name in operation names. */
  collection: string;
  /** The word in an import id: `idcsEndpoint/<url>/<word>/<id>`. */
  importWord: string;
  /** The one document of a singleton is named by this attribute: created by PUT, deleted by doing nothing. */
  singletonId?: string;
  /** The attribute by which a data source names the object. */
  dataSourceId?: string;
  /** False: every change is a replacement. @default true */
  updatable?: boolean;
  /** Dotted members of set blocks that a PUT leaves out while they are empty (seen with the real provider). */
  emptyNotSent?: string[];
  /** Dotted members of list blocks that a PUT sends although they are empty (seen with the real provider). */
  emptySent?: string[];
  /** Dotted members of blocks that a create sends and a PUT does not (seen with the real provider). */
  createOnly?: string[];
  /** Numbers that read as 0 when the API leaves them out, and so travel with the next PUT (seen with the real provider). */
  zeroWhenAbsent?: string[];
  /** Closed lists of words: they read as "" when the API leaves them out, and "" is never sent. */
  enumerations?: string[];
}

const tagSlug = "urnietfparamsscimschemasoracleidcsextension_oci_tags.tag_slug";
const userExtension = "urnietfparamsscimschemasoracleidcsextensionuser_user";

const scim: Record<string, ScimResource> = {
  oci_identity_domains_app: {
    collection: "Apps",
    importWord: "apps",
    dataSourceId: "app_id",
    emptyNotSent: ["scopes.display_name", "attr_rendering_metadata.section", "attr_rendering_metadata.widget"],
    emptySent: [tagSlug],
    enumerations: ["client_ip_checking", "client_type", "login_mechanism", "trust_scope"],
  },
  oci_identity_domains_grant: { collection: "Grants", importWord: "grants", updatable: false },
  oci_identity_domains_group: { collection: "Groups", importWord: "groups", emptySent: [tagSlug] },
  oci_identity_domains_setting: {
    collection: "Settings",
    importWord: "settings",
    singletonId: "setting_id",
    zeroWhenAbsent: ["audit_event_retention_period"],
    enumerations: ["csr_access", "default_trust_scope"],
  },
  oci_identity_domains_user: {
    collection: "Users",
    importWord: "users",
    emptySent: [tagSlug, `${userExtension}.notification_email_template_id`],
    createOnly: [`${userExtension}.is_group_membership_synced_to_users_groups`, `${userExtension}.service_user`],
    enumerations: ["user_type"],
  },
};

export const domainType = "oci_identity_domain";

/** The SCIM side of a resource type or data source. @throws for a type that has none */
export function scimResource(typeName: string): ScimResource {
  const resource = Object.hasOwn(scim, typeName) ? scim[typeName] : undefined;
  if (!resource) throw new Error(`${typeName} is in the schema, but this stand-in has no API call for it`);
  return resource;
}

/** Attributes that shape requests or address the domain. The API never sees them in a body and never returns them. */
export const requestOnly: readonly string[] = [
  "app_id",
  "attribute_sets",
  "attributes",
  "authorization",
  "force_delete",
  "idcs_endpoint",
  "resource_type_schema_version",
  "setting_id",
];

/** Plan rule per type: attributes whose change of case alone is no change. */
export function ignoringCase(typeName: string): readonly string[] {
  return typeName === domainType ? ["state"] : [];
}
