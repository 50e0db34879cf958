import spinner from "yocto-spinner";
import type { Terminal } from "./terminal";

/** A person is looking, and the lines of other programs do not come in between. */
const isLive = ({ stderr, verbose }: Terminal) => stderr.isTTY === true && !process.env.CI && !verbose;

/**
 * Shows that a step is under way and, at its end, how long it took: a spinner for a person, a plain line elsewhere. On standard
 * error, since standard output is for results.
 */
export async function step<T>(terminal: Terminal, title: string, work: () => Promise<T>): Promise<T> {
  if (terminal.quiet) return work();
  const begin = performance.now();
  const shown = isLive(terminal) ? spinner({ text: title, stream: terminal.stderr }).start() : undefined;
  const seconds = () => `${((performance.now() - begin) / 1000).toFixed(1)} s`;
  try {
    const result = await work();
    if (shown) shown.success(`${title} (${seconds()})`);
    else terminal.error(`${title}: ${seconds()}`);
    return result;
  } catch (error) {
    shown?.error(title);
    throw error;
  }
}
