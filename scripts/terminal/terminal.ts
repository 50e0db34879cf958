import type { Readable, Writable } from "node:stream";
import { format } from "node:util";
import { cleanOutput, hyperlink } from "./clean";
import { hasColours } from "./colours";
import { withoutSecrets } from "./secrets";
import { wrapped } from "./wrap";

/** Standard input, and whether a person types it. */
type Input = Readable & { readonly isTTY?: boolean };

/** A stream, and whether a person looks at it. */
type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/**
 * Where one run of a command reads and writes, and how much it says; the one way out of all text, which
 * lets no secret through, nor what a terminal would obey.
 */
export class Terminal {
  /** Print errors and what was asked for, nothing on the way. */
  quiet = false;
  /** Print all that other programs print, and where an unexpected error came from. */
  verbose = false;
  /** What came of the command, in a line: the table of several environments shows that alone. */
  summary: string | undefined;
  /** The result for a program. */
  document: object | undefined;

  readonly stdout: Output;
  readonly stderr: Output;
  /** What is drawn on standard error while something is under way, and has to go before anything is printed. */
  live: { clear(): void } | undefined;

  constructor(
    readonly stdin: Input = process.stdin,
    stdout: Output = process.stdout,
    stderr: Output = process.stderr,
  ) {
    this.stdout = filtered(stdout);
    this.stderr = filtered(stderr);
  }

  /** A result, on standard output, as it is: for programs too. */
  log(text: string): void {
    this.live?.clear();
    this.stdout.write(`${cleanOutput(text)}\n`);
  }

  /** A result for a person, whose lines are broken where the terminal ends. */
  print(text: string): void {
    // Before a secret could end up in two lines.
    this.log(wrapped(withoutSecrets(text), this.columns));
  }

  /** The same for what is said on the way to a result. */
  say(text: string): void {
    if (!this.quiet) this.print(text);
  }

  /** How wide standard output is; undefined where nobody looks on, unless COLUMNS says it. */
  private get columns(): number | undefined {
    const { COLUMNS } = process.env;
    if (COLUMNS !== undefined && /^[1-9]\d{0,4}$/.test(COLUMNS)) return Number(COLUMNS);
    return this.stdout.isTTY ? this.stdout.columns : undefined;
  }

  /** Makes an address of a name; undefined where the terminal cannot. */
  get link(): ((link: { readonly what: string; readonly url: string }) => string) | undefined {
    if (!hasColours) return undefined;
    const { createSupportsHyperlinks } = require("supports-hyperlinks") as typeof import("supports-hyperlinks");
    if (!createSupportsHyperlinks(this.stdout)) return undefined;
    return ({ what, url }) => hyperlink(what, url);
  }

  /** What is no result, on standard error. */
  error(text: string): void {
    this.live?.clear();
    this.stderr.write(`${cleanOutput(text)}\n`);
  }

  /** The result for a program, printed as JSON once it is known how the command ended. */
  json(document: object): void {
    this.document = document;
  }

  /** Prints the result for a program, if there is one, with what the command failed with, if it failed. */
  end(error?: { readonly code: string; readonly message: string }): void {
    if (!this.document && !error) return;
    // Before a secret that is in JSON already is in JSON twice.
    const shown = (_key: string, value: unknown) => (typeof value === "string" ? withoutSecrets(value) : value);
    this.log(JSON.stringify({ ...this.document, ...(error && { error }) }, shown, 2));
  }

  /**
   * Takes what libraries, and environment files, print by the console to standard error.
   * @returns puts the console back
   */
  takeConsole(): () => void {
    const names = ["debug", "error", "info", "log", "warn"] as const;
    const before = Object.fromEntries(names.map((name) => [name, console[name]]));
    for (const name of names) console[name] = (...text) => this.error(format(...text));
    return () => void Object.assign(console, before);
  }
}

/** The same stream, to which secrets are not written. Whoever puts a `write` of its own in between changes this one, not that below. */
function filtered<T extends Writable>(stream: T): T {
  let write: unknown = (chunk: unknown, ...more: never[]) =>
    stream.write(typeof chunk === "string" ? withoutSecrets(chunk) : chunk, ...more);
  return new Proxy(stream, {
    get(_stream, name) {
      if (name === "write") return write;
      const value: unknown = Reflect.get(stream, name);
      return typeof value === "function" ? value.bind(stream) : value;
    },
    set(_stream, name, value) {
      if (name !== "write") return Reflect.set(stream, name, value);
      write = value;
      return true;
    },
  });
}
