import { createHash } from "node:crypto";
import { join } from "node:path";
import { planRegister, planUnregister } from "../../../ords/plan/plan";
import { sampleModule } from "../../../ords/plan/sample-api";
import { registerChangelog, registerScript, unregisterScript } from "../../../ords/sql/standalone";
import { undoScript } from "../../../ords/sql/undo";
import { desired, registered } from "../hello";
import { type Statement, statementsOf } from "../sqlplus";

/** Forms that a public grammar has accepted: `npm run grammar` parses what is not in there, which takes minutes, and adds it. */
export const acceptedForms = join(__dirname, "accepted-forms.txt");

/** The statements of scripts of every kind, by their form: their text without comments, layout, and what literals hold. */
export function statementForms(): Map<string, Statement> {
  const byRoles = {
    ...desired,
    profile: { ...desired.profile, roleClaim: "/groups", allowedSkew: 5 },
    privileges: desired.privileges.map((each) => ({ ...each, roles: ["it's"], patterns: ["/x/*", "/Grüße"] })),
  };
  const sampled = { ...registered, modules: [sampleModule] };
  const rollback = "--rollback ";
  const lines = registerChangelog(desired).split("\n");
  const scripts = [
    registerScript(byRoles, { sampleApi: true }),
    registerScript(desired, { ordsVersion: "24.2", adopt: true, expose: true }),
    unregisterScript("test", "HELLO", { sampleApi: true }),
    unregisterScript("test", "HELLO", { expose: true }),
    undoScript(planRegister(byRoles, { ...registered, user: "ADMIN" })),
    undoScript(planUnregister("test", sampled, { sampleApi: true })),
    undoScript(planRegister(desired, { ...registered, modules: [], basePath: null }, { sampleApi: true })),
    lines.filter((line) => !line.startsWith(rollback)).join("\n"),
    lines.flatMap((line) => (line.startsWith(rollback) ? line.slice(rollback.length) : [])).join("\n"),
  ];
  const statements = scripts.flatMap(statementsOf).filter(({ kind, text }) => kind !== "command" && text !== "COMMIT");
  return new Map(statements.map((statement) => [formOf(statement.text), statement]));
}

function formOf(text: string): string {
  const form = text
    .replace(/'(?:[^']|'')*'|--.*/g, (found) => (found.startsWith("'") ? "''" : ""))
    .replace(/\d+/g, "0")
    .replace(/\s+/g, " ");
  return createHash("sha256").update(form).digest("hex").slice(0, 16);
}
