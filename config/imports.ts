import { z } from "zod";
import { domainUrl, ocid, text } from "./fields";

const byKey = z.record(z.string(), text).default({});

export const imports = z.strictObject({
  /** URL of the domain that holds all of it. @default - `existingDomain.domainUrl` */
  domainUrl: domainUrl.optional(),
  /** OCID of the domain, where `domain` describes one that exists. @default - the domain is made, or only read */
  domainOcid: ocid.optional(),
  /** Id of the app. @default - the app is made */
  app: text.optional(),
  /** Ids of users, by their keys. @default {} */
  users: byKey,
  /** Ids of groups, by their keys. @default {} */
  groups: byKey,
  /** Ids of the grants that let users and groups use the app, by the keys in `app.grantedTo`. @default {} */
  grants: byKey,
  /** Ids of further clients, by their keys. @default {} */
  clients: byKey,
  /** Id of the developers' client. @default - the client is made */
  developerClient: text.optional(),
});
