import { readFileSync } from "node:fs";
import { ConfigurationError, type Environment } from "../../config/environment";
import { environment } from "../../config/environments";
import { preflight } from "../../oauth/preflight";
import { register as registerInSchema, restore as restoreInSchema } from "../../ords/database/apply";
import { desiredState } from "../../ords/plan/desired";
import { isInSync } from "../../ords/plan/entries";
import { blocksIn } from "../../ords/sql/script";
import { registerScript, unregisterScript } from "../../ords/sql/standalone";
import { VersionError } from "../../ords/version";
import { withConnection } from "../database";
import { CheckFailed } from "../terminal/failure";
import { interruptible } from "../terminal/interrupt";
import { type PlanFlags, PlanOutput } from "../terminal/plan-output";
import type { Terminal } from "../terminal/terminal";
import { handOver, type StackOutputs, stackOutputs } from "../terraform/outputs";

export interface RegisterFlags extends PlanFlags {
  /** File with the value of the output `ords`, in place of the Terraform state. */
  readonly outputs?: string;
  /** Publish the sample API first. */
  readonly sampleApi?: boolean;
  /** Look at a token and the JWK URL before writing. @default true */
  readonly preflight: boolean;
  /** Print a script that does it, and connect to no database. */
  readonly sql?: boolean;
  /** With `sql`: the script that takes it back. */
  readonly undo?: boolean;
  /** With `sql`: ORDS of the database that the script is for. */
  readonly ordsVersion?: string;
  /** Run a saved undo script. */
  readonly restore?: string;
}

/** Registers JWT profile and privileges of an environment: plan, one transaction, read back. */
export async function register(name: string, flags: RegisterFlags, terminal: Terminal): Promise<void> {
  if (!flags.sql && (flags.undo || flags.ordsVersion !== undefined)) {
    throw new ConfigurationError("--undo and --ords-version belong to --sql");
  }
  const target = environment(name);
  if (flags.restore !== undefined) return restore(name, target, flags.restore, flags, terminal);
  if (flags.sql && flags.undo) return print(terminal, () => unregisterScript(name, target.database.schema, flags));
  const outputs = flags.outputs ? handOver(flags.outputs) : await stackOutputs(name);
  if (outputs.ords.stack !== name) {
    throw new ConfigurationError(
      `${flags.outputs ?? "the state"} holds the outputs of stack ${outputs.ords.stack}, not of ${name}: name the environment that it belongs to`,
    );
  }
  if (outputs.ords.schema !== target.database.schema) {
    throw new ConfigurationError(
      `${flags.outputs ?? `the state of stack ${name}`} is for schema ${outputs.ords.schema}, environments/${name}.ts for ${target.database.schema}: deploy the environment, or correct one of them`,
    );
  }
  const desired = desiredState(outputs.ords);
  if (flags.sql) return print(terminal, () => registerScript(desired, flags));

  const output = new PlanOutput(flags, terminal);
  if (flags.preflight && !flags.plan) await runPreflight(outputs, output);
  const { sampleApi } = flags;
  const { plan, written } = await output.finish(() =>
    withConnection(target, terminal, (connection) =>
      interruptible(terminal, (signal) => registerInSchema(connection, desired, { ...output.run(signal), sampleApi })),
    ),
  );
  if (written) output.say(`registered in schema ${desired.schema}${where(target)} and read back`);
  else if (!isInSync(plan)) throw new CheckFailed();
}

async function restore(
  name: string,
  target: Environment,
  file: string,
  flags: PlanFlags,
  terminal: Terminal,
): Promise<void> {
  const { schema } = target.database;
  const blocks = blocksIn(readScript(file), { file, schema, stack: name });
  const output = new PlanOutput(flags, terminal);
  const { plan, written } = await output.finish(() =>
    withConnection(target, terminal, (connection) =>
      interruptible(terminal, (signal) =>
        restoreInSchema(connection, { stack: name, schema }, blocks, output.run(signal)),
      ),
    ),
  );
  if (written) output.say(`restored schema ${schema}${where(target)}`);
  else if (!isInSync(plan)) throw new CheckFailed();
}

function readScript(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigurationError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

/** A script ends in a line break of its own. */
function print({ stdout }: Terminal, script: () => string): void {
  try {
    stdout.write(script());
  } catch (error) {
    // Here the version is what the caller says, not what a database has.
    throw error instanceof VersionError ? new ConfigurationError(error.message) : error;
  }
}

async function runPreflight({ ords, clientSecret }: StackOutputs, output: PlanOutput): Promise<void> {
  const { issuer, audience, jwkUrl } = ords.profile;
  const scopes = ords.privileges.map((privilege) => privilege.name);
  const found = await preflight({ expected: { issuer, audience, scopes }, jwkUrl, client: ords.client, clientSecret });
  for (const line of found) output.say(`preflight: ${line}`);
}

function where({ database }: Environment): string {
  return ` (${database.connection.connectString})`;
}
