/** An Oracle database for this machine: speaks Oracle Net, so that the unmodified `oracledb` driver connects to it. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Database } from "./database";
import { Connection, type RequestInfo, type Verdict } from "./net/connection";

export type { RequestInfo, Verdict };

export interface OracleDatabaseOptions {
  /** @default 0, a free port */
  port?: number;
  /** PEM texts. With them the server speaks TCPS, else TCP. */
  tls?: { key: string; cert: string };
  /**
   * Milliseconds that a client has to log on.
   *
   * @default 60000, as INBOUND_CONNECT_TIMEOUT
   */
  logonTimeout?: number;
  /**
   * Called before each request is run, one round trip each: for counting, and for tests of failures.
   * The request waits for a promise; the verdict can end the connection.
   */
  onRequest?: (info: RequestInfo) => Verdict | Promise<Verdict>;
}

export interface OracleDatabaseServer {
  readonly port: number;
  /** For the driver, for example `tcps://localhost:2484/FREEPDB1`. */
  readonly connectString: string;
  /** Ends all sessions, which rolls them back. */
  close(): Promise<void>;
}

/** Listens on localhost. */
export async function startOracleDatabase(
  database: Database,
  { port = 0, tls, logonTimeout = 60_000, onRequest }: OracleDatabaseOptions = {},
): Promise<OracleDatabaseServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const accept = (socket: Socket) => {
    new Connection(socket, { database, number: ++connections, logonTimeout, onRequest });
  };
  const server: Server = tls
    ? createTlsServer({ ...tls, handshakeTimeout: logonTimeout }, accept)
    : createServer(accept);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(port, "localhost");
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  const scheme = tls ? "tcps://" : "";
  return {
    port: address.port,
    connectString: `${scheme}localhost:${address.port}/${database.serviceNames[0]}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
