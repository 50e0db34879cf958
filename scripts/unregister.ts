import { environment } from "../environments";
import { unregister as unregisterFromSchema } from "../ords/apply";
import { isInSync } from "../ords/plan";
import { withConnection } from "./database";
import { CheckFailed } from "./failure";
import { interruptible } from "./interrupt";
import { type PlanFlags, PlanOutput } from "./plan-output";

export interface UnregisterFlags extends Omit<PlanFlags, "adopt"> {
  /** Remove the sample module as well. */
  readonly sampleApi?: boolean;
}

/** Removes what register made; needs no Terraform outputs. */
export async function unregister(name: string, flags: UnregisterFlags): Promise<void> {
  const target = environment(name);
  const { schema } = target.database;
  const output = new PlanOutput(flags);
  const { sampleApi } = flags;
  const { plan, written } = await output.finish(() =>
    withConnection(target, (connection) =>
      interruptible((signal) =>
        unregisterFromSchema(connection, { stack: name, schema }, { ...output.run(signal), sampleApi }),
      ),
    ),
  );
  if (written) output.say(`unregistered from schema ${schema} and read back`);
  else if (!isInSync(plan)) throw new CheckFailed();
}
