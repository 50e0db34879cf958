import { TerraformSelf } from "cdktf";
import { Construct } from "constructs";
import { IdentityDomain as IdentityDomainResource } from "../.gen/providers/oci/identity-domain";
import { IdentityDomainsSetting } from "../.gen/providers/oci/identity-domains-setting";
import { deactivateOnDestroy, type HookAuthentication } from "./deactivation";

export interface IdentityDomainProps {
  /** Compartment that holds the domain. */
  readonly compartmentOcid: string;
  /** Must be unique in the tenancy. */
  readonly displayName: string;
  readonly description: string;
  /** Home region of the tenancy. A change replaces the domain. */
  readonly homeRegion: string;
  /** `free`, `oracle-apps-premium`, `premium` or `external-user`. @default "free" */
  readonly licenseType?: string;
  /** How the hook that deactivates the domain on destroy signs in. */
  readonly authentication: HookAuthentication;
}

/** An identity domain whose signing certificate is public, so that ORDS can verify its tokens. */
export class IdentityDomain extends Construct {
  readonly domainOcid: string;
  /** Endpoint of all that belongs to the domain: `https://HOST:443`, no path. */
  readonly url: string;
  /** Where the keys are that sign tokens. Public once the setting is applied. */
  readonly jwkUrl: string;

  constructor(scope: Construct, id: string, props: IdentityDomainProps) {
    super(scope, id);
    const domain = new IdentityDomainResource(this, "Resource", {
      compartmentId: props.compartmentOcid,
      displayName: props.displayName,
      description: props.description,
      homeRegion: props.homeRegion,
      licenseType: props.licenseType ?? "free",
      // On the domain itself, since its own hook runs after everything inside the domain is gone.
      provisioners: [
        deactivateOnDestroy("domain", { DOMAIN_OCID: TerraformSelf.getString("id") }, props.authentication),
      ],
    });
    this.domainOcid = domain.id;
    this.url = domain.url;
    this.jwkUrl = `${domain.url}/admin/v1/SigningCert/jwk`;

    new IdentityDomainsSetting(this, "Setting", {
      idcsEndpoint: domain.url,
      settingId: "Settings",
      schemas: ["urn:ietf:params:scim:schemas:oracle:idcs:Settings"],
      csrAccess: "none",
      signingCertPublicAccess: true,
    });
  }
}
