import { settingsAttributes } from "../attributes/settings";
import { scimError } from "../errors";
import { Schema } from "../schema";
import type { ResourceType } from "../store";
import type { Settings } from "../types";
import { checkOneOf } from "./checks";

const defaultIssuer = "https://identity.oraclecloud.com/";

/** What a new domain starts with. */
export const initialSettings = {
  schemas: ["urn:ietf:params:scim:schemas:oracle:idcs:Settings"],
  csrAccess: "none",
  signingCertPublicAccess: false,
  issuer: defaultIssuer,
  customBranding: false,
  timezone: "America/Chicago",
  locale: "en",
  preferredLanguage: "en",
  accountAlwaysTrustScope: false,
  defaultTrustScope: "Explicit",
  diagnosticLevel: 0,
  isHostedPage: false,
  contactEmails: [],
  auditEventRetentionPeriod: 30,
};

export const settings: ResourceType<Settings> = {
  name: "Setting",
  ocidType: "domainsettings",
  schema: new Schema("urn:ietf:params:scim:schemas:oracle:idcs:Settings", "Settings", settingsAttributes),
  operations: ["replace", "patch"],
  initial: initialSettings,

  fill(resource, previous) {
    // A blank issuer means the common one.
    if (!resource.issuer) resource.issuer = defaultIssuer;
    if (previous && previous.issuer !== resource.issuer) resource.prevIssuer = previous.issuer;
  },

  check(resource) {
    checkOneOf("csrAccess", resource.csrAccess, ["none", "readOnly", "readWrite"]);
    checkOneOf("defaultTrustScope", resource.defaultTrustScope, ["Explicit", "Account", "Tags"]);
    if (!URL.canParse(resource.issuer as string)) {
      throw scimError(400, `issuer: "${resource.issuer}" is not a URL`, "error.common.validation.invalidValue");
    }
    for (const claim of resource.tenantCustomClaims ?? []) {
      checkOneOf("tenantCustomClaims.mode", claim.mode, ["always", "request", "never"]);
      checkOneOf("tenantCustomClaims.tokenType", claim.tokenType, ["AT", "IT", "BOTH"]);
      if (claim.name === "groups") {
        throw scimError(400, 'tenantCustomClaims: "groups" is reserved', "error.common.validation.invalidValue");
      }
    }
  },
};
