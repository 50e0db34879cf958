import { environment } from "../environments";
import { removeSampleApi, unregister as unregisterFromSchema } from "../ords/apply";
import { withConnection } from "./database";
import { renderPlan } from "./render";

export interface UnregisterFlags {
  /** Remove the sample module first. */
  readonly sampleApi?: boolean;
}

/** Removes what register made; needs no Terraform outputs. */
export async function unregister(name: string, flags: UnregisterFlags): Promise<void> {
  await withConnection(environment(name), async (connection) => {
    if (flags.sampleApi && (await removeSampleApi(connection))) console.log("sample module removed");
    await unregisterFromSchema(connection, name, (plan) => {
      console.log(plan.entries.length > 0 ? renderPlan(plan) : "nothing of this stack is registered");
      for (const { name, modules, patterns } of plan.kept) {
        const things = [...modules, ...patterns].join(", ");
        console.log(
          `kept privilege ${name}: without it ${things} would be public; with no profile every call answers 401`,
        );
      }
      return true;
    });
  });
}
