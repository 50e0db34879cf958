import type { Blocker } from "../../ords/plan/refusals";
import type { Resource, ResourceChange, TerraformPlan } from "../terraform/plan";
import { inside, knownAfterApply, membersOf, type Shown, textOf } from "../terraform/shown-values";
import { linesBetween } from "./attributes";
import { consolePage } from "./console";
import { computedByService, relevant, withoutBoilerplate } from "./folded";
import { withMeaning } from "./meanings";
import type { GroupTitle, Item, Line, Link, Mark } from "./view";

type Members = { readonly [key: string]: Shown };

/** Things of OCI by the group that they belong to, and how much of them is left out. */
export interface OciView {
  readonly items: readonly { readonly group: GroupTitle; readonly item: Item }[];
  readonly notes: readonly string[];
  /** Pages of the domain and of the apps that exist. */
  readonly links: readonly Link[];
  readonly folded: { readonly attributes: number; readonly inStateAlone: number };
}

export interface OciOptions {
  readonly stack: string;
  /** Home region of the domain, for its pages in the console. */
  readonly region: string;
  /** Leave nothing out. */
  readonly verbose: boolean;
}

export function viewOfOci(plan: TerraformPlan, { stack, region, verbose }: OciOptions): OciView {
  const names = new Names(plan.resources);
  const titles = plan.resources.map((each) => names.titleOf(each));
  const isAlone = (title: string) => titles.filter((each) => each === title).length === 1;
  const drifted = new Map(plan.drift.map((resource) => [resource.address, resource]));
  const pages = new Map(plan.resources.map((each) => [each.address, consolePage(each, plan.resources, region)]));
  const links = plan.resources.flatMap((each): Link[] => {
    const url = pages.get(each.address);
    return url && groupOf(each) !== "Clients" ? [{ what: names.titleOf(each), url }] : [];
  });
  const isMoved = plan.changes.some(({ type, action }) => type === "oci_identity_domain" && action === "replace");
  const isOfDomain = ({ name, added, forces }: Line) =>
    isMoved && forces === true && name === "idcs_endpoint" && added.every((each) => each === knownAfterApply);
  let attributes = 0;
  const isFolded = (change: ResourceChange) =>
    isInStateAlone(change) && !verbose && !plan.changes.every(isInStateAlone);
  const items = plan.changes
    .filter((change) => !isFolded(change))
    .map((change) => {
      const { lines, folded } = linesOf(change, stack, names, verbose);
      attributes += folded;
      const title = names.titleOf(change);
      const item: Item = {
        action: change.action,
        title,
        ...(verbose || !isAlone(title) ? { address: change.address } : {}),
        url: pages.get(change.address),
        marks: marksOf(change),
        remarks: [
          ...(lines.some(isOfDomain) ? ["made anew with its domain"] : []),
          ...remarksOf(change, drifted.get(change.address)),
        ],
        lines: lines.filter((line) => verbose || !isOfDomain(line)).map(withMeaning),
      };
      return { group: groupOf(change), item };
    });
  const changed = new Set(plan.changes.map(({ address }) => address));
  const notes = plan.drift
    .filter(({ address }) => !changed.has(address))
    .flatMap((resource) => {
      const lines = visible(driftOf(resource));
      return lines.length === 0
        ? []
        : [`somebody else changed ${names.titleOf(resource)}, and it stays so: ${lines.map(inWords).join("; ")}`];
    });
  return { items, notes, links, folded: { attributes, inStateAlone: plan.changes.filter(isFolded).length } };
}

/** Domains and apps that lose client id and secret by an action. */
export function lost({ changes }: Pick<TerraformPlan, "changes">, action: "replace" | "delete"): ResourceChange[] {
  return changes.filter((change) => change.action === action && /^oci_identity_domain(s_app)?$/.test(change.type));
}

/** What must not be lost unless it is asked for: client id and secret, users and tokens are gone with what is replaced or deleted. */
export function lossesIn(plan: TerraformPlan): Blocker[] {
  const names = new Names(plan.resources);
  const titles = (changes: readonly Resource[]) => changes.map((change) => names.nameOf(change)).join(", ");
  const [replaced, deleted] = [lost(plan, "replace"), lost(plan, "delete")];
  const isForced = replaced.some(({ forcedBy }) => forcedBy.length > 0);
  const flag = "--allow-replace";
  const replaces: Blocker = {
    what: `REPLACES ${titles(replaced)}: clients lose their id and secret, and get no tokens until they have the new ones`,
    ...(isForced ? { avoid: "undo the changes marked (this is why)" } : {}),
    flag,
  };
  const deletes: Blocker = {
    what: `DELETES ${titles(deleted)}: clients lose their id and secret, and get no more tokens`,
    avoid: "put it back into the environment file",
    flag,
  };
  return [...(replaced.length > 0 ? [replaces] : []), ...(deleted.length > 0 ? [deletes] : [])];
}

function linesOf(change: ResourceChange, stack: string, names: Names, verbose: boolean) {
  const { action, type, forcedBy } = change;
  const [before, after] = [change.before, change.after].map((side) => names.named(side, change)) as [Members, Members];
  if (action === "delete" || action === "forget" || action === "move") return { lines: [], folded: 0 };
  if (action === "create") {
    const { rest, folded } = verbose ? { rest: after, folded: 0 } : withoutBoilerplate(type, stack, after);
    // What the service computes is unknown in all that is made.
    return { lines: linesBetween({}, rest).filter(isKnown), folded };
  }
  const lines = linesBetween(before, after)
    .map((line) => (forcedBy.includes(rootOf(line.name)) ? { ...line, forces: true } : line))
    .filter((line) => isKnown(line) || line.removed.length > 0);
  const shown = verbose ? lines : visible(lines).filter((line) => action !== "replace" || isTold(line, change));
  return { lines: shown, folded: lines.length - shown.length };
}

function driftOf({ before, after }: Resource): Line[] {
  return after === undefined ? [] : linesBetween(before, after);
}

/** Without what only the service computes, and the schemas that it appends. */
function visible(lines: readonly Line[]): Line[] {
  return lines.filter(({ name, removed, added, forces }) => {
    if (forces) return true;
    const root = rootOf(name);
    if (root === "schemas") return ![...removed, ...added].every((each) => each.startsWith("urn:ietf:params:scim:"));
    return !computedByService.includes(root);
  });
}

/**
 * Of what is made anew, not that the service will also make anew what nobody declares, but for what gives rights or is used elsewhere.
 */
function isTold({ name, added, forces }: Line, { references }: Resource): boolean {
  const root = rootOf(name);
  const leaf = name.split(".").at(-1);
  const isDeclared = Object.keys(references).some((path) => rootOf(path) === root && path.split(".").at(-1) === leaf);
  return forces || isDeclared || relevant.includes(root) || added.some((text) => text !== knownAfterApply);
}

function rootOf(name: string): string {
  return /^[^.[]*/.exec(name)![0];
}

function isKnown({ added }: Line): boolean {
  return added.some((each) => each !== knownAfterApply);
}

function inWords({ name, removed, added }: Line): string {
  return `${name} ${removed.join(", ") || "(none)"} -> ${added.join(", ") || "(none)"}`;
}

function marksOf(change: ResourceChange): Mark[] {
  const isDomain = change.type === "oci_identity_domain";
  const isPublic = textOf(membersOf(change.before).client_type) === "public";
  const credentials = isPublic ? "client id" : "client id and secret";
  if (lost({ changes: [change] }, "replace").length > 0) {
    return [
      {
        kind: "REPLACES",
        what: [
          isDomain
            ? "all its users, keys and clients are deleted and made anew"
            : `${credentials} ${isPublic ? "changes" : "change"}`,
        ],
        means: isDomain
          ? "whoever uses the old ones is refused until they have the new ones"
          : "programs with the old ones get no tokens until they have the new ones",
      },
    ];
  }
  if (lost({ changes: [change] }, "delete").length > 0) {
    return [
      {
        kind: "DELETES",
        what: [
          isDomain ? "all its users, keys and clients are gone" : `${credentials} ${isPublic ? "is" : "are"} gone`,
        ],
        means: isDomain ? "whoever uses them is refused" : "programs that use them get no more tokens",
      },
    ];
  }
  return [];
}

function remarksOf(change: ResourceChange, drift: Resource | undefined): string[] {
  const drifted = drift ? visible(driftOf(drift)) : [];
  return [
    ...(change.movedFrom ? [`moved from ${change.movedFrom}`] : []),
    ...(change.isImported && change.action !== "import" ? ["exists, and is taken over"] : []),
    ...(drift && drift.after === undefined ? ["somebody else deleted it"] : []),
    ...(drifted.length > 0 ? [`somebody else changed ${drifted.map(({ name }) => name).join(", ")}`] : []),
    ...(change.action === "forget" ? ["Terraform forgets it; it stays in OCI"] : []),
  ];
}

/** What Terraform keeps in the state alone: what it runs before it deletes an app, and which state a shared domain is read from. */
export function isInStateAlone({ type, address }: Resource): boolean {
  return type === "terraform_data" && /^terraform_data\.(AppDeactivation|domain_owner$)/.test(address);
}

function groupOf(resource: Resource): GroupTitle {
  switch (resource.type) {
    case "oci_identity_domain":
    case "oci_identity_domains_setting":
      return "Domain";
    case "oci_identity_domains_app":
      return valuesOf(resource).is_oauth_resource === "true" ? "App" : "Clients";
    case "oci_identity_domains_user":
    case "oci_identity_domains_group":
    case "oci_identity_domains_grant":
      return "Users and groups";
    default:
      return "Other";
  }
}

/** What people call things, and what an id stands for. */
class Names {
  private readonly byAddress: ReadonlyMap<string, Resource>;
  private readonly byId: ReadonlyMap<string, Resource>;

  constructor(resources: readonly Resource[]) {
    this.byAddress = new Map(resources.map((resource) => [resource.address, resource]));
    this.byId = new Map(resources.flatMap((each) => idsOf(each).map((id): [string, Resource] => [id, each])));
  }

  titleOf(resource: Resource): string {
    const values = valuesOf(resource);
    const name = textOf(values.display_name);
    switch (resource.type) {
      case "oci_identity_domain":
        return withDetail(`domain ${name}`, textOf(values.home_region));
      case "oci_identity_domains_setting":
        return "settings of the domain";
      case "oci_identity_domains_app": {
        const kind = groupOf(resource) === "App" ? "app" : "client";
        return withDetail(`${kind} ${name}`, textOf(values.client_type));
      }
      case "oci_identity_domains_user": {
        const { given_name: given, family_name: family } = membersOf(Array.isArray(values.name) ? values.name[0] : {});
        return withDetail(`user ${textOf(values.user_name)}`, [given, family].map(textOf).join(" ").trim());
      }
      case "oci_identity_domains_group":
        return `group ${name}`;
      case "oci_identity_domains_grant": {
        const { app, grantee } = this.named(values, resource);
        return `access of ${partyOf(grantee)} to ${partyOf(app)}`;
      }
      default:
        return resource.address;
    }
  }

  /** A title without its detail. */
  nameOf(resource: Resource): string {
    return this.titleOf(resource).replace(/ \([^()]*\)$/, "");
  }

  /** A state with names where the ids of the stack's things are, or will be. */
  named(state: Shown | undefined, { references }: Resource): Members {
    const name = (value: Shown, path: string): Shown => {
      if (typeof value !== "string") {
        const isList = Array.isArray(value);
        const members = Object.entries(value).map(([key, member]) => [
          key,
          name(member as Shown, inside(path, key, isList)),
        ]);
        return isList ? members.map(([, member]) => member as Shown) : Object.fromEntries(members);
      }
      // Where SCIM keeps the id of another thing.
      if (!/\]\.value$/.test(path)) return value;
      const target =
        value === knownAfterApply ? this.byAddress.get(references[path] ?? "") : this.byId.get(textOf(value));
      return target ? JSON.stringify(this.nameOf(target)) : value;
    };
    return membersOf(name(membersOf(state), ""));
  }
}

function withDetail(name: string, detail: string): string {
  return detail === "" ? name : `${name} (${detail})`;
}

/** What a block with the id of a thing says of it. */
function partyOf(block: Shown | undefined): string {
  const { display, value, type } = membersOf(Array.isArray(block) ? block[0] : undefined);
  return textOf(value) || textOf(display) || `${textOf(type)} ${knownAfterApply}`.trim();
}

function valuesOf({ before, after }: Resource): Members {
  return membersOf(after ?? before);
}

function idsOf({ before, after }: Resource): string[] {
  return [before, after].flatMap((side) => [membersOf(side).id, membersOf(side).ocid].map(textOf).filter(Boolean));
}
