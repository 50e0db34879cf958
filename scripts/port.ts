import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** Milliseconds for each question; what is silent that long does not speak first. */
const patience = 3_000;

/** What is found at a port: whether it takes TLS, and what it says to a request of HTTP. */
interface Found {
  readonly tls: boolean;
  /** The beginning of its first line, if it says anything in ASCII. */
  readonly says: string | undefined;
}

/** Asks a port what it is, once the driver did not understand it; undefined where nothing listens. */
async function askPort(host: string, port: number): Promise<Found | undefined> {
  const [overTls, plain] = await Promise.all([
    ask(connectTls({ host, port, rejectUnauthorized: false }), "secureConnect"),
    ask(connect({ host, port }), "connect"),
  ]);
  const answer = overTls ?? plain;
  return answer && { tls: overTls !== undefined, ...answer };
}

async function ask(socket: Socket, ready: string): Promise<{ says: string | undefined } | undefined> {
  const timer = setTimeout(() => socket.destroy(), patience);
  // Both an error and a silence end in this.
  const closed = new Promise<undefined>((resolve) => socket.once("close", () => resolve(undefined)));
  socket.on("error", () => socket.destroy());
  try {
    const isReady = await Promise.race([once(socket, ready).then(() => true), closed]);
    if (!isReady) return undefined;
    socket.write("GET / HTTP/1.0\r\n\r\n");
    const first = await Promise.race([once(socket, "data"), closed]);
    const [line] = /^[\x20-\x7e]{3,40}/.exec(String(first?.[0] ?? "")) ?? [];
    return { says: line };
  } catch {
    // `once` gives the error of the socket: it could not be reached, or does not speak so.
    return undefined;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/**
 * What is wrong with the port of a login that failed without being understood, in words; undefined where that cannot be told.
 * @param message the driver's, which names host and port
 */
export async function wrongPort(message: string, connectString: string): Promise<string | undefined> {
  const [, host, port] = /connection to host (\S+) port (\d+)/.exec(message) ?? [];
  if (!host || !/NJS-(501|506|510|521)/.test(message)) return undefined;
  const found = await askPort(host, Number(port));
  if (!found) return undefined;
  if (found.says?.startsWith("HTTP/"))
    return "a web server answers at that port: give the port of the database's listener";
  if (found.says)
    return `something else answers at that port ("${found.says}"): give the port of the database's listener`;
  const isTls = /^tcps:|protocol *= *tcps/i.test(connectString);
  if (found.tls && !isTls && !/NJS-510/.test(message)) {
    return "the port speaks TLS: write tcps:// in connectString, or (PROTOCOL=TCPS) in tnsnames.ora";
  }
  if (!found.tls && (isTls || /NJS-506/.test(message))) {
    return "the port does not speak TLS: leave out tcps:// in connectString if the database listens there without, or give its TLS port";
  }
  return undefined;
}
