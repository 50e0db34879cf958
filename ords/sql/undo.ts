import { inverse, notShown, type Plan } from "../plan/entries";
import { callStep } from "./call-step";
import { type Call, undoCallsOf } from "./calls";
import { inComment } from "./literal";
import { script } from "./script";

/** The script that brings back what a plan is about to change. Roles and a REST-enabled schema stay. */
export function undoScript(plan: Plan): string {
  const { schema, user, packages } = plan;
  return undoOf(plan, undoCallsOf(plan), [
    packages.schema === undefined ? `Run it as ${schema}` : `Run it as ${user} or another ORDS administrator`,
    "in SQLcl, SQL*Plus or SQL Developer, or with: ords-jwt restore ENVIRONMENT FILE",
    ...cannotRestore(plan).map((line) => `NOT RESTORED: ${line}`),
  ]);
}

/** The script that makes these calls. */
export function undoOf(
  { stack, schema, packages }: Pick<Plan, "stack" | "schema" | "packages">,
  calls: readonly Call[],
  notes: readonly string[] = [],
): string {
  return script(
    { title: undoTitle(schema, stack), notes, stack, schema, packages },
    calls.map((call) => callStep(call, packages)),
  );
}

/** What the database does not show, and a script can therefore not bring back. */
export function cannotRestore({ entries }: Plan): string[] {
  return entries
    .filter((entry) => inverse(entry) !== null)
    .flatMap((entry) =>
      notShown(entry).map(({ name }) => `${name} of ${entry.kind} ${entry.name}, which the database does not show`),
    );
}

export function undoTitle(schema: string, stack: string): string {
  return inComment(`undo, schema ${schema}, stack ${stack}`);
}
