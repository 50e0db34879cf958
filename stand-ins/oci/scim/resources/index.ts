import type { ResourceTypes } from "../store";
import { appRoles } from "./app-roles";
import { apps } from "./apps";
import { grants } from "./grants";
import { groups } from "./groups";
import { settings } from "./settings";
import { users } from "./users";

export const resourceTypes: ResourceTypes = {
  Apps: apps,
  Users: users,
  Groups: groups,
  Grants: grants,
  AppRoles: appRoles,
  Settings: settings,
};
