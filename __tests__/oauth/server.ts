import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const realFetch = globalThis.fetch;

/**
 * Serves an https origin from a loopback port, without its TLS: `fetch` is led there, and all else is real.
 * @returns how to end it; `jest.restoreAllMocks()` puts `fetch` back
 */
export async function serve(origins: Record<string, RequestListener>): Promise<() => Promise<void>> {
  const servers = new Map<string, Server>();
  for (const [origin, listener] of Object.entries(origins))
    servers.set(origin, await listening(createServer(listener)));
  jest.spyOn(globalThis, "fetch").mockImplementation((to, init) => {
    const url = new URL(String(to));
    const server = servers.get(url.origin);
    if (!server) throw new Error(`a request went to ${url.origin}`);
    return realFetch(`http://127.0.0.1:${portOf(server)}${url.pathname}${url.search}`, init);
  });
  return async () => {
    for (const server of servers.values()) await ended(server);
  };
}

export async function listening(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

export async function ended(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
