import { environment } from "../../config/environments";
import { unregister as unregisterFromSchema } from "../../ords/database/apply";
import { isInSync, type Plan } from "../../ords/plan/entries";
import { withConnection } from "../database";
import { CheckFailed } from "../terminal/failure";
import { interruptible } from "../terminal/interrupt";
import { type PlanFlags, PlanOutput } from "../terminal/plan-output";
import type { Terminal } from "../terminal/terminal";

export interface UnregisterFlags extends Omit<PlanFlags, "adopt"> {
  /** Remove the sample module as well. */
  readonly sampleApi?: boolean;
  /** The plan that was shown and agreed to already. */
  readonly reviewed?: Plan;
}

/** Removes what register made; needs no Terraform outputs. */
export async function unregister(name: string, flags: UnregisterFlags, terminal: Terminal): Promise<void> {
  const target = environment(name);
  const { schema } = target.database;
  const output = new PlanOutput(name, flags, terminal, flags.reviewed);
  const { sampleApi } = flags;
  const { plan, written } = await output.finish(() =>
    withConnection(target, terminal, (connection) =>
      interruptible(terminal, (signal) =>
        unregisterFromSchema(connection, { stack: name, schema }, { ...output.run(signal), sampleApi }),
      ),
    ),
  );
  if (written) output.say(`unregistered from schema ${schema} and read back`);
  else if (!isInSync(plan)) throw new CheckFailed();
}
