import { inverse, notShown, type Plan } from "../plan/entries";
import { undoCallsOf } from "./calls";
import { inComment } from "./literal";
import { guardedCall, script } from "./script";

/** The script that brings back what a plan is about to change. Roles and a REST-enabled schema stay. */
export function undoScript(plan: Plan): string {
  const { schema, stack, user, packages } = plan;
  return script(
    {
      title: undoTitle(schema, stack),
      notes: [
        packages.schema === undefined ? `Run it as ${schema}` : `Run it as ${user} or another ORDS administrator`,
        "in SQLcl, SQL*Plus or SQL Developer, or with: ords-jwt restore ENVIRONMENT FILE",
        ...cannotRestore(plan).map((line) => `NOT RESTORED: ${line}`),
      ],
      schema,
      packages,
    },
    undoCallsOf(plan).map((call) => guardedCall(call, packages)),
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
