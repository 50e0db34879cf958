import { OracleError } from "../database";

/** What this server knows of, and does not do. */
export function unimplemented(feature: string): OracleError {
  return new OracleError(3001, `ORA-03001: unimplemented feature: ${feature}`);
}
