import type { Terminal } from "./terminal";

/**
 * Runs `work` so that Ctrl-C lets it finish or roll back, and says so; a second Ctrl-C ends the process at once, which the
 * database takes for a rollback unless the commit was already on its way.
 */
export async function interruptible<T>(terminal: Terminal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const signals = ["SIGINT", "SIGTERM"] as const;
  const stop = () => {
    for (const signal of signals) process.off(signal, stop);
    terminal.error("interrupted: rolling back, unless it is being committed already");
    controller.abort();
  };
  for (const signal of signals) process.once(signal, stop);
  try {
    const result = await work(controller.signal);
    if (controller.signal.aborted) terminal.error("interrupted too late: the run is complete");
    return result;
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
