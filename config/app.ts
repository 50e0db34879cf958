import { z } from "zod";
import { list, text } from "./fields";
import { grantNames } from "./words";

const scope = z.strictObject({
  /** The scope without the audience; also the name of the ORDS privilege. */
  value: text,
  /** Shown on the consent page and as the privilege's label. */
  displayName: text,
  /** @default - none */
  description: text.optional(),
  /** Asks the user before a token with this scope is issued. @default false */
  requiresConsent: z.boolean().optional(),
  /** ORDS modules that need this scope. @default [] */
  modules: list,
  /** URI patterns, relative to the schema's base path, that need this scope: `/x`, `/x/*`. @default [] */
  patterns: list,
  /** ORDS roles that are let in; only and always with `jwtProfile.roleClaim`. @default [] */
  roles: list,
  /**
   * What the ORDS privilege says of itself where that is not what the scope says; or `false`: the schema gets no privilege for this
   * scope, which protects something elsewhere. @default - label and description of the scope
   */
  privilege: z
    .union([
      z.literal(false),
      z.strictObject({
        /** @default - the display name of the scope */
        label: text.optional(),
        /** Empty for none. @default - the description of the scope */
        description: z.string().optional(),
      }),
    ])
    .optional(),
});

const client = {
  displayName: text,
  /** Cannot be taken away by a deploy, only changed: the plan says so. @default - none */
  description: text.optional(),
  /** How the client may get a token; `device_code` is for people at a machine without a browser (RFC 8628). */
  grants: z.array(z.enum(grantNames)),
  /** Where a browser may come back to with a code; compared exactly. @default [] */
  redirectUris: list,
  /** Where a browser may come back to after signing out. @default [] */
  postLogoutRedirectUris: list,
  /** Called by the domain when the user signs out. Cannot be taken away by a deploy, only changed. @default - none */
  logoutUri: text.optional(),
  /** Does not ask users for consent, whatever the scopes say. @default false */
  bypassConsent: z.boolean().optional(),
  /** Shows the app on the users' page "My Apps". @default false */
  showInMyApps: z.boolean().optional(),
  /** @default true */
  active: z.boolean().optional(),
};

export const app = z.strictObject({
  ...client,
  /** Primary audience, ending in a slash: OCI joins it to the scope with nothing between. */
  audience: text,
  scopes: z.array(scope),
  /** Seconds an access token is valid, 60 to 31,536,000. @default 3600 */
  accessTokenExpirySeconds: z.int().optional(),
  /** Lets clients with the grant `refresh_token` get refresh tokens. @default false */
  allowTokenRefresh: z.boolean().optional(),
  /** Seconds a refresh token is valid, 60 to 31,536,000. @default 604800 */
  refreshTokenExpirySeconds: z.int().optional(),
  /** Scopes of which apps the client may ask for: its own, or those of every app in the domain. @default "Specific" */
  issuancePolicy: z.enum(["All", "Specific"]).optional(),
  /** Lets only those sign in that the app is granted to. @default false */
  enforceGrants: z.boolean().optional(),
  /** Keys of `users` and `groups` that get access to the app. @default [] */
  grantedTo: list,
});

export const clientBesideTheApi = z.strictObject({
  ...client,
  /** A public client has no secret: single-page and mobile apps. A change replaces the app. @default false */
  public: z.boolean().optional(),
  /** Scopes of the app that the client may ask for, without the audience. */
  scopes: z.array(text),
});

export const developerClient = z.strictObject({
  /** Scopes of the app that may be asked for, without the audience. @default - all of them */
  scopes: z.array(text).optional(),
  /** Loopback ports of which one is free on a developer's machine. @default [53682, 53683, 53684] */
  ports: z.array(z.int()).optional(),
  /** Lets people at a machine without a browser sign in by a code that they type in elsewhere (RFC 8628). @default false */
  allowDeviceCode: z.boolean().optional(),
});
