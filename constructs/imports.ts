import type { Environment } from "../config/environment";
import type { IdentityDomainProps } from "./identity-domain";

type ByKey = Readonly<Record<string, string>>;

/** Knows no key, not even one that every object knows. */
const none: ByKey = Object.create(null);

/** Import ids, in the provider's form, of what a stack takes over. */
interface ImportIds {
  readonly domain?: IdentityDomainProps["importFrom"];
  readonly app?: string;
  readonly users: ByKey;
  readonly groups: ByKey;
  readonly grants: ByKey;
  readonly clients: ByKey;
  readonly developerClient?: string;
}

/** @throws Error naming an entry that does not fit what is declared */
export function importIds(environment: Environment): ImportIds {
  const { imports, domain, existingDomain, users, groups, clients, app, developerClient } = environment;
  if (!imports) return { users: none, groups: none, grants: none, clients: none };
  const url = imports.domainUrl ?? existingDomain?.domainUrl;
  if (url === undefined) throw new Error("imports needs domainUrl, the URL of the domain that holds all of it");
  if (existingDomain?.domainUrl !== undefined && url !== existingDomain.domainUrl) {
    throw new Error(
      `imports.domainUrl is ${url}, but existingDomain.domainUrl ${existingDomain.domainUrl}: leave the former out, what is taken over would be replaced`,
    );
  }
  if (imports.domainOcid !== undefined && domain === undefined) {
    throw new Error(
      "imports.domainOcid needs domain, which says what the domain is like: add it, or remove domainOcid",
    );
  }
  const of = (word: string, ids: ByKey, known: readonly string[], entry: string): ByKey => {
    const unknown = Object.keys(ids).find((key) => !known.includes(key));
    if (unknown !== undefined) {
      throw new Error(`${entry} names "${unknown}", which is not declared: known are ${known.join(", ") || "none"}`);
    }
    const endpoint = `idcsEndpoint/${url.replace(/\/$/, "")}`;
    return Object.assign(
      Object.create(null),
      ...Object.entries(ids).map(([key, id]) => ({ [key]: `${endpoint}/${word}/${id}` })),
    );
  };
  const apps = {
    ...(imports.app && { app: imports.app }),
    ...(imports.developerClient && { developerClient: imports.developerClient }),
  };
  const { settings = "" } = of("settings", { settings: "Settings" }, ["settings"], "imports");
  return {
    domain: imports.domainOcid === undefined ? undefined : { domain: imports.domainOcid, settings },
    ...of("apps", apps, ["app", ...(developerClient ? ["developerClient"] : [])], "imports"),
    users: of("users", imports.users, Object.keys(users), "imports.users"),
    groups: of("groups", imports.groups, Object.keys(groups), "imports.groups"),
    grants: of("grants", imports.grants, app.grantedTo, "imports.grants"),
    clients: of("apps", imports.clients, Object.keys(clients), "imports.clients"),
  };
}
