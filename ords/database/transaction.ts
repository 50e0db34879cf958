import type oracledb from "oracledb";
import { Failure } from "../../errors";
import { type Block, failedCall } from "../sql/blocks";
import { isDriverError } from "./errors";

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

/** What can be done inside a transaction besides reading. */
export interface Transaction {
  /** Runs all blocks; the last one commits. */
  runAndCommit(blocks: readonly Block[]): Promise<void>;
}

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

  const transaction: Transaction = {
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
  };

  try {
    await connection.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    const result = await work(transaction);
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
