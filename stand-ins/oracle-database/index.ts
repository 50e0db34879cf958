export { type Account, type Database, OracleError, type Session } from "./database";
export { createDatabase, type DatabaseOptions } from "./engine";
export { type OracleDatabaseOptions, type RequestInfo, startOracleDatabase, type Verdict } from "./server";
