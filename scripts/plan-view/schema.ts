import { ownershipMarker } from "../../ords/ownership";
import { attributes, changes, type Entry, notShown, type Plan, type Value } from "../../ords/plan/entries";
import { unknown } from "../terraform/plan";
import { knownAfterApply } from "../terraform/shown-values";
import type { Group, Item, Line } from "./view";

export interface SchemaView {
  readonly group: Group;
  readonly folded: { readonly attributes: number; readonly unchanged: number };
}

/** What register or unregister would do to a schema. */
export function viewOfSchema(plan: Plan, verbose: boolean): SchemaView {
  let folded = 0;
  const isFolded = ({ action, nowProtected, becomesPublic }: Entry) =>
    !verbose && action === "unchanged" && nowProtected.length + becomesPublic.length === 0;
  const items = plan.entries
    .filter((entry) => !isFolded(entry))
    .map((entry): Item => {
      const { action, kind, name, nowProtected, becomesPublic } = entry;
      const all = linesOf(entry);
      const lines = verbose ? all : all.filter((line) => !(action === "create" && isOurMarker(line, plan.stack)));
      folded += all.length - lines.length;
      const marks = [
        { kind: "NOW PROTECTED", what: nowProtected },
        { kind: "BECOMES PUBLIC", what: becomesPublic },
      ] as const;
      return {
        action,
        title: `${kind} ${name}`,
        marks: marks.filter(({ what }) => what.length > 0),
        remarks: [],
        lines,
      };
    });
  return {
    group: { title: "Schema", about: accessOf(plan), items },
    folded: { attributes: folded, unchanged: plan.entries.filter(isFolded).length },
  };
}

/** Which packages will be called for which schema, and why. */
function accessOf({ user, schema, ordsVersion, packages }: Plan): string {
  const called = `${packages.ords} and ${packages.security}`;
  return user === schema
    ? `logged in as ${user}, the schema itself: ${called} (ORDS ${ordsVersion})`
    : `logged in as ${user}, not as the schema ${schema}: ${called} with p_schema, as an administrator (ORDS ${ordsVersion})`;
}

/** All that is made, or all that changes and all that nobody can see. */
function linesOf(entry: Entry): Line[] {
  if (entry.action === "delete") return [];
  if (entry.action === "create") {
    const made = attributes(entry).map(({ name, new: value }) => ({ name, removed: [], added: texts(value), kept: 0 }));
    return made.filter(({ added }) => added.length > 0);
  }
  return [
    ...changes(entry).map(({ name, old, new: value }) => {
      const [before, after] = [texts(old), texts(value)];
      const removed = before.filter((each) => !after.includes(each));
      return {
        name,
        removed,
        added: after.filter((each) => !before.includes(each)),
        kept: before.length - removed.length,
      };
    }),
    ...notShown(entry).map(({ name, new: value }) => ({
      name,
      removed: [],
      added: texts(value),
      kept: 0,
      unseen: true,
    })),
  ];
}

/** By which a later run knows what is its own. */
function isOurMarker({ name, added: [text = "", ...more] }: Line, stack: string): boolean {
  if (more.length > 0) return false;
  const marker = ownershipMarker(stack);
  if (name === "comments") return text === marker;
  return name === "description" && text.startsWith("Tokens of the application ") && text.endsWith(` (${marker})`);
}

/** What is known only after apply was planned with a stand-in. */
function texts(value: Value | undefined): string[] {
  if (value === null || value === undefined) return [];
  const list = typeof value === "object" ? value : [value];
  return list.map((each) => String(each).replaceAll(unknown, knownAfterApply));
}
