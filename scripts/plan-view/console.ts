import type { Resource } from "../terraform/plan";
import { membersOf, textOf } from "../terraform/shown-values";

/**
 * The page of a domain or an app in OCI's console; undefined where it does not exist yet, or is not in the commercial realm, whose
 * console alone has this address. Oracle documents no form of these addresses: it is the one that the console itself shows.
 */
export function consolePage(
  { type, before }: Pick<Resource, "type" | "before">,
  resources: readonly Pick<Resource, "type" | "before">[],
  region: string,
): string | undefined {
  const domain =
    type === "oci_identity_domain" ? before : resources.find((each) => each.type === "oci_identity_domain")?.before;
  const app = membersOf(before);
  const id = textOf(membersOf(domain).id) || textOf(app.domain_ocid);
  if (!/^ocid1\.domain\.oc1\.[\w.-]+$/.test(id)) return undefined;
  const home = textOf(membersOf(domain).home_region) || region;
  const page = `https://cloud.oracle.com/identity/domains/${id}`;
  if (type === "oci_identity_domain") return `${page}?region=${encodeURIComponent(home)}`;
  const appId = textOf(app.id);
  if (type !== "oci_identity_domains_app" || !/^[\w-]+$/.test(appId)) return undefined;
  return `${page}/applications/${appId}?region=${encodeURIComponent(home)}`;
}
