import type oracledb from "oracledb";
import { Failure } from "../../errors";
import type { Desired } from "../model";
import { isInSync, type Plan } from "../plan/entries";
import { isRegistered, planRegister, planUnregister } from "../plan/plan";
import { type Allowed, requireAllowed } from "../plan/refusals";
import { planRestore, type Restored } from "../plan/restore";
import { blocksOf } from "../sql/blocks";
import { callsOf } from "../sql/calls";
import { undoScript } from "../sql/undo";
import { type Login, readActual } from "./read";
import { inTransaction, type Transaction, type TransactionOptions, UnfinishedError } from "./transaction";

/** What was written is not what the database holds afterwards. */
class ReadBackError extends Failure {
  readonly code = "not-as-written";
}

/** How a run is watched and what it may do. */
export interface ApplyOptions extends Allowed, TransactionOptions {
  /** Look and write nothing. @default false */
  readonly dryRun?: boolean;
  /** Called with what is going to be done, before it is known whether it may be. */
  readonly show: (plan: Plan) => void;
  /** Called with the script that undoes the plan, right before the first write. */
  readonly save: (undo: string, plan: Plan) => void;
}

export interface Outcome {
  readonly plan: Plan;
  /** Whether anything was written. */
  readonly written: boolean;
}

/**
 * Makes the schema hold what is desired. Reads and writes are one serializable transaction: what was shown is what is
 * changed, and a run that another one overtook fails and changes nothing.
 * @throws PlanError, ReadBackError, AccessError, VersionError, UnfinishedError
 */
export async function register(
  connection: oracledb.Connection,
  desired: Desired,
  options: ApplyOptions & { readonly sampleApi?: boolean },
): Promise<Outcome> {
  const { schema } = desired;
  const outcome = await inTransaction(
    connection,
    async (transaction) => {
      const plan = planRegister(desired, await readActual(connection, schema, transaction.login), options);
      return carryOut(plan, transaction, options);
    },
    options,
  );
  await readBack(outcome, async () => isRegistered(desired, await readActual(connection, schema, outcome.plan)));
  return outcome;
}

/**
 * Removes what the stack registered, and leaves closed what would otherwise be public.
 * @throws the same as register
 */
export async function unregister(
  connection: oracledb.Connection,
  { stack, schema }: { readonly stack: string; readonly schema: string },
  options: ApplyOptions & { readonly sampleApi?: boolean },
): Promise<Outcome> {
  const plan = async (login: Login) => planUnregister(stack, await readActual(connection, schema, login), options);
  const outcome = await inTransaction(
    connection,
    async (transaction) => carryOut(await plan(transaction.login), transaction, options),
    options,
  );
  await readBack(outcome, async () => isInSync(await plan(outcome.plan)));
  return outcome;
}

/**
 * Puts back what a saved script says, in one transaction: a plan like any other, made before anything is written.
 * @throws the same as register
 */
export async function restore(
  connection: oracledb.Connection,
  { stack, schema }: { readonly stack: string; readonly schema: string },
  restored: Restored,
  options: ApplyOptions,
): Promise<Outcome> {
  const plan = async (login: Login) => planRestore(stack, restored, await readActual(connection, schema, login));
  const outcome = await inTransaction(
    connection,
    async (transaction) => carryOut(await plan(transaction.login), transaction, options),
    options,
  );
  await readBack(outcome, async () => isInSync(await plan(outcome.plan)));
  return outcome;
}

async function carryOut(plan: Plan, transaction: Transaction, options: ApplyOptions): Promise<Outcome> {
  options.show(plan);
  requireAllowed(plan, options);
  if (options.dryRun || isInSync(plan)) return { plan, written: false };
  options.save(undoScript(plan), plan);
  await transaction.runAndCommit(blocksOf(callsOf(plan)));
  return { plan, written: true };
}

async function readBack({ plan, written }: Outcome, isDone: () => Promise<boolean>): Promise<void> {
  if (!written) return;
  const done = await isDone().catch((error: unknown) => {
    throw new UnfinishedError("everything was written, but could not be read back; look with register --plan", {
      cause: error,
    });
  });
  if (done) return;
  throw new ReadBackError(
    `schema ${plan.schema} does not hold what was just written: someone else is changing it too; run the command again`,
  );
}
