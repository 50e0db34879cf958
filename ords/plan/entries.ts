import type { Module, Packages, Privilege, SeenProfile } from "../model";

/** `adopt` takes over what somebody else made; `cannot be compared` is equal as far as the database shows it. */
export type Action = "create" | "replace" | "update" | "adopt" | "delete" | "unchanged" | "cannot be compared";
export type Value = string | number | null | readonly string[];

/** What an entry can be about, and what there is to know of it. */
interface Kinds {
  schema: { readonly status: string; readonly basePath: string | null };
  module: Module;
  role: Readonly<Record<string, never>>;
  "JWT profile": SeenProfile;
  privilege: Privilege;
}

interface EntryOf<Kind extends keyof Kinds> {
  readonly kind: Kind;
  /** Name of the module, role or privilege; of the schema for itself and its profile. */
  readonly name: string;
  readonly action: Action;
  /** Null where there is nothing. */
  readonly before: Kinds[Kind] | null;
  readonly after: Kinds[Kind] | null;
  /** Modules and patterns that anyone may call now and that will need a token. */
  readonly nowProtected: readonly string[];
  /** Modules and patterns that need a token now and that anyone will be able to call. */
  readonly becomesPublic: readonly string[];
}

/** One thing in the schema, now and then. */
export type Entry = { [Kind in keyof Kinds]: EntryOf<Kind> }[keyof Kinds];

/** What is to be done, in the order in which it is shown and done. */
export interface Plan {
  readonly stack: string;
  readonly schema: string;
  readonly user: string;
  readonly ordsVersion: string;
  /** What will be called, and for whom. */
  readonly packages: Packages;
  readonly entries: readonly Entry[];
  /** What no error will tell. */
  readonly warnings: readonly string[];
  /** What an unregister does not remove, and why. */
  readonly leaves: readonly { readonly what: string; readonly why: string }[];
}

/** One attribute, now and then; undefined where there is nothing, or where the database does not show it. */
export interface Attribute {
  readonly name: string;
  readonly old: Value | undefined;
  readonly new: Value | undefined;
}

/** The attributes of both sides, in the order in which they are declared. */
export function attributes({ before, after }: Pick<Entry, "before" | "after">): Attribute[] {
  const value = (state: object | null, key: string) => (state as Record<string, Value | undefined> | null)?.[key];
  return Object.keys(after ?? before ?? {})
    .filter((key) => key !== "name")
    .map((key) => ({ name: key, old: value(before, key), new: value(after, key) }));
}

/** Attributes whose values differ; one that the database does not show cannot be said to differ. */
export function changes(entry: Pick<Entry, "before" | "after">): Attribute[] {
  return attributes(entry).filter(({ old, new: wanted }) => old !== undefined && !isEqual(old, wanted));
}

/** Attributes that exist but that the database does not show. */
export function notShown({ before, after }: Pick<Entry, "before" | "after">): Attribute[] {
  return before === null ? [] : attributes({ before, after }).filter(({ old }) => old === undefined);
}

/** An entry that leads from one state to the other; `change` is what to call it when they differ. */
export function entry<Kind extends keyof Kinds>(
  kind: Kind,
  name: string,
  states: { before: Kinds[Kind] | null; after: Kinds[Kind] | null },
  change: "replace" | "update" | "adopt" = "update",
): EntryOf<Kind> {
  return { kind, name, ...states, action: actionFor(states, change), nowProtected: [], becomesPublic: [] };
}

function actionFor(states: { before: object | null; after: object | null }, change: Action): Action {
  const both = states as Pick<Entry, "before" | "after">;
  if (both.before === null) return "create";
  if (both.after === null) return "delete";
  if (changes(both).length > 0) return change;
  return notShown(both).length > 0 ? "cannot be compared" : "unchanged";
}

/** Whether carrying it out writes anything. */
export function writes({ action }: Entry): boolean {
  return action !== "unchanged" && action !== "cannot be compared";
}

export function isInSync({ entries }: Plan): boolean {
  return !entries.some(writes);
}

/** The way back; null for what stays: a role, and a schema that was REST-enabled. */
export function inverse(entry: Entry): Entry | null {
  if (!writes(entry) || entry.kind === "role" || entry.kind === "schema") return null;
  const { before, after, nowProtected, becomesPublic } = entry;
  const states = { before: after, after: before };
  // Typescript cannot follow that both sides are of one kind.
  return {
    ...entry,
    ...states,
    action: actionFor(states, entry.kind === "privilege" ? "update" : "replace"),
    nowProtected: becomesPublic,
    becomesPublic: nowProtected,
  } as Entry;
}

export function isEqual(a: Value | undefined, b: Value | undefined): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
