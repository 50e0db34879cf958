import { identityDomainsUser } from "@cdktf/provider-oci";
import { Construct, type IConstruct } from "constructs";
import type { IIdentityDomain } from "./identity-domain";
import { schemasWithTags, type Tags } from "./tags";

/** Who an app can be granted to. */
export interface IGrantee extends IConstruct {
  readonly granteeType: "User" | "Group";
  readonly granteeId: string;
}

/** A user, whether the stack made it or found it. */
export interface IDomainUser extends IGrantee {
  readonly userId: string;
}

export interface DomainUserProps {
  readonly domain: IIdentityDomain;
  /** What the user signs in with; the `sub` of the user's tokens. */
  readonly userName: string;
  readonly givenName: string;
  readonly familyName: string;
  /** Primary email address; the service sends the activation mail to it. */
  readonly workEmail: string;
  /** Where a forgotten password is sent. @default - the work email, as the service does by itself */
  readonly recoveryEmail?: string;
  /** Whether the service mails an activation link when the user is made; later changes have no effect. @default true */
  readonly activationMail?: boolean;
  /** @default - none */
  readonly tags?: Tags;
  /** Import id of a user who exists and is taken over. @default - the user is made */
  readonly importFrom?: string;
}

/** A user of the identity domain. No password is set here: the user chooses one through the activation mail. */
export class DomainUser extends Construct implements IDomainUser {
  /** A user that exists, by its id in the domain (not its OCID); nothing about it is changed. */
  static fromUserId(scope: Construct, id: string, userId: string): IDomainUser {
    return new ImportedUser(scope, id, userId);
  }

  readonly userId: string;
  readonly granteeType = "User";

  constructor(scope: Construct, id: string, props: DomainUserProps) {
    super(scope, id);
    const bypassesMail = props.activationMail === false;
    const user = new identityDomainsUser.IdentityDomainsUser(this, "Resource", {
      idcsEndpoint: props.domain.url,
      ...schemasWithTags("urn:ietf:params:scim:schemas:core:2.0:User", props.tags),
      userName: props.userName,
      name: { givenName: props.givenName, familyName: props.familyName },
      emails: [
        { type: "work", value: props.workEmail, primary: true },
        // Declared because the service adds one: left out, every plan would take it away again.
        { type: "recovery", value: props.recoveryEmail ?? props.workEmail, primary: false },
      ],
      urnietfparamsscimschemasoracleidcsextensionuserUser: bypassesMail ? { bypassNotification: true } : undefined,
      // A user who is in a group is deleted all the same.
      forceDelete: true,
      lifecycle: {
        ignoreChanges: [
          // The service appends schemas of its own.
          "schemas",
          // Sent once and never returned, so that every plan would want to send it again.
          ...(bypassesMail ? ["urnietfparamsscimschemasoracleidcsextensionuser_user"] : []),
        ],
      },
    });
    if (props.importFrom !== undefined) user.importFrom(props.importFrom);
    this.userId = user.id;
  }

  get granteeId(): string {
    return this.userId;
  }
}

class ImportedUser extends Construct implements IDomainUser {
  readonly granteeType = "User";
  readonly granteeId: string;

  constructor(
    scope: Construct,
    id: string,
    readonly userId: string,
  ) {
    super(scope, id);
    this.granteeId = userId;
  }
}
