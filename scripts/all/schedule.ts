/** How something ended that was to be done. */
export type Ended<T> = { readonly result: T } | { readonly waitedFor: string };

export interface Work<T> {
  /** In the order in which they begin where nothing else decides. */
  readonly names: readonly string[];
  /** What has to be done before, among the names. */
  readonly before: (name: string) => readonly string[];
  /** Most that are under way at once, at least 1. */
  readonly concurrency: number;
  readonly run: (name: string) => Promise<T>;
  /** Whether what comes after may begin. */
  readonly isGood: (result: T) => boolean;
  /** Told of each as it ends, also of one that never began. */
  readonly onEnd: (name: string, ended: Ended<T>) => void;
  /** Once aborted, nothing more begins. */
  readonly signal: AbortSignal;
}

/**
 * Does all of it: side by side where nothing depends, as many at once as may be. What depends on something that did not end well never
 * begins, nor does what depends on that. There are no circles.
 * @returns how each ended; without those that an abort kept from beginning
 */
export async function schedule<T>(work: Work<T>): Promise<Map<string, Ended<T>>> {
  const ended = new Map<string, Ended<T>>();
  const begun = new Set<string>();
  const underWay = new Set<Promise<void>>();
  const end = (name: string, how: Ended<T>) => {
    ended.set(name, how);
    work.onEnd(name, how);
  };
  const hasFailed = (name: string) => {
    const how = ended.get(name);
    return how !== undefined && !("result" in how && work.isGood(how.result));
  };
  for (let count = -1; underWay.size > 0 || ended.size > count; ) {
    count = ended.size;
    for (const name of work.names) {
      if (begun.has(name) || work.signal.aborted || underWay.size >= work.concurrency) continue;
      const before = work.before(name);
      const failed = before.find(hasFailed);
      if (failed !== undefined) {
        begun.add(name);
        end(name, { waitedFor: failed });
      } else if (before.every((other) => ended.has(other))) {
        begun.add(name);
        const running: Promise<void> = work
          .run(name)
          .then((result) => end(name, { result }))
          .finally(() => underWay.delete(running));
        underWay.add(running);
      }
    }
    if (underWay.size > 0) await Promise.race(underWay);
  }
  return ended;
}
