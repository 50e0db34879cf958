// Run by Terraform before it deletes an app or a domain, as the package's `deactivate`: see constructs/deactivation.ts. What was synthesized
// before there was a package runs this file by its path.
import type { Authentication } from "../config/authentication";
import { useProxy } from "../oauth/proxy";
import { Oci, ociMessage } from "./oci/client";
import { hideWarningsOfErrors } from "./oci/sdk-warnings";

const kinds = {
  app: {
    subject: () => `app ${variable("APP_ID")} of ${variable("IDCS_ENDPOINT")}`,
    deactivate: (oci: Oci) => oci.deactivateApp(variable("IDCS_ENDPOINT"), variable("APP_ID")),
  },
  domain: {
    subject: () => `domain ${variable("DOMAIN_OCID")}`,
    deactivate: (oci: Oci) => oci.deactivateDomain(variable("DOMAIN_OCID")),
  },
};

async function main(kind: string | undefined): Promise<string> {
  if (kind !== "app" && kind !== "domain") throw new Error(`expected app or domain (received ${kind})`);
  const { subject, deactivate } = kinds[kind];
  // Oracle's SDK calls fetch.
  useProxy();
  const authentication = {
    region: variable("OCI_REGION"),
    type: variable("ORDS_JWT_OCI_AUTH") as Authentication["type"],
    configFileProfile: variable("ORDS_JWT_OCI_PROFILE"),
  };
  const oci = new Oci(authentication, console.log);
  try {
    return await deactivate(oci);
  } catch (error) {
    throw new Error(`cannot deactivate ${subject()}: ${ociMessage(error)}`);
  }
}

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is not set`);
  return value;
}

hideWarningsOfErrors(console);
main(process.argv.at(-1)).then(console.log, (error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
