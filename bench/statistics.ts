/** What repeated measurements say: the middle, and how far they lie apart. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws Error when there is nothing to summarize */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new Error("nothing was measured");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/** Pair by pair, so that a machine that becomes slower meanwhile makes no difference. */
export function ratios(values: readonly number[], others: readonly number[]): number[] {
  if (values.length !== others.length)
    throw new Error(`${values.length} values cannot be paired with ${others.length}`);
  return values.map((value, index) => value / others[index]!);
}
