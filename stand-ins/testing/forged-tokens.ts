import { createHmac, createPublicKey, createSign, type KeyObject } from "node:crypto";

/** An RSA key with the JWK of its public half. */
export interface TokenKey {
  readonly privateKey: KeyObject;
  readonly jwk: Record<string, unknown>;
}

/** What a good token says, who signs it, and who would like to. */
export interface Forgery {
  /** Published with the kid `key-1`. */
  readonly key: TokenKey;
  /** Not published, but for the kid `other-tenant` and another use. */
  readonly attacker: TokenKey;
  readonly issuer: string;
  readonly audience: string;
  /** Without the audience. */
  readonly scope: string;
}

/** A JWS of exactly this header and payload, however wrong they are. */
export function signToken(header: unknown, payload: unknown, key: TokenKey, hash = "RSA-SHA256"): string {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${createSign(hash).update(input).sign(key.privateKey, "base64url")}`;
}

/** A good token that was just issued, and by what is wrong with them, forged ones that nobody may accept. */
export function forgedTokens({ key, attacker, issuer, audience, scope }: Forgery): {
  good: () => string;
  forged: Record<string, () => string>;
} {
  const now = () => Math.floor(Date.now() / 1000);
  const header = { alg: "RS256", typ: "JWT", kid: "key-1" };
  const claims = () => ({
    ...{ sub: "scott", iss: issuer, aud: audience, scope },
    ...{ iat: now() - 10, exp: now() + 100 },
  });
  const encode = (part: string | object) =>
    Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
  const good = () => signToken(header, claims(), key);

  /** Signed by the key of the domain, but for a text in place of header or payload. */
  function signText({ head = JSON.stringify(header), payload = JSON.stringify(claims()) }, by = key): string {
    const input = `${encode(head)}.${encode(payload)}`;
    return `${input}.${createSign("RSA-SHA256").update(input).sign(by.privateKey, "base64url")}`;
  }

  /** The claims as JSON, followed by one more member. */
  const twice = (member: string) => `${JSON.stringify(claims()).slice(0, -1)},${member}}`;
  const inParts = (token: string, change: (parts: string[]) => string[]) => change(token.split(".")).join(".");

  function hmacWith(secret: string | Buffer): string {
    const input = `${encode({ ...header, alg: "HS256" })}.${encode(claims())}`;
    return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
  }

  const forged: Record<string, () => string> = {
    "alg none": () => `${encode({ ...header, alg: "none" })}.${encode(claims())}.`,
    "alg None with a signature": () => signToken({ ...header, alg: "None" }, claims(), key),
    "no signature": () => inParts(good(), ([head = "", payload = ""]) => [head, payload, ""]),
    "two parts": () => inParts(good(), (parts) => parts.slice(0, 2)),
    "HS256 with the public key as PEM": () =>
      hmacWith(createPublicKey(key.privateKey).export({ type: "spki", format: "pem" })),
    "HS256 with the modulus": () => hmacWith(Buffer.from(String(key.jwk.n), "base64url")),
    "HS256 with the JWK": () => hmacWith(JSON.stringify(key.jwk)),
    "a kid that is not published": () => signToken({ ...header, kid: "key-2" }, claims(), attacker),
    "the kid of the key with another key": () => signToken(header, claims(), attacker),
    "a key that is published for something else": () =>
      signToken({ ...header, kid: "other-tenant" }, claims(), attacker),
    "a kid that is a path": () => signToken({ ...header, kid: "../../dev/null" }, claims(), attacker),
    "a kid named as a member of every object": () => signToken({ ...header, kid: "__proto__" }, claims(), attacker),
    "a kid that is a list": () => signToken({ ...header, kid: ["key-1"] }, claims(), key),
    "an embedded jwk": () => signToken({ ...header, jwk: attacker.jwk }, claims(), attacker),
    "a jku": () => signToken({ ...header, jku: "https://attacker.example/jwks" }, claims(), attacker),
    "an x5u": () => signToken({ ...header, x5u: "https://attacker.example/cert" }, claims(), attacker),
    "an x5c": () => signToken({ ...header, x5c: ["MIIB"] }, claims(), attacker),
    "crit that names what nobody knows": () => signToken({ ...header, crit: ["exp"], exp: 1 }, claims(), key),
    "crit that is empty": () => signToken({ ...header, crit: [] }, claims(), key),
    "b64 false, signed as its rule has it": () => {
      const head = encode({ ...header, b64: false, crit: ["b64"] });
      const signature = createSign("RSA-SHA256")
        .update(`${head}.${JSON.stringify(claims())}`)
        .sign(key.privateKey, "base64url");
      return `${head}.${encode(claims())}.${signature}`;
    },
    "b64 without crit": () => signToken({ ...header, b64: true }, claims(), key),
    "a compressed payload": () => signToken({ ...header, zip: "DEF" }, claims(), key),
    expired: () => signToken(header, { ...claims(), exp: now() - 100 }, key),
    "of the future": () => signToken(header, { ...claims(), iat: now() + 1000, exp: now() + 2000 }, key),
    "not valid yet": () => signToken(header, { ...claims(), nbf: now() + 1000 }, key),
    "an expiry as text": () => signToken(header, { ...claims(), exp: String(now() + 100) }, key),
    "an expiry beyond all numbers": () =>
      signText({ payload: JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999') }),
    "an expiry in a list": () => signToken(header, { ...claims(), exp: [now() + 100] }, key),
    "times that are true": () => signToken(header, { ...claims(), iat: true, exp: true }, key),
    "another issuer": () => signToken(header, { ...claims(), iss: "https://attacker.example/" }, key),
    "the issuer without its slash": () => signToken(header, { ...claims(), iss: issuer.slice(0, -1) }, key),
    "the issuer in a list": () => signToken(header, { ...claims(), iss: [issuer] }, key),
    "the issuer in an object": () => signToken(header, { ...claims(), iss: { value: issuer } }, key),
    "another audience": () => signToken(header, { ...claims(), aud: "ords/other/" }, key),
    "an audience that begins with the right one": () => signToken(header, { ...claims(), aud: `${audience}x` }, key),
    "a list of other audiences": () => signToken(header, { ...claims(), aud: ["ords/other/", "x"] }, key),
    "a nested list of audiences": () => signToken(header, { ...claims(), aud: [[audience]] }, key),
    "an audience in an object": () => signToken(header, { ...claims(), aud: { 0: audience } }, key),
    "a scope that contains the right one": () =>
      signToken(header, { ...claims(), scope: `${scope}write x${scope}` }, key),
    "a scope in capitals": () => signToken(header, { ...claims(), scope: scope.toUpperCase() }, key),
    "scopes separated by commas": () => signToken(header, { ...claims(), scope: `x,${scope}` }, key),
    "scopes separated by a tab": () => signToken(header, { ...claims(), scope: `x\t${scope}` }, key),
    "scopes separated by a no-break space": () => signToken(header, { ...claims(), scope: `x\u00a0${scope}` }, key),
    "a scope in look-alike letters": () => signToken(header, { ...claims(), scope: scope.replace("a", "\u0430") }, key),
    "a scope with an invisible character": () => signToken(header, { ...claims(), scope: `${scope}\u200b` }, key),
    "the fully qualified scope": () => signToken(header, { ...claims(), scope: audience + scope }, key),
    "a nested list of scopes": () => signToken(header, { ...claims(), scope: [[scope]] }, key),
    "an object of scopes": () => signToken(header, { ...claims(), scope: { 0: scope } }, key),
    "scope null and scp the right one": () => signToken(header, { ...claims(), scope: null, scp: scope }, key),
    "scp beside another scope": () => signToken(header, { ...claims(), scope: "x", scp: scope }, key),
    "no subject": () => signToken(header, { ...claims(), sub: null }, key),
    "a subject in a list": () => signToken(header, { ...claims(), sub: ["scott"] }, key),
    "the audience twice": () => signText({ payload: twice(`"aud":"${audience}"`) }),
    "the scope twice, once in escapes": () => signText({ payload: twice(`"\\u0073cope":"${scope}"`) }),
    "a member twice within a claim": () => signText({ payload: twice('"more":[{"a":1,"a":2}]') }),
    "alg twice": () => signText({ head: `{"alg":"none",${JSON.stringify(header).slice(1)}` }),
    "a payload that is a list": () => signText({ payload: `[${JSON.stringify(claims())}]` }),
    "a payload that is not JSON": () => signText({ payload: `${JSON.stringify(claims())}x` }),
    "a byte order mark": () => signText({ payload: `\ufeff${JSON.stringify(claims())}` }),
    "bytes that are not UTF-8": () => {
      const bytes = Buffer.concat([Buffer.from(twice('"x":"').slice(0, -1)), Buffer.from([0xff]), Buffer.from('"}')]);
      const input = `${encode(header)}.${bytes.toString("base64url")}`;
      return `${input}.${createSign("RSA-SHA256").update(input).sign(key.privateKey, "base64url")}`;
    },
    "padding in the payload": () =>
      inParts(good(), ([head = "", payload = "", signature = ""]) => [head, `${payload}=`, signature]),
    "padding in the signature": () => `${good()}==`,
    "the other base64 alphabet": () =>
      inParts(good(), ([head = "", payload = "", signature = ""]) => {
        const standard = Buffer.from(signature, "base64url").toString("base64").replace(/=+$/, "");
        return [head, payload, standard === signature ? `${signature}+` : standard];
      }),
    "stray bits at the end of the signature": () =>
      inParts(good(), ([head = "", payload = "", signature = ""]) => {
        const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        const last = alphabet.indexOf(signature.at(-1) ?? "");
        return [head, payload, signature.slice(0, -1) + alphabet[last ^ 1]];
      }),
    "a blank within": () =>
      inParts(good(), ([head = "", payload = "", signature = ""]) => [head, ` ${payload}`, signature]),
    "a signature that is cut": () => good().slice(0, -4),
    "the claims of another token": () => {
      const other = signToken(header, { ...claims(), sub: "king" }, attacker).split(".")[1] ?? "";
      return inParts(good(), ([head = "", , signature = ""]) => [head, other, signature]);
    },
    "an alg of another type": () => signToken({ ...header, alg: ["RS256"] }, claims(), key),
    "no alg": () => signToken({ ...header, alg: undefined }, claims(), key),
    "PS256 over a signature of RS256": () => signToken({ ...header, alg: "PS256" }, claims(), key),
    "RS512 over a signature of RS256": () => signToken({ ...header, alg: "RS512" }, claims(), key),
    "crit of another type": () => signToken({ ...header, crit: "b64" }, claims(), key),
    "four parts": () => `${good()}.x`,
    "five parts, as encrypted": () => `${good()}.x.y`,
    "a payload that is null": () => signText({ payload: "null" }),
    nothing: () => "",
    "claims of a prototype": () => signText({ payload: `{"__proto__":${JSON.stringify(claims())}}` }),
    "no issuer": () => signToken(header, { ...claims(), iss: undefined }, key),
    "no audience": () => signToken(header, { ...claims(), aud: undefined }, key),
    "no scope": () => signToken(header, { ...claims(), scope: undefined }, key),
    "no expiry": () => signToken(header, { ...claims(), exp: undefined }, key),
    "no time of issue": () => signToken(header, { ...claims(), iat: undefined }, key),
    "an issuer in other letters": () => signToken(header, { ...claims(), iss: issuer.replace("o", "\u043e") }, key),
    "an issuer in capitals": () => signToken(header, { ...claims(), iss: issuer.toUpperCase() }, key),
    "an issuer with more behind": () => signToken(header, { ...claims(), iss: `${issuer}\u0000` }, key),
    "the beginning of the audience": () => signToken(header, { ...claims(), aud: audience.slice(0, -3) }, key),
    "the beginning of the scope": () => signToken(header, { ...claims(), scope: scope.slice(0, -1) }, key),
    "scopes separated by lines": () => signToken(header, { ...claims(), scope: `x\n${scope}` }, key),
    "scopes of a prototype": () => signToken(header, { ...claims(), scope: "constructor __proto__" }, key),
    "a subject that is a number": () => signToken(header, { ...claims(), sub: 1 }, key),
    "a time of issue as text": () => signToken(header, { ...claims(), iat: "0" }, key),
    "not before as text": () => signToken(header, { ...claims(), nbf: "0" }, key),
  };
  return { good, forged };
}
