import type { Actual, Desired, Packages, Privilege } from "../model";
import { isOurPrivilege, isOurProfile } from "../ownership";
import { packagesFor } from "../version";
import { Coverage, protectedBy } from "./coverage";
import { isRoleBased } from "./desired";
import { Endpoints } from "./endpoints";
import { type Entry, entry, isEqual, type Plan, writes } from "./entries";
import { requireModules, requireReady } from "./refusals";
import { sampleModule, whyNotOurs, withoutSample, withSample } from "./sample-api";
import { warningsFor } from "./warnings";

export interface PlanOptions {
  /** Publish the sample API, or remove it. @default false */
  readonly sampleApi?: boolean;
}

/**
 * Compares what the schema must hold with what it holds. Only what carries the stack's ownership marker is changed or deleted; what is
 * in the way becomes an entry that `requireAllowed` refuses.
 * @throws PlanError for a schema that is not REST-enabled, role claims that this ORDS does not know, or a missing module
 */
export function planRegister(desired: Desired, found: Actual, options: PlanOptions = {}): Plan {
  const { actual, entries: sample } = options.sampleApi ? withSample(found) : { actual: found, entries: [] };
  requireReady(desired, actual);
  requireModules(desired, actual);
  const packages = packagesFor(actual);

  const { roles, profile, privileges, foreign } = compare(desired, actual);
  return {
    ...headOf(desired.stack, actual, packages),
    entries: [...sample, ...roles, profile, ...withExposure(actual, [...desired.privileges, ...foreign], privileges)],
    warnings: warningsFor(desired, foreign, actual, writes(profile)),
    leaves: [],
  };
}

/** Whether a REST-enabled schema holds what it must, so that a plan would write nothing. */
export function isRegistered(desired: Desired, actual: Actual): boolean {
  const { roles, profile, privileges } = compare(desired, actual);
  return actual.basePath !== null && ![...roles, profile, ...privileges].some(writes);
}

function compare(desired: Desired, actual: Actual) {
  const existing = byNameOf(actual.privileges);
  const wanted = byNameOf(desired.privileges);
  const others = actual.privileges.filter(({ name }) => !wanted.has(name));
  const foreign = others.filter((privilege) => !isOurPrivilege(privilege, desired.stack));
  const leftovers = others.filter((privilege) => isOurPrivilege(privilege, desired.stack));
  const roles = new Set(desired.privileges.flatMap((privilege) => privilege.roles));
  return {
    roles: [...roles]
      .filter((role) => !actual.roles.includes(role))
      .sort()
      .map((role) => entry("role", role, { before: null, after: {} })),
    profile: profileEntry(desired, actual),
    privileges: [
      ...desired.privileges.map((privilege) =>
        privilegeEntry(privilege, existing.get(privilege.name) ?? null, desired.stack),
      ),
      ...leftovers.map((privilege) => entry("privilege", privilege.name, { before: privilege, after: null })),
    ],
    /** Privileges that others made. */
    foreign,
  };
}

/**
 * Deletes what the stack registered: its profile, and those of its privileges that protect nothing that exists. The others
 * are kept, since without them what they protect would be public; once no profile is left, it answers 401 to everyone.
 * @param options.expose deletes those as well
 */
export function planUnregister(stack: string, found: Actual, options: PlanOptions & { expose?: boolean } = {}): Plan {
  const packages = packagesFor(found);
  const notOurs = options.sampleApi ? whyNotOurs(found) : undefined;
  const removesSample =
    options.sampleApi === true && notOurs === undefined && found.modules.some(({ name }) => name === sampleModule.name);
  const actual = removesSample ? withoutSample(found) : found;
  const ours = found.privileges.filter((privilege) => isOurPrivilege(privilege, stack));
  const foreign = found.privileges.filter((privilege) => !isOurPrivilege(privilege, stack));
  const endpoints = new Endpoints(actual.modules);
  const coverage = new Coverage(foreign, endpoints);
  const alone = new Map(ours.map((privilege) => [privilege, coverage.missing(protectedBy(privilege, endpoints))]));
  const kept = options.expose ? [] : ours.filter((privilege) => alone.get(privilege)!.length > 0);
  const deleted = ours.filter((privilege) => !kept.includes(privilege));

  const hasOurProfile = found.profile !== null && isOurProfile(found.profile, stack, found.privileges);
  const { modules } = found;
  const closed = hasOurProfile || found.profile === null ? "; with no profile every call answers 401" : "";
  return {
    ...headOf(stack, found, packages),
    entries: [
      ...(hasOurProfile ? [entry("JWT profile", found.schema, { before: found.profile, after: null })] : []),
      ...withExposure(
        actual,
        [...foreign, ...kept],
        deleted.map((privilege) => entry("privilege", privilege.name, { before: privilege, after: null })),
      ),
      ...(removesSample
        ? [
            entry("module", sampleModule.name, {
              before: modules.find(({ name }) => name === sampleModule.name)!,
              after: null,
            }),
          ]
        : []),
    ],
    warnings: [],
    leaves: [
      ...kept.map((privilege) => ({
        what: `privilege ${privilege.name}`,
        why: `without it ${alone.get(privilege)!.join(", ")} would be public${closed} (--expose deletes it)`,
      })),
      ...(found.profile !== null && !hasOurProfile
        ? [{ what: `JWT profile of schema ${found.schema}`, why: `it was not registered by stack ${stack}` }]
        : []),
      ...[...new Set(ours.flatMap((privilege) => privilege.roles))]
        .sort()
        .map((role) => ({ what: `role ${role}`, why: "roles are never deleted: others may be granted them" })),
      ...(notOurs === undefined ? [] : [{ what: `module ${sampleModule.name}`, why: notOurs }]),
    ],
  };
}

/** What a state has become in comparison with another: what a script did, whoever wrote it. */
export function planBetween(stack: string, before: Actual, after: Actual): Plan {
  const [old, now] = [byNameOf(before.privileges), byNameOf(after.privileges)];
  const privileges = [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .map((name) => entry("privilege", name, { before: old.get(name) ?? null, after: now.get(name) ?? null }));
  // Of the modules, only the sample is ever ours to make and to remove.
  const [was, is] = [before, after].map(({ modules }) => byNameOf(modules).get(sampleModule.name) ?? null);
  const sample = was || is ? [entry("module", sampleModule.name, { before: was ?? null, after: is ?? null })] : [];
  const entries: Entry[] = [
    ...(is ? sample : []),
    ...(before.profile || after.profile
      ? [entry("JWT profile", after.schema, { before: before.profile, after: after.profile }, "replace")]
      : []),
    ...withExposure({ ...after, privileges: before.privileges }, after.privileges, privileges),
    ...(is ? [] : sample),
  ];
  return { ...headOf(stack, after, packagesFor(after)), entries: entries.filter(writes), warnings: [], leaves: [] };
}

function byNameOf<T extends { readonly name: string }>(list: readonly T[]): Map<string, T> {
  return new Map(list.map((item) => [item.name, item]));
}

function headOf(stack: string, { schema, user, ordsVersion }: Actual, packages: Packages) {
  return { stack, schema, user, ordsVersion, packages };
}

function profileEntry({ profile, privileges, stack }: Desired, actual: Actual): Entry {
  const { profile: before, schema } = actual;
  const change = before === null || isOurProfile(before, stack, actual.privileges) ? "replace" : "adopt";
  const compared = entry("JWT profile", schema, { before, after: profile }, change);
  if (compared.action !== "cannot be compared" || before?.roleClaim !== undefined) return compared;
  // Role-based privileges below a scope-based profile, or the other way round, let in whom nobody meant to let in.
  const ours = actual.privileges.filter((privilege) => isOurPrivilege(privilege, stack));
  return isRoleBased(ours) === isRoleBased(privileges) ? compared : { ...compared, action: change };
}

function privilegeEntry(privilege: Privilege, before: Privilege | null, stack: string) {
  const isOurs = before === null || isOurPrivilege(before, stack);
  return entry("privilege", privilege.name, { before, after: privilege }, isOurs ? "update" : "adopt");
}

type PrivilegeEntry = Extract<Entry, { kind: "privilege" }>;

/** Whether a change is of words alone. */
function namesAlike({ before, after }: PrivilegeEntry): boolean {
  return isEqual(before?.modules, after?.modules) && isEqual(before?.patterns, after?.patterns);
}

/** Adds to each entry what its change closes or opens. */
function withExposure(
  actual: Actual,
  after: readonly Privilege[],
  entries: readonly PrivilegeEntry[],
): PrivilegeEntry[] {
  const endpoints = new Endpoints(actual.modules);
  const [now, then] = [new Coverage(actual.privileges, endpoints), new Coverage(after, endpoints)];
  return entries.map((each) => {
    const was = each.before ? protectedBy(each.before, endpoints) : [];
    const is = namesAlike(each) ? was : each.after ? protectedBy(each.after, endpoints) : [];
    const stillPublic = new Set(then.missing(is));
    return {
      ...each,
      nowProtected: now.missing(is).filter((resource) => !stillPublic.has(resource)),
      becomesPublic: then.missing(was),
    };
  });
}
