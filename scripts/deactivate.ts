// Run by Terraform before it deletes an app or a domain: see constructs/deactivation.ts.
import {
  type AuthenticationDetailsProvider,
  ConfigFileAuthenticationDetailsProvider,
  InstancePrincipalsAuthenticationDetailsProviderBuilder,
  OciError,
  OciSdkDefaultRetryConfiguration,
  ResourcePrincipalAuthenticationDetailsProvider,
  SessionAuthDetailProvider,
} from "oci-common";
import { IdentityClient, models as identity } from "oci-identity";
import { IdentityDomainsClient, models as identityDomains } from "oci-identitydomains";

const { Active, Inactive } = identity.Domain.LifecycleState;

async function main(kind: string | undefined): Promise<string> {
  if (kind === "app") return deactivateApp(variable("APP_ID"), variable("IDCS_ENDPOINT"));
  if (kind === "domain") return deactivateDomain(variable("DOMAIN_OCID"));
  throw new Error(`cannot deactivate "${kind}": expected app or domain`);
}

async function deactivateApp(appId: string, endpoint: string): Promise<string> {
  const client = new IdentityDomainsClient(await signIn(), configuration);
  client.endpoint = endpoint;
  await client.patchApp({
    appId,
    patchOp: {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
      operations: [{ op: identityDomains.Operations.Op.Replace, path: "active", value: [false] }],
    },
  });
  return `app ${appId} is inactive`;
}

async function deactivateDomain(domainId: string): Promise<string> {
  const client = new IdentityClient(await signIn(), configuration);
  const override = identityEndpoint();
  if (override) client.endpoint = override;
  const { domain } = await client.getDomain({ domainId });
  if (domain.lifecycleState === Inactive) return `domain ${domainId} is already inactive`;
  if (domain.lifecycleState !== Active)
    throw new Error(`domain ${domainId} is ${domain.lifecycleState}: try again later`);
  const { opcWorkRequestId } = await client.deactivateDomain({ domainId });
  await client.createWaiters().forIamWorkRequest({ iamWorkRequestId: opcWorkRequestId });
  const { domain: after } = await client.getDomain({ domainId });
  if (after.lifecycleState !== Inactive) {
    throw new Error(
      `domain ${domainId} is ${after.lifecycleState} after work request ${opcWorkRequestId}, expected INACTIVE`,
    );
  }
  return `domain ${domainId} is inactive`;
}

const configuration = { retryConfiguration: OciSdkDefaultRetryConfiguration };

/** Signs in as the provider does. */
async function signIn(): Promise<{ authenticationDetailsProvider: AuthenticationDetailsProvider }> {
  const type = variable("ORDS_JWT_OCI_AUTH");
  const profile = variable("ORDS_JWT_OCI_PROFILE");
  const providers: Record<string, () => AuthenticationDetailsProvider | Promise<AuthenticationDetailsProvider>> = {
    ApiKey: () => new ConfigFileAuthenticationDetailsProvider(undefined, profile),
    SecurityToken: () => new SessionAuthDetailProvider(undefined, profile),
    InstancePrincipal: () => new InstancePrincipalsAuthenticationDetailsProviderBuilder().build(),
    ResourcePrincipal: () => ResourcePrincipalAuthenticationDetailsProvider.builder(),
  };
  const provider = providers[type];
  if (!provider) throw new Error(`unknown authentication "${type}": known are ${Object.keys(providers).join(", ")}`);
  return { authenticationDetailsProvider: await provider() };
}

/** Where the provider is told to find the Identity API, so that the hooks find the same one. */
function identityEndpoint(): string | undefined {
  const entries = (process.env.CLIENT_HOST_OVERRIDES ?? "").split(";").map((entry) => entry.split("="));
  return entries.find(([client]) => client === "oci_identity.IdentityClient")?.[1];
}

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}

main(process.argv[2]).then(
  (done) => console.log(done),
  (error: unknown) => {
    if (error instanceof OciError && error.statusCode === 404) return console.log("already gone");
    const { message } = error as Error;
    console.error(
      `cannot deactivate ${process.argv[2]}: ${error instanceof OciError ? `${error.statusCode} ` : ""}${message}`,
    );
    process.exitCode = 1;
  },
);
