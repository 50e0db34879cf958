import { environment } from "../environments";
import { ConfigurationError } from "../environments/environment";
import { cdktfDestroy, synthesize } from "./cdktf";
import { confirm } from "./confirm";
import { OutsideError } from "./failure";
import { Oci, ociMessage } from "./oci";
import { sweep } from "./sweep";
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
  const registered = skipOrds ? "" : ", and what it registered in the database";
  await confirm(`This destroys all that stack ${name} made in OCI${registered}.`, name, yes);
  await synthesize(name);
  if (!skipOrds) await unregister(name, { sampleApi, expose });
  await prepare(name, new Oci({ region: target.region, ...target.authentication }));
  await cdktfDestroy(name);
  console.log(`environment ${name} is destroyed`);
}

async function prepare(name: string, oci: Oci): Promise<void> {
  try {
    await sweep(name, oci, console.log);
  } catch (error) {
    if (error instanceof OutsideError) throw error;
    throw new OutsideError(`cannot prepare the destroy: ${ociMessage(error)}`);
  }
}
