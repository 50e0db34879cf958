import pc from "picocolors";
import type { Check } from "../oauth/verify";
import type { Attribute, Entry, Plan, Value } from "../ords/plan";
import { changes, isInSync } from "../ords/plan";

const signs = {
  create: pc.green("+ create   "),
  replace: pc.yellow("~ replace  "),
  update: pc.yellow("~ update   "),
  delete: pc.red("- delete   "),
  unchanged: pc.dim("  unchanged"),
};

/** A plan as text: one entry a paragraph, with the attributes that matter, and a closing line. */
export function renderPlan(plan: Plan): string {
  const roles = plan.missingRoles.map((role) => `${signs.create} role ${role}`);
  return [...roles, ...plan.entries.map(renderEntry), summary(plan)].join("\n");
}

function renderEntry(entry: Entry): string {
  const mark = entry.nowProtected.length > 0 ? pc.yellow(`  NOW PROTECTED: ${entry.nowProtected.join(", ")}`) : "";
  return [`${signs[entry.action]} ${entry.kind} ${entry.name}${mark}`, ...lines(entry)].join("\n");
}

function lines(entry: Entry): string[] {
  const show = (attribute: Attribute) => `              ${attribute.name.padEnd(12)} ${values(entry, attribute)}`;
  const unreadable = entry.attributes.filter(({ old }) => entry.action !== "create" && old === undefined);
  const shown =
    entry.action === "create" ? entry.attributes.filter(({ new: value }) => !isEmpty(value)) : changes(entry);
  return [...(entry.action === "delete" ? [] : shown), ...(entry.action === "delete" ? [] : unreadable)].map(show);
}

function values(entry: Entry, attribute: Attribute): string {
  if (entry.action === "create") return text(attribute.new);
  if (attribute.old === undefined) return pc.dim("cannot be compared: the database does not show it");
  return `${text(attribute.old)} -> ${text(attribute.new)}`;
}

function summary(plan: Plan): string {
  if (isInSync(plan)) return "in sync: nothing to write";
  const count = (action: Entry["action"]) => plan.entries.filter((entry) => entry.action === action).length;
  const counts = (["create", "replace", "update", "delete", "unchanged"] as const)
    .map((action) => `${count(action)} ${action}`)
    .filter((part) => !part.startsWith("0 "));
  return `plan: ${counts.join(", ")}`;
}

/** Checks as a table: verdict, what was tried, and what came of it. */
export function renderChecks(checks: readonly Check[]): string {
  return checks
    .map(({ what, expected, got, ok }) => {
      const verdict = ok ? pc.green("ok    ") : pc.red("FAILED");
      return `${verdict} ${what}: ${got}${ok ? "" : ` (expected ${expected})`}`;
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
