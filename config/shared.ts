import { join, normalize } from "node:path";
import type { Environment } from "./environment";

/** Attributes by which a backend finds a state; of other types all attributes count. */
const addresses: Readonly<Record<string, readonly string[]>> = {
  azurerm: ["storage_account_name", "container_name", "key"],
  consul: ["address", "path"],
  gcs: ["bucket", "prefix"],
  http: ["address"],
  kubernetes: ["host", "namespace", "secret_suffix"],
  oci: ["namespace", "bucket", "key"],
  pg: ["conn_str", "schema_name"],
  s3: ["endpoint", "endpoints", "bucket", "key"],
};

interface Named {
  readonly name: string;
  readonly environment: Environment;
}

/** What an environment changes, each as text that is the same for another one that would change the same. */
interface Changed {
  readonly state: string;
  readonly schema: string;
  /** One domain may be known in two ways: by the environment that makes it, and by its name in the tenancy. */
  readonly domain: readonly string[];
  readonly apps: readonly string[];
}

/** There may be hundreds, each of which is compared with every other. */
const changes = new WeakMap<Environment, Changed>();

function changedBy(named: Named): Changed {
  const { environment } = named;
  const known = changes.get(environment);
  if (known) return known;
  const changed = {
    state: stateOf(named),
    schema: schemaOf(named),
    domain: domainOf(named),
    apps: appNames(environment),
  };
  changes.set(environment, changed);
  return changed;
}

/** What two environments would both change, in words; empty when they are apart, as far as it can be told from what they say. */
export function sharedBetween(a: Named, b: Named): string[] {
  const [ofA, ofB] = [changedBy(a), changedBy(b)];
  const sameDomain = ofA.domain.some((domain) => ofB.domain.includes(domain));
  return [
    ...(ofA.state === ofB.state ? ["the same Terraform state (backend)"] : []),
    ...(ofA.schema === ofB.schema ? [`the JWT profile of schema ${a.environment.database.schema} (database)`] : []),
    ...(sameDomain && a.environment.domain && b.environment.domain
      ? [`the identity domain "${a.environment.domain.displayName}" (domain)`]
      : []),
    ...(sameDomain ? ofA.apps.filter((name) => ofB.apps.includes(name)) : []).map(
      (name) => `the app name "${name}" in one identity domain (displayName)`,
    ),
  ];
}

function stateOf({ name, environment: { backend } }: Named): string {
  const attributes = { ...backend?.attributes };
  if (backend === undefined || backend.type === "local") {
    const path = typeof attributes.path === "string" ? attributes.path : `../../../state/${name}.tfstate`;
    return `local ${path.startsWith("/") ? normalize(path) : join("cdktf.out/stacks/NAME", path)}`;
  }
  const known = addresses[backend.type] ?? Object.keys(attributes).sort();
  return `${backend.type} ${JSON.stringify(known.map((key) => [key, attributes[key]]))}`;
}

function schemaOf({ environment: { database } }: Named): string {
  return JSON.stringify([databaseOf(database.connection), database.schema]);
}

/**
 * What a connect string leads to, as far as it says so: host, port and service, however they are written, or an alias of tnsnames.ora. An
 * Autonomous Database has several names, by their service.
 */
function databaseOf({ connectString, configDir }: Environment["database"]["connection"]): readonly string[] {
  const text = String(connectString).toLowerCase().replace(/\s+/g, "");
  const service = (name: string) => name.replace(/_(low|medium|high|tp|tpurgent)(?=\.adb\.|$)/, "");
  const within = (parameter: string) => new RegExp(`\\(${parameter}=([^()]+)\\)`).exec(text)?.[1];
  const [host, name] = [within("host"), within("service_name") ?? within("sid")];
  if (host && name) return [host, within("port") ?? "1521", service(name)];
  const easy = /^(?:(?:[a-z]+:)?\/\/)?(\[[^\]]*\]|[^/:?]+)(?::(\d+))?\/([^?:/]+)/.exec(text);
  if (easy) return [easy[1] ?? "", easy[2] ?? "1521", service(easy[3] ?? "")];
  return [service(text.replace(/^tcps?:\/\/|\?.*$/g, "")), configDir ?? ""];
}

/** By the environment that makes it and, of one that is made, by its name in the tenancy that the profile leads to. */
function domainOf({ name, environment }: Named): string[] {
  const { domain, existingDomain, authentication, region } = environment;
  if (domain) {
    const { type, configFileProfile } = authentication;
    return [`of ${name}`, JSON.stringify([type, configFileProfile, region, domain.displayName])];
  }
  const { environment: owner, domainOcid, domainUrl = "" } = existingDomain ?? {};
  return [owner !== undefined ? `of ${owner}` : (domainOcid ?? new URL(domainUrl).host.replace(/:443$/, ""))];
}

function appNames({ app, clients, developerClient }: Environment): string[] {
  const others = Object.values(clients).map(({ displayName }) => displayName);
  return [app.displayName, ...(developerClient ? [`${app.displayName} developers`] : []), ...others];
}
