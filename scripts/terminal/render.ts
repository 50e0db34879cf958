import pc from "picocolors";
import type { Check } from "../../oauth/checks";
import {
  type Action,
  type Attribute,
  attributes,
  changes,
  type Entry,
  isInSync,
  notShown,
  type Plan,
  type Value,
  writes,
} from "../../ords/plan/entries";
import { clean, cleanLines } from "./clean";
import { code, escaped } from "./markdown";

const signs: Record<Action, string> = {
  create: pc.green("+ create   "),
  replace: pc.yellow("~ replace  "),
  update: pc.yellow("~ update   "),
  adopt: pc.magenta("~ adopt    "),
  delete: pc.red("- delete   "),
  unchanged: pc.dim("  unchanged"),
  "cannot be compared": pc.yellow("? cannot be compared"),
};
const actions = Object.keys(signs) as Action[];

/** The first line of what cannot be done as things are, and why. */
export function renderBlocked(refusal: string): string {
  return pc.red(`BLOCKED: ${cleanLines(refusal)}`);
}

/** The same for a pull request. */
export function renderBlockedMarkdown(refusal: string): string {
  return `**BLOCKED**: ${escaped(refusal)}`;
}

/**
 * A plan as text: who does it with what, one entry a paragraph with the attributes that matter, and a closing line.
 * @param refusal why it cannot be carried out, if it cannot
 */
export function renderPlan(plan: Plan, refusal?: string): string {
  return [
    ...(refusal === undefined ? [] : [renderBlocked(refusal)]),
    pc.dim(accessLine(plan)),
    ...plan.entries.map(renderEntry),
    ...plan.leaves.map(({ what, why }) => `  kept      ${clean(what)}: ${clean(why)}`),
    ...plan.warnings.map((warning) => `${pc.yellow("note:")} ${clean(warning)}`),
    summary(plan),
  ].join("\n");
}

/** Which packages will be called for which schema, and why. */
function accessLine({ user, schema, ordsVersion, packages }: Plan): string {
  const called = `${packages.ords} and ${packages.security}`;
  return clean(
    user === schema
      ? `logged in as ${user}, the schema itself: ${called} (ORDS ${ordsVersion})`
      : `logged in as ${user}, not as the schema ${schema}: ${called} with p_schema, as an administrator (ORDS ${ordsVersion})`,
  );
}

function renderEntry(entry: Entry): string {
  const marks = [
    entry.nowProtected.length > 0 ? pc.yellow(`  NOW PROTECTED: ${entry.nowProtected.map(clean).join(", ")}`) : "",
    entry.becomesPublic.length > 0 ? pc.red(`  BECOMES PUBLIC: ${entry.becomesPublic.map(clean).join(", ")}`) : "",
  ];
  const lines = shown(entry).map(
    (attribute) => `              ${attribute.name.padEnd(12)} ${difference(entry, attribute)}`,
  );
  return [`${signs[entry.action]} ${entry.kind} ${clean(entry.name)}${marks.join("")}`, ...lines].join("\n");
}

/** What is worth showing: all that is made, or all that changes and all that nobody can see. */
function shown(entry: Entry): Attribute[] {
  if (entry.action === "delete") return [];
  if (entry.action === "create") return attributes(entry).filter(({ new: value }) => !isEmpty(value));
  return [...changes(entry), ...notShown(entry)];
}

function difference({ action }: Entry, attribute: Attribute): string {
  if (action === "create") return clean(text(attribute.new));
  if (attribute.old === undefined) {
    return `cannot be compared: the database does not show it (wanted: ${clean(text(attribute.new))})`;
  }
  return clean(`${text(attribute.old)} -> ${text(attribute.new)}`);
}

function summary(plan: Plan): string {
  if (plan.entries.length === 0) return "nothing of this stack is registered";
  const unseen = plan.entries.some(({ action }) => action === "cannot be compared");
  if (isInSync(plan)) return `in sync: nothing to write${unseen ? ", as far as the database shows it" : ""}`;
  const counts = actions
    .map((action) => ({ action, count: plan.entries.filter((entry) => entry.action === action).length }))
    .filter(({ count }) => count > 0)
    .map(({ action, count }) => `${count} ${action}`);
  return `plan: ${counts.join(", ")}`;
}

/**
 * A plan for a pull request: a table of entries, and the attributes that change under each.
 * @param refusal why it cannot be carried out, if it cannot
 */
export function renderPlanMarkdown(plan: Plan, refusal?: string): string {
  const changing = plan.entries.filter((entry) => writes(entry) || entry.action === "cannot be compared");
  const row = (entry: Entry) => {
    const remarks = [
      ...entry.nowProtected.map((thing) => `**NOW PROTECTED** ${code(thing)}`),
      ...entry.becomesPublic.map((thing) => `**BECOMES PUBLIC** ${code(thing)}`),
      ...shown(entry).map((attribute) => `${attribute.name}: ${differenceInCode(entry, attribute)}`),
    ];
    return `| ${entry.action} | ${entry.kind} ${code(entry.name)} | ${remarks.join("<br>")} |`;
  };
  return [
    ...(refusal === undefined ? [] : [renderBlockedMarkdown(refusal), ""]),
    `### ORDS: schema ${code(plan.schema)}, stack ${code(plan.stack)}`,
    "",
    ...(changing.length > 0 ? ["| | what | attributes |", "|---|---|---|", ...changing.map(row), ""] : []),
    `${summary(plan)} (${accessLine(plan)})`,
    ...(plan.leaves.length > 0
      ? ["", ...plan.leaves.map(({ what, why }) => `- kept ${code(what)}: ${escaped(why)}`)]
      : []),
    ...(plan.warnings.length > 0 ? ["", ...plan.warnings.map((warning) => `> note: ${escaped(warning)}`)] : []),
  ].join("\n");
}

function differenceInCode(entry: Entry, attribute: Attribute): string {
  if (entry.action === "create") return code(text(attribute.new));
  if (attribute.old === undefined) return `cannot be compared (wanted: ${code(text(attribute.new))})`;
  return `${code(text(attribute.old))} → ${code(text(attribute.new))}`;
}

/** A plan for programs. `comparable` is false where the database does not show the old value. */
export function planJson(plan: Plan) {
  const { stack, schema, user, ordsVersion, packages, warnings, leaves } = plan;
  return {
    stack,
    schema,
    user,
    ordsVersion,
    packages,
    inSync: isInSync(plan),
    entries: plan.entries.map((entry) => ({
      action: entry.action,
      kind: entry.kind,
      name: entry.name,
      attributes: attributes(entry).map(({ name, old, new: wanted }) => ({
        name,
        old: old ?? null,
        new: wanted ?? null,
        comparable: entry.before === null || old !== undefined,
      })),
      nowProtected: entry.nowProtected,
      becomesPublic: entry.becomesPublic,
    })),
    warnings,
    leaves,
  };
}

/** Checks as a table: verdict, what was tried, and what came of it. */
export function renderChecks(checks: readonly Check[]): string {
  return checks
    .map(({ what, expected, got, ok }) => {
      const verdict = ok ? pc.green("ok    ") : pc.red("FAILED");
      return `${verdict} ${cleanLines(`${what}: ${got}${ok ? "" : ` (expected ${expected})`}`)}`;
    })
    .join("\n");
}

function isEmpty(value: Value | undefined): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function text(value: Value | undefined): string {
  if (isEmpty(value)) return "(none)";
  return Array.isArray(value) ? value.join(", ") : String(value);
}
