import { stackTag } from "../../config/words";
import { isMembers, knownAfterApply, leavesOf, type Shown, textOf } from "../terraform/shown-values";

type Members = { readonly [key: string]: Shown };

/** A schema that a SCIM resource names: the provider asks for them, and the service appends its own. */
const scimSchema = /^"urn:ietf:params:scim:schemas:[\w:.]+"$/;

/** What every resource is made with. */
const always = { force_delete: true, attribute_sets: ["all"] };

/**
 * What is always the same and what is at its documented default, by type of resource. Only these values are left out, and only where
 * a thing is made: any other value, any attribute that is not listed and every change is shown.
 */
export const boilerplate: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  oci_identity_domain: { license_type: "free", is_hidden_on_login: false },
  oci_identity_domains_setting: { setting_id: "Settings", csr_access: "none" },
  oci_identity_domains_app: {
    access_token_expiry: 3600,
    active: true,
    allow_offline: false,
    bypass_consent: false,
    is_oauth_client: true,
    refresh_token_expiry: 604_800,
    show_in_my_apps: false,
    trust_scope: "Explicit",
  },
};

/** What is in the title of a thing that is made. */
const inTitle: readonly string[] = ["display_name", "user_name", "home_region"];

/** The template says no more than the type of the client, which is in the title. */
const templates: Readonly<Record<string, string>> = {
  confidential: "CustomWebAppTemplateId",
  public: "CustomBrowserMobileTemplateId",
};

/** What only the service computes, and that nobody reads: that it becomes unknown says nothing. */
export const computedByService: readonly string[] = [
  "compartment_ocid",
  "composite_key",
  "delete_in_progress",
  "domain_ocid",
  "editable_attributes",
  "grantor",
  "home_region_url",
  "id",
  "idcs_created_by",
  "idcs_last_modified_by",
  "idcs_last_upgraded_in_release",
  "idcs_prevented_operations",
  "is_fulfilled",
  "lifecycle_details",
  "meta",
  "ocid",
  "replica_regions",
  "tenancy_ocid",
  "time_created",
];

/** What gives rights, or is used elsewhere: that it becomes unknown is always told. */
export const relevant: readonly string[] = [
  "all_url_schemes_allowed",
  "allow_access_control",
  "allow_offline",
  "allowed_grants",
  "allowed_operations",
  "allowed_scopes",
  "audience",
  "bypass_consent",
  "certificates",
  "client_secret",
  "client_type",
  "delegated_service_names",
  "issuer",
  "name",
  "post_logout_redirect_uris",
  "redirect_uris",
  "scopes",
  "secondary_audiences",
  "signing_cert_public_access",
  "trust_policies",
  "trust_scope",
  "url",
];

/** A state without what no one decides on, and how many values that were. */
export interface Unfolded {
  readonly rest: Members;
  readonly folded: number;
}

/** Leaves out of a thing that is made what no one decides on. */
export function withoutBoilerplate(type: string, stack: string, values: Members): Unfolded {
  const known: Readonly<Record<string, unknown>> = { ...always, ...boilerplate[type] };
  const rest: Record<string, Shown> = {};
  let folded = 0;
  for (const [name, value] of Object.entries(values)) {
    if (inTitle.includes(name)) continue;
    if (isSame(value, known[name]) || isUsual(type, name, values)) folded += count(value);
    else rest[name] = value;
  }
  const [untagged, tags] = withoutOurTag(rest, stack);
  const [remaining, parts] = withoutUsualParts(type, untagged);
  return { rest: remaining, folded: folded + tags + parts };
}

/** What follows from other attributes. */
function isUsual(type: string, name: string, values: Members): boolean {
  const value = values[name]!;
  if (name === "schemas") return Array.isArray(value) && value.every((each) => scimSchema.test(String(each)));
  // The domain is the stack's own, or stands in the title.
  if (name === "idcs_endpoint") return value === knownAfterApply;
  if (type === "oci_identity_domains_user" && name === "name") return isNameOfPerson(value);
  if (type === "oci_identity_domains_user" && name === "emails") return isOnlyMail(value, textOf(values.user_name));
  if (type === "oci_identity_domains_grant") return isUsualOfGrant(name, value);
  if (type !== "oci_identity_domains_app") return false;
  const client = textOf(values.client_type);
  if (name === "client_type") return client in templates;
  if (name === "is_oauth_resource") return value === "true";
  if (name === "based_on_template") return isSame(value, [{ value: templates[client] }]);
  if (name === "allowed_scopes") return isSame(value, ownScopes(values));
  return false;
}

/** As it stands in the title. */
function isNameOfPerson(value: Shown): boolean {
  const known = [...leavesOf(value)].filter(([, leaf]) => leaf !== knownAfterApply);
  return known.every(([path]) => /^\[0\]\.(given|family)_name$/.test(path));
}

/** The same address as in the title, for work and for recovery. */
function isOnlyMail(value: Shown, userName: string): boolean {
  const isUsual = (mail: Shown) =>
    isMembers(mail) && textOf(mail.value) === userName && /^(work|recovery)$/.test(textOf(mail.type));
  return Array.isArray(value) && value.every(isUsual);
}

/** Who may use which app is in the title. */
function isUsualOfGrant(name: string, value: Shown): boolean {
  if (name === "grant_mechanism") return /^"ADMINISTRATOR_TO_(USER|GROUP)"$/.test(String(value));
  return name === "app" || name === "grantee";
}

/** An API's app may ask for all scopes of its own. */
function ownScopes({ audience, scopes }: Members): unknown {
  if (typeof audience !== "string" || !Array.isArray(scopes)) return undefined;
  return scopes.map((scope: Members) => ({ fqs: textOf(audience) + textOf(scope.value) }));
}

/** The tag by which the tool knows its own, in either of its two forms. */
function withoutOurTag(values: Members, stack: string): [Members, number] {
  const rest = { ...values };
  let folded = 0;
  const { freeform_tags: tags } = values;
  if (isMembers(tags) && isSame(tags[stackTag], stack)) {
    const { [stackTag]: _ours, ...others } = tags;
    rest.freeform_tags = others;
    folded++;
  }
  const extension = "urnietfparamsscimschemasoracleidcsextension_oci_tags";
  const [block] = Array.isArray(values[extension]) ? values[extension] : [];
  if (isMembers(block) && Array.isArray(block.freeform_tags)) {
    const others = block.freeform_tags.filter((tag: Shown) => !isSame(tag, { key: stackTag, value: stack }));
    folded += block.freeform_tags.length - others.length;
    // Under a name that people know.
    const { freeform_tags: _tags, ...more } = block;
    delete rest[extension];
    if (others.length > 0) rest.freeform_tags = others;
    if ([...leavesOf(more).values()].some((each) => each !== knownAfterApply)) rest[extension] = [more];
  }
  return [rest, folded];
}

/** What the members of blocks always are, by type and block; which mail is the primary one follows from its own type. */
const usualParts: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>> = {
  oci_identity_domains_app: { scopes: { requires_consent: false } },
  oci_identity_domains_group: { members: { type: "User" } },
  oci_identity_domains_user: { emails: { primary: undefined } },
};

/** Members of blocks that are at their defaults. */
function withoutUsualParts(type: string, values: Members): [Members, number] {
  const usual = usualParts[type] ?? {};
  let folded = 0;
  const rest = Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, Shown] => {
      const parts = usual[name];
      if (!parts || !Array.isArray(value)) return [name, value];
      const blocks = value.map((block: Shown) => {
        if (!isMembers(block)) return block;
        const kept = Object.entries(block).filter(([key, part]) => !isPart(block, key, part, parts));
        folded += Object.keys(block).length - kept.length;
        return Object.fromEntries(kept);
      });
      return [name, blocks];
    }),
  );
  return [rest, folded];
}

function isPart(block: Members, key: string, part: Shown, parts: Readonly<Record<string, unknown>>): boolean {
  if (key === "primary" && key in parts) return isSame(part, textOf(block.type) === "work");
  return key in parts && isSame(part, parts[key]);
}

function isSame(value: Shown | undefined, expected: unknown): boolean {
  if (expected === undefined || value === undefined) return false;
  if (typeof value === "string") return value === JSON.stringify(expected);
  if (Array.isArray(value) !== Array.isArray(expected) || typeof expected !== "object" || expected === null)
    return false;
  // What is not known yet is computed by the service.
  const members = Object.entries(value).filter(([, member]) => member !== knownAfterApply);
  return (
    members.length === Object.keys(expected).length &&
    members.every(([key, member]) => isSame(member as Shown, (expected as Record<string, unknown>)[key]))
  );
}

function count(value: Shown): number {
  return typeof value === "string"
    ? 1
    : Object.values(value).reduce((sum: number, each) => sum + count(each as Shown), 0);
}
