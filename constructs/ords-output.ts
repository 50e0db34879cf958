import { TerraformOutput, type TerraformStack, Token } from "cdktf";
import { type Environment, type EnvironmentInput, parseEnvironment } from "../config/environment";
import { type OrdsOutput, requireRegistrable } from "../ords/output";
import { oracleIssuer } from "../ords/rules";
import { qualifiedScope } from "../ords/scope";
import type { ClientApp } from "./client-app";
import type { ConfidentialApp } from "./confidential-app";
import type { DeveloperClient } from "./developer-client";
import type { IIdentityDomain } from "./identity-domain";
import { literally } from "./literally";

type ToRegister = Pick<OrdsOutput, "stack" | "schema" | "profile" | "privileges">;

/**
 * What is to be registered in the schema.
 * @throws OutputError naming everything that could not be, as far as it is known before apply
 */
export function registration(
  stack: string,
  { app, jwtProfile, database }: Environment,
  domain: IIdentityDomain,
): ToRegister {
  const declared: ToRegister = {
    stack,
    schema: database.schema,
    profile: {
      issuer: jwtProfile.issuer ?? oracleIssuer,
      audience: app.audience,
      jwkUrl: domain.jwkUrl,
      description: jwtProfile.description ?? `Tokens of the application ${app.displayName}`,
      allowedSkew: jwtProfile.allowedSkewSeconds,
      allowedAge: jwtProfile.allowedAgeSeconds,
      roleClaim: jwtProfile.roleClaim,
    },
    privileges: app.scopes.flatMap(({ value, displayName, description, privilege = {}, ...named }) => {
      if (privilege === false) return [];
      const { roles, modules, patterns } = named;
      return { name: value, label: displayName, description, ...privilege, roles, modules, patterns };
    }),
  };
  requireRegistrable(declared, Token.isUnresolved);
  return declared;
}

/** The constructs of a stack that its outputs are about. */
export interface Declared {
  readonly domain: IIdentityDomain;
  /** Made of the environment's entry `app`. */
  readonly app: ConfidentialApp;
  /** Made of the environment's `clients`, by their keys. @default - none */
  readonly clients?: Readonly<Record<string, ClientApp>>;
  /** @default - none */
  readonly developerClient?: DeveloperClient;
}

/**
 * Joins the database side to a stack of one's own: the outputs that `register`, `verify` and the other commands read. The stack has the
 * name of an environment file, from which the commands learn how to sign in and to log in.
 * @throws ConfigurationError when the environment is not valid, OutputError naming everything that could not be registered
 */
export function ordsOutput(stack: TerraformStack, environment: EnvironmentInput, declared: Declared): void {
  const name = stack.node.id;
  const parsed = literally(parseEnvironment(name, environment));
  declareOutputs(stack, parsed, { ...declared, registration: registration(name, parsed, declared.domain) });
}

type Registered = Declared & { readonly registration: ToRegister };

/** The same of an environment that is read, and of what is known to be registrable. */
export function declareOutputs(stack: TerraformStack, environment: Environment, declared: Registered): void {
  new TerraformOutput(stack, "ords", { value: contract(environment, declared), staticId: true });
  // The provider does not mark secrets, so the outputs do.
  new TerraformOutput(stack, "client_secret", {
    value: declared.app.clientSecret,
    sensitive: true,
    staticId: true,
  });
  for (const [key, { clientSecret }] of Object.entries(declared.clients ?? {})) {
    // A public client has none, and an output of null is none to Terraform either: cdktf would end on it.
    if (clientSecret === undefined) continue;
    new TerraformOutput(stack, `client_secret_${key}`, { value: clientSecret, sensitive: true, staticId: true });
  }
}

/** The contract with the commands that run after Terraform: what to register, and how to get a token. */
function contract({ app: props, users }: Environment, declared: Registered): OrdsOutput {
  const { registration, domain, app, clients = {}, developerClient } = declared;
  return {
    version: 1,
    ...registration,
    client: {
      clientId: app.clientId,
      domainUrl: domain.url,
      tokenEndpoint: `${domain.url}/oauth2/v1/token`,
      authorizationEndpoint: `${domain.url}/oauth2/v1/authorize`,
      grants: props.grants,
      redirectUris: props.redirectUris,
      scopes: props.scopes.map((scope) => qualifiedScope(app.audience, scope.value)),
    },
    developerClient: developerClient && {
      clientId: developerClient.clientId,
      redirectUris: [...developerClient.redirectUris],
      scopes: developerClient.scopes.map((scope) => qualifiedScope(app.audience, scope)),
      grants: [...developerClient.grants],
    },
    clients:
      Object.keys(clients).length === 0
        ? undefined
        : Object.fromEntries(
            Object.entries(clients).map(([key, client]) => [
              key,
              {
                clientId: client.clientId,
                public: client.isPublic,
                grants: [...client.grants],
                redirectUris: [...client.redirectUris],
                scopes: client.scopes.map((scope) => qualifiedScope(app.audience, scope)),
              },
            ]),
          ),
    users: Object.values(users).map((user) => user.userName),
  };
}
