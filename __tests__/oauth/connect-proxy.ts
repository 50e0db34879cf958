import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { ended, listening, portOf } from "./server";

/** A proxy for CONNECT that counts. */
export class ConnectProxy {
  /** What it was asked to connect to, with the credentials it was given. */
  readonly connects: { readonly target: string; readonly authorization: string | undefined }[] = [];

  private constructor(private readonly server: Server) {}

  /** @param lead where it connects to in place of the host that it was asked for. @default - that host */
  static async start(lead?: () => number): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(createServer());
    proxy.server.on("connect", ({ url = "", headers }, socket, head) => {
      proxy.connects.push({ target: url, authorization: headers["proxy-authorization"] });
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      const through = connect(lead?.() ?? Number(new URL(`http://${url}`).port), "127.0.0.1");
      for (const [one, other] of [
        [socket, through],
        [through, socket],
      ] as const) {
        one.on("error", () => other.destroy()).pipe(other);
      }
      through.write(head);
    });
    await listening(proxy.server);
    return proxy;
  }

  get host(): string {
    return `127.0.0.1:${portOf(this.server)}`;
  }

  close(): Promise<void> {
    return ended(this.server);
  }
}
