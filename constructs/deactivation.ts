import { DataResource, type LocalExecProvisioner, TerraformSelf } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { Authentication } from "../config/authentication";

/** An app to be deactivated before it is deleted. */
export interface DeactivatedApp extends IConstruct {
  readonly appId: string;
  readonly idcsEndpoint: string;
}

/**
 * A provisioner that deactivates a thing before Terraform deletes it: OCI refuses to delete what is active, and the provider
 * sends nothing but the delete. How it signs in stands in it as literals, because a destroy-time provisioner can refer only to itself.
 *
 * @see https://github.com/oracle/terraform-provider-oci/issues/1781
 * @see https://github.com/oracle/terraform-provider-oci/issues/2507
 */
export function deactivateOnDestroy(
  kind: "app" | "domain",
  environment: Record<string, string>,
  authentication: Authentication,
): LocalExecProvisioner {
  return {
    type: "local-exec",
    when: "destroy",
    // Found by name from cdktf.out/stacks/NAME, where Terraform runs, wherever npm put the package: the same JSON in every folder.
    command: `node -e "require('ords-jwt/deactivate')" ${kind}`,
    environment: {
      ...environment,
      OCI_REGION: authentication.region,
      ORDS_JWT_OCI_AUTH: authentication.type ?? "ApiKey",
      ORDS_JWT_OCI_PROFILE: authentication.configFileProfile ?? "DEFAULT",
    },
  };
}

/**
 * Deactivates the apps of a stack before they are deleted, be it on destroy, on replacement, or because one left the
 * configuration.
 *
 * One resource for all apps, keyed by the id of their construct: a hook of an app's own would leave the configuration together with it and never run.
 * It is replaced, and so its hook runs, only when an app's id or endpoint changes; hence nothing else may be among the triggers.
 */
export class AppDeactivation extends Construct {
  constructor(scope: Construct, id: string, apps: readonly DeactivatedApp[], authentication: Authentication) {
    super(scope, id);
    const hook = new DataResource(this, "Resource", {
      provisioners: [
        deactivateOnDestroy(
          "app",
          {
            APP_ID: TerraformSelf.getString("triggers_replace.id"),
            IDCS_ENDPOINT: TerraformSelf.getString("triggers_replace.endpoint"),
          },
          authentication,
        ),
      ],
    });
    // The typed forEach wraps its items in a list or a set; a map keyed by app is wanted, for addresses that stay.
    hook.addOverride(
      "for_each",
      Object.fromEntries(apps.map((app) => [app.node.id, { id: app.appId, endpoint: app.idcsEndpoint }])),
    );
    hook.addOverride("triggers_replace", { id: "${each.value.id}", endpoint: "${each.value.endpoint}" });
  }
}
