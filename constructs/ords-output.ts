import { Token } from "cdktf";
import type { Environment } from "../config/environment";
import { type OrdsOutput, requireRegistrable } from "../ords/output";
import { oracleIssuer } from "../ords/rules";
import { qualifiedScope } from "../ords/scope";
import type { ClientApp } from "./client-app";
import type { ConfidentialApp } from "./confidential-app";
import type { DeveloperClient } from "./developer-client";
import type { IIdentityDomain } from "./identity-domain";

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

export interface Declared {
  readonly registration: ToRegister;
  readonly domain: IIdentityDomain;
  readonly app: ConfidentialApp;
  readonly clients: Readonly<Record<string, ClientApp>>;
  readonly developerClient?: DeveloperClient;
}

/** The contract with the commands that run after Terraform: what to register, and how to get a token. */
export function ordsOutput({ app: props, users }: Environment, declared: Declared): OrdsOutput {
  const { registration, domain, app, clients, developerClient } = declared;
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
