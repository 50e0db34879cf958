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
  [
    /ORA-01017|ORA-01005/,
    "user name or password is wrong",
    "check the user in the environment file and the password variable",
  ],
  [/ORA-28000/, "the account is locked", "have a DBA unlock it: ALTER USER ... ACCOUNT UNLOCK"],
  [/ORA-28001/, "the password has expired", "change it: ALTER USER ... IDENTIFIED BY ..."],
  [
    /ORA-28150/,
    "the user may not connect as that schema",
    "have a DBA run ALTER USER <schema> GRANT CONNECT THROUGH <user>",
  ],
  [/ORA-01045/, "the user may not log in", "have a DBA run GRANT CREATE SESSION TO <user>"],
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
  [
    /NJS-518|NJS-519|ORA-12514|ORA-12505/,
    "the listener does not know this service",
    "check the service name in connectString; a database that is starting needs a minute",
  ],
  [
    /ORA-12506|ORA-12529/,
    "the database accepts no connections from here",
    "add this address to its access control list",
  ],
  [
    /NJS-503|NJS-51[013]|NJS-521|ORA-1254[13]/,
    "nothing answers at that address",
    "check host, port and network of connectString",
  ],
  [
    /NJS-123|DPI-1067|ORA-03136/,
    "the database took too long to answer",
    "ask a DBA what holds it up, then run the command again",
  ],
  [/NJS-500|NJS-501|DPI-1080|ORA-0311[34]/, "the connection was lost", "run the command again"],
  [/NJS-530/, "the host name is not known", "check the host in connectString"],
  [
    /NJS-516|NJS-517|NJS-520/,
    "connectString is an alias that no tnsnames.ora names",
    "set configDir, or TNS_ADMIN, to the folder of tnsnames.ora",
  ],
  [/NJS-515|NJS-512/, "connectString cannot be understood", "write it as tcps://HOST:PORT/SERVICE"],
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

/** A database that is starting: the listener is not there yet, or has not yet heard of the service. */
export function mayPass(error: unknown): error is DriverError {
  return isDriverError(error) && /^(NJS-503|NJS-511|NJS-518|ORA-12514|ORA-12541)$/.test(error.code);
}

/** Errors of the driver have a code such as `NJS-503` or `ORA-01017`. */
export function isDriverError(error: unknown): error is DriverError {
  return error instanceof Error && "code" in error && /^(NJS|ORA|DPI)-\d+/.test(String(error.code));
}
