import { identityDomainsGroup } from "@cdktf/provider-oci";
import { Construct } from "constructs";
import type { IDomainUser, IGrantee } from "./domain-user";
import type { IIdentityDomain } from "./identity-domain";
import { requireDisplayName } from "./rules";
import { schemasWithTags, type Tags } from "./tags";

export interface DomainGroupProps {
  readonly domain: IIdentityDomain;
  /** At most 100 characters. */
  readonly displayName: string;
  /** The group's members, all of them: who is not named is removed. @default [] */
  readonly members?: readonly IDomainUser[];
  /** @default - none */
  readonly tags?: Tags;
  /** Import id of a group that exists and is taken over. @default - the group is made */
  readonly importFrom?: string;
}

/** A group of the identity domain and its members. */
export class DomainGroup extends Construct implements IGrantee {
  /** A group that exists, by its id in the domain (not its OCID); neither it nor its members are changed. */
  static fromGroupId(scope: Construct, id: string, groupId: string): IGrantee {
    return new ImportedGroup(scope, id, groupId);
  }

  readonly groupId: string;
  readonly granteeType = "Group";

  constructor(scope: Construct, id: string, props: DomainGroupProps) {
    super(scope, id);
    requireDisplayName("the group", props.displayName);
    const group = new identityDomainsGroup.IdentityDomainsGroup(this, "Resource", {
      idcsEndpoint: props.domain.url,
      ...schemasWithTags("urn:ietf:params:scim:schemas:core:2.0:Group", props.tags),
      displayName: props.displayName,
      members: props.members?.map((user) => ({ type: "User", value: user.userId })),
      // Members are left out of an answer unless they are asked for.
      attributeSets: ["all"],
      // A group that has members or grants is deleted all the same.
      forceDelete: true,
      // The service appends schemas of its own.
      lifecycle: { ignoreChanges: ["schemas"] },
    });
    if (props.importFrom !== undefined) group.importFrom(props.importFrom);
    this.groupId = group.id;
  }

  get granteeId(): string {
    return this.groupId;
  }
}

class ImportedGroup extends Construct implements IGrantee {
  readonly granteeType = "Group";

  constructor(
    scope: Construct,
    id: string,
    readonly granteeId: string,
  ) {
    super(scope, id);
  }
}
