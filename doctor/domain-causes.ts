import { tokenAlgorithms } from "../oauth/jwks";
import { type Cause, quoted } from "./cause";

/** ORDS reads no more of a JWKS unless `security.jwks.size` says otherwise. The manual names 10,000. */
const jwksLimit = 100_000;

/** On the side of the identity domain: it, the app, the keys. */
export const domainCauses: readonly Cause[] = [
  {
    id: "domain-inactive",
    title: "the identity domain is inactive",
    looksAt: "the state of the domain in OCI",
    why: "an inactive domain issues no token and does not show its keys, without which ORDS can verify none",
    remedy: "in the console: Identity & Security > Domains > the domain > Activate",
    find: ({ domain, ords }) => {
      if (!domain || domain.state === "ACTIVE") return undefined;
      const url = ords.client.domainUrl;
      return domain.state === null ? `OCI has no domain with the URL ${url}` : `the domain ${url} is ${domain.state}`;
    },
  },
  {
    id: "app-inactive",
    title: "the app is inactive",
    looksAt: "the app with the stack's client id in the domain",
    why: "an inactive app gets no token: its client is refused as if the secret were wrong",
    remedy: "npx cdktf deploy ENV, which activates it unless the environment file says active: false",
    find: ({ app, ords }) => {
      if (app === null) return `the domain has no app with the client id ${ords.client.clientId}`;
      return app?.active === false ? `the app ${app.displayName} is inactive` : undefined;
    },
  },
  {
    id: "certificate-not-public",
    title: "the signing certificate is not public",
    looksAt: "the status of the JWK URL, asked without signing in",
    why: "ORDS fetches the keys without signing in; without keys it refuses every token as invalid",
    remedy:
      "npx cdktf deploy ENV for a domain of the stack, or of the environment that makes it; for another one, in the console: the domain > Settings > Access signing certificate > Configure client access",
    find: ({ jwks, ords }) =>
      typeof jwks === "object" && [401, 403].includes(jwks.status)
        ? `${ords.profile.jwkUrl} answered ${jwks.status}`
        : undefined,
  },
  {
    id: "jwks-unreachable",
    title: "the JWK URL does not answer with keys",
    looksAt: "the answer of the JWK URL",
    why: "without keys ORDS can verify no token, and says no more than invalid_token",
    remedy: "npx ords-jwt register ENV, which takes the JWK URL from the domain; then check DNS and the firewall",
    find: ({ jwks, ords }) => {
      if (jwks === undefined) return undefined;
      if (typeof jwks === "string") return jwks;
      if (jwks.status !== 200) return `${ords.profile.jwkUrl} answered ${jwks.status}, expected 200`;
      // That it is too large is a cause of its own.
      if (jwks.keys?.length || jwks.bytes > jwksLimit) return undefined;
      return `${ords.profile.jwkUrl} answered with something else than keys: ${jwks.problem ?? "it has none"}`;
    },
  },
  {
    id: "jwks-too-large",
    title: "the JWKS is too large",
    looksAt: "the size of what the JWK URL answers",
    why: `ORDS stops reading after ${jwksLimit} bytes, and then knows no key`,
    remedy: "raise security.jwks.size of ORDS, or have the domain publish fewer keys",
    find: ({ jwks }) =>
      typeof jwks === "object" && jwks.bytes > jwksLimit
        ? `the JWKS has ${Number.isFinite(jwks.bytes) ? jwks.bytes : "more than 1000000"} bytes, ORDS reads ${jwksLimit} unless told otherwise`
        : undefined,
  },
  {
    id: "wrong-key",
    title: "algorithm or key length is not one that ORDS takes",
    looksAt: "`alg` of the token's header, and type, `alg` and length of the key that it names",
    why: "ORDS verifies RS256, RS384 and RS512 with RSA keys of 2048 to 4096 bits, and refuses all else",
    remedy: "have the issuer sign with RS256 and an RSA key of 2048 to 4096 bits; an OCI identity domain does",
    find: ({ jwks, token }) => {
      const alg = token?.header.alg;
      if (token && !tokenAlgorithms.includes(alg ?? "")) return `the token is signed with ${quoted(alg)}`;
      const keys = (typeof jwks === "object" && jwks.keys) || [];
      const used = token ? keys.filter(({ kid }) => kid === token.header.kid) : keys;
      return used.map(unusable).find((problem) => problem !== undefined);
    },
  },
  {
    id: "missing-kid",
    title: "the token names no key, or one that is not published",
    looksAt: "`kid` of the token's header and of the published keys",
    why: "ORDS finds the key by its kid alone",
    remedy: "get the token from the domain whose JWK URL is registered: npx ords-jwt token ENV",
    find: ({ jwks, token }) => {
      const kids = ((typeof jwks === "object" && jwks.keys) || []).map(({ kid }) => kid);
      if (token && !token.header.kid) return "the token's header has no kid";
      if (kids.length === 0 || !token) return undefined;
      return kids.includes(token.header.kid)
        ? undefined
        : `the token names key ${quoted(token.header.kid)}, published are ${kids.map(quoted).join(", ")}`;
    },
  },
];

function unusable({ kid, kty, alg, n }: { kid?: string; kty: string; alg?: string; n?: string }): string | undefined {
  if (kty !== "RSA") return `key ${quoted(kid)} is of type ${kty}, not RSA`;
  if (alg !== undefined && !tokenAlgorithms.includes(alg)) return `key ${quoted(kid)} is for ${alg}`;
  const bits = n === undefined ? 0 : Buffer.from(n, "base64url").length * 8;
  return bits < 2048 || bits > 4096 ? `key ${quoted(kid)} has ${bits} bits` : undefined;
}
