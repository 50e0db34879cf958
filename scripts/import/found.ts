import { z } from "zod";
import type { Actual } from "../../ords/model";
import type { Domain, ScimValues } from "../oci/client";
import { ociTags } from "../oci/domain-api";
import { OutsideError } from "../terminal/failure";

// What a domain says of itself, as far as it is read. Others wrote these texts, so nothing is taken for granted but their types.

const text = z.string();
const optional = text.nullish().transform((value) => value || undefined);
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const seconds = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined);
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);

const identified = {
  id: text,
  [ociTags]: z
    .looseObject({
      freeformTags: list(z.looseObject({ key: text, value: text })),
      definedTags: list(z.unknown()),
    })
    .nullish(),
};

const appSchema = z.looseObject({
  ...identified,
  /** Client id. */
  name: text,
  displayName: text,
  domainOcid: optional,
  description: optional,
  basedOnTemplate: z.looseObject({ value: text }),
  clientType: optional,
  active: flag,
  isOPCService: flag,
  isOAuthClient: flag,
  isOAuthResource: flag,
  allowedGrants: list(text),
  redirectUris: list(text),
  postLogoutRedirectUris: list(text),
  logoutUri: optional,
  allUrlSchemesAllowed: flag,
  bypassConsent: flag,
  showInMyApps: flag,
  allowAccessControl: flag,
  audience: optional,
  secondaryAudiences: list(text),
  scopes: list(z.looseObject({ value: text, displayName: optional, description: optional, requiresConsent: flag })),
  accessTokenExpiry: seconds,
  allowOffline: flag,
  refreshTokenExpiry: seconds,
  trustScope: optional,
  allowedScopes: list(z.looseObject({ fqs: text })),
});
export type FoundApp = z.output<typeof appSchema>;

const grantSchema = z.looseObject({
  id: text,
  grantMechanism: text,
  grantee: z.looseObject({ type: text, value: text }),
  entitlement: z.looseObject({ attributeName: text, attributeValue: text }).nullish(),
});
type FoundGrant = z.output<typeof grantSchema>;

const userSchema = z.looseObject({
  ...identified,
  userName: text,
  name: z.looseObject({ givenName: optional, familyName: optional }).nullish(),
  emails: list(z.looseObject({ type: text, value: text, primary: flag })),
});
export type FoundUser = z.output<typeof userSchema>;

const groupSchema = z.looseObject({
  ...identified,
  displayName: text,
  members: list(z.looseObject({ type: text, value: text })),
});

const settingsSchema = z.looseObject({
  signingCertPublicAccess: flag,
  issuer: optional,
  accountAlwaysTrustScope: flag,
  tenantCustomClaims: list(z.looseObject({ name: text })),
});
type FoundSettings = z.output<typeof settingsSchema>;

/** A group and its members; undefined when there are too many to be written down. */
export type FoundGroup = z.output<typeof groupSchema> & { readonly users: readonly FoundUser[] | undefined };

/** All that is there. */
export interface Found {
  /** With its `:443` where it has it. */
  readonly domainUrl: string;
  /** undefined when the caller may not see it. */
  readonly domain: Domain | undefined;
  readonly settings: FoundSettings;
  readonly app: FoundApp;
  /** What lets somebody use the app. */
  readonly grants: readonly FoundGrant[];
  /** What the app itself is granted. */
  readonly grantsToApp: readonly FoundGrant[];
  /** Whom the app is granted to, the members of groups apart. */
  readonly users: readonly FoundUser[];
  readonly groups: readonly FoundGroup[];
  /** Other apps of the domain that may ask for a scope of the app. */
  readonly clients: readonly FoundApp[];
  readonly schema: Actual;
}

/** @throws OutsideError when it has not the form that identity domains give it */
function parsed<T extends z.ZodType>(schema: T, what: string, values: ScimValues): z.output<T> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new OutsideError(`the domain's answer about ${what} is not understood: ${problems.join("; ")}`);
}

export const asApp = (values: ScimValues) => parsed(appSchema, "an app", values);
export const asGrant = (values: ScimValues) => parsed(grantSchema, "a grant", values);
export const asUser = (values: ScimValues) => parsed(userSchema, "a user", values);
export const asGroup = (values: ScimValues) => parsed(groupSchema, "a group", values);
export const asSettings = (values: ScimValues) => parsed(settingsSchema, "its settings", values);

type Tagged = Pick<FoundApp, typeof ociTags>;

/** Free-form tags of something in a domain. */
export function tagsOf({ [ociTags]: tags }: Tagged): [string, string][] {
  return (tags?.freeformTags ?? []).map(({ key, value }) => [key, value]);
}
