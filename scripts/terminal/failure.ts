import { CommanderError } from "commander";
import { Failure, type FailureCode, failures } from "../../errors";
import { inPlainWords, isDriverError } from "../../ords/database/errors";
import { cleanLines } from "./clean";
import type { Terminal } from "./terminal";

/** A program or service that we depend on is missing, cannot be reached or refused us. */
export class OutsideError extends Failure {
  readonly code = "unavailable";
}

/** A check failed or something differs; what it was has been shown already. */
export class CheckFailed extends Failure {
  readonly code = "check-failed";
}

/**
 * Prints an error as a person needs it, and for a program where `json` asks for it.
 * @returns the exit code
 */
export function report(error: unknown, terminal: Terminal, json: boolean): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const [code, message] = [codeOf(error), describe(error).replace(/^error: /, "")];
  // What failed or differs is in the result.
  terminal.end(json && !(error instanceof CheckFailed) ? { code, message } : undefined);
  // Commander has said what is wrong.
  if (!(error instanceof CheckFailed || error instanceof CommanderError)) {
    terminal.error(`error: ${message}`);
    if (terminal.verbose && error instanceof Error) {
      terminal.error(cleanLines(error.stack?.replace(error.message, "").trim() ?? ""));
    }
  }
  return error instanceof Failure ? error.exitCode : failures[code].exitCode;
}

/** The code of a failure, also of one that comes from the driver or from nobody knows where. */
export function codeOf(error: unknown): FailureCode {
  if (error instanceof Failure) return error.code;
  if (error instanceof CommanderError) return "invalid-input";
  return isDriverError(error) ? "database" : "unexpected";
}

/** An error in words for a person; what it quotes of others cannot drive a terminal. */
export function describe(error: unknown): string {
  return cleanLines(inWords(error));
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isDriverError(error)) return inPlainWords(error);
  if (isDriverError(error.cause)) return `${error.message}\n${inWords(error.cause)}`;
  // fetch hides what went wrong in the cause.
  const cause = error.cause instanceof Error ? error.cause.message || ("code" in error.cause && error.cause.code) : "";
  return cause ? `${error.message}: ${cause}` : error.message;
}
