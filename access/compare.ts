import type { AccessMap, Caller, Change, Changeable, Lock, Resource } from "./model";

/** The later map, with what it changes marked and what it takes away still in it. */
export function compared(now: AccessMap, then: AccessMap): AccessMap {
  return {
    ...then,
    findings: merged(now.findings, then.findings, ({ kind, what, why }) => `${kind}\n${what}\n${why}`),
    clients: merged(now.clients, then.clients, ({ key }) => key),
    open: merged(now.open, then.open, resourceKey, changedResource),
    locks: merged(now.locks, then.locks, ({ name }) => name, changedLock),
  };
}

function merged<T extends Changeable>(
  now: readonly T[],
  then: readonly T[],
  key: (item: T) => string,
  join: (before: T, after: T) => T = marked,
): T[] {
  const before = new Map(now.map((item) => [key(item), item]));
  const after = new Set(then.map(key));
  return [
    ...then.map((item) => {
      const old = before.get(key(item));
      return old ? join(old, item) : withChange(item, "added");
    }),
    ...now.filter((item) => !after.has(key(item))).map((item) => withChange(item, "removed")),
  ];
}

function withChange<T extends Changeable>(item: T, change: Change): T {
  return { ...item, change };
}

/** Changed where anything of it does. */
function marked<T extends Changeable>(before: T, after: T): T {
  return JSON.stringify(before) === JSON.stringify(after) ? after : withChange(after, "changed");
}

function changedLock(before: Lock, after: Lock): Lock {
  const callers = merged(before.callers, after.callers, callerKey);
  const resources = merged(before.resources, after.resources, resourceKey, changedResource);
  return { ...marked(before, after), callers, resources };
}

/** Its templates and methods are what a developer publishes, which no plan of ours changes. */
function changedResource(before: Resource, after: Resource): Resource {
  const paths = ({ endpoints }: Resource) => endpoints.map(({ path }) => path).join("\n");
  return paths(before) === paths(after) ? after : withChange(after, "changed");
}

function resourceKey({ kind, name }: Resource): string {
  return `${kind} ${name}`;
}

function callerKey({ who, clientKey, grants }: Caller): string {
  return JSON.stringify([who === undefined ? null : who === "anyone" ? who : [who.kind, who.name], clientKey, grants]);
}
