import type { Dispatcher } from "undici";

/** What `fetch` was asked for, of which nothing goes elsewhere than allowed. */
export interface WatchedFetch {
  /** Origins that were asked for and are not allowed, with their requests refused. */
  readonly strangers: string[];
  /** Puts the real one back. */
  restore(): void;
}

/**
 * Watches `fetch`, and takes its requests to where a server listens for each origin.
 * @param origins by the origin that is asked for, the one that answers
 * @param dispatcher trusts the servers' certificates
 */
export function watchFetch(origins: ReadonlyMap<string, string>, dispatcher?: Dispatcher): WatchedFetch {
  const real = globalThis.fetch;
  const strangers: string[] = [];
  globalThis.fetch = (to, init) => {
    const url = new URL(String(to));
    const origin = origins.get(url.origin);
    if (origin === undefined) {
      strangers.push(url.origin);
      return Promise.reject(new Error(`a request to ${url.origin}`));
    }
    return real(`${origin}${url.pathname}${url.search}`, { ...init, ...(dispatcher && { dispatcher }) } as RequestInit);
  };
  return {
    strangers,
    restore() {
      globalThis.fetch = real;
    },
  };
}
