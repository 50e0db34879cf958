import { ownershipMarker } from "../../ords/ownership";
import { attributes, changes, type Entry, notShown, type Plan, type Value } from "../../ords/plan/entries";
import { unknown } from "../terraform/plan";
import { knownAfterApply } from "../terraform/shown-values";
import { withMeaning } from "./meanings";
import type { Group, Item, Line, Mark } from "./view";

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
      const { action, kind, name } = entry;
      const all = linesOf(entry).map(withMeaning);
      const isShort = action === "create" && !verbose;
      const told = all.filter((line) => !(isShort && isOurMarker(line, plan.stack)));
      const lines = told.filter((line) => !(isShort && isMarked(line, entry)));
      folded += all.length - told.length;
      return {
        action,
        title: `${kind} ${name}`,
        marks: marksOf(entry),
        remarks: [],
        lines,
      };
    });
  return {
    group: { title: "Schema", about: accessOf(plan), items },
    folded: { attributes: folded, unchanged: plan.entries.filter(isFolded).length },
  };
}

function marksOf(entry: Entry): Mark[] {
  const { nowProtected, becomesPublic } = entry;
  const roles = entry.kind === "privilege" ? (entry.after?.roles ?? []) : [];
  const needed = roles.length > 0 ? "with one of its roles" : entry.kind === "privilege" ? "of this scope" : "";
  const marks = [
    {
      kind: "NOW PROTECTED",
      what: nowProtected,
      means: `open to anyone now; calls without a token${needed && ` ${needed}`} will be refused`,
    },
    {
      kind: "BECOMES PUBLIC",
      what: becomesPublic,
      means: "needs a token now; anyone will be able to call it without one",
    },
  ] as const;
  return marks.filter(({ what }) => what.length > 0);
}

/** As whom the database is used, and by which of its packages. */
function accessOf({ user, schema, ordsVersion, packages }: Plan): string {
  const called = `calls ${packages.ords} and ${packages.security}`;
  return user === schema
    ? `logged in as ${user}, ${called} (ORDS ${ordsVersion})`
    : `logged in as ${user}, an administrator, for schema ${schema}: ${called} with p_schema (ORDS ${ordsVersion})`;
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
        isList: Array.isArray(old) || Array.isArray(value),
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

/** What the mark says already: which modules or patterns are protected. */
function isMarked({ name, added }: Line, { nowProtected }: Entry): boolean {
  const kind = { modules: "module", patterns: "pattern" }[name];
  return kind !== undefined && added.every((each) => nowProtected.includes(`${kind} ${each}`));
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
