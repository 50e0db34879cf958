import { appRoleAttributes } from "../attributes/grant";
import { scimError } from "../errors";
import { Schema } from "../schema";
import type { ResourceType } from "../store";
import type { AppRole } from "../types";

export const appRoles: ResourceType<AppRole> = {
  name: "AppRole",
  ocidType: "domainapprole",
  schema: new Schema("urn:ietf:params:scim:schemas:oracle:idcs:AppRole", "AppRole", appRoleAttributes),
  operations: ["create", "patch", "delete"],

  fill(role) {
    role.uniqueName = `${role.app?.value}_${role.displayName}`;
    role.adminRole ??= false;
    role.public ??= false;
    role.availableToUsers ??= true;
    role.availableToGroups ??= true;
    role.availableToClients ??= false;
  },

  check({ app }, _previous, store) {
    if (!store.find("Apps", app.value)) {
      throw scimError(400, `app: there is no App ${app.value}`, "error.common.validation.invalidReference");
    }
  },

  derive(role, store) {
    const { displayName, name, meta } = store.get("Apps", role.app.value);
    return { app: { ...role.app, display: displayName, name, $ref: meta.location } };
  },

  references(role, store) {
    const granted = store.all("Grants").filter(({ entitlement }) => entitlement?.attributeValue === role.id);
    return granted.map(({ id }) => ({ description: `Grant ${id}`, remove: () => store.remove("Grants", id) }));
  },
};
