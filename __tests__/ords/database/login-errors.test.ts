import { createPrivateKey } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { createCertificateAuthority } from "@ords-jwt/stand-ins/certificates";
import { createDatabase, OracleError, startOracleDatabase } from "@ords-jwt/stand-ins/oracle-database";
import oracledb from "oracledb";
import { isDriverError, LoginError, mayPass } from "../../../ords/database/errors";
import { listening } from "../../listening";

const credentials = { user: "HELLO", password: "hello" };
const service = "FREEPDB1";
const closers: (() => Promise<unknown>)[] = [];
const folder = mkdtempSync(join(tmpdir(), "login-"));
const ports: Record<string, number> = {};
let trusted: string;
let database: Awaited<ReturnType<typeof startOracleDatabase>>;

/** Listens until the tests end. */
async function listen(server: Server): Promise<number> {
  const { port, close } = await listening(server);
  closers.push(close);
  return port;
}

/** A listener that answers every CONNECT by a REFUSE with that error of Oracle Net. */
function refusing(error: number): Server {
  const text = `(DESCRIPTION=(TMP=)(VSNNUM=0)(ERR=${error})(ERROR_STACK=(ERROR=(CODE=${error})(EMFI=4))))`;
  const packet = Buffer.alloc(12 + text.length);
  packet.writeUInt16BE(packet.length, 0);
  packet.writeUInt8(4, 4);
  packet.writeUInt16BE(text.length, 10);
  packet.write(text, 12, "latin1");
  return createServer((socket) => socket.once("data", () => socket.end(packet)));
}

/** A listener that accepts a connection in a packet that ends where its header does. */
function accepting(): Server {
  const packet = Buffer.from([0, 10, 0, 0, 2, 0, 0, 0, 1, 63]);
  return createServer((socket) => socket.once("data", () => socket.end(packet)));
}

function wallet(name: string, ...content: string[]): string {
  const directory = join(folder, name);
  mkdirSync(directory);
  writeFileSync(join(directory, "ewallet.pem"), content.join("\n"));
  return directory;
}

beforeAll(async () => {
  const authority = await createCertificateAuthority();
  const tls = await authority.issue();
  database = await startOracleDatabase(createDatabase({ users: [{ name: "HELLO", password: "hello" }] }));
  closers.push(() => database.close());
  const http = () => createHttpServer((_request, response) => response.end("hello"));
  const proxy = (status: string) =>
    http().on("connect", (_request, socket) => socket.end(`HTTP/1.1 ${status}\r\n\r\n`));
  const servers: Record<string, Server> = {
    silent: createServer(),
    closing: createServer((socket) => socket.once("data", () => socket.end())),
    resetting: createServer((socket) => socket.once("data", () => socket.resetAndDestroy())),
    ssh: createServer((socket) => socket.write("SSH-2.0-OpenSSH_9.6\r\n")),
    tls: createTlsServer(tls, (socket) => socket.on("error", () => {}).once("data", () => socket.end())),
    otherHost: createTlsServer(await authority.issue(["db.example.com"]), (socket) => socket.on("error", () => {})),
    mutual: createTlsServer({ ...tls, requestCert: true, ca: authority.certPem }, (socket) =>
      socket.on("error", () => {}),
    ),
    http: http(),
    askingProxy: proxy("407 Proxy Authentication Required"),
    forbiddingProxy: proxy("403 Forbidden"),
    accepting: accepting(),
    full: refusing(12516),
    blocked: refusing(12506),
    opening: refusing(12528),
    restricted: refusing(12526),
    broken: refusing(12500),
  };
  for (const [name, server] of Object.entries(servers)) ports[name] = await listen(server);
  const unused = createServer().listen(0, "localhost");
  await once(unused, "listening");
  ports.closed = (unused.address() as AddressInfo).port;
  await new Promise((resolve) => unused.close(resolve));
  ports.database = database.port;

  trusted = wallet("trusted", tls.cert, tls.key, authority.certPem);
  wallet("no-pem", "not a wallet");
  const encrypted = createPrivateKey(tls.key).export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: "of the wallet",
  });
  wallet("encrypted", tls.cert, String(encrypted), authority.certPem);
});
afterAll(async () => {
  for (const close of closers) await close();
  rmSync(folder, { recursive: true });
});

/** What a command says of that login, and whether it would have tried again. */
async function refusal(attributes: oracledb.ConnectionAttributes): Promise<{ message: string; again: boolean }> {
  try {
    const connection = await oracledb.getConnection({ ...credentials, ...attributes });
    await connection.close();
  } catch (error) {
    if (!isDriverError(error)) throw error;
    return { message: new LoginError(error).message, again: mayPass(error) };
  }
  throw new Error("logged in");
}

const at = (port: string) => ({ connectString: `localhost:${ports[port]}/${service}` });
const tlsAt = (port: string, more: oracledb.ConnectionAttributes = {}) => ({
  connectString: `tcps://localhost:${ports[port]}/${service}`,
  walletLocation: trusted,
  ...more,
});
const brief = { connectTimeout: 1 };

test.each<[string, () => oracledb.ConnectionAttributes, RegExp]>([
  ["a closed port", () => at("closed"), /^nothing answers at that address: check host, port .*\nNJS-503/],
  [
    "a port that is silent",
    () => ({ ...at("silent"), ...brief }),
    /^nothing answers in time at that address: .*firewall.*\nNJS-510/,
  ],
  [
    "a TLS port, in plain text",
    () => at("tls"),
    /^what answers at that address .*a TLS port wants tcps:\/\/.*\nNJS-500/,
  ],
  ["a web server's port", () => at("http"), /^what answers at that address .*web server.*\nNJS-500/],
  ["a port that closes", () => at("closing"), /^what answers at that address does not speak as it was spoken to: /],
  [
    "a listener that the driver falls over",
    () => at("accepting"),
    /^what answers at that address does not speak as it was spoken to: /,
  ],
  ["a port that resets", () => at("resetting"), /^what answers at that address does not speak as it was spoken to: /],
  ["the port of ssh", () => ({ ...at("ssh"), ...brief }), /^nothing answers in time at that address: .*\nNJS-510/],
  [
    "a plain port, by TLS",
    () => ({ ...tlsAt("database"), ...brief }),
    /^nothing answers in time at that address: .*whether it is a TLS port \(tcps:\/\/\) or none\nNJS-510/,
  ],
  ["a web server's port, by TLS", () => tlsAt("http"), /^the port does not speak TLS: write HOST:PORT.*\nNJS-506/],
  ["the port of ssh, by TLS", () => tlsAt("ssh"), /^the port does not speak TLS: /],
  [
    "a server of an unknown authority",
    () => tlsAt("tls", { walletLocation: undefined }),
    /^the authority of the server's certificate is not known here: set walletLocation .*\nNJS-506/,
  ],
  [
    "a server with another name",
    () => tlsAt("otherHost"),
    /^the server's certificate is for another name: .*\nNJS-506/,
  ],
  [
    "a server with another subject",
    () => tlsAt("tls", { sslServerCertDN: "CN=other" }),
    /^the server's certificate is for another name: .*\nNJS-506.*\n.*NJS-507/,
  ],
  [
    "no wallet where one is named",
    () => tlsAt("tls", { walletLocation: "/nowhere" }),
    /^the wallet is missing: .*ewallet.pem/,
  ],
  [
    "a wallet that is none",
    () => tlsAt("tls", { walletLocation: join(folder, "no-pem") }),
    /^ewallet.pem is (no|not a) wallet/,
  ],
  [
    "a wallet without its password",
    () => tlsAt("tls", { walletLocation: join(folder, "encrypted") }),
    /^(ewallet.pem is not a wallet in PEM form, or )?the password of the wallet is wrong or missing: /,
  ],
  [
    "a wallet with another password",
    () => tlsAt("tls", { walletLocation: join(folder, "encrypted"), walletPassword: "another" }),
    /^(ewallet.pem is not a wallet in PEM form, or )?the password of the wallet is wrong or missing: .*walletPasswordVariable/,
  ],
  [
    "a proxy that is not there",
    () => tlsAt("tls", { httpsProxy: "localhost", httpsProxyPort: ports.closed }),
    /^the proxy cannot be reached: check httpsProxy.*\nNJS-504/,
  ],
  [
    "a proxy that asks who is there",
    () => tlsAt("tls", { httpsProxy: "localhost", httpsProxyPort: ports.askingProxy }),
    /^the proxy asks for a user and a password: .*\nNJS-504/,
  ],
  [
    "a proxy that forbids it",
    () => tlsAt("tls", { httpsProxy: "localhost", httpsProxyPort: ports.forbiddingProxy }),
    /^the proxy refuses this connection: .*\nNJS-504/,
  ],
  [
    "a proxy without TLS",
    () => ({ ...at("database"), httpsProxy: "localhost", httpsProxyPort: ports.closed }),
    /^a proxy is for TLS only: write tcps:\/\/ .*\nNJS-512/,
  ],
  [
    "a descriptor with a fault",
    () => ({ connectString: "(DESCRIPTION=(ADDRESS=(PROTOCOL=tcp)(HOST=localhost)(PORT=1)" }),
    /^connectString cannot be understood: .*\nNJS-514/,
  ],
  [
    "a protocol that is none",
    () => ({ connectString: "http://localhost/XX" }),
    /^connectString cannot be understood: .*\nNJS-515/,
  ],
  [
    "a port that is none",
    () => ({ connectString: "localhost:99999/XX" }),
    /^connectString cannot be understood: .*\nPort should be/,
  ],
  ["no connect string", () => ({ connectString: "" }), /^connectString is empty: .*\nNJS-125/],
  [
    "a store of configurations",
    () => ({ connectString: "config-azure://store" }),
    /^connectString names a store of configurations: /,
  ],
  ["an unknown host", () => ({ connectString: "no-such-host.invalid/XX" }), /^the host name is not known: /],
  [
    "an unknown alias",
    () => ({ connectString: "alias", configDir: folder }),
    /^connectString is an alias that no tnsnames.ora names: /,
  ],
  [
    "a value of a wrong type",
    () => ({ ...at("database"), walletLocation: 5 as unknown as string }),
    /^an attribute of connection has a wrong value: correct the one that is named\n.*"walletLocation"/,
  ],
  [
    "a listener with an access list",
    () => at("blocked"),
    /^the database accepts no connections from here: .*\nNJS-511/,
  ],
  [
    "a database in restricted mode",
    () => at("restricted"),
    /^the database is open for administrators only: .*\nNJS-511/,
  ],
  ["a listener with a fault", () => at("broken"), /^the listener refused the connection: .*\nNJS-511.*\n.*ORA-12500/],
])("%s is said to be so", async (_what, attributes, message) => {
  expect((await refusal(attributes())).message).toMatch(message);
});

test.each<[string, boolean]>([
  ["opening", true],
  ["full", true],
  ["closed", true],
  ["blocked", false],
  ["restricted", false],
  ["broken", false],
  ["closing", false],
  ["http", false],
])("waiting for a port that is %s is of use: %s", async (port, again) => {
  expect((await refusal(at(port))).again).toBe(again);
});

test.each<[number, string, RegExp, boolean]>([
  [1033, "ORACLE initialization or shutdown in progress", /is starting or stopping.*ALTER PLUGGABLE DATABASE/, true],
  [1034, "The Oracle instance is not available for use.", /is starting or stopping/, true],
  [1109, "database not open", /or was not opened/, true],
  [18, "maximum number of sessions exceeded", /takes no further connection.*PROCESSES/, false],
  [20, "maximum number of processes (300) exceeded", /takes no further connection/, false],
  [2391, "exceeded simultaneous SESSIONS_PER_USER limit", /as many sessions as its profile allows/, false],
  [28040, "No matching authentication protocol", /no way of logging in in common.*ALLOWED_LOGON_VERSION_SERVER/, false],
  [1035, "ORACLE only available to users with RESTRICTED SESSION privilege", /for administrators only/, false],
  [28365, "wallet is not open", /keystore of the database is not open.*ADMINISTER KEY MANAGEMENT/, false],
  [65162, "the password of the common database user has expired", /password has expired.*root container/, false],
  [28000, "The account is locked.", /account is locked.*ACCOUNT UNLOCK/, false],
  [28001, "The account has expired.", /password has expired.*ALTER USER/, false],
])("ORA-%d of a login is explained", async (number, text, message, again) => {
  const code = `ORA-${String(number).padStart(5, "0")}`;
  const users = [{ name: "HELLO", password: "hello" }];
  const refusingLogin = {
    ...createDatabase({ users }),
    account() {
      throw new OracleError(number, `${code}: ${text}`);
    },
  };
  const server = await startOracleDatabase(refusingLogin);
  closers.push(() => server.close());
  const found = await refusal({ connectString: server.connectString });
  expect(found.message.split("\n")).toEqual([expect.stringMatching(message), `${code}: ${text}`]);
  expect(found.again).toBe(again);
});
