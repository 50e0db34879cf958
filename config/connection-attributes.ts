/**
 * What an `oracledb` connection in Thin mode takes, without secrets, aliases and pools. In words of our own, since the driver brings no
 * types with it: https://node-oracledb.readthedocs.io/en/latest/api_manual/oracledb.html#oracledb.getConnection
 */
export interface ConnectionAttributes {
  /** Who logs in; `ADMIN[HR]` logs in as ADMIN and becomes HR. @default - for `externalAuth`, whoever that says */
  user?: string;
  /** Where the database is: `tcps://HOST:1522/SERVICE`, a connect descriptor, or an alias of `tnsnames.ora`. */
  connectString: string;
  /** Folder with `tnsnames.ora`. @default - the variable TNS_ADMIN */
  configDir?: string;
  /** Folder with `ewallet.pem`, for mutual TLS. @default - no wallet */
  walletLocation?: string;
  /** Logs in without a password, by a token or the operating system. @default false */
  externalAuth?: boolean;
  /** Logs in by a token of OCI IAM; needs `externalAuth`. @default - by password */
  tokenAuthConfigOci?: TokenAttributes;
  /** Compares the server's name with its certificate. @default true */
  sslServerDNMatch?: boolean;
  /** Distinguished name that the server's certificate must have. @default - the host's name is compared */
  sslServerCertDN?: string;
  /** Takes a certificate for the service's name, too. @default false */
  sslAllowWeakDNMatch?: boolean;
  /** Names the host in the TLS handshake; needs Oracle Database 23.7. @default false */
  useSNI?: boolean;
  /** Host of a proxy to go through, for TLS alone. @default - none */
  httpsProxy?: string;
  /** Port of that proxy. @default 0 */
  httpsProxyPort?: number;
  /** Seconds to wait for a connection. @default 20 */
  connectTimeout?: number;
  /** Seconds to wait for the host. @default 20 */
  transportConnectTimeout?: number;
  /** How often the driver tries again. @default 0 */
  retryCount?: number;
  /** Seconds between two tries. @default 1 */
  retryDelay?: number;
  /** Minutes between signs of life, which keep a firewall from closing an idle connection. @default 0, none */
  expireTime?: number;
  /** Bytes of a Session Data Unit. @default - the driver's */
  sdu?: number;
  /** Compresses what is sent. @default false */
  networkCompression?: boolean;
  /** Bytes from which on it is compressed, at least 200. @default 1024 */
  networkCompressionThreshold?: number;
  /** Begins the id of the connection, for traces. @default - none */
  connectionIdPrefix?: string;
  /** Administrative privilege to log in with, as the number of the driver's constant. @default - none */
  privilege?: number;
  /** Edition of the session. @default - the database's */
  edition?: string;
  /** @default false */
  events?: boolean;
  /** Statements that the session keeps. @default 30 */
  stmtCacheSize?: number;
  /** Application context: namespace, name and value of each. @default - none */
  appContext?: [string, string, string][];
  /** Priority of the session's transactions. @default - the database's */
  txnPriority?: number;
  /** Leads to a shard. @default - none */
  shardingKey?: (string | number | Date)[];
  /** Leads to a group of shards. @default - none */
  superShardingKey?: (string | number | Date)[];
  /** Shown in V$SESSION. @default - this host */
  machine?: string;
  /** Shown in V$SESSION. @default - this user */
  osUser?: string;
  /** Shown in V$SESSION. @default - the command */
  program?: string;
  /** Shown in V$SESSION. @default - this terminal */
  terminal?: string;
  /** Shown in V$SESSION_CONNECT_INFO. @default - the driver's name and version */
  driverName?: string;
}

/** What the driver's plugin `extensionOci` takes to get a token of OCI IAM, without secrets. */
export interface TokenAttributes {
  /** For example `configFileBasedAuthentication`, `instancePrincipal`, `resourcePrincipal`, `simpleAuthentication`. */
  authType: string;
  /** The OCI configuration file. @default "~/.oci/config" */
  configFileLocation?: string;
  /** Profile in that file. @default "DEFAULT" */
  profile?: string;
  /** What the token is for. @default - every database of the tenancy */
  scope?: string;
  /** For `simpleAuthentication`: OCID of the tenancy. */
  tenancy?: string;
  /** For `simpleAuthentication`: OCID of the user. */
  user?: string;
  /** For `simpleAuthentication`: fingerprint of the API key. */
  fingerprint?: string;
  /** For `simpleAuthentication`: file with the private key. */
  privateKeyLocation?: string;
  /** For `simpleAuthentication`: region, such as `eu-frankfurt-1`. */
  regionId?: string;
  /** For `clientCredentials`: URL of the identity domain. */
  authority?: string;
  /** For `clientCredentials`: client id. */
  clientId?: string;
  /** For `clientCredentials`: fully qualified scopes. */
  scopes?: string | string[];
  /** Milliseconds to wait for a token. @default 30000 */
  tokenRequestTimeoutMs?: number;
}

/** In the order in which a message lists them. */
export const connectionAttributes = keysOf<ConnectionAttributes>({
  user: true,
  connectString: true,
  configDir: true,
  walletLocation: true,
  externalAuth: true,
  tokenAuthConfigOci: true,
  sslServerDNMatch: true,
  sslServerCertDN: true,
  sslAllowWeakDNMatch: true,
  useSNI: true,
  httpsProxy: true,
  httpsProxyPort: true,
  connectTimeout: true,
  transportConnectTimeout: true,
  retryCount: true,
  retryDelay: true,
  expireTime: true,
  sdu: true,
  networkCompression: true,
  networkCompressionThreshold: true,
  connectionIdPrefix: true,
  privilege: true,
  edition: true,
  events: true,
  stmtCacheSize: true,
  appContext: true,
  txnPriority: true,
  shardingKey: true,
  superShardingKey: true,
  machine: true,
  osUser: true,
  program: true,
  terminal: true,
  driverName: true,
});

/** The same of the entry `tokenAuthConfigOci`. */
export const tokenAttributes = keysOf<TokenAttributes>({
  authType: true,
  configFileLocation: true,
  profile: true,
  scope: true,
  tenancy: true,
  user: true,
  fingerprint: true,
  privateKeyLocation: true,
  regionId: true,
  authority: true,
  clientId: true,
  scopes: true,
  tokenRequestTimeoutMs: true,
});

/** The compiler has it name every key of the type, and none besides. */
function keysOf<T>(keys: Readonly<Record<keyof T, true>>): readonly string[] {
  return Object.keys(keys);
}
