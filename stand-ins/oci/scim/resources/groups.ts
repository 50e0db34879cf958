import { newOcid } from "../../identifiers";
import { groupAttributes } from "../attributes/group";
import { scimError } from "../errors";
import { Schema } from "../schema";
import type { ResourceType } from "../store";
import type { Group } from "../types";
import { checkOneOf } from "./checks";
import { grantsTo } from "./grants";

export const groups: ResourceType<Group> = {
  name: "Group",
  ocidType: "domaingroup",
  schema: new Schema("urn:ietf:params:scim:schemas:core:2.0:Group", "Group", groupAttributes),
  operations: ["create", "replace", "patch", "delete"],

  fill(group, previous) {
    group.nonUniqueDisplayName ??= group.displayName;
    // A member listed twice is one member, and one that stays keeps the date it was added.
    const members = new Map(group.members?.map((member) => [member.value, member]));
    group.members = [...members.values()].map(({ type, value }) => {
      const known = previous?.members?.find((member) => member.value === value);
      return {
        type,
        value,
        dateAdded: known?.dateAdded ?? new Date().toISOString(),
        membershipOcid: known?.membershipOcid ?? newOcid("groupmembership"),
      };
    });
  },

  check({ members = [] }, _previous, store) {
    for (const { type, value } of members) {
      checkOneOf("members.type", type, ["User"]);
      if (!store.find("Users", value)) {
        throw scimError(400, `members: there is no User ${value}`, "error.common.validation.invalidReference");
      }
    }
  },

  derive({ members = [] }, store) {
    return {
      members: members.map((member) => {
        const { ocid, displayName, userName, meta } = store.get("Users", member.value);
        return { ...member, ocid, display: displayName, name: userName, $ref: meta.location };
      }),
    };
  },

  references(group, store) {
    // Stricter than what is known: members count as references, too.
    const count = group.members?.length ?? 0;
    const members = count > 0 ? [{ description: `${count} member(s)`, remove: () => {} }] : [];
    return [...members, ...grantsTo(group.id, store)];
  },
};
