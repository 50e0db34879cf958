import { failures } from "../../errors";
import type { Ended } from "./schedule";

/** How a command ended for one environment. */
export interface Outcome {
  /** In a word or two: `in sync`, `differs`, `blocked`, `deployed`. */
  readonly result: string;
  /** That of the command for one. */
  readonly exitCode: number;
  /** What came of it, or what went wrong, in a line. */
  readonly summary: string;
  readonly error?: { readonly code: string; readonly message: string };
  /** What the command printed; empty where there is nothing to see. */
  readonly text: string;
  /** The result for a program, where it was asked for. */
  readonly document?: object;
}

/** One line of the table. */
export interface Row extends Omit<Outcome, "exitCode"> {
  readonly environment: string;
  /** null: it never began. */
  readonly exitCode: number | null;
}

/** @param ended undefined of what an interruption kept from beginning */
export function rowOf(environment: string, ended: Ended<Outcome> | undefined): Row {
  if (ended && "result" in ended) return { environment, ...ended.result };
  const summary = ended ? `comes after ${ended.waitedFor}, which did not end well` : "interrupted before";
  return { environment, result: "not begun", exitCode: null, summary, text: "" };
}

/** 0 where all is well; what never began is as bad as nothing seen. */
export function worst(rows: readonly Row[]): number {
  const codes = rows.map(({ exitCode }) => exitCode ?? failures.unfinished.exitCode);
  return Math.max(0, ...codes);
}

/** There is nothing to do about it. */
export function isQuiet({ exitCode }: Row): boolean {
  return exitCode === 0;
}
