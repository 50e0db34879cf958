import { isNativeError } from "node:util/types";
import { Failure } from "../../errors";
import { connectionErrors, type Known, loginErrors } from "./connection-errors";

interface DriverError {
  readonly code: string;
  readonly message: string;
}

/** Cause and remedy of an error, in plain words. */
export interface Explanation {
  readonly cause: string;
  readonly remedy: string;
}

/** First match wins: an error stack holds several codes, and the more specific ones come first. */
const explanations: readonly Known[] = [
  [
    /ORA-20012/,
    "the schema is not REST-enabled",
    "log in as the schema and run BEGIN ORDS.ENABLE_SCHEMA; COMMIT; END; or register with --sample-api",
  ],
  [/ORA-20049/, "the schema is REST-enabled under another path", "leave it as it is: REST-enabling happens once"],
  [/ORA-20011/, "the database is being upgraded", "try again when the rolling upgrade is over"],
  [/ORA-20900/, "the script does not fit this login or this schema", "do what the message says"],
  [/ORA-08177/, "another session changed the same things meanwhile", "run the command again"],
  [/ORA-00001/, "another session registered the same thing meanwhile", "run the command again"],
  [/ORA-00054|ORA-30006|ORA-00060/, "another session is changing the same things", "run the command again"],
  [/ORA-12899|ORA-06502/, "a value is longer than ORDS takes", "shorten the one that the message names"],
  [
    /ORA-06598/,
    "ORDS may not act with the rights of this user",
    "have a DBA run GRANT INHERIT PRIVILEGES ON USER <user> TO ORDS_METADATA",
  ],
  [
    /ORA-01031/,
    "the user lacks a privilege",
    "log in as the schema that owns the modules, or as a user with ORDS_ADMINISTRATOR_ROLE",
  ],
  [/PLS-00306/, "this version of ORDS takes other parameters", "give --ords-version, or upgrade ORDS"],
  [
    /PLS-00201|ORA-00942|ORA-00904|ORA-04043/,
    "ORDS is not installed in this database, is too old, or is not visible to this user",
    "ask a DBA for SELECT ords.installed_version FROM dual as this user",
  ],
  [/ORA-01453/, "the session has work that is not committed", "commit or roll it back first"],
];

/**
 * What an error of the driver or the database means; undefined for one that is not known.
 * @param phase "login" as long as there is no session
 */
export function explain(error: unknown, phase: "login" | "session" = "session"): Explanation | undefined {
  if (!isDriverError(error)) return undefined;
  const known = [...(phase === "login" ? loginErrors : []), ...connectionErrors, ...explanations];
  // What it throws by mistake has no code of its own: bytes that it did not understand.
  const code = isThrownByDriver(error) ? "NJS-103" : error.code;
  const match = known.find(([pattern]) => pattern.test(error.message) || pattern.test(code));
  return match && { cause: match[1], remedy: match[2] };
}

/** An error of the driver or the database for a person: what it means, what to do, and its own words. */
export function inPlainWords(error: DriverError, phase?: "login" | "session"): string {
  const explanation = explain(error, phase);
  const text = error.message.replace(/\nHelp: .*/, "");
  return explanation ? `${explanation.cause}: ${explanation.remedy}\n${text}` : text;
}

/** There is no session, and what the driver or the database gave as the reason. */
export class LoginError extends Failure {
  readonly code = "database";

  /** @param found what is known beyond the driver's error. @default - what that means */
  constructor(cause: DriverError, found?: string) {
    super(found === undefined ? inPlainWords(cause, "login") : `${found}\n${cause.message}`);
  }
}

/** A database that is starting or full, or a listener that is not there yet or has not yet heard of the service. */
export function mayPass(error: unknown): error is DriverError {
  if (!isDriverError(error)) return false;
  // A listener that refuses may give its reason in the text.
  const [reason] = error.code === "NJS-511" ? (/ORA-\d+/.exec(error.message) ?? []) : [];
  if (reason) return /^ORA-12(51[4689]|520|528|541)$/.test(reason);
  return /^(NJS-503|NJS-511|NJS-518|ORA-12514|ORA-12541|ORA-12528|ORA-010(33|34|90)|ORA-01109)$/.test(error.code);
}

/**
 * Errors of the driver have a code such as `NJS-503` or `ORA-01017`; a port that cannot be one does not get as far. Bytes that it does
 * not understand it may also fall over.
 */
export function isDriverError(error: unknown): error is DriverError {
  return isNativeError(error) && (hasDriverCode(error) || isThrownByDriver(error));
}

function hasDriverCode(error: Error): boolean {
  return "code" in error && /^((NJS|ORA|DPI)-\d+|ERR_SOCKET_BAD_PORT$)/.test(String(error.code));
}

/** Whether it was the driver's code that came upon a mistake of its own. */
function isThrownByDriver(error: object): boolean {
  const { stack = "" } = error as Error;
  const thrown = stack.split("\n").find((line) => /^\s+at /.test(line) && !/\bnode:/.test(line));
  return !hasDriverCode(error as Error) && /[\\/]oracledb[\\/]lib[\\/]/.test(thrown ?? "");
}
