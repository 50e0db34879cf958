/**
 * Every way in which a command can fail: the code by which a program tells it from others, which stays as it is, and how the
 * command ends. docs/errors.md is made of it.
 */
export const failures = {
  "check-failed": { exitCode: 1, means: "something differs, or a check failed; the output says what" },
  "preflight-failed": { exitCode: 1, means: "a token of the domain does not fit what would be registered" },
  "keys-unavailable": { exitCode: 1, means: "the JWK URL does not answer publicly with a JSON Web Key Set" },
  "not-as-written": {
    exitCode: 1,
    means: "the schema does not hold what was just written: somebody else changes it too",
  },
  "invalid-input": { exitCode: 2, means: "an environment file, a flag or a variable is wrong or missing" },
  "invalid-outputs": {
    exitCode: 2,
    means: "the output `ords`, of the state or a hand-over file, cannot be registered",
  },
  "invalid-script": { exitCode: 2, means: "the file is not an undo script of this schema and stack, or not complete" },
  "not-a-token": { exitCode: 2, means: "the text on standard input is not a JSON Web Token" },
  "not-for-postman": {
    exitCode: 2,
    means: "the app does not list Postman's callback, or has no grant that Postman can use",
  },
  "no-access": { exitCode: 3, means: "the database user may not read what has to be read" },
  "no-token": { exitCode: 3, means: "the identity domain gave no token" },
  "no-sign-in": {
    exitCode: 3,
    means: "nobody signed in in time, in the browser or by a code, or no port was free for the browser to come back to",
  },
  "ords-version": { exitCode: 3, means: "this version of ORDS is too old for what is asked, or cannot be read" },
  unfinished: { exitCode: 3, means: "a run did not come to its end; the message says what it left" },
  unavailable: {
    exitCode: 3,
    means: "Terraform, OCI or another program or service is missing, cannot be reached or refused us",
  },
  "file-system": {
    exitCode: 3,
    means: "a file or folder cannot be written: the disk is full, it is read-only, or something else has its name",
  },
  database: { exitCode: 3, means: "the database or its driver refused; the message begins with its code" },
  unexpected: { exitCode: 3, means: "anything else; --verbose prints where it came from" },
  blocked: {
    exitCode: 4,
    means:
      "what is asked for would be refused: an API would become public, something of somebody else is in the way, a domain or an app would be replaced, or the schema is not ready",
  },
} as const;

export type FailureCode = keyof typeof failures;

/** The most problems that an error lists, and the most characters of each. */
const most = { problems: 20, characters: 300 };

/** Problems for an error, a line each, and how many more there are: who made a thousand mistakes made one. */
export function listed(problems: readonly string[]): string {
  const lines = problems.slice(0, most.problems).map((problem) => {
    const shown = problem.length > most.characters ? `${problem.slice(0, most.characters)}...` : problem;
    return `  ${shown}`;
  });
  const more = problems.length - lines.length;
  return [...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join("\n");
}

/** An error that a command may end with; its message is for a person. */
export abstract class Failure extends Error {
  abstract readonly code: FailureCode;

  /** The exit code of a command that ends with it, 1 to 4. */
  get exitCode(): number {
    return failures[this.code].exitCode;
  }
}
