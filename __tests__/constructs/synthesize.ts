import { TerraformStack, Testing } from "cdktf";
import { ConfidentialApp, type ConfidentialAppProps } from "../../constructs/confidential-app";
import { IdentityDomain } from "../../constructs/identity-domain";

/** A stack to put constructs into, with a domain that exists. */
export function emptyStack() {
  const stack = new TerraformStack(Testing.app(), "test");
  const domain = IdentityDomain.fromDomainUrl(stack, "Domain", "https://idcs-1.identity.oraclecloud.com:443");
  return { stack, domain };
}

export const helloScope = { value: "hello.read", displayName: "Read greetings" };

/** An API app; a test names only what it is about. */
export function apiApp(props: Partial<ConfidentialAppProps> = {}) {
  const { stack, domain } = emptyStack();
  const app = new ConfidentialApp(stack, "App", {
    domain,
    displayName: "hello-api",
    audience: "https://hello.example.com/",
    scopes: [helloScope],
    grants: ["client_credentials"],
    ...props,
  });
  return { stack, domain, app };
}

/** The resources of a stack by type, as Terraform gets them. */
export function resources(stack: TerraformStack): Record<string, Record<string, Record<string, unknown>>> {
  return JSON.parse(Testing.synth(stack)).resource ?? {};
}

/** The one resource of that type. */
export function onlyResource(stack: TerraformStack, type: string): Record<string, unknown> {
  const all = Object.values(resources(stack)[type] ?? {});
  if (all.length !== 1) throw new Error(`expected one ${type}, got ${all.length}`);
  return all[0] ?? {};
}
