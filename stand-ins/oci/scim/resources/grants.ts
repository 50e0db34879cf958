import { grantAttributes } from "../attributes/grant";
import { scimError } from "../errors";
import { Schema } from "../schema";
import type { Reference, ResourceType, Store } from "../store";
import type { Grant } from "../types";
import { checkOneOf } from "./checks";

/** Mechanism -> what it grants to: type of the grantee, where to find it, and what an app role must say to allow it. */
const mechanisms = {
  ADMINISTRATOR_TO_USER: { type: "User", endpoint: "Users", availability: "availableToUsers" },
  ADMINISTRATOR_TO_GROUP: { type: "Group", endpoint: "Groups", availability: "availableToGroups" },
  ADMINISTRATOR_TO_APP: { type: "App", endpoint: "Apps", availability: "availableToClients" },
} as const;

export const grants: ResourceType<Grant> = {
  name: "Grant",
  ocidType: "domaingrant",
  schema: new Schema("urn:ietf:params:scim:schemas:oracle:idcs:Grant", "Grant", grantAttributes),
  operations: ["create", "patch", "delete"],

  fill(grant) {
    grant.isFulfilled = true;
    grant.grantor ??= { type: "User", value: (grant.idcsCreatedBy as { value: string }).value };
    const { grantMechanism, grantee, app, entitlement } = grant;
    grant.compositeKey = [grantMechanism, grantee?.value, app?.value, entitlement?.attributeValue].join(":");
  },

  check(grant, _previous, store) {
    checkOneOf("grantMechanism", grant.grantMechanism, Object.keys(mechanisms));
    const { type, endpoint, availability } = mechanisms[grant.grantMechanism as keyof typeof mechanisms];
    checkOneOf("grantee.type", grant.grantee.type, [type]);
    if (!store.find(endpoint, grant.grantee.value)) throw invalid(`there is no ${type} ${grant.grantee.value}`);
    if (!grant.app) throw invalid("app is missing: this stand-in grants apps and their roles only");
    if (!store.find("Apps", grant.app.value)) throw invalid(`there is no App ${grant.app.value}`);
    if (!grant.entitlement) {
      if (type === "App") throw invalid("a grant to an App needs an entitlement");
      return;
    }
    checkOneOf("entitlement.attributeName", grant.entitlement.attributeName, ["appRoles"]);
    const role = store.find("AppRoles", grant.entitlement.attributeValue);
    if (role?.app.value !== grant.app.value) {
      throw invalid(`the App ${grant.app.value} has no AppRole ${grant.entitlement.attributeValue}`);
    }
    if (!role[availability]) throw invalid(`the AppRole ${role.displayName} is not available to a ${type}`);
  },
};

/** The grants that give something to a user or group. */
export function grantsTo(granteeId: string, store: Store): Reference[] {
  return store
    .all("Grants")
    .filter(({ grantee }) => grantee.value === granteeId)
    .map(({ id }) => ({ description: `Grant ${id}`, remove: () => store.remove("Grants", id) }));
}

function invalid(detail: string) {
  return scimError(400, `grant: ${detail}`, "error.common.validation.invalidReference");
}
