import { Construct } from "constructs";
import { IdentityDomainsUser } from "../.gen/providers/oci/identity-domains-user";
import type { IdentityDomain } from "./identity-domain";

export interface DomainUserProps {
  readonly domain: IdentityDomain;
  /** What the user signs in with; the `sub` of the user's tokens. */
  readonly userName: string;
  readonly givenName: string;
  readonly familyName: string;
  /** Primary email address; the service sends the activation mail to it. */
  readonly workEmail: string;
}

/** A user of the identity domain. No password is set here: the user chooses one through the activation mail. */
export class DomainUser extends Construct {
  readonly userId: string;

  constructor(scope: Construct, id: string, props: DomainUserProps) {
    super(scope, id);
    const user = new IdentityDomainsUser(this, "Resource", {
      idcsEndpoint: props.domain.url,
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
      userName: props.userName,
      name: { givenName: props.givenName, familyName: props.familyName },
      emails: [{ type: "work", value: props.workEmail, primary: true }],
      // A user who is in a group is deleted all the same.
      forceDelete: true,
      // The service appends schemas of its own and a recovery email; neither is ours to undo.
      lifecycle: { ignoreChanges: ["schemas", "emails"] },
    });
    this.userId = user.id;
  }
}
