import type { Account, Database } from "../database";
import { ora } from "./errors";
import { builtInRoles, now } from "./ords-schema";
import { DatabaseSession } from "./session";
import type { DatabaseContext } from "./session-context";
import { Store, Transaction } from "./store";
import { OrdsVersion } from "./versions";
import { ordsViews } from "./views";

interface DatabaseUser extends Account {
  /** Upper case, unless the user is to be addressed in quotes. */
  readonly name: string;
  /** Enabled roles, for example ORDS_ADMINISTRATOR_ROLE. @default [] */
  readonly roles?: readonly string[];
  /** Lets ORDS_PUBLIC_USER connect as this user (`ords_public_user[name]`). @default false */
  readonly connectThrough?: boolean;
}

export interface DatabaseOptions {
  /** @default "FREEPDB1" */
  readonly serviceName?: string;
  /** Full version, `YY.Q.P.rNNNNNNN`; null: ORDS is not installed. @default "26.3.0.r2580942" */
  readonly ordsVersion?: string | null;
  readonly users: readonly DatabaseUser[];
}

/** An empty database: users exist, no schema is REST-enabled. */
export function createDatabase(options: DatabaseOptions): Database {
  const { serviceName = "FREEPDB1", ordsVersion = "26.3.0.r2580942" } = options;
  const users = new Map(options.users.map((user) => [user.name, user]));
  const ords = ordsVersion === null ? undefined : new OrdsVersion(ordsVersion);
  const database: DatabaseContext = {
    store: new Store(),
    serviceName,
    ords,
    views: ords ? ordsViews(ords) : new Map(),
    userNames: [...users.keys()],
  };
  if (database.ords) installRoles(database.store);

  return {
    serviceNames: [serviceName],
    account: (userName) => users.get(userName),
    openSession(userName, proxyClient) {
      const user = users.get(proxyClient ?? userName);
      if (!users.has(userName)) throw ora(1017, "invalid username/password; logon denied");
      if (proxyClient === undefined) return new DatabaseSession(database, { user: userName, roles: user!.roles ?? [] });
      if (!user?.connectThrough || userName !== "ORDS_PUBLIC_USER") {
        throw ora(28150, "proxy not authorized to connect as client");
      }
      return new DatabaseSession(database, { user: user.name, roles: user.roles ?? [], proxyUser: userName });
    },
  };
}

/** The roles that an ORDS installation brings; they belong to no schema. */
function installRoles(store: Store): void {
  const transaction = new Transaction(store);
  for (const name of builtInRoles) {
    transaction.insert("SEC_ROLES", { NAME: name, SCHEMA_ID: null, CREATED_BY: "ORDS_METADATA", CREATED_ON: now() });
  }
  transaction.commit();
}
