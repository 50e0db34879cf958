/** One measurement: gives back what it took. */
export type Measurement = () => Promise<number>;

/** Each in turn, again and again, the first one every other time; before that once without counting. */
export async function inTurn<T extends Record<string, Measurement>>(
  repeat: number,
  measurements: T,
): Promise<Record<keyof T, number[]>> {
  const all = Object.entries(measurements);
  const found = Object.fromEntries(all.map(([name]) => [name, [] as number[]])) as Record<keyof T, number[]>;
  for (const [, measure] of all) await measure();
  for (let round = 0; round < repeat; round++) {
    for (const [name, measure] of round % 2 === 0 ? all : all.toReversed()) found[name]!.push(await measure());
  }
  return found;
}

/** @returns seconds of this process's own processor, stand-ins in it included */
export async function ownProcessorSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** @returns seconds that somebody would wait */
export async function waitedSeconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}
