import { ConfigurationError } from "../../config/environment";
import { environment } from "../../config/environments";
import { Oci, ociMessage } from "../oci/client";
import { confirm } from "../terminal/confirm";
import { CheckFailed, OutsideError } from "../terminal/failure";
import { cdktfDestroy, synthesize } from "../terraform/cdktf";
import { managedResources, sweep } from "../terraform/sweep";
import { unregister } from "./unregister";

export interface DestroyFlags {
  /** Leave the database alone, for example because it is gone. @default false */
  readonly skipOrds?: boolean;
  /** Remove the sample module as well. */
  readonly sampleApi?: boolean;
  /** Leave public what is protected now. */
  readonly expose?: boolean;
  /** Do not ask. @default false */
  readonly yes?: boolean;
}

/** Removes an environment on both sides: unregister, sweep, `cdktf destroy`. */
export async function destroy(name: string, { skipOrds, sampleApi, expose, yes }: DestroyFlags): Promise<void> {
  const target = environment(name);
  if (target.protected) {
    throw new ConfigurationError(
      `environment ${name} is protected: set protected to false in environments/${name}.ts and deploy it first`,
    );
  }
  await synthesize(name);
  if (!yes) await showLoss(name, { skipOrds, sampleApi, expose });
  await confirm("This destroys what is shown above.", name, yes);
  if (!skipOrds) await unregister(name, { sampleApi, expose });
  await prepare(name, new Oci({ region: target.region, ...target.authentication }));
  await cdktfDestroy(name);
  console.log(`environment ${name} is destroyed`);
}

/** What will go on both sides. */
async function showLoss(name: string, { skipOrds, sampleApi, expose }: DestroyFlags): Promise<void> {
  const resources = await managedResources(name);
  console.log(`OCI, stack ${name}`);
  for (const { address } of resources) console.log(`- delete    ${address}`);
  if (resources.length === 0) console.log("nothing is left in the state");
  if (skipOrds) return;
  console.log("\nORDS");
  await unregister(name, { sampleApi, expose, plan: true }).catch((error: unknown) => {
    // So a plan says that it would change something.
    if (!(error instanceof CheckFailed)) throw error;
  });
}

async function prepare(name: string, oci: Oci): Promise<void> {
  try {
    await sweep(name, oci, console.log);
  } catch (error) {
    if (error instanceof OutsideError) throw error;
    throw new OutsideError(`cannot prepare the destroy: ${ociMessage(error)}`);
  }
}
