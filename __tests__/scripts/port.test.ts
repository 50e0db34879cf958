import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer, type Server } from "node:net";
import { PassThrough } from "node:stream";
import { createCertificateAuthority } from "@ords-jwt/stand-ins/certificates";
import { createDatabase, startOracleDatabase } from "@ords-jwt/stand-ins/oracle-database";
import { parseEnvironment } from "../../config/environment";
import local from "../../environments/local";
import { withConnection } from "../../scripts/database";
import { Terminal } from "../../scripts/terminal/terminal";
import { listening } from "../listening";

type Tls = { key: string; cert: string };
let tls: Tls;
beforeAll(async () => {
  tls = await (await createCertificateAuthority()).issue();
});

/** What a login at that server fails with. */
async function failure(server: Server, scheme: string): Promise<string> {
  const { port, close } = await listening(server);
  try {
    return await logIn(`${scheme}localhost:${port}/FREEPDB1`);
  } finally {
    await close();
  }
}

async function logIn(connectString: string): Promise<string> {
  const connection = { user: "HELLO", connectString, connectTimeout: 1 };
  const target = parseEnvironment("test", {
    ...local,
    database: { schema: "HELLO", passwordVariable: "PORT_TEST", connection },
  });
  process.env.PORT_TEST = "hello";
  const terminal = new Terminal(new PassThrough(), new PassThrough(), new PassThrough());
  try {
    await withConnection(target, terminal, async () => {});
    return "logged in";
  } catch (error) {
    return (error as Error).message;
  }
}

const http = () => createHttpServer((_request, response) => response.end("hello"));
const https = () => createHttpsServer(tls, (_request, response) => response.end("hello"));
const ssh = () => createServer((socket) => socket.write("SSH-2.0-OpenSSH_9.6\r\n"));

test.each<[string, () => Server, string, RegExp]>([
  ["a web server", http, "", /^a web server answers at that port: .*\nNJS-500/],
  ["a web server, by TLS", http, "tcps://", /^a web server answers at that port: .*\nNJS-506/],
  ["a web server with TLS", https, "", /^a web server answers at that port: /],
  ["ssh", ssh, "", /^something else answers at that port \("SSH-2.0-OpenSSH_9.6"\): .*\nNJS-510/],
])("%s is named", async (_what, server, scheme, message) => {
  expect(await failure(server(), scheme)).toMatch(message);
});

test("a database with TLS that is spoken to in plain text, and one without that is spoken to by TLS, are named", async () => {
  const database = createDatabase({ users: [{ name: "HELLO", password: "hello" }] });
  const [plain, secure] = [await startOracleDatabase(database), await startOracleDatabase(database, { tls })];
  expect(await logIn(`localhost:${plain.port}/FREEPDB1`)).toBe("logged in");
  expect(await logIn(`tcps://localhost:${plain.port}/FREEPDB1`)).toMatch(
    /^the port does not speak TLS: leave out tcps:/,
  );
  expect(await logIn(`localhost:${secure.port}/FREEPDB1`)).toMatch(/^the port speaks TLS: write tcps:\/\//);
  await Promise.all([plain.close(), secure.close()]);
});
