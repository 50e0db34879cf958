// Run by Terraform before it deletes an app or a domain: see constructs/deactivation.ts.
import { Oci, ociMessage } from "./oci";

async function main(kind: string | undefined): Promise<string> {
  const oci = new Oci({
    region: variable("OCI_REGION"),
    type: variable("ORDS_JWT_OCI_AUTH"),
    configFileProfile: variable("ORDS_JWT_OCI_PROFILE"),
  });
  if (kind === "app") return oci.deactivateApp(variable("IDCS_ENDPOINT"), variable("APP_ID"));
  if (kind === "domain") return oci.deactivateDomain(variable("DOMAIN_OCID"));
  throw new Error(`expected app or domain (received ${kind})`);
}

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}

main(process.argv[2]).then(console.log, (error: unknown) => {
  console.error(`cannot deactivate ${process.argv[2]}: ${ociMessage(error)}`);
  process.exitCode = 1;
});
