import { createHmac, createPublicKey, createSign } from "node:crypto";
import { otherReadings } from "../../ords/rules";
import { audience, createKey, issuer, type Key, now, type Scenario, sign, startScenario, stopClock } from "./support";

stopClock();

let key: Key;
let attacker: Key;
let ords: Scenario;
/** Lets in whatever any of its readings lets in. */
let lenient: Awaited<ReturnType<Scenario["open"]>>;

/** Nothing changes once the tests begin: what was read stays read. */
const unchanging = { metadataCacheMillis: 3_600_000, settings: { "security.jwks.refresh.interval": 3600 } };

beforeAll(async () => {
  key = createKey("key-1");
  attacker = createKey("key-2");
  ords = await startScenario(unchanging);
  ords.publish(key.jwk, { ...attacker.jwk, kid: "other-tenant", use: "enc" });
  await ords.profile();
  await ords.module("me", "name", "SELECT 'secret' AS answer FROM dual");
  await ords.privilege("hr.read", { module: "me" });
  lenient = await ords.open({ ...unchanging, rules: Object.assign({}, ...otherReadings, { otherKeyUse: "refused" }) });
});
afterAll(() => ords.close());

const header = { alg: "RS256", typ: "JWT", kid: "key-1" };
const claims = () => ({
  ...{ sub: "scott", iss: issuer, aud: audience, scope: "hr.read" },
  ...{ iat: now() - 10, exp: now() + 100 },
});
const encode = (part: string | object) =>
  Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
const good = () => sign(header, claims(), key);

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
  "alg None with a signature": () => sign({ ...header, alg: "None" }, claims(), key),
  "no signature": () => inParts(good(), ([head = "", payload = ""]) => [head, payload, ""]),
  "two parts": () => inParts(good(), (parts) => parts.slice(0, 2)),
  "HS256 with the public key as PEM": () =>
    hmacWith(createPublicKey(key.privateKey).export({ type: "spki", format: "pem" })),
  "HS256 with the modulus": () => hmacWith(Buffer.from(String(key.jwk.n), "base64url")),
  "HS256 with the JWK": () => hmacWith(JSON.stringify(key.jwk)),
  "a kid that is not published": () => sign({ ...header, kid: "key-2" }, claims(), attacker),
  "the kid of the key with another key": () => sign(header, claims(), attacker),
  "a key that is published for something else": () => sign({ ...header, kid: "other-tenant" }, claims(), attacker),
  "a kid that is a path": () => sign({ ...header, kid: "../../dev/null" }, claims(), attacker),
  "a kid named as a member of every object": () => sign({ ...header, kid: "__proto__" }, claims(), attacker),
  "a kid that is a list": () => sign({ ...header, kid: ["key-1"] }, claims(), key),
  "an embedded jwk": () => sign({ ...header, jwk: attacker.jwk }, claims(), attacker),
  "a jku": () => sign({ ...header, jku: "https://attacker.example/jwks" }, claims(), attacker),
  "an x5u": () => sign({ ...header, x5u: "https://attacker.example/cert" }, claims(), attacker),
  "an x5c": () => sign({ ...header, x5c: ["MIIB"] }, claims(), attacker),
  "crit that names what nobody knows": () => sign({ ...header, crit: ["exp"], exp: 1 }, claims(), key),
  "crit that is empty": () => sign({ ...header, crit: [] }, claims(), key),
  "b64 false, signed as its rule has it": () => {
    const head = encode({ ...header, b64: false, crit: ["b64"] });
    const signature = createSign("RSA-SHA256")
      .update(`${head}.${JSON.stringify(claims())}`)
      .sign(key.privateKey, "base64url");
    return `${head}.${encode(claims())}.${signature}`;
  },
  "b64 without crit": () => sign({ ...header, b64: true }, claims(), key),
  "a compressed payload": () => sign({ ...header, zip: "DEF" }, claims(), key),
  expired: () => sign(header, { ...claims(), exp: now() - 100 }, key),
  "of the future": () => sign(header, { ...claims(), iat: now() + 1000, exp: now() + 2000 }, key),
  "not valid yet": () => sign(header, { ...claims(), nbf: now() + 1000 }, key),
  "an expiry as text": () => sign(header, { ...claims(), exp: String(now() + 100) }, key),
  "an expiry beyond all numbers": () =>
    signText({ payload: JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999') }),
  "an expiry in a list": () => sign(header, { ...claims(), exp: [now() + 100] }, key),
  "times that are true": () => sign(header, { ...claims(), iat: true, exp: true }, key),
  "another issuer": () => sign(header, { ...claims(), iss: "https://attacker.example/" }, key),
  "the issuer without its slash": () => sign(header, { ...claims(), iss: issuer.slice(0, -1) }, key),
  "the issuer in a list": () => sign(header, { ...claims(), iss: [issuer] }, key),
  "the issuer in an object": () => sign(header, { ...claims(), iss: { value: issuer } }, key),
  "another audience": () => sign(header, { ...claims(), aud: "ords/other/" }, key),
  "an audience that begins with the right one": () => sign(header, { ...claims(), aud: `${audience}x` }, key),
  "a list of other audiences": () => sign(header, { ...claims(), aud: ["ords/other/", "x"] }, key),
  "a nested list of audiences": () => sign(header, { ...claims(), aud: [[audience]] }, key),
  "an audience in an object": () => sign(header, { ...claims(), aud: { 0: audience } }, key),
  "a scope that contains the right one": () => sign(header, { ...claims(), scope: "hr.readwrite xhr.read" }, key),
  "a scope in capitals": () => sign(header, { ...claims(), scope: "HR.READ" }, key),
  "scopes separated by commas": () => sign(header, { ...claims(), scope: "x,hr.read" }, key),
  "scopes separated by a tab": () => sign(header, { ...claims(), scope: "x\thr.read" }, key),
  "scopes separated by a no-break space": () => sign(header, { ...claims(), scope: "x\u00a0hr.read" }, key),
  "a scope in look-alike letters": () => sign(header, { ...claims(), scope: "hr.re\u0430d" }, key),
  "a scope with an invisible character": () => sign(header, { ...claims(), scope: "hr.read\u200b" }, key),
  "the fully qualified scope": () => sign(header, { ...claims(), scope: `${audience}hr.read` }, key),
  "a nested list of scopes": () => sign(header, { ...claims(), scope: [["hr.read"]] }, key),
  "an object of scopes": () => sign(header, { ...claims(), scope: { 0: "hr.read" } }, key),
  "scope null and scp the right one": () => sign(header, { ...claims(), scope: null, scp: "hr.read" }, key),
  "scp beside another scope": () => sign(header, { ...claims(), scope: "x", scp: "hr.read" }, key),
  "no subject": () => sign(header, { ...claims(), sub: null }, key),
  "a subject in a list": () => sign(header, { ...claims(), sub: ["scott"] }, key),
  "the audience twice": () => signText({ payload: twice(`"aud":"${audience}"`) }),
  "the scope twice, once in escapes": () => signText({ payload: twice('"\\u0073cope":"hr.read"') }),
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
    const other = sign(header, { ...claims(), sub: "king" }, attacker).split(".")[1] ?? "";
    return inParts(good(), ([head = "", , signature = ""]) => [head, other, signature]);
  },
};

const challenge = 'Bearer realm="Oracle REST Data Services", error="invalid_token"';

test.each(Object.entries(forged))("refuses %s, under the strict and the other readings", async (_what, tokenOf) => {
  for (const { call } of [ords, lenient]) {
    const { status, headers, text } = await call("/me/name", { token: tokenOf() });
    expect({ status, challenge: headers["www-authenticate"] }).toEqual({ status: 401, challenge });
    expect(text).not.toContain("secret");
  }
});

test("refuses a token that is too large for a header, whoever signed it", async () => {
  const token = sign(header, { ...claims(), padding: "x".repeat(100_000) }, key);
  const { status, text } = await ords.call("/me/name", { token });
  expect([status, text.includes("secret")]).toEqual([431, false]);
});

test("accepts the token that they are forged from", async () => {
  for (const { call } of [ords, lenient]) {
    expect(JSON.parse((await call("/me/name", { token: good() })).text)).toEqual({ answer: "secret" });
  }
});
