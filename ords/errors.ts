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
const explanations: readonly (readonly [RegExp, cause: string, remedy: string])[] = [
  [/ORA-01017/, "user name or password is wrong", "check the user in the environment file and the password variable"],
  [/ORA-28000/, "the account is locked", "have a DBA unlock it: ALTER USER ... ACCOUNT UNLOCK"],
  [
    /ORA-20012/,
    "the schema is not REST-enabled",
    "log in as the schema and run BEGIN ORDS.ENABLE_SCHEMA; COMMIT; END; or register with --sample-api",
  ],
  [/ORA-08177/, "another session changed the same things meanwhile; nothing was changed here", "run the command again"],
  [
    /ORA-00001/,
    "another session registered the same thing meanwhile; nothing was changed here",
    "run the command again",
  ],
  [
    /ORA-06598/,
    "ORDS may not act with the rights of this user",
    "have a DBA run GRANT INHERIT PRIVILEGES ON USER <user> TO ORDS_METADATA",
  ],
  [/ORA-01031/, "the user lacks a privilege", "log in as the schema that owns the modules"],
  [
    /PLS-00201|ORA-00942|ORA-00904|ORA-04043/,
    "ORDS is not installed in this database, is too old, or is not visible to this user",
    "ask a DBA for SELECT ords.installed_version FROM dual as this user",
  ],
  [
    /NJS-518|NJS-519|ORA-12514|ORA-12505/,
    "the listener does not know this service",
    "check the service name in connectString; a database that is starting needs a minute",
  ],
  [
    /NJS-50[013]|NJS-51[013]|NJS-521/,
    "nothing answers at that address",
    "check host, port and network of connectString",
  ],
  [/NJS-530/, "the host name is not known", "check the host in connectString"],
  [
    /NJS-516|NJS-517|NJS-520/,
    "connectString is an alias that no tnsnames.ora names",
    "set configDir, or TNS_ADMIN, to the folder of tnsnames.ora",
  ],
  [
    /NJS-50[5678]|NJS-529/,
    "the TLS connection failed",
    "check wallet, its password, and the host name in connectString",
  ],
];

/** What an error of the driver or the database means; undefined for one that is not known. */
export function explain(error: unknown): Explanation | undefined {
  if (!isDriverError(error)) return undefined;
  const match = explanations.find(([pattern]) => pattern.test(error.message) || pattern.test(error.code));
  return match && { cause: match[1], remedy: match[2] };
}

/** Errors of the driver have a code such as `NJS-503` or `ORA-01017`. */
export function isDriverError(error: unknown): error is DriverError {
  return error instanceof Error && "code" in error && /^(NJS|ORA|DPI)-\d+/.test(String(error.code));
}
