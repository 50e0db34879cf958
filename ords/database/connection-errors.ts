/** A cause and its remedy, by the codes and texts that tell it; the texts are those of the driver, of OpenSSL and of the system. */
export type Known = readonly [pattern: RegExp, cause: string, remedy: string];

/** What stands in the way of a session, or ends one. First match wins. */
export const connectionErrors: readonly Known[] = [
  [
    /ORA-01017|ORA-01005/,
    "user name or password is wrong",
    "check the user in the environment file and the password variable",
  ],
  [/ORA-28000/, "the account is locked", "have a DBA unlock it: ALTER USER ... ACCOUNT UNLOCK"],
  [
    /ORA-28001|ORA-65162/,
    "the password has expired",
    "have it changed, of a common user in the root container: ALTER USER ... IDENTIFIED BY ...",
  ],
  [/ORA-28002|ORA-28011/, "the password will expire soon", "change it: ALTER USER ... IDENTIFIED BY ..."],
  [
    /ORA-28040|NJS-116|ORA-03134/,
    "database and driver have no way of logging in in common",
    "have a DBA allow a newer one (ALLOWED_LOGON_VERSION_SERVER in sqlnet.ora), and set the user's password again after that",
  ],
  [
    /ORA-01035|ORA-1252[67]/,
    "the database is open for administrators only",
    "have a DBA run ALTER SYSTEM DISABLE RESTRICTED SESSION",
  ],
  [
    /ORA-01033|ORA-01034|ORA-01109|ORA-01090|ORA-12528/,
    "the database is starting or stopping, or was not opened",
    "run the command again in a minute; if it stays so, have a DBA open it: ALTER DATABASE OPEN, ALTER PLUGGABLE DATABASE ... OPEN",
  ],
  [
    /ORA-02391/,
    "the user has as many sessions as its profile allows",
    "end some, or have a DBA raise SESSIONS_PER_USER of the profile",
  ],
  [
    /ORA-00018|ORA-00020|ORA-1251[689]|ORA-12520/,
    "the database takes no further connection: it has as many as it may have",
    "run the command again later, or have a DBA raise PROCESSES and SESSIONS",
  ],
  [
    /ORA-28365|ORA-28374|ORA-46[67]\d\d/,
    "the keystore of the database is not open, so what is encrypted cannot be read",
    "have a DBA open it: ADMINISTER KEY MANAGEMENT SET KEYSTORE OPEN",
  ],
  [
    /ORA-12660|ORA-12650|NJS-53[123]/,
    "the database wants Oracle's own network encryption, which the driver's Thin mode does not have",
    "connect by TLS (tcps://), or have a DBA set SQLNET.ENCRYPTION_SERVER to ACCEPTED",
  ],
  [/NJS-138/, "the database is older than the driver takes", "upgrade it to 12.1 or later"],
  [
    /ORA-28150/,
    "the user may not connect as that schema",
    "have a DBA run ALTER USER <schema> GRANT CONNECT THROUGH <user>",
  ],
  [/ORA-01045/, "the user may not log in", "have a DBA run GRANT CREATE SESSION TO <user>"],
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
    /NJS-512.*ENOENT/s,
    "the wallet is missing",
    "set walletLocation to the folder that holds ewallet.pem; the driver reads no other file of a wallet",
  ],
  [/NJS-512.*(EACCES|EPERM)/s, "the wallet may not be read", "let this user read ewallet.pem"],
  [
    /NJS-505.*(decrypt|cancelled|passphrase|password)/is,
    "the password of the wallet is wrong or missing",
    "check the variable that walletPasswordVariable names: it holds the password chosen when the wallet was downloaded",
  ],
  [
    /NJS-505|NJS-529/,
    // One in 256 wrong passwords gives a key that OpenSSL takes for decrypted and cannot read.
    "ewallet.pem is not a wallet in PEM form, or the password of the wallet is wrong or missing",
    "take the one that comes with the wallet of the database, and check the variable that walletPasswordVariable names",
  ],
  [
    /NJS-506.*(wrong version number|packet length too long|unknown protocol|http request)/is,
    "the port does not speak TLS",
    "write HOST:PORT/SERVICE without tcps:// if the database listens there without TLS, or give its TLS port",
  ],
  [
    /NJS-50[78]/,
    "the server's certificate is for another name",
    "write the host as the certificate has it, or correct sslServerCertDN",
  ],
  [
    /NJS-506.*(unable to (verify|get)|self.signed|unauthorized)/is,
    "the authority of the server's certificate is not known here",
    "set walletLocation to the folder of the database's wallet, or NODE_EXTRA_CA_CERTS to the authority's certificate",
  ],
  [
    /NJS-506.*certificate (has expired|is not yet valid)/is,
    "the server's certificate is not valid now",
    "check the clock of this machine, or have a DBA renew the certificate",
  ],
  [
    /NJS-506/,
    "the TLS handshake failed",
    "check that the port speaks TLS; a database with mutual TLS wants a wallet: set walletLocation and walletPasswordVariable",
  ],
  [
    /NJS-504.*\n407$/s,
    "the proxy asks for a user and a password",
    "name a proxy that does not: the driver has no way to give them",
  ],
  [
    /NJS-504.*\n\d{3}$/s,
    "the proxy refuses this connection",
    "have its administrator allow CONNECT to the host and port of connectString",
  ],
  [/NJS-504/, "the proxy cannot be reached", "check httpsProxy, which is a host without https://, and httpsProxyPort"],
  [/NJS-512.*proxy/s, "a proxy is for TLS only", "write tcps:// in connectString, or leave out httpsProxy"],
  [/NJS-52[34]/, "connectString names a store of configurations", "write it as tcps://HOST:PORT/SERVICE"],
  [
    /NJS-51[245]|ERR_SOCKET_BAD_PORT/,
    "connectString cannot be understood",
    "write it as tcps://HOST:PORT/SERVICE, or as an alias of tnsnames.ora",
  ],
  [/NJS-125/, "connectString is empty", "write it as tcps://HOST:PORT/SERVICE, or as an alias of tnsnames.ora"],
  [
    /NJS-516|NJS-517|NJS-520/,
    "connectString is an alias that no tnsnames.ora names",
    "set configDir, or TNS_ADMIN, to the folder of tnsnames.ora",
  ],
  [/NJS-530/, "the host name is not known", "check the host in connectString"],
  [/NJS-00[457]/, "an attribute of connection has a wrong value", "correct the one that is named"],
  [
    /NJS-136|NJS-140/,
    "with externalAuth, connection names no user but one to connect through to, in brackets",
    "leave out user, or write it as [USER]",
  ],
  [/NJS-087/, "the access token for the database has expired", "run the command again"],
  [
    /NJS-168|NJS-169|NJS-08[46]/,
    "there is no access token for the database",
    "check tokenAuthConfigOci and the OCI credentials that it names",
  ],
  [
    /NJS-510/,
    "nothing answers in time at that address",
    "check host, port and firewall of connectString, and whether it is a TLS port (tcps://) or none",
  ],
  [/NJS-503|ORA-1254[13]/, "nothing answers at that address", "check host, port and network of connectString"],
  [/NJS-511/, "the listener refused the connection", "have a DBA look for the code in the log of the listener"],
  [
    /NJS-123|DPI-1067|ORA-03136/,
    "the database took too long to answer",
    "ask a DBA what holds it up, then run the command again",
  ],
  [/NJS-500|NJS-501|NJS-513|NJS-521|DPI-1080|ORA-0311[34]/, "the connection was lost", "run the command again"],
  [
    /NJS-102|NJS-103|NJS-10[69]|NJS-11[0123]|NJS-127|NJS-509|NJS-534/,
    "the driver does not understand what the database answers",
    "run the command again; if it stays so, ask for what stands between here and the database, and for a newer driver",
  ],
];

/** What means something else as long as there is no session. */
export const loginErrors: readonly Known[] = [
  [
    /NJS-500|NJS-501|NJS-521|NJS-10[2369]|NJS-11[0123]|NJS-509|ORA-03113/,
    "what answers at that address does not speak as it was spoken to",
    "check host and port of connectString: a TLS port wants tcps://, one without TLS does not, and the port of a web server is neither",
  ],
];
