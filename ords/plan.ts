import { type Desired, isOurPrivilege, isOurProfile, type Privilege, type Profile } from "./desired";
import type { Actual } from "./read";
import { hasRoleClaim } from "./version";

export type Action = "create" | "replace" | "update" | "delete" | "unchanged";
export type Value = string | number | null | readonly string[];

/** One attribute, now and then; undefined where there is nothing, or where the database does not show it. */
export interface Attribute {
  readonly name: string;
  readonly old: Value | undefined;
  readonly new: Value | undefined;
}

export interface Entry {
  readonly kind: "JWT profile" | "privilege";
  /** Name of the privilege, or of the schema for its profile. */
  readonly name: string;
  readonly action: Action;
  readonly attributes: readonly Attribute[];
  /** Modules and patterns that anyone may call now and that will need a token. */
  readonly nowProtected: readonly string[];
}

/** What is to be done, in the order in which it is shown and done. */
export interface Plan {
  readonly entries: readonly Entry[];
  /** Roles that have to be made first; a role is never deleted. */
  readonly missingRoles: readonly string[];
}

/** The plan cannot be carried out as things are; the message says what stands in the way. */
export class PlanError extends Error {}

/**
 * Compares what the schema must hold with what it holds. Only what carries the stack's marker is changed or deleted.
 * @throws PlanError for the wrong schema, one that is not REST-enabled, a missing module, something foreign in the way, or
 * a module or pattern that would become public
 */
export function planRegister(desired: Desired, actual: Actual): Plan {
  const wanted = new Set(desired.privileges.map((privilege) => privilege.name));
  const others = actual.privileges.filter((privilege) => !wanted.has(privilege.name));
  const leftovers = others.filter((privilege) => isOurPrivilege(privilege, desired.stack));
  const foreign = others.filter((privilege) => !leftovers.includes(privilege));

  refuseSchema(desired, actual);
  refuseRoleClaim(desired, actual);
  refuseForeign(desired, actual);
  refuseMissingModules(desired, actual);
  refusePublic(uncovered(actual.privileges, [...desired.privileges, ...foreign], actual));

  return {
    entries: [
      profileEntry(desired.profile, actual),
      ...desired.privileges.map((privilege) => privilegeEntry(privilege, actual)),
      ...leftovers.map(privilegeDeletion),
    ],
    missingRoles: [...new Set(desired.privileges.flatMap((privilege) => privilege.roles))].filter(
      (role) => !actual.roles.includes(role),
    ),
  };
}

/**
 * Deletes what the stack registered: its profile, and those of its privileges that protect nothing that exists. The others
 * are kept, since without them what they protect would be public; with no profile, it answers 401 to everyone.
 */
export function planUnregister(stack: string, actual: Actual): Plan & { readonly kept: readonly Privilege[] } {
  const ours = actual.privileges.filter((privilege) => isOurPrivilege(privilege, stack));
  const foreign = actual.privileges.filter((privilege) => !ours.includes(privilege));
  const kept = ours.filter((privilege) => uncovered([privilege], foreign, actual).length > 0);
  const profile = isOurProfile(actual.profile, stack, actual.privileges) ? [profileDeletion(actual)] : [];
  const deletions = ours.filter((privilege) => !kept.includes(privilege)).map(privilegeDeletion);
  return { entries: [...profile, ...deletions], missingRoles: [], kept };
}

export function isInSync(plan: Plan): boolean {
  return plan.missingRoles.length === 0 && plan.entries.every((entry) => entry.action === "unchanged");
}

/** Attributes whose old and new value differ; one that the database does not show cannot be said to differ. */
export function changes(entry: Entry): Attribute[] {
  return entry.attributes.filter((attribute) => attribute.old !== undefined && !equal(attribute.old, attribute.new));
}

function profileEntry(profile: Profile, actual: Actual): Entry {
  return entry("JWT profile", actual.schema, actual.profile, profile, "replace");
}

function privilegeEntry(privilege: Privilege, actual: Actual): Entry {
  const existing = actual.privileges.find((candidate) => candidate.name === privilege.name) ?? null;
  return {
    ...entry("privilege", privilege.name, existing, privilege, "update"),
    nowProtected: uncovered([privilege], actual.privileges, actual),
  };
}

function profileDeletion(actual: Actual): Entry {
  return entry("JWT profile", actual.schema, actual.profile, null, "delete");
}

function privilegeDeletion(privilege: Privilege): Entry {
  return entry("privilege", privilege.name, privilege, null, "delete");
}

function entry(
  kind: Entry["kind"],
  name: string,
  old: Partial<Profile> | Privilege | null,
  wanted: Profile | Privilege | null,
  change: "replace" | "update" | "delete",
): Entry {
  const value = (state: object | null, key: string) => (state as Record<string, Value | undefined> | null)?.[key];
  const attributes = Object.keys(wanted ?? old ?? {})
    .filter((key) => key !== "name")
    .map((key) => ({ name: key, old: value(old, key), new: value(wanted, key) }));
  const draft: Entry = { kind, name, action: old ? change : "create", attributes, nowProtected: [] };
  return old && wanted && changes(draft).length === 0 ? { ...draft, action: "unchanged" } : draft;
}

function equal(a: Value | undefined, b: Value | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What exists and is protected by one of `before` but by none of `after`. A pattern is taken to lead to something. */
function uncovered(before: readonly Privilege[], after: readonly Privilege[], actual: Actual): string[] {
  const protectedBy = (privileges: readonly Privilege[]) =>
    new Set(
      privileges.flatMap(({ modules, patterns }) => [
        ...modules.filter((name) => actual.modules.includes(name)).map((name) => `module ${name}`),
        ...patterns.map((pattern) => `pattern ${pattern}`),
      ]),
    );
  const still = protectedBy(after);
  return [...protectedBy(before)].filter((thing) => !still.has(thing));
}

function refuseSchema(desired: Desired, actual: Actual): void {
  if (actual.schema !== desired.schema) {
    throw new PlanError(
      `logged in as ${actual.schema}, but stack ${desired.stack} protects schema ${desired.schema}: ORDS works on the schema of the login; log in as ${desired.schema}`,
    );
  }
  if (actual.basePath === null) {
    throw new PlanError(
      `schema ${actual.schema} is not REST-enabled: log in as ${actual.schema} and run BEGIN ORDS.ENABLE_SCHEMA; COMMIT; END; or register with --sample-api`,
    );
  }
}

function refuseRoleClaim({ profile }: Desired, { ordsVersion }: Actual): void {
  if (profile.roleClaim && !hasRoleClaim(ordsVersion)) {
    throw new PlanError(
      `the JWT profile goes by roles (claim ${profile.roleClaim}), which ORDS ${ordsVersion} cannot: upgrade ORDS to 25.1 or later, or remove roleClaim`,
    );
  }
}

function refuseForeign({ stack, privileges }: Desired, actual: Actual): void {
  for (const { name } of privileges) {
    const existing = actual.privileges.find((privilege) => privilege.name === name);
    if (existing && !isOurPrivilege(existing, stack)) {
      throw new PlanError(
        `privilege ${name} exists and was not made by stack ${stack} (its comments: ${existing.comments ?? "none"}): delete it, or give the scope another name`,
      );
    }
  }
  const profile = actual.profile;
  if (profile && !isOurProfile(profile, stack, actual.privileges)) {
    throw new PlanError(
      `schema ${actual.schema} has a JWT profile that was not registered by stack ${stack} (issuer ${profile.issuer}, description ${profile.description ?? "none"}): delete it if nothing needs it`,
    );
  }
}

function refuseMissingModules({ privileges }: Desired, actual: Actual): void {
  for (const { name, modules } of privileges) {
    const missing = modules.filter((module) => !actual.modules.includes(module));
    if (missing.length > 0) {
      throw new PlanError(
        `scope ${name} protects ${missing.map((module) => `module ${module}`).join(", ")}, which schema ${actual.schema} does not have (it has: ${actual.modules.join(", ") || "none"}): publish the module first, or register with --sample-api`,
      );
    }
  }
}

function refusePublic(opened: readonly string[]): void {
  if (opened.length > 0) {
    throw new PlanError(
      `BECOMES PUBLIC: ${opened.join(", ")} would be left without a privilege, and ORDS lets anyone call what has none: name it in a scope, or remove the module first`,
    );
  }
}
