import { constants } from "node:os";
import type { Terminal } from "../terminal/terminal";
import { stopRunning } from "../terraform/run";

/** Ctrl-C and SIGTERM: at the first nothing more begins, and what is under way ends where it safely can; the second ends the process. */
export class Interruption {
  readonly #controller = new AbortController();

  constructor(
    private readonly terminal: Terminal,
    /** Most environments that are under way at once. */
    private readonly concurrency: number,
  ) {}

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Listens while something is under way. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const signals = ["SIGINT", "SIGTERM"] as const;
    const most = process.getMaxListeners();
    // Each that is under way listens, too.
    process.setMaxListeners(most + 4 * this.concurrency);
    for (const signal of signals) process.on(signal, this.#interrupted);
    try {
      return await work();
    } finally {
      for (const signal of signals) process.off(signal, this.#interrupted);
      process.setMaxListeners(most);
    }
  }

  readonly #interrupted = (signal: NodeJS.Signals) => {
    if (this.signal.aborted) {
      stopRunning();
      process.exit(128 + constants.signals[signal]);
    }
    this.terminal.error(
      "interrupted: nothing more begins; what is under way ends where it safely can (once more: ends at once)",
    );
    this.#controller.abort();
  };
}
