import { ratios, type Summary, summarize } from "./statistics";

/** One line of the table: a kind of work, measured next to its alternative. */
export interface Line {
  /** As `npm run bench -- NAME` takes it. */
  readonly name: string;
  /** What the figures are limited by, in a sentence: for docs/performance.md. */
  readonly limit: string;
  /** @param repeat how often each measurement is made at least */
  measure(repeat: number): Promise<Figure[]>;
}

/** What is demanded of a figure; `times`: of the alternative, `faster`: the alternative's of ours, `value`: of the figure itself. */
export interface Aim {
  readonly of: "value" | "times" | "faster";
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Measurements of one thing, and, in the same order, of its alternative. */
export interface Figure {
  readonly what: string;
  readonly unit: "s of processor" | "s" | "ms" | "MB" | "per second" | "";
  readonly values: readonly number[];
  /** What the alternative is. @default - there is none */
  readonly against?: string;
  readonly others?: readonly number[];
  /** @default - the figure is only stated */
  readonly aim?: Aim;
}

/** A figure as it is shown and kept. */
export interface Finding {
  readonly what: string;
  readonly unit: Figure["unit"];
  readonly value: Summary;
  readonly against?: string;
  readonly other?: Summary;
  /** How the two compare, or the value itself where that is what the aim is of. */
  readonly compared?: Summary;
  readonly aim?: Aim;
  readonly isMet?: boolean;
}

export function findingOf({ what, unit, values, against, others, aim }: Figure): Finding {
  const value = summarize(values);
  const other = others && summarize(others);
  const compared = aim?.of === "value" ? value : others && summarize(pairs(values, others, aim));
  if (!aim) return { what, unit, value, against, other, compared };
  if (!compared) throw new Error(`"${what}" has an aim beside something that was not measured`);
  const { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY } = aim;
  const isMet = compared.median <= atMost && compared.median >= atLeast;
  return { what, unit, value, against, other, compared, aim, isMet };
}

function pairs(values: readonly number[], others: readonly number[], aim: Aim | undefined): number[] {
  return aim?.of === "faster" ? ratios(others, values) : ratios(values, others);
}
