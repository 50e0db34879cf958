/** One line of the table in docs/security.md: something that is promised, and how often it was tried to break it. */
export interface Row {
  /** As `npm run trust -- NAME` takes it. */
  readonly name: string;
  /** What is promised, in a sentence. */
  readonly promise: string;
  /** How many of its cases are part of the tests. @default 2 */
  readonly inTests?: number;
  /** Runs at most so many of its cases, spread over all of them. @default - all of them */
  run(limit?: number): Promise<Result>;
}

export interface Result {
  readonly cases: number;
  /** By promise, how many cases broke it. */
  readonly broken: Readonly<Record<string, number>>;
  /** The first cases that broke something, in words. */
  readonly examples: readonly string[];
  /** Figures and facts to read beside the counts. */
  readonly notes: readonly string[];
}

/** Counts the cases of a row. */
export class Tally {
  private cases = 0;
  private readonly broken: Record<string, number>;
  private readonly examples: string[] = [];
  private readonly notes: string[] = [];

  /** @param promises what no case may break, a word or two each */
  constructor(promises: readonly string[]) {
    this.broken = Object.fromEntries(promises.map((promise) => [promise, 0]));
  }

  /** One case, with what it broke: an explanation by promise, or undefined where the promise was kept. */
  add(what: string, broken: Readonly<Record<string, string | undefined>>): void {
    this.cases += 1;
    for (const [promise, explanation] of Object.entries(broken)) {
      if (!(promise in this.broken)) throw new Error(`"${promise}" is not among the promises of this row`);
      if (explanation === undefined) continue;
      this.broken[promise]! += 1;
      if (this.examples.length < 10) this.examples.push(`${promise}: ${what}: ${explanation}`);
    }
  }

  /** One more promise, which could not be tried before something was known. */
  alsoTries(promise: string): void {
    this.broken[promise] = 0;
  }

  note(text: string): void {
    this.notes.push(text);
  }

  result(): Result {
    const { cases, broken, examples, notes } = this;
    return { cases, broken, examples, notes };
  }
}

/** At most `limit` of them, as far apart as they can be. */
export function spread<T>(all: readonly T[], limit: number = all.length): T[] {
  if (limit >= all.length) return [...all];
  return Array.from({ length: limit }, (_, index) => all[Math.floor(((index + 0.5) * all.length) / limit)]!);
}
