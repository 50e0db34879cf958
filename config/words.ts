/** Grants by which a client may get a token; the others hand passwords or tokens to where they do not belong (RFC 9700). */
export const grantNames = ["authorization_code", "client_credentials", "device_code", "refresh_token"] as const;
export type Grant = (typeof grantNames)[number];

/** What OAuth and OCI call the grant `device_code` (RFC 8628). */
export const deviceCodeGrant = "urn:ietf:params:oauth:grant-type:device_code";

/** Ways in which the tool itself gets a token: `device` is the grant `device_code`. */
export const tokenGrants = ["authorization_code", "client_credentials", "device"] as const;
export type TokenGrant = (typeof tokenGrants)[number];

/** Ways to sign in to OCI, as the provider names them. */
export const authenticationTypes = ["ApiKey", "SecurityToken", "InstancePrincipal", "ResourcePrincipal"] as const;

/** Licenses of an identity domain, as the Identity API names them. */
export const licenseTypes = ["free", "oracle-apps-premium", "premium", "external-user"] as const;
export type LicenseType = (typeof licenseTypes)[number];

/** Free-form tag with the name of the stack, on everything that a stack makes. */
export const stackTag = "ords-jwt-stack";

/** Longest display name of a domain, an app or a group that the service is known to take. */
export const maxDisplayName = 100;

/** Where Postman's own OAuth helper expects the browser to come back to. */
export const postmanCallback = "https://oauth.pstmn.io/v1/callback";

/** Variable with the name of the one stack that a synthesis is for: faults of others are in nobody's way then. */
export const stackVariable = "ORDS_JWT_STACK";

/** Stands in a new environment file for what only the reader knows. */
export const placeholder = "REPLACE-ME";
