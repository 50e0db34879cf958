import type oracledb from "oracledb";
import type { Desired } from "./desired";
import { isInSync, type Plan, planRegister, planUnregister } from "./plan";
import { readActual } from "./read";
import { publishSample, removeSample } from "./sample-api";
import { type Statement, statements } from "./statements";
import { securityPackage } from "./version";

/** What was written is not what the database holds afterwards. */
export class ReadBackError extends Error {}

/** Looks at a plan before it is carried out; `false` leaves everything as it is. */
export type Review<P extends Plan> = (plan: P) => boolean;

/**
 * Makes the schema hold what is desired. Reads and writes are one serializable transaction: what was reviewed is what is
 * changed, and a run that another one overtook fails and changes nothing.
 * @throws PlanError, ReadBackError, and errors of the driver
 */
export async function register(connection: oracledb.Connection, desired: Desired, review: Review<Plan>): Promise<Plan> {
  const written = await serializable(connection, async () => {
    const actual = await readActual(connection);
    const plan = planRegister(desired, actual);
    const go = review(plan) && !isInSync(plan);
    return { plan, go, statements: go ? statements(plan, desired, securityPackage(actual.ordsVersion)) : [] };
  });
  if (written.go && !isInSync(planRegister(desired, await readActual(connection)))) {
    throw new ReadBackError(
      `schema ${desired.schema} does not hold what was just written: someone else is changing it too; register again`,
    );
  }
  return written.plan;
}

/** Removes what the stack registered, and leaves closed what would otherwise be public. */
export async function unregister(
  connection: oracledb.Connection,
  stack: string,
  review: Review<ReturnType<typeof planUnregister>>,
): Promise<Plan> {
  const { plan } = await serializable(connection, async () => {
    const actual = await readActual(connection);
    const plan = planUnregister(stack, actual);
    const go = review(plan) && plan.entries.length > 0;
    return { plan, statements: go ? statements(plan, null, securityPackage(actual.ordsVersion)) : [] };
  });
  return plan;
}

/** REST-enables the schema if it is not and publishes the sample module if it is missing. Says whether it had to. */
export async function publishSampleApi(connection: oracledb.Connection): Promise<boolean> {
  const { statements } = await serializable(connection, async () => ({
    statements: publishSample(await readActual(connection)),
  }));
  return statements.length > 0;
}

/** Removes the sample module. Says whether it was there. */
export async function removeSampleApi(connection: oracledb.Connection): Promise<boolean> {
  const { statements } = await serializable(connection, async () => ({
    statements: removeSample(await readActual(connection)),
  }));
  return statements.length > 0;
}

/** Reads and decides in a serializable transaction, then runs the statements decided on in it; all of them or none. */
async function serializable<T extends { statements: readonly Statement[] }>(
  connection: oracledb.Connection,
  decide: () => Promise<T>,
): Promise<T> {
  await connection.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
  try {
    const decision = await decide();
    const last = decision.statements.length - 1;
    for (const [index, { plsql, binds }] of decision.statements.entries()) {
      await connection.execute(plsql, binds, { autoCommit: index === last });
    }
    if (last < 0) await connection.rollback();
    return decision;
  } catch (error) {
    await connection.rollback().catch(() => {
      // The connection is gone, and the transaction with it; the first error says why.
    });
    throw error;
  }
}
