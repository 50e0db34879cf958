import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { OciClient, type RetryRules } from "../../terraform-provider/oci-client";

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A server that answers as a test scripts it, for what the OCI stand-in never does: failing now and then. */
export interface FakeApi {
  url: string;
  received: Received[];
  close(): Promise<void>;
}

export async function fakeApi(answer: (request: Received, count: number) => Answer): Promise<FakeApi> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const entry = { method, path: url, headers, body: text === "" ? undefined : JSON.parse(text) };
      received.push(entry);
      const { status, body, headers: more } = answer(entry, received.length);
      response.writeHead(status, more).end(typeof body === "string" ? body : body && JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const keys = generateKeyPairSync("rsa", { modulusLength: 1024 });

/** A client that does not wait; `waits` collects how long it would have waited, in milliseconds. */
export function clientWithoutWaiting(rules: Partial<RetryRules> = {}): { client: OciClient; waits: number[] } {
  const waits: number[] = [];
  const key = { keyId: "tenancy/user/fingerprint", privateKey: keys.privateKey };
  const client = new OciClient(key, { disabled: false, not409: false, ...rules }, undefined, async (milliseconds) => {
    waits.push(milliseconds);
  });
  return { client, waits };
}
