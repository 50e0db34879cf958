import { DataResource, TerraformRemoteState } from "cdktf";
import { Construct } from "constructs";
import { jwkPath } from "../ords/rules";
import type { Backend } from "./backend";
import type { IIdentityDomain } from "./identity-domain";

/** Which environment makes the domain, and where its state is. */
export interface DomainOwner {
  readonly environment: string;
  readonly backend: Backend;
}

/**
 * The domain that another stack of the project makes: its URL is read from the output `ords` in that one's state, in whatever backend.
 *
 * Terraform fails on a state that is not there yet. So the workspace to read comes from a resource of this stack: the first plan does not
 * know it, and leaves the reading to the apply. The commands, which look whether the other is deployed, say so in an override file.
 */
export class SharedDomain extends Construct implements IIdentityDomain {
  readonly url: string;
  readonly jwkUrl: string;

  constructor(scope: Construct, id: string, { environment, backend }: DomainOwner) {
    super(scope, id);
    const workspace = new DataResource(this, "Workspace");
    // The typed input is wrapped in an object.
    workspace.addOverride("input", "default");
    workspace.overrideLogicalId("domain_owner");
    const state = new OwnerState(this, "Owner", backend.type, { workspace: workspace.output as unknown as string });
    state.overrideLogicalId("domain_owner");
    // As they are: cdktf would change the case of names.
    state.addOverride("config", backend.attributes);
    state.addOverride("lifecycle", {
      postcondition: [
        {
          condition: "${can(self.outputs.ords.client.domainUrl)}",
          error_message: `environment ${environment}, whose domain is shared, is not deployed: run npx ords-jwt deploy ${environment} first`,
        },
      ],
    });
    this.url = state.getString("ords.client.domainUrl");
    this.jwkUrl = this.url + jwkPath;
  }
}

/** Of any backend: cdktf has a class for each that it knows. */
class OwnerState extends TerraformRemoteState {}
