import {
  dataOciIdentityDomain,
  dataOciIdentityDomainsSetting,
  identityDomain,
  identityDomainsSetting,
} from "@cdktf/provider-oci";
import { TerraformSelf } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { Authentication } from "../config/authentication";
import type { LicenseType } from "../config/words";
import { jwkPath } from "../ords/rules";
import { deactivateOnDestroy } from "./deactivation";
import { requireDisplayName, requireLicenseType } from "./rules";
import type { Tags } from "./tags";

const settingsSchema = "urn:ietf:params:scim:schemas:oracle:idcs:Settings";

/** A domain, whether the stack made it or found it. */
export interface IIdentityDomain extends IConstruct {
  /** Endpoint of all that belongs to the domain: `https://HOST:443`, no path. */
  readonly url: string;
  /** Where the keys are that sign the domain's tokens. */
  readonly jwkUrl: string;
}

/** Who administers a new domain. */
export interface AdminContact {
  readonly userName: string;
  readonly email: string;
  readonly lastName: string;
  /** @default - none */
  readonly firstName?: string;
  /** Whether the administrator gets a mail. @default true */
  readonly notify?: boolean;
}

export interface IdentityDomainProps {
  /** Compartment that holds the domain. */
  readonly compartmentOcid: string;
  /** Must be unique in the tenancy. At most 100 characters. */
  readonly displayName: string;
  readonly description: string;
  /** Home region of the tenancy. A change replaces the domain. */
  readonly homeRegion: string;
  /** `free`, `oracle-apps-premium`, `premium` or `external-user`. @default "free" */
  readonly licenseType?: LicenseType;
  /** Takes effect when the domain is made; a later change has none. @default - nobody but who makes the domain */
  readonly adminContact?: AdminContact;
  /** Keeps the domain off the list on the sign-in page. @default false */
  readonly isHiddenOnLogin?: boolean;
  /** @default - none */
  readonly freeformTags?: Tags;
  /** Makes Terraform refuse to destroy or replace the domain. @default false */
  readonly protected?: boolean;
  /** How the hook that deactivates the domain on destroy signs in: the region, and `authentication` of an environment file. */
  readonly authentication: Authentication;
  /** Import ids of a domain that exists and of its settings, which are taken over. @default - the domain is made */
  readonly importFrom?: { readonly domain: string; readonly settings: string };
}

/** An identity domain whose signing certificate is public, so that ORDS can verify its tokens. */
export class IdentityDomain extends Construct implements IIdentityDomain {
  /**
   * A domain that exists, found by its OCID. It is read and never changed: a plan fails if its signing certificate is not
   * public, and says how to make it so.
   */
  static fromDomainOcid(scope: Construct, id: string, domainOcid: string): IIdentityDomain {
    return new ImportedDomain(scope, id, (imported) => {
      return new dataOciIdentityDomain.DataOciIdentityDomain(imported, "Resource", { domainId: domainOcid }).url;
    });
  }

  /** A domain that exists, by its URL as the console shows it: `https://idcs-....identity.oraclecloud.com:443`. */
  static fromDomainUrl(scope: Construct, id: string, domainUrl: string): IIdentityDomain {
    return new ImportedDomain(scope, id, () => domainUrl.replace(/\/$/, ""));
  }

  readonly domainOcid: string;
  readonly url: string;
  readonly jwkUrl: string;

  constructor(scope: Construct, id: string, props: IdentityDomainProps) {
    super(scope, id);
    requireDisplayName("the identity domain", props.displayName);
    requireLicenseType(props.licenseType ?? "free");
    const domain = new identityDomain.IdentityDomain(this, "Resource", {
      compartmentId: props.compartmentOcid,
      displayName: props.displayName,
      description: props.description,
      homeRegion: props.homeRegion,
      licenseType: props.licenseType ?? "free",
      ...admin(props.adminContact),
      isHiddenOnLogin: props.isHiddenOnLogin ?? false,
      freeformTags: props.freeformTags,
      lifecycle: lifecycle(props),
      // On the domain itself, since its own hook runs after everything inside the domain is gone.
      provisioners: [
        deactivateOnDestroy("domain", { DOMAIN_OCID: TerraformSelf.getString("id") }, props.authentication),
      ],
    });
    if (props.importFrom) domain.importFrom(props.importFrom.domain);
    this.domainOcid = domain.id;
    this.url = domain.url;
    this.jwkUrl = jwkUrl(domain.url);

    const setting = new identityDomainsSetting.IdentityDomainsSetting(this, "Setting", {
      idcsEndpoint: domain.url,
      settingId: "Settings",
      schemas: [settingsSchema],
      csrAccess: "none",
      signingCertPublicAccess: true,
      lifecycle: {
        ignoreChanges: [
          // The provider never reads it back, and a change of it replaces: an imported setting would be.
          "setting_id",
          // The provider asks for it, but it is not ours to decide: an imported domain keeps what it has.
          "csr_access",
          // The service appends schemas of its own.
          "schemas",
        ],
      },
    });
    if (props.importFrom) setting.importFrom(props.importFrom.settings);
  }
}

/** All or nothing: with any of them set, the service asks for the others. */
function admin(contact: AdminContact | undefined) {
  return (
    contact && {
      adminUserName: contact.userName,
      adminEmail: contact.email,
      adminFirstName: contact.firstName,
      adminLastName: contact.lastName,
      isNotificationBypassed: !(contact.notify ?? true),
    }
  );
}

function lifecycle({ adminContact, protected: isProtected }: IdentityDomainProps) {
  if (!adminContact && !isProtected) return undefined;
  return {
    // Sent once and never returned, and a change of it replaces the domain: an imported one would be lost.
    ignoreChanges: adminContact && [
      "admin_user_name",
      "admin_email",
      "admin_first_name",
      "admin_last_name",
      "is_notification_bypassed",
    ],
    preventDestroy: isProtected || undefined,
  };
}

class ImportedDomain extends Construct implements IIdentityDomain {
  readonly url: string;
  readonly jwkUrl: string;

  constructor(scope: Construct, id: string, findUrl: (imported: Construct) => string) {
    super(scope, id);
    this.url = findUrl(this);
    this.jwkUrl = jwkUrl(this.url);
    const setting = new dataOciIdentityDomainsSetting.DataOciIdentityDomainsSetting(this, "Setting", {
      idcsEndpoint: this.url,
      settingId: "Settings",
    });
    setting.lifecycle = {
      postcondition: [
        {
          condition: `\${self.signing_cert_public_access}`,
          errorMessage: `the signing certificate of this domain is not public, so ORDS cannot verify its tokens; whoever administers the domain can make it public with:\n\n${publishCertificate(this.url)}\n`,
        },
      ],
    };
  }
}

/** Indented, since Terraform breaks other lines where it likes, and this one is to be copied. */
function publishCertificate(url: string): string {
  return `  oci identity-domains setting patch --endpoint ${url} --setting-id Settings --schemas '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]' --operations '[{"op":"replace","path":"signingCertPublicAccess","value":true}]'`;
}

function jwkUrl(url: string): string {
  return url + jwkPath;
}
