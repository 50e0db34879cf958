import { environment } from "../environments";
import type { Environment } from "../environments/environment";
import { preflight } from "../oauth/preflight";
import { publishSampleApi, register as registerInSchema } from "../ords/apply";
import { desiredState } from "../ords/desired";
import { isInSync } from "../ords/plan";
import { withConnection } from "./database";
import { CheckFailed } from "./failure";
import { handOver, type StackOutputs, stackOutputs } from "./outputs";
import { renderPlan } from "./render";

export interface RegisterFlags {
  /** Show what would be done and write nothing. */
  readonly plan?: boolean;
  /** File with the value of the output `ords`, in place of the Terraform state. */
  readonly outputs?: string;
  /** Publish the sample API first. */
  readonly sampleApi?: boolean;
  /** Look at a token and the JWK URL before writing. @default true */
  readonly preflight: boolean;
}

/** Registers JWT profile and privileges of an environment: plan, one transaction, read back. */
export async function register(name: string, flags: RegisterFlags): Promise<void> {
  const target = environment(name);
  const outputs = flags.outputs ? handOver(flags.outputs) : await stackOutputs(name);
  if (flags.preflight && !flags.plan) await runPreflight(outputs);
  const desired = desiredState(outputs.ords);
  const plan = await withConnection(target, async (connection) => {
    if (flags.sampleApi && !flags.plan && (await publishSampleApi(connection))) {
      console.log(`sample API published in schema ${desired.schema}`);
    }
    return registerInSchema(connection, desired, (plan) => {
      console.log(renderPlan(plan));
      return !flags.plan;
    });
  });
  if (isInSync(plan)) return;
  if (flags.plan) throw new CheckFailed();
  console.log(`registered in schema ${desired.schema}${where(target)} and read back`);
}

async function runPreflight({ ords, clientSecret }: StackOutputs): Promise<void> {
  const { issuer, audience, jwkUrl } = ords.profile;
  const scopes = ords.privileges.map((privilege) => privilege.name);
  const found = await preflight({ expected: { issuer, audience, scopes }, jwkUrl, client: ords.client, clientSecret });
  for (const line of found) console.log(`preflight: ${line}`);
}

function where({ database }: Environment): string {
  return ` (${database.connection.connectString})`;
}
