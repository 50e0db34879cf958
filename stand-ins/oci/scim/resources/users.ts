import { userAttributes } from "../attributes/user";
import { scimError } from "../errors";
import { Schema } from "../schema";
import type { ResourceType } from "../store";
import type { Email, User } from "../types";
import { checkOneOf } from "./checks";
import { grantsTo } from "./grants";

export const users: ResourceType<User> = {
  name: "User",
  ocidType: "domainuser",
  schema: new Schema("urn:ietf:params:scim:schemas:core:2.0:User", "User", userAttributes),
  operations: ["create", "replace", "patch", "delete"],

  fill(user, previous, store) {
    user.active ??= true;
    if (user.name && !previous) {
      user.name.formatted ??= [user.name.givenName, user.name.familyName].filter(Boolean).join(" ");
      user.displayName ??= user.name.formatted;
    }
    user.emails = (user.emails ?? []).map(emailDefaults);
    const primary = user.emails.find((email) => email.primary);
    if (store.domain.addsRecoveryEmail && primary && !user.emails.some(({ type }) => type === "recovery")) {
      user.emails.push(emailDefaults({ type: "recovery", value: primary.value }));
    }
    user["urn:ietf:params:scim:schemas:oracle:idcs:extension:userState:User"] ??= { locked: { on: false } };
    user["urn:ietf:params:scim:schemas:oracle:idcs:extension:capabilities:User"] ??= { ...capabilities };
    const profile = "urn:ietf:params:scim:schemas:oracle:idcs:extension:user:User";
    user[profile] = { isFederatedUser: false, ...(user[profile] as object | undefined) };
  },

  check({ emails = [] }, _previous, store) {
    for (const { type } of emails) checkOneOf("emails.type", type, ["work", "home", "other", "recovery"]);
    const primaries = emails.filter(({ primary }) => primary).length;
    if (primaries > 1) {
      throw scimError(400, "only one of the emails can be primary", "error.common.validation.invalidValue");
    }
    if (primaries === 0 && store.domain.isPrimaryEmailRequired) {
      throw scimError(400, "the user needs a primary email", "error.identity.user.primaryEmailNotSpecified");
    }
  },

  derive(user, store) {
    const groups = store.all("Groups").filter((group) => group.members?.some(({ value }) => value === user.id));
    return {
      groups: groups.map(({ id, ocid, displayName, meta }) => ({
        value: id,
        ocid,
        display: displayName,
        type: "direct",
        $ref: meta.location,
      })),
    };
  },

  references(user, store) {
    const groups = store.all("Groups").filter((group) => group.members?.some(({ value }) => value === user.id));
    const memberships = groups.map((group) => ({
      description: `Group ${group.displayName}`,
      remove: () => {
        group.members = group.members?.filter(({ value }) => value !== user.id);
      },
    }));
    return [...memberships, ...grantsTo(user.id, store)];
  },
};

const capabilities = {
  canUseApiKeys: true,
  canUseAuthTokens: true,
  canUseConsolePassword: true,
  canUseCustomerSecretKeys: true,
  canUseOAuth2ClientCredentials: true,
  canUseSmtpCredentials: true,
  canUseDbCredentials: true,
};

function emailDefaults(email: Partial<Email>): Email {
  return { primary: false, secondary: false, verified: false, ...email } as Email;
}
