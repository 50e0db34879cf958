import { type AttributeTable, commonAttributes, tagsExtension } from "./common";

/** Attributes of a Group. */
export const groupAttributes: AttributeTable = {
  ...commonAttributes,
  ...tagsExtension,
  externalId: "string",
  displayName: "string always required unique",
  nonUniqueDisplayName: "string always",
  members: "complex[] request",
  "members.value": "string always required",
  "members.dateAdded": "string readOnly",
  "members.ocid": "string always",
  "members.membershipOcid": "string readOnly",
  "members.$ref": "string readOnly",
  "members.display": "string readOnly",
  "members.type": "string required",
  "members.name": "string readOnly",
};
