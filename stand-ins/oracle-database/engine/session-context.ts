import type { Store, Transaction } from "./store";
import type { OrdsVersion } from "./versions";
import type { OrdsView } from "./views";

/** What all sessions share. */
export interface DatabaseContext {
  readonly store: Store;
  readonly serviceName: string;
  /** `undefined`: ORDS is not installed. */
  readonly ords: OrdsVersion | undefined;
  /** Those of ORDS, by name. */
  readonly views: ReadonlyMap<string, OrdsView>;
  readonly userNames: readonly string[];
}

/** What the parts of the engine know about the session they run in. */
export interface SessionContext {
  readonly database: DatabaseContext;
  readonly user: string;
  /** Set when this is a proxy session: the user that logged in. */
  readonly proxyUser?: string;
  readonly roles: readonly string[];
  currentSchema: string;
  readonly transaction: Transaction;
  readonly output: OutputBuffer;
  /** Attributes of the namespace CLIENTCONTEXT, by name in upper case. No transaction touches them. */
  readonly clientContext: Map<string, string>;
}

/** DBMS_OUTPUT. Off until the client enables it, and then lines wait for GET_LINE. */
export interface OutputBuffer {
  enabled: boolean;
  readonly lines: string[];
  partial: string;
}
