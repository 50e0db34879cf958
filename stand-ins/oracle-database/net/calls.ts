/** One request of a client, from parsing to its reply. */

/** A parsed request. `run` may throw an OracleError, which becomes the reply. */
export interface Call {
  readonly name: FunctionName;
  /** The statement, when the call runs one. */
  readonly sql?: string;
  run(): Buffer | Promise<Buffer>;
}

/** Answers the requests of one phase of a connection. */
export interface Phase {
  /** @throws ProtocolError when the request cannot be read */
  parse(request: Buffer): Call;
  /** True while uncommitted work exists. */
  readonly inTransaction: boolean;
}

export type FunctionName =
  | "CONNECT"
  | "NETWORK_SERVICES"
  | "PROTOCOL"
  | "DATA_TYPES"
  | "AUTH1"
  | "AUTH2"
  | "EXECUTE"
  | "REEXECUTE"
  | "REEXECUTE_AND_FETCH"
  | "FETCH"
  | "COMMIT"
  | "ROLLBACK"
  | "PING"
  | "LOGOFF"
  | "LOB_OP"
  | "UNKNOWN";
