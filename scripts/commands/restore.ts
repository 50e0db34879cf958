import { environment } from "../../config/environments";
import { restore as restoreInSchema } from "../../ords/database/apply";
import { isInSync } from "../../ords/plan/entries";
import { readUndo } from "../../ords/sql/undo-file";
import { withConnection } from "../database";
import { CheckFailed } from "../terminal/failure";
import { interruptible } from "../terminal/interrupt";
import { type PlanFlags, PlanOutput } from "../terminal/plan-output";
import type { Terminal } from "../terminal/terminal";
import { readText } from "../text-file";

/** Puts back what a saved undo script says, in one transaction, and shows it before. */
export async function restore(
  name: string,
  file: string,
  flags: Omit<PlanFlags, "adopt">,
  terminal: Terminal,
): Promise<void> {
  const target = environment(name);
  const { schema, connection } = target.database;
  const restored = readUndo(readText(file), { file, schema, stack: name });
  const output = new PlanOutput(name, flags, terminal);
  const { plan, written } = await output.finish(() =>
    withConnection(target, terminal, (session) =>
      interruptible(terminal, (signal) =>
        restoreInSchema(session, { stack: name, schema }, restored, output.run(signal)),
      ),
    ),
  );
  if (written) output.say(`restored schema ${schema} (${connection.connectString})`);
  else if (!isInSync(plan)) throw new CheckFailed();
}
