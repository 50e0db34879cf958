/** A request as it was sent. */
interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

/** Does some work and keeps what it asked `fetch` for. */
export async function recordRequests(work: () => Promise<unknown>): Promise<Sent[]> {
  const real = globalThis.fetch;
  const sent: Sent[] = [];
  globalThis.fetch = async (input, init) => {
    const request = new Request(input instanceof Request ? input.clone() : input, init);
    const { url, method, headers } = request;
    sent.push({ url, method, headers, body: (await request.text()) || undefined });
    return real(input, init);
  };
  try {
    await work();
  } finally {
    globalThis.fetch = real;
  }
  return sent;
}

/** Sends them once more, side by side, with nothing of ours in between. */
export async function sendAgain(requests: readonly Sent[]): Promise<void> {
  await Promise.all(
    requests.map(async ({ url, method, headers, body }) => {
      const response = await fetch(url, { method, headers, body, redirect: "manual" });
      await response.text();
    }),
  );
}
