import spinner from "yocto-spinner";

/** What the flags --quiet and --verbose ask for; set before a command runs. */
export const verbosity = { quiet: false, verbose: false };

/** A person is looking, and the lines of other programs do not come in between. */
const live = () => process.stderr.isTTY === true && !process.env.CI && !verbosity.verbose;

/**
 * Shows that a step is under way and, at its end, how long it took: a spinner for a person, a plain line elsewhere. On standard
 * error, since standard output is for results.
 */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  if (verbosity.quiet) return work();
  const begin = performance.now();
  const shown = live() ? spinner({ text: title, stream: process.stderr }).start() : undefined;
  const seconds = () => `${((performance.now() - begin) / 1000).toFixed(1)} s`;
  try {
    const result = await work();
    if (shown) shown.success(`${title} (${seconds()})`);
    else console.error(`${title}: ${seconds()}`);
    return result;
  } catch (error) {
    shown?.error(title);
    throw error;
  }
}
