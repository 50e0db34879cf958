import { LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { OciProvider } from "../.gen/providers/oci/provider";
import type { Environment } from "../environments/environment";
import type { OrdsOutput } from "../ords/output";
import { providerVersion } from "../providers/oci/version";
import { ConfidentialApp } from "./confidential-app";
import { AppDeactivation } from "./deactivation";
import { DomainUser } from "./domain-user";
import { IdentityDomain } from "./identity-domain";

/** Issuer of every identity domain that has not been given one of its own, slash included. */
const oracleIssuer = "https://identity.oraclecloud.com/";

/** One environment: an identity domain, a user, a confidential application, and the outputs that `register` reads. */
export class OrdsJwtStack extends TerraformStack {
  constructor(scope: Construct, name: string, environment: Environment) {
    super(scope, name);
    const { region, configFileProfile, app: appProps } = environment;
    new OciProvider(this, "oci", { region, configFileProfile });
    this.addOverride("terraform.required_providers.oci", { source: "oracle/oci", version: providerVersion });
    new LocalBackend(this, { path: `../../../state/${name}.tfstate` });

    const authentication = { region, configFileProfile };
    const domain = new IdentityDomain(this, "Domain", {
      ...environment.domain,
      description: environment.domain.description ?? `ORDS tokens, stack ${name}`,
      compartmentOcid: environment.compartmentOcid,
      homeRegion: region,
      authentication,
    });
    new DomainUser(this, "User", { domain, ...environment.user });
    const app = new ConfidentialApp(this, "App", { domain, ...appProps });
    new AppDeactivation(this, "AppDeactivation", { App: app }, authentication);

    const ords: OrdsOutput = {
      version: 1,
      stack: name,
      schema: environment.database.schema,
      profile: {
        issuer: environment.jwtProfile.issuer ?? oracleIssuer,
        audience: app.audience,
        jwkUrl: domain.jwkUrl,
        description: environment.jwtProfile.description ?? `Tokens of the application ${appProps.displayName}`,
        allowedSkew: environment.jwtProfile.allowedSkewSeconds,
        allowedAge: environment.jwtProfile.allowedAgeSeconds,
      },
      privileges: appProps.scopes.map((scope) => ({
        name: scope.value,
        label: scope.displayName,
        description: scope.description,
        roles: [],
        modules: scope.protects.modules,
        patterns: scope.protects.patterns,
      })),
      client: {
        clientId: app.clientId,
        domainUrl: domain.url,
        tokenEndpoint: `${domain.url}/oauth2/v1/token`,
        grants: appProps.grants,
        scopes: appProps.scopes.map((scope) => app.audience + scope.value),
      },
    };
    new TerraformOutput(this, "ords", { value: ords, staticId: true });
    new TerraformOutput(this, "client_secret", { value: app.clientSecret, sensitive: true, staticId: true });
  }
}
