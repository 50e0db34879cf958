import https from "node:https";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { Refusal, type RefusalReason } from "./refusal";
import type { JwtSettings } from "./settings";

/** One entry of a JWKS, as it came: nothing in it is checked yet. */
export type Jwk = Readonly<Record<string, unknown>>;

/** Finds the key that a token names. */
export interface KeySource {
  /** @throws Refusal when the JWKS cannot be used or has no such key */
  find(jwkUrl: string, kid: string): Promise<Jwk>;
}

const contexts = new Map<string, SecureContext>();

/** Trusts this authority beside the root certificates. Made once, when it is needed: to read those takes some 30 ms. */
function trusting(ca: string): SecureContext {
  const context = contexts.get(ca) ?? createSecureContext({ ca: [...rootCertificates, ca] });
  contexts.set(ca, context);
  return context;
}

/**
 * Fetches JWKS documents and keeps them for `security.jwks.refresh.interval`.
 *
 * When ORDS refreshes a JWKS that still has the wanted key is not documented. Here every use after the interval fetches
 * again, so a withdrawn key or a JWKS that stopped being public is noticed; within it an unknown key is refused unasked.
 */
export function createKeySource(settings: JwtSettings, ca?: string): KeySource {
  const cache = new Map<string, { keys: Promise<Jwk[]>; expires: number }>();

  function load(jwkUrl: string): Promise<Jwk[]> {
    const cached = cache.get(jwkUrl);
    if (cached && performance.now() < cached.expires) return cached.keys;
    const keys = fetchKeys(jwkUrl, settings, ca);
    const entry = { keys, expires: Number.POSITIVE_INFINITY };
    cache.set(jwkUrl, entry);
    keys.then(
      () => {
        entry.expires = performance.now() + settings["security.jwks.refresh.interval"] * 1000;
      },
      () => cache.delete(jwkUrl), // a failure is not a JWKS to keep; whoever awaits `keys` gets the error
    );
    return keys;
  }

  return {
    async find(jwkUrl, kid) {
      const key = (await load(jwkUrl)).find((candidate) => candidate.kid === kid);
      if (!key) throw new Refusal("unknown_key", `the JWKS at ${jwkUrl} has no key with kid ${JSON.stringify(kid)}`);
      return key;
    },
  };
}

async function fetchKeys(jwkUrl: string, settings: JwtSettings, ca?: string): Promise<Jwk[]> {
  const url = URL.canParse(jwkUrl) ? new URL(jwkUrl) : undefined;
  if (url?.protocol !== "https:") throw new Refusal("jwks_not_https", `JWK URL ${jwkUrl} does not begin with https://`);
  if (url.username || url.password) {
    throw new Refusal("jwks_unreachable", "the JWK URL holds credentials; a JWKS is fetched without authentication");
  }
  const body = await get(url, settings, ca === undefined ? undefined : trusting(ca));
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    throw new Refusal("jwks_invalid", `${jwkUrl} did not answer with JSON`);
  }
  const keys = (document as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === "object" && key !== null)) {
    throw new Refusal("jwks_invalid", `${jwkUrl} did not answer with {"keys": [...]}`);
  }
  return keys;
}

/** The body of a 200 answer. Whether ORDS follows redirects is unknown; here it does not. */
function get(url: URL, settings: JwtSettings, trust?: SecureContext): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (reason: RefusalReason, why: string) => {
      reject(new Refusal(reason, `${url} ${why}`));
      request.destroy();
    };
    const options: https.RequestOptions & { secureContext?: SecureContext } = {
      agent: false,
      secureContext: trust,
      headers: { accept: "application/json" },
      timeout: settings["security.jwks.connection.timeout"] * 1000,
    };
    const request = https.get(url, options);
    request.on("socket", (socket) => {
      socket.once("secureConnect", () => request.setTimeout(settings["security.jwks.read.timeout"] * 1000));
    });
    request.on("timeout", () => fail("jwks_unreachable", "did not answer in time"));
    request.on("error", (error) => fail("jwks_unreachable", `failed: ${error.message}`));
    request.on("response", (response) => {
      if (response.statusCode !== 200) {
        fail("jwks_unreachable", `answered ${response.statusCode}; it must answer 200 without authentication`);
      }
      const limit = settings["security.jwks.size"];
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > limit) fail("jwks_too_large", `is larger than ${limit} bytes`);
      });
      response.on("error", (error) => fail("jwks_unreachable", `broke off: ${error.message}`));
      response.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    });
  });
}
