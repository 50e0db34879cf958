/** Grants by which a client may get a token; the others hand passwords or tokens to where they do not belong (RFC 9700). */
export const grantNames = ["authorization_code", "client_credentials", "refresh_token"] as const;
export type Grant = (typeof grantNames)[number];

/** Grants by which the tool itself gets a token. */
export const tokenGrants = ["authorization_code", "client_credentials"] as const satisfies readonly Grant[];
export type TokenGrant = (typeof tokenGrants)[number];

/** Licenses of an identity domain, as the Identity API names them. */
export const licenseTypes = ["free", "oracle-apps-premium", "premium", "external-user"] as const;
export type LicenseType = (typeof licenseTypes)[number];

/** Free-form tag with the name of the stack, on everything that a stack makes. */
export const stackTag = "ords-jwt-stack";

/** Where Postman's own OAuth helper expects the browser to come back to. */
export const postmanCallback = "https://oauth.pstmn.io/v1/callback";
