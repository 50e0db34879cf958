/**
 * The attributes of a resource type, as SCIM describes them: name -> type ("[]" when multi-valued) and characteristics
 * separated by spaces. A sub-attribute is named "parent.child", or "parent:child" when the parent is an extension schema.
 * Left out means readWrite, returned by default, optional and not unique.
 */
export type AttributeTable = Readonly<Record<string, string>>;

export const commonAttributes: AttributeTable = {
  id: "string readOnly always",
  ocid: "string readOnly",
  schemas: "string[] required",
  meta: "complex readOnly",
  idcsCreatedBy: "complex readOnly",
  idcsLastModifiedBy: "complex readOnly",
  idcsPreventedOperations: "string[] readOnly request",
  tags: "complex[] request",
  deleteInProgress: "boolean readOnly",
  idcsLastUpgradedInRelease: "string readOnly request",
  domainOcid: "string readOnly",
  compartmentOcid: "string readOnly",
  tenancyOcid: "string readOnly",
};

/** The tags of OCI, which apps, users and groups can have. */
export const tagsExtension: AttributeTable = {
  "urn:ietf:params:scim:schemas:oracle:idcs:extension:OCITags": "complex",
  "urn:ietf:params:scim:schemas:oracle:idcs:extension:OCITags:tagSlug": "any readOnly",
};
