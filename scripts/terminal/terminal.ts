import type { Readable, Writable } from "node:stream";

/** Standard input, and whether a person types it. */
type Input = Readable & { readonly isTTY?: boolean };

/** Where one run of a command reads and writes, and how much it says. */
export class Terminal {
  /** Print errors and what was asked for, nothing on the way. */
  quiet = false;
  /** Print all that other programs print, and where an unexpected error came from. */
  verbose = false;
  private document: object | undefined;

  constructor(
    readonly stdin: Input = process.stdin,
    readonly stdout: Writable = process.stdout,
    readonly stderr: Writable & { readonly isTTY?: boolean } = process.stderr,
  ) {}

  /** A result, on standard output. */
  log(text: string): void {
    this.stdout.write(`${text}\n`);
  }

  /** What is no result, on standard error. */
  error(text: string): void {
    this.stderr.write(`${text}\n`);
  }

  /** The result for a program, printed as JSON once it is known how the command ended. */
  json(document: object): void {
    this.document = document;
  }

  /** Prints the result for a program, if there is one, with what the command failed with, if it failed. */
  end(error?: { readonly code: string; readonly message: string }): void {
    if (!this.document && !error) return;
    this.log(JSON.stringify({ ...this.document, ...(error && { error }) }, null, 2));
  }
}
