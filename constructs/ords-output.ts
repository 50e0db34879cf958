import type { Environment } from "../config/environment";
import type { OrdsOutput } from "../ords/output";
import type { ConfidentialApp } from "./confidential-app";
import type { DeveloperClient } from "./developer-client";
import type { IIdentityDomain } from "./identity-domain";

/** Issuer of every identity domain that has not been given one of its own, slash included. */
const oracleIssuer = "https://identity.oraclecloud.com/";

export interface Declared {
  readonly domain: IIdentityDomain;
  readonly app: ConfidentialApp;
  readonly developerClient?: DeveloperClient;
}

/** The contract with the commands that run after Terraform: what to register, and how to get a token. */
export function ordsOutput(stack: string, environment: Environment, declared: Declared): OrdsOutput {
  const { app: props, jwtProfile, database } = environment;
  const { domain, app, developerClient } = declared;
  return {
    version: 1,
    stack,
    schema: database.schema,
    profile: {
      issuer: jwtProfile.issuer ?? oracleIssuer,
      audience: app.audience,
      jwkUrl: domain.jwkUrl,
      description: jwtProfile.description ?? `Tokens of the application ${props.displayName}`,
      allowedSkew: jwtProfile.allowedSkewSeconds,
      allowedAge: jwtProfile.allowedAgeSeconds,
      roleClaim: jwtProfile.roleClaim,
    },
    privileges: props.scopes.map(({ value, displayName, description, roles, modules, patterns }) => ({
      name: value,
      label: displayName,
      description,
      roles,
      modules,
      patterns,
    })),
    client: {
      clientId: app.clientId,
      domainUrl: domain.url,
      tokenEndpoint: `${domain.url}/oauth2/v1/token`,
      authorizationEndpoint: `${domain.url}/oauth2/v1/authorize`,
      grants: props.grants,
      redirectUris: props.redirectUris,
      scopes: props.scopes.map((scope) => app.audience + scope.value),
    },
    developerClient: developerClient && {
      clientId: developerClient.clientId,
      redirectUris: [...developerClient.redirectUris],
      scopes: developerClient.scopes.map((scope) => app.audience + scope),
      grants: [...developerClient.grants],
    },
    users: Object.values(environment.users).map((user) => user.userName),
  };
}
