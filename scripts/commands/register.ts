import { ConfigurationError } from "../../config/configuration-error";
import { environment } from "../../config/environments";
import { preflight } from "../../oauth/preflight";
import { register as registerInSchema } from "../../ords/database/apply";
import { desiredState } from "../../ords/plan/desired";
import { isInSync, type Plan } from "../../ords/plan/entries";
import { clientsWithoutRoles } from "../../ords/role-based-clients";
import { withConnection } from "../database";
import { CheckFailed } from "../terminal/failure";
import { interruptible } from "../terminal/interrupt";
import { type PlanFlags, PlanOutput } from "../terminal/plan-output";
import type { Terminal } from "../terminal/terminal";
import { outputsOf, type StackOutputs } from "../terraform/outputs";
import type { SqlFlags } from "./sql";

export interface RegisterFlags extends PlanFlags {
  /** File with the value of the output `ords`, in place of the Terraform state. */
  readonly outputs?: string;
  /** Publish the sample API first. */
  readonly sampleApi?: boolean;
  /** Look at a token and the JWK URL before writing. @default true */
  readonly preflight: boolean;
  /** Outputs of the stack that were read already. @default - they are read */
  readonly applied?: StackOutputs;
  /** The plan that was shown and agreed to already. */
  readonly reviewed?: Plan;
}

/** Flags of before, for what are commands of their own now. */
interface MovedFlags extends SqlFlags {
  readonly sql?: boolean;
  readonly restore?: string;
}

/** Registers JWT profile and privileges of an environment: plan, one transaction, read back. */
export async function register(name: string, flags: RegisterFlags & MovedFlags, terminal: Terminal): Promise<void> {
  refuseMoved(name, flags);
  const target = environment(name);
  const outputs = flags.applied ?? (await outputsOf(name, target, flags.outputs));
  const desired = desiredState(outputs.ords);
  const output = new PlanOutput(name, flags, terminal, flags.reviewed);
  for (const note of clientsWithoutRoles(outputs.ords)) output.say(`warning: ${note}`);
  if (flags.preflight && !flags.plan) await runPreflight(outputs, output);
  const { sampleApi } = flags;
  const { plan, written } = await output.finish(() =>
    withConnection(target, terminal, (connection) =>
      interruptible(terminal, (signal) => registerInSchema(connection, desired, { ...output.run(signal), sampleApi })),
    ),
  );
  if (written)
    output.say(`registered in schema ${desired.schema} (${target.database.connection.connectString}) and read back`);
  else if (!isInSync(plan)) throw new CheckFailed();
}

/** @throws ConfigurationError with the command to type */
function refuseMoved(name: string, flags: RegisterFlags & MovedFlags): void {
  const { sql, undo, ordsVersion, restore, outputs } = flags;
  const given = (options: Record<string, boolean | undefined>) =>
    Object.entries(options).flatMap(([option, isGiven]) => (isGiven ? [option] : []));
  const allowed = given({ "--adopt": flags.adopt, "--expose": flags.expose, "--sample-api": flags.sampleApi });
  if (restore !== undefined) {
    const rest = given({
      "--plan": flags.plan,
      "--json": flags.json,
      "--markdown": flags.markdown,
      "--expose": flags.expose,
    });
    throw moved("--restore", ["restore", name, restore, ...rest]);
  }
  if (!sql && !undo && ordsVersion === undefined) return;
  const version = ordsVersion === undefined ? [] : ["--ords-version", ordsVersion];
  const file = outputs === undefined ? [] : ["--outputs", outputs];
  throw moved(sql ? "--sql" : undo ? "--undo" : "--ords-version", [
    ...["sql", name, ...given({ "--undo": undo }), ...version, ...file, ...allowed],
  ]);
}

function moved(flag: string, command: readonly string[]): ConfigurationError {
  return new ConfigurationError(`register has no ${flag}: run npx ords-jwt ${command.join(" ")}`);
}

async function runPreflight({ ords, clientSecret }: StackOutputs, output: PlanOutput): Promise<void> {
  const { issuer, audience, jwkUrl } = ords.profile;
  const scopes = ords.privileges.map((privilege) => privilege.name);
  const found = await preflight({ expected: { issuer, audience, scopes }, jwkUrl, client: ords.client, clientSecret });
  for (const line of found) output.say(`preflight: ${line}`);
}
