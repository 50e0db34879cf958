import { stackTag } from "../../config/words";
import type { Oci } from "../oci/client";
import { managedResources, type StateResource } from "./state";
import { terraform } from "./terraform";

/**
 * Prepares a stack for `cdktf destroy` where the hooks alone would not do: after a crash half-way, with tainted resources, whose
 * hooks Terraform skips, and when someone deactivated or deleted a part by hand. Only what the stack made is touched.
 */
export async function sweep(stack: string, oci: Oci, say: (line: string) => void): Promise<void> {
  const resources = await managedResources(stack);
  const domain = resources.find(({ type }) => type === "oci_identity_domain");
  const inside = resources.filter((resource) => resource !== domain);
  if (domain && !(await prepareDomain(stack, domain, inside, oci, say))) return;

  for (const { type, values } of inside) {
    if (type !== "oci_identity_domains_app" || !values.id) continue;
    say(await oci.deactivateApp(String(values.idcs_endpoint), String(values.id)));
  }
  // A deploy that was killed may have made an app that is not in the state; it goes with the domain once it is inactive.
  if (!domain?.values.url) return;
  const url = String(domain.values.url);
  for (const id of await oci.activeApps(url, { key: stackTag, value: stack })) say(await oci.deactivateApp(url, id));
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
