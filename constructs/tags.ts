/** Free-form tags: name to value. */
export type Tags = Readonly<Record<string, string>>;

/** The schema that a SCIM resource names when it carries tags. */
const tagSchema = "urn:ietf:params:scim:schemas:oracle:idcs:extension:OCITags";

/** The schemas of a SCIM resource and, where there are any, its tags in the form that apps, users and groups take them. */
export function schemasWithTags(schema: string, tags: Tags | undefined) {
  const freeformTags = Object.entries(tags ?? {}).map(([key, value]) => ({ key, value }));
  return freeformTags.length === 0
    ? { schemas: [schema] }
    : { schemas: [schema, tagSchema], urnietfparamsscimschemasoracleidcsextensionOciTags: { freeformTags } };
}
