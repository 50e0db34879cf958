import { OracleError } from "../database";

/** An error of one line: `ORA-00942: table or view does not exist`. */
export function ora(number: number, text: string, offset = 0): OracleError {
  return new OracleError(number, `ORA-${String(number).padStart(5, "0")}: ${text}`, offset);
}

/** Where something stands in the statement: what compile errors of PL/SQL report. */
export interface Position {
  /** 0-based, in the SQL text. */
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

/** A compile error of PL/SQL: `detail` is what follows the position, for example `PLS-00201: identifier 'X' must be declared`. */
export function compileError(at: Position, detail: string): OracleError {
  const where = `line ${at.line}, column ${at.column}:`;
  const what = detail.startsWith("PL/SQL: ORA-") ? "SQL Statement" : "Statement";
  const ignored = detail.startsWith("PLS-00103") ? "" : `\nORA-06550: ${where}\nPL/SQL: ${what} ignored`;
  return new OracleError(6550, `ORA-06550: ${where}\n${detail}${ignored}`, at.offset);
}

/** Something Oracle has and this stand-in does not interpret. ORA-03001 is Oracle's own number for "unimplemented feature". */
export function unsupported(feature: string, at?: Position): OracleError {
  return ora(3001, `unimplemented feature: this stand-in does not interpret ${feature}`, at?.offset);
}
