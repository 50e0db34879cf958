import { setTimeout } from "node:timers/promises";

/** One thing that was tried, what it should have given and what it gave. */
export interface Check {
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  readonly ok: boolean;
}

/** ORDS keeps profile and privileges for 5 s by default, so a change shows only after that. */
const patience = { attempts: 8, pause: 1000 };

/** Calls a protected API without a token, with a tampered one and with the token: 401, 401 and 2xx. */
export async function probe(url: string, token: string): Promise<Check[]> {
  return [
    await call("without a token", url, undefined, (status) => status === 401, "401"),
    await call("with a tampered token", url, tamper(token), (status) => status === 401, "401"),
    await call("with the token", url, token, (status) => status >= 200 && status < 300, "2xx"),
  ];
}

/** The token with one character of its signature exchanged. */
export function tamper(token: string): string {
  // Not the last character: some of its bits are padding, and a change there may not be one.
  const at = token.lastIndexOf(".") + 1;
  const other = token[at] === "A" ? "B" : "A";
  return token.slice(0, at) + other + token.slice(at + 1);
}

async function call(
  how: string,
  url: string,
  token: string | undefined,
  ok: (status: number) => boolean,
  expected: string,
): Promise<Check> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, {
      headers: { accept: "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    });
    const body = (await response.text()).replaceAll(/\s+/g, " ").trim();
    if (ok(response.status) || attempt === patience.attempts) {
      const got = response.ok ? `${response.status} ${body.slice(0, 200)}` : String(response.status);
      return { what: `GET ${url} ${how}`, expected, got, ok: ok(response.status) };
    }
    await setTimeout(patience.pause);
  }
}
