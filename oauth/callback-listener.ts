import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { finished } from "node:stream/promises";
import { Failure } from "../errors";

/** A page that answers the browser. */
export interface Page {
  readonly status: number;
  readonly html: string;
  /** Value of `content-security-policy`. */
  readonly policy: string;
}

/** Nobody came back from the domain, or there is no place to come back to. */
class CallbackError extends Failure {
  readonly code = "no-sign-in";
}

/** Milliseconds for a client to send its request; a browser on the same machine needs a few. */
const requestTimeout = 10_000;

/** Waits on a loopback address for the browser to come back from the domain. */
export class CallbackListener {
  #timeout: NodeJS.Timeout | undefined;

  private constructor(
    readonly redirectUri: string,
    private readonly server: Server,
  ) {}

  /**
   * Listens at the first of these URLs whose port is free. The domain compares them exactly, so no other will do.
   * @throws CallbackError when all are taken
   */
  static async open(redirectUris: readonly string[]): Promise<CallbackListener> {
    for (const uri of redirectUris) {
      const { hostname, port } = new URL(uri);
      const server = createServer({
        requestTimeout,
        headersTimeout: requestTimeout,
        connectionsCheckingInterval: 1000,
      });
      if (await listens(server, hostname, Number(port))) return new CallbackListener(uri, server);
    }
    const ports = redirectUris.map((uri) => new URL(uri).port).join(", ");
    throw new CallbackError(
      `no port to receive the answer of the domain: ${ports} are all in use; end another sign-in, or set developerClient.ports and deploy`,
    );
  }

  /**
   * Answers the one request that carries `state` with what `respond` makes of it. Others are turned away, and do not end the
   * wait: any page in the browser can call a loopback address.
   * @throws CallbackError when nobody comes within `timeoutSeconds`
   */
  receive(state: string, timeoutSeconds: number, respond: (callback: URL) => Promise<Page>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#timeout = setTimeout(() => {
        reject(
          new CallbackError(
            `nobody signed in within ${timeoutSeconds} s: run the command again; if the browser shows invalid_redirect_uri, deploy the stack, which registers ${this.redirectUri}`,
          ),
        );
      }, timeoutSeconds * 1000);
      let isAnswered = false;
      this.server.on("request", (request, response) => {
        const callback = this.#callbackIn(request);
        if (isAnswered || callback?.searchParams.getAll("state").join() !== state) return turnAway(response, callback);
        isAnswered = true;
        clearTimeout(this.#timeout);
        respond(callback)
          .then((page) => send(page, response))
          .then(resolve, reject);
      });
    });
  }

  /** The URL of a request for the redirect URL; undefined when it is another one. Its target may be anything. */
  #callbackIn({ method, headers, url = "" }: IncomingMessage): URL | undefined {
    const expected = new URL(this.redirectUri);
    const isOurs = method === "GET" && headers.host === expected.host && url.split("?", 1)[0] === expected.pathname;
    return isOurs ? new URL(expected.origin + url) : undefined;
  }

  close(): void {
    clearTimeout(this.#timeout);
    this.server.close();
    this.server.closeAllConnections();
  }
}

function turnAway(response: ServerResponse, callback: URL | undefined): void {
  response.writeHead(callback ? 400 : 404, { "content-type": "text/plain", connection: "close" });
  response.end("This is not the answer that a sign-in here is waiting for.\n");
}

async function send({ status, html, policy }: Page, response: ServerResponse): Promise<void> {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    connection: "close",
  });
  response.end(html);
  // A browser that has gone misses the page; the token does not depend on it.
  await finished(response).catch(() => {});
}

function listens(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
      else reject(error);
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port === port));
  });
}
