import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** A server on this machine that says what it will to whoever comes, and can be ended with all that is open. */
export abstract class TcpServer {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((socket) => this.serve(socket));

  protected abstract serve(socket: Socket): void;

  /** On a port that the system chooses. @param host that of this machine, by which callers come. @default "localhost" */
  async listen(host = "localhost"): Promise<this> {
    this.server.listen(0, host);
    await once(this.server, "listening");
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  /** Ends it with the server; that it breaks is what is tried. */
  protected keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.sockets.delete(socket));
  }
}
