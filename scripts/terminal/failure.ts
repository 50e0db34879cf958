import { CommanderError } from "commander";
import { ConfigurationError } from "../../config/environment";
import { NotATokenError } from "../../oauth/decode";
import { JwksError } from "../../oauth/jwks";
import { PostmanError } from "../../oauth/postman";
import { PreflightError } from "../../oauth/preflight";
import { ReadBackError } from "../../ords/database/apply";
import { explain, isDriverError } from "../../ords/database/errors";
import { OutputError } from "../../ords/output";
import { PlanError } from "../../ords/plan/refusals";
import { ScriptError } from "../../ords/sql/script";
import { cleanLines } from "./clean";
import { verbosity } from "./progress";

const exitCodes = { done: 0, differs: 1, calledWrongly: 2, outside: 3 } as const;

/** A program or service that we depend on is missing, cannot be reached or refused us: exit code 3. */
export class OutsideError extends Error {}

/** A check failed or something differs; what it was has been shown already: exit code 1. */
export class CheckFailed extends Error {}

/** Prints an error as a person needs it and says with which code to exit. */
export function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.calledWrongly;
  if (error instanceof CheckFailed) return exitCodes.differs;
  console.error(`error: ${describe(error)}`);
  if (verbosity.verbose && error instanceof Error) {
    console.error(cleanLines(error.stack?.replace(error.message, "").trim() ?? ""));
  }
  if (
    [ConfigurationError, OutputError, ScriptError, NotATokenError, PostmanError].some((type) => error instanceof type)
  )
    return exitCodes.calledWrongly;
  const checks = [PlanError, PreflightError, JwksError, ReadBackError];
  return checks.some((type) => error instanceof type) ? exitCodes.differs : exitCodes.outside;
}

/** An error in words for a person; what it quotes of others cannot drive a terminal. */
export function describe(error: unknown): string {
  return cleanLines(inWords(error));
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isDriverError(error)) {
    const explanation = explain(error);
    const text = error.message.replace(/\nHelp: .*/, "");
    return explanation ? `${explanation.cause}: ${explanation.remedy}\n${text}` : text;
  }
  if (isDriverError(error.cause)) return `${error.message}\n${inWords(error.cause)}`;
  // fetch hides what went wrong in the cause.
  const cause = error.cause instanceof Error ? error.cause.message || ("code" in error.cause && error.cause.code) : "";
  return cause ? `${error.message}: ${cause}` : error.message;
}
