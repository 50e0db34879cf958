import type { Oci } from "../oci/client";
import { type Orphan, orphansOf, type Whereabouts } from "./orphans";
import { managedResources, type StateResource } from "./state";
import { terraform } from "./terraform";

/**
 * Prepares a stack for `cdktf destroy` where the hooks alone would not do: after a crash half-way, with tainted resources, whose
 * hooks Terraform skips, and when someone deactivated or deleted a part by hand; deletes what the state does not know of. Only what
 * the stack made is touched.
 */
export async function sweep(stack: string, where: Whereabouts, oci: Oci, say: (line: string) => void): Promise<void> {
  const resources = await managedResources(stack);
  const domain = resources.find(({ type }) => type === "oci_identity_domain");
  const inside = resources.filter((resource) => resource !== domain);
  if (domain && !(await prepareDomain(stack, domain, inside, oci, say))) return;

  for (const { type, values } of inside) {
    if (type !== "oci_identity_domains_app" || !values.id) continue;
    say(await oci.deactivateApp(String(values.idcs_endpoint), String(values.id)));
  }
  // A domain comes after what is in it.
  for (const orphan of (await orphansOf(stack, where, oci)).reverse())
    await deleteOrphan(orphan, domain !== undefined, oci, say);
}

/** @param goes whether it goes with its domain, once it is inactive */
async function deleteOrphan(
  { what, collection, id, endpoint }: Orphan,
  goes: boolean,
  oci: Oci,
  say: (line: string) => void,
): Promise<void> {
  if (collection === "Grants") return;
  if (collection === "Domains") {
    if ((await oci.settledState(id)) === "ACTIVE") say(await oci.deactivateDomain(id));
    say(await oci.deleteDomain(id));
    return;
  }
  if (collection === "Apps") say(await oci.deactivateApp(endpoint, id));
  if (goes) return;
  await oci.repeat("DELETE", endpoint, collection, id);
  say(`${what} is deleted, which the state did not know of`);
}

/** @returns whether there may be apps to deactivate in the domain */
async function prepareDomain(
  stack: string,
  { address, tainted, values }: StateResource,
  inside: readonly StateResource[],
  oci: Oci,
  say: (line: string) => void,
): Promise<boolean> {
  const domainId = String(values.id);
  const state = await oci.settledState(domainId);
  if (state === undefined) {
    // Nobody answers any more for what was inside, so Terraform could neither read nor delete it.
    if (inside.length > 0) await terraform(stack, ["state", "rm", ...inside.map((resource) => resource.address)]);
    say(`domain ${domainId} is already gone: forgot ${inside.length} resources that were in it`);
    return false;
  }
  if (tainted) {
    await terraform(stack, ["untaint", address]);
    say(`${address} is no longer tainted, so that its hook will run`);
  }
  if (state !== "INACTIVE") return true;
  if (inside.length === 0) return false;
  // An inactive domain lets nothing inside it be deleted.
  say(await oci.activateDomain(domainId));
  return true;
}
