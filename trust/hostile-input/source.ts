import type { Readable } from "node:stream";
import fc from "fast-check";
import type { Deployed } from "../../__tests__/scripts/deployed";
import type { Terminal } from "../../scripts/terminal/terminal";

/** What the sources work with. */
export interface Bench {
  readonly deployed: Deployed;
}

/** One hostile input. */
export interface Case {
  readonly what: string;
  /** Its length, in characters or bytes. */
  readonly size: number;
  /** What comes on standard input. */
  readonly input?: Uint8Array | Readable;
  /** Ports on this machine that may be asked. @default - none */
  readonly ports?: readonly number[];
  readonly run: (terminal: Terminal) => unknown;
}

/** Where hostile input comes from. */
export interface Source {
  readonly name: string;
  /** How many of a hundred cases are its. */
  readonly share: number;
  cases(count: number, seed: number): Case[];
  close?(): Promise<void> | void;
}

/** A source whose inputs are generated. @param of what becomes of the input; the number tells its modes apart */
export function generated<T>(
  name: string,
  share: number,
  inputs: fc.Arbitrary<T>,
  of: (input: T, index: number) => Omit<Case, "what" | "size">,
): Source {
  return {
    name,
    share,
    cases: (numRuns, seed) =>
      fc.sample(inputs, { numRuns, seed }).map((input, index) => {
        const text = typeof input === "string" || input instanceof Uint8Array ? input : JSON.stringify(input);
        return {
          what: `${name} ${index}: ${JSON.stringify(text).slice(0, 300)}`,
          size: text?.length ?? 0,
          ...of(input, index),
        };
      }),
  };
}
