import { OciProvider } from "@cdktf/provider-oci/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { type Environment, type EnvironmentInput, parseEnvironment } from "../config/environment";
import { stackTag } from "../config/words";
import { type Backend, backendOf, setBackend } from "./backend";
import { ClientApp } from "./client-app";
import { ConfidentialApp } from "./confidential-app";
import { AppDeactivation } from "./deactivation";
import { DeveloperClient, type DeveloperClientProps } from "./developer-client";
import { DomainGroup } from "./domain-group";
import { DomainUser } from "./domain-user";
import { IdentityDomain, type IdentityDomainProps, type IIdentityDomain } from "./identity-domain";
import { importIds } from "./imports";
import { literally } from "./literally";
import { declareOutputs, registration } from "./ords-output";
import { SharedDomain } from "./shared-domain";

/** Tags that OCI puts on everything by itself; not ours to take away. */
const serviceTags = ["Oracle-Tags.CreatedBy", "Oracle-Tags.CreatedOn"];

/** One environment: domain, users, groups, the API's app, its clients, and the outputs that the other commands read. */
export class OrdsJwtStack extends TerraformStack {
  /** Where the state is, for stacks that share the domain. */
  private readonly backend: Backend;

  /**
   * @param name of the stack, and of the environment file that the commands read
   * @param environment what such a file exports
   * @throws ConfigurationError naming every entry that is wrong by its form, Error naming the first that breaks a rule
   */
  constructor(scope: Construct, name: string, environment: EnvironmentInput) {
    super(scope, name);
    const declared = literally(parseEnvironment(name, environment));
    this.backend = backendOf(name, declared.backend);
    this.declare(name, declared);
  }

  private declare(name: string, environment: Environment): void {
    const authentication = { region: environment.region, ...environment.authentication };
    const { configFileProfile, region, type: auth } = authentication;
    new OciProvider(this, "oci", { auth, configFileProfile, region, ignoreDefinedTags: serviceTags });
    setBackend(this, name, this.backend);
    // The first that knows `import` blocks; Terraform and OpenTofu hold themselves to it.
    this.addOverride("terraform.required_version", ">= 1.5");

    const imported = importIds(environment);
    const tags = { ...environment.tags, [stackTag]: name };
    const owner = environment.existingDomain?.environment;
    const domain =
      owner === undefined
        ? declareDomain(this, name, environment, tags, { authentication, importFrom: imported.domain })
        : this.domainOf(owner);
    const users = mapValues(
      environment.users,
      (key, props) => new DomainUser(this, `User-${key}`, { domain, tags, importFrom: imported.users[key], ...props }),
    );
    const groups = mapValues(environment.groups, (key, props) => {
      const members = props.members.map((member) => pick(users, member, `groups.${key}.members`));
      return new DomainGroup(this, `Group-${key}`, {
        domain,
        tags,
        importFrom: imported.groups[key],
        ...props,
        members,
      });
    });

    // Before the app: whatever is wrong is said at once.
    const toRegister = registration(name, environment, domain);
    const app = new ConfidentialApp(this, "App", {
      domain,
      tags,
      protected: environment.protected,
      importFrom: imported.app,
      ...environment.app,
    });
    refuseAmbiguous(users, groups);
    for (const key of environment.app.grantedTo) {
      app.grantTo(pick({ ...users, ...groups }, key, "app.grantedTo"), imported.grants[key]);
    }
    refuseUnknownScopes(environment);
    const clients = mapValues(
      environment.clients,
      (key, props) =>
        new ClientApp(this, `Client-${key}`, { domain, api: app, tags, importFrom: imported.clients[key], ...props }),
    );
    const developerClient = declareDeveloperClient(this, environment, {
      domain,
      app,
      tags,
      importFrom: imported.developerClient,
    });
    const apps = [app, ...Object.values(clients), ...(developerClient ? [developerClient] : [])];
    new AppDeactivation(this, "AppDeactivation", apps, authentication);

    declareOutputs(this, environment, { registration: toRegister, domain, app, clients, developerClient });
  }

  /** The domain that another stack makes, which comes first. */
  private domainOf(name: string): IIdentityDomain {
    const owner = this.node.scope?.node.tryFindChild(name);
    if (!(owner instanceof OrdsJwtStack)) {
      throw new Error(
        `existingDomain.environment names "${name}", which is not synthesized: make its OrdsJwtStack first, in the same app`,
      );
    }
    this.addDependency(owner);
    return new SharedDomain(this, "Domain", { environment: name, backend: owner.backend });
  }
}

function declareDomain(
  stack: OrdsJwtStack,
  name: string,
  { region, domain, existingDomain, protected: isProtected }: Environment,
  freeformTags: Record<string, string>,
  more: Pick<IdentityDomainProps, "authentication" | "importFrom">,
): IIdentityDomain {
  if (existingDomain?.domainOcid) return IdentityDomain.fromDomainOcid(stack, "Domain", existingDomain.domainOcid);
  if (existingDomain?.domainUrl) return IdentityDomain.fromDomainUrl(stack, "Domain", existingDomain.domainUrl);
  if (!domain) throw new Error("needs either domain or existingDomain (received neither)");
  return new IdentityDomain(stack, "Domain", {
    ...domain,
    description: domain.description ?? `ORDS tokens, stack ${name}`,
    homeRegion: region,
    freeformTags,
    protected: isProtected,
    ...more,
  });
}

function declareDeveloperClient(
  stack: OrdsJwtStack,
  { app: { displayName, scopes, allowTokenRefresh }, developerClient }: Environment,
  { app: api, ...made }: Pick<DeveloperClientProps, "domain" | "tags" | "importFrom"> & { app: ConfidentialApp },
): DeveloperClient | undefined {
  if (!developerClient) return undefined;
  return new DeveloperClient(stack, "DeveloperClient", {
    ...made,
    api,
    displayName: `${displayName} developers`,
    scopes: developerClient.scopes ?? scopes.map((scope) => scope.value),
    allowTokenRefresh,
    ports: developerClient.ports,
    allowDeviceCode: developerClient.allowDeviceCode,
  });
}

/** A key that is a user and a group would give one of them access without a word. */
function refuseAmbiguous(users: object, groups: object): void {
  const both = Object.keys(users).filter((key) => Object.hasOwn(groups, key));
  if (both.length > 0) throw new Error(`users and groups share the key "${both[0]}": give one of them another key`);
}

/** The domain takes only scopes that exist, and would say so in the middle of a deploy. */
function refuseUnknownScopes({ app, clients, developerClient }: Environment): void {
  const known = app.scopes.map(({ value }) => value);
  const named = [
    ...Object.entries(clients).map(([key, { scopes }]) => [`clients.${key}.scopes`, scopes] as const),
    ["developerClient.scopes", developerClient?.scopes ?? []] as const,
  ];
  for (const [where, scopes] of named) {
    const unknown = scopes.find((scope) => !known.includes(scope));
    if (unknown !== undefined) {
      throw new Error(`${where} names "${unknown}", which is not a scope of the app: known are ${known.join(", ")}`);
    }
  }
}

function mapValues<T, U>(record: Record<string, T>, map: (key: string, value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(key, value)]));
}

function pick<T>(record: Record<string, T>, key: string, where: string): T {
  const value = record[key];
  if (value === undefined) {
    throw new Error(
      `${where} names "${key}", which is not declared: known are ${Object.keys(record).join(", ") || "none"}`,
    );
  }
  return value;
}
