import { connect, type Socket } from "node:net";
import { TcpServer } from "./tcp-server";

export const faultKinds = ["cut", "reset", "truncate", "delay"] as const;

/** What becomes of one message; a message is what one end sends at once. */
export interface Fault {
  /** Number of the message in its direction, from 1, over all connections. */
  readonly message: number;
  readonly direction: "request" | "answer";
  readonly kind: (typeof faultKinds)[number];
}

/** How long a message is held, in milliseconds. */
const delay = 20;

/** Stands between a client and a server on this machine, and disturbs one message. */
export class Relay extends TcpServer {
  readonly seen = { request: 0, answer: 0 };

  /** @param target the server's port */
  constructor(
    private readonly target: number,
    private readonly fault?: Fault,
  ) {
    super();
  }

  protected serve(client: Socket): void {
    const server = connect(this.target, "localhost");
    for (const socket of [client, server]) this.keep(socket);
    client.on("data", (bytes) => this.pass("request", bytes, client, server));
    server.on("data", (bytes) => this.pass("answer", bytes, server, client));
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on("end", () => other.end());
      one.on("close", () => other.destroySoon());
    }
  }

  private pass(direction: Fault["direction"], bytes: Buffer, from: Socket, to: Socket): void {
    this.seen[direction] += 1;
    const isTheOne = this.fault?.direction === direction && this.fault.message === this.seen[direction];
    if (!isTheOne) {
      to.write(bytes);
      return;
    }
    switch (this.fault.kind) {
      case "cut":
        for (const socket of [from, to]) socket.destroy();
        break;
      case "reset":
        for (const socket of [from, to]) socket.resetAndDestroy();
        break;
      case "truncate":
        to.end(bytes.subarray(0, bytes.length / 2));
        from.destroy();
        break;
      case "delay":
        from.pause();
        setTimeout(() => {
          to.write(bytes);
          from.resume();
        }, delay);
    }
  }
}
