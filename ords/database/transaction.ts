import type oracledb from "oracledb";
import { Failure } from "../../errors";
import { type Block, failedCall } from "../sql/blocks";
import { isDriverError } from "./errors";
import type { Login } from "./read";

/** A run that did not come to its end; the message says what it left. */
export class UnfinishedError extends Failure {
  readonly code = "unfinished";
}

export interface TransactionOptions {
  /** Ends the transaction by a rollback, as long as it is not being committed. */
  readonly signal?: AbortSignal;
  /** Called after each block with the number of calls made so far. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A transaction that has begun, and what can be done in it besides reading. */
export interface Transaction {
  readonly login: Login;
  /** Runs all blocks; the last one commits. */
  runAndCommit(blocks: readonly Block[]): Promise<void>;
}

// In one round trip with the look at who is logged in.
const begin = `BEGIN
  SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
  SELECT USER, ords.installed_version INTO :who, :version FROM dual;
END;`;

/** The driver's BIND_OUT: it is loaded by what logs in. */
const out: { dir: typeof oracledb.BIND_OUT } = { dir: 3003 };

/**
 * Reads, decides and writes in one serializable transaction. What `work` does not commit is rolled back.
 * @throws UnfinishedError, which says whether anything was changed, and whatever `work` throws
 */
export async function inTransaction<T>(
  connection: oracledb.Connection,
  work: (transaction: Transaction) => Promise<T>,
  { signal, onProgress }: TransactionOptions = {},
): Promise<T> {
  let doing = "read what the schema holds";
  // From "under way" on the database decides whether there was a commit, whatever happens here.
  const state: { commit: "none" | "under way" | "done" } = { commit: "none" };
  const committing = async (send: () => Promise<unknown>) => {
    if (signal?.aborted) throw new UnfinishedError("interrupted");
    state.commit = "under way";
    await send();
    state.commit = "done";
  };
  const interrupt = () => {
    // The call that is running now then fails; between two calls there is nothing to stop.
    if (state.commit === "none") connection.break().catch(() => {});
  };
  signal?.addEventListener("abort", interrupt);

  const transactionOf = (login: Login): Transaction => ({
    login,
    async runAndCommit(blocks) {
      const total = blocks.reduce((sum, { calls }) => sum + calls.length, 0);
      let done = 0;
      for (const [index, block] of blocks.entries()) {
        doing =
          block.calls.length === 1
            ? block.calls[0]!.purpose
            : `${block.calls[0]!.purpose} ... ${block.calls.at(-1)!.purpose}`;
        const autoCommit = index === blocks.length - 1;
        const send = () => connection.execute(block.plsql, { ...block.binds }, { autoCommit });
        try {
          await (autoCommit ? committing(send) : send());
        } catch (error) {
          doing = failedCall(block, String((error as Error).message))?.purpose ?? doing;
          throw error;
        }
        done += block.calls.length;
        onProgress?.(done, total);
      }
    },
  });

  try {
    const { outBinds } = await connection.execute<{ who: string; version: string }>(begin, { who: out, version: out });
    const result = await work(transactionOf({ user: outBinds!.who, ordsVersion: outBinds!.version }));
    if (state.commit === "none") await connection.rollback();
    return result;
  } catch (error) {
    if (state.commit === "under way" && !isRefusal(error)) {
      throw new UnfinishedError(
        "the connection was lost during the commit: either all of it was changed or nothing; look with register --plan and run the command again",
        { cause: error },
      );
    }
    await connection.rollback().catch(() => {
      // The connection is gone, and the transaction with it; the first error says why.
    });
    if (signal?.aborted) throw new UnfinishedError("interrupted: rolled back, nothing was changed");
    if (!isDriverError(error)) throw error;
    throw new UnfinishedError(`cannot ${doing}; nothing was changed`, { cause: error });
  } finally {
    signal?.removeEventListener("abort", interrupt);
  }
}

/** Whether the database itself said no. Errors of the driver leave open what the database did. */
function isRefusal(error: unknown): boolean {
  return error instanceof UnfinishedError || (isDriverError(error) && String(error.code).startsWith("ORA-"));
}
