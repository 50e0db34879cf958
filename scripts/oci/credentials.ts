import type { Environment } from "../../config/environment";
import { stackTag } from "../../config/words";
import { OutsideError } from "../terminal/failure";
import type { Terminal } from "../terminal/terminal";
import { ociMessage, ociOf } from "./client";

/**
 * Signs in and reads the least that a deploy must be allowed to: the compartment that the domain is to be made in, or the domain
 * that is there.
 * @returns what was read, in words
 * @throws OutsideError
 */
export async function checkCredentials(name: string, target: Environment, terminal: Terminal): Promise<string> {
  const { domain, existingDomain } = target;
  const oci = ociOf(target, terminal);
  try {
    await oci.signIn();
    if (domain) {
      await oci.domainStateByUrl(domain.compartmentOcid, "https://none");
      return `domains of compartment ${domain.compartmentOcid}`;
    }
    const { domainOcid, environment } = existingDomain ?? {};
    // It may not be there yet, and nothing is deployed without it.
    if (environment) return `nothing yet of the domain of environment ${environment}; signed in`;
    const url = existingDomain?.domainUrl ?? (domainOcid && (await oci.domainUrl(domainOcid)));
    if (!url) throw new Error(`there is no domain ${domainOcid}`);
    await oci.tagged(url, "Apps", { key: stackTag, value: name });
    return `apps of domain ${url}`;
  } catch (error) {
    const needed = domain && ({ verb: "manage", compartmentOcid: domain.compartmentOcid } as const);
    throw new OutsideError(`cannot sign in to OCI: ${ociMessage(error, needed)}`);
  }
}
