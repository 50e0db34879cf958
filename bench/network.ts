import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A network between this machine and itself: whatever is sent arrives later, in order. */
export class Network {
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((client) => this.#join(client));

  private constructor(
    private readonly target: number,
    private readonly delay: number,
  ) {}

  /** @param roundTrip what the way there and back takes, in milliseconds */
  static async to(target: number, roundTrip: number): Promise<Network> {
    const network = new Network(target, roundTrip / 2);
    network.#server.listen(0, "localhost");
    await once(network.#server, "listening");
    return network;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket): void {
    const server = connect(this.target, "localhost");
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      // What is under way travels side by side: a large answer is not late more than once.
      from.on("data", (bytes) => setTimeout(() => to.write(bytes), this.delay));
      from.on("end", () => setTimeout(() => to.end(), this.delay));
      from.on("error", () => to.destroy());
    }
  }
}
