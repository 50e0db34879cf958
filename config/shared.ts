import { join } from "node:path";
import type { Environment } from "./environment";

/** Attributes by which a backend finds a state; of other types all attributes count. */
const addresses: Readonly<Record<string, readonly string[]>> = {
  azurerm: ["storage_account_name", "container_name", "key"],
  gcs: ["bucket", "prefix"],
  http: ["address"],
  oci: ["namespace", "bucket", "key"],
  s3: ["endpoint", "endpoints", "bucket", "key"],
};

interface Named {
  readonly name: string;
  readonly environment: Environment;
}

/** What two environments would both change, in words; empty when they are apart, as far as it can be told from what they say. */
export function sharedBetween(a: Named, b: Named): string[] {
  const same = (key: (named: Named) => string | undefined) => key(a) !== undefined && key(a) === key(b);
  const sameDomain = same(domainOf);
  const names = appNames(b.environment);
  return [
    ...(same(stateOf) ? ["the same Terraform state (backend)"] : []),
    ...(same(schemaOf) ? [`the JWT profile of schema ${a.environment.database.schema} (database)`] : []),
    ...(sameDomain && a.environment.domain
      ? [`the identity domain "${a.environment.domain.displayName}" (domain)`]
      : []),
    ...(sameDomain ? appNames(a.environment).filter((name) => names.includes(name)) : []).map(
      (name) => `the app name "${name}" in one identity domain (displayName)`,
    ),
  ];
}

function stateOf({ name, environment: { backend } }: Named): string {
  const attributes = { ...backend?.attributes };
  if (backend === undefined || backend.type === "local") {
    const path = typeof attributes.path === "string" ? attributes.path : `../../../state/${name}.tfstate`;
    return `local ${path.startsWith("/") ? path : join("cdktf.out/stacks/NAME", path)}`;
  }
  const known = addresses[backend.type] ?? Object.keys(attributes).sort();
  return `${backend.type} ${JSON.stringify(known.map((key) => [key, attributes[key]]))}`;
}

/** A schema in a database, as far as the connect string tells: an Autonomous Database has several names, by their service. */
function schemaOf({ environment: { database } }: Named): string {
  const { connectString, configDir } = database.connection;
  const service = String(connectString)
    .toLowerCase()
    .replace(/\s+/g, "")
    .replace(/^tcps?:\/\/|\?.*$/g, "")
    .replace(/_(low|medium|high|tp|tpurgent)(?=\.adb\.|$)/, "");
  return JSON.stringify([service, configDir ?? "", database.schema]);
}

/** By the name of one that is made, in the tenancy that the profile leads to. */
function domainOf({ environment }: Named): string {
  const { domain, existingDomain, authentication, region } = environment;
  if (domain)
    return JSON.stringify([authentication.type, authentication.configFileProfile, region, domain.displayName]);
  return existingDomain?.domainOcid ?? new URL(existingDomain?.domainUrl ?? "").host;
}

function appNames({ app, clients, developerClient }: Environment): string[] {
  const others = Object.values(clients).map(({ displayName }) => displayName);
  return [app.displayName, ...(developerClient ? [`${app.displayName} developers`] : []), ...others];
}
