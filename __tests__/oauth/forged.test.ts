import { constants, createHmac, generateKeyPairSync, type KeyObject, sign as rsaSign } from "node:crypto";
import { checkToken } from "../../oauth/checks";
import { decode } from "../../oauth/decode";
import { NotATokenError, parseToken } from "../../oauth/token";
import { serve } from "./server";

const origin = "https://domain.example.com";
const jwkUrl = `${origin}/admin/v1/SigningCert/jwk`;
const expected = {
  issuer: "https://identity.oraclecloud.com/",
  audience: "https://hello.example.com/",
  scopes: ["hello.read"],
};
const ours = generateKeyPairSync("rsa", { modulusLength: 2048 });
const another = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwk = { ...ours.publicKey.export({ format: "jwk" }), kid: "k", alg: "RS256", key_ops: ["encrypt", "sign"] };

let keys: object[] = [jwk];
let close: () => Promise<void>;
beforeAll(async () => {
  close = await serve({
    [origin]: (_request, response) => {
      response.setHeader("content-type", "application/json").end(JSON.stringify({ keys }));
    },
  });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await close();
});

const now = Math.floor(Date.now() / 1000);
const good = {
  iss: expected.issuer,
  aud: expected.audience,
  sub: "bob",
  scope: "hello.read",
  iat: now,
  exp: now + 600,
};
const header = { alg: "RS256", kid: "k" };

const part = (value: object | string) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** Header and payload as they are given, text or object, with a signature that is right for them. */
function signed(
  claims: object | string = good,
  head: object | string = header,
  key: KeyObject = ours.privateKey,
): string {
  const input = `${part(head)}.${part(claims)}`;
  return `${input}.${rsaSign("sha256", Buffer.from(input), key).toString("base64url")}`;
}

/** What `verify` and `token decode` make of it: true where it is taken for good. */
async function accepted(token: string): Promise<{ verify: boolean; decode: boolean }> {
  try {
    const parsed = parseToken(token);
    const checks = await checkToken(parsed, jwkUrl, expected);
    const { signature, problems } = await decode(parsed, { ...expected, jwkUrl });
    return { verify: checks.every(({ ok }) => ok), decode: signature === "good" && problems.length === 0 };
  } catch (error) {
    if (!(error instanceof NotATokenError)) throw error;
    return { verify: false, decode: false };
  }
}

const [head, payload, signature] = signed().split(".") as [string, string, string];
const hmac = (key: string | Buffer) => {
  const input = `${part({ alg: "HS256", kid: "k" })}.${part(good)}`;
  return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
};
const pem = ours.publicKey.export({ format: "pem", type: "spki" });
const anotherJwk = another.publicKey.export({ format: "jwk" });

const forged: [string, string][] = [
  ["alg none, unsigned", `${part({ alg: "none", kid: "k" })}.${payload}.`],
  ["alg none, with a signature", `${part({ alg: "none", kid: "k" })}.${payload}.${signature}`],
  ["alg nOnE", `${part({ alg: "nOnE", kid: "k" })}.${payload}.`],
  ["no alg", signed(good, { kid: "k" })],
  ["alg of another type", signed(good, { alg: ["RS256"], kid: "k" })],
  ["HS256 with the public key as PEM", hmac(pem)],
  ["HS256 with the modulus", hmac(Buffer.from(String(jwk.n), "base64url"))],
  ["PS256 over an RS256 signature", signed(good, { alg: "PS256", kid: "k" })],
  ["RS512 over an RS256 signature", signed(good, { alg: "RS512", kid: "k" })],
  ["another key, our kid", signed(good, header, another.privateKey)],
  ["another kid", signed(good, { alg: "RS256", kid: "other" })],
  ["a kid of another type", signed(good, { alg: "RS256", kid: 1 })],
  ["an embedded jwk", signed(good, { ...header, jwk: anotherJwk }, another.privateKey)],
  ["a jku", signed(good, { ...header, jku: "https://evil.example.com/keys" }, another.privateKey)],
  ["an x5u", signed(good, { ...header, x5u: "https://evil.example.com/cert" }, another.privateKey)],
  ["a kid that is a path", signed(good, { alg: "RS256", kid: "../../dev/null" }, another.privateKey)],
  ["a crit that nobody knows", signed(good, { ...header, crit: ["x"], x: 1 })],
  ["a crit of another type", signed(good, { ...header, crit: "b64" })],
  ["an unencoded payload", signed(good, { ...header, crit: ["b64"], b64: false })],
  ["another typ", signed(good, { ...header, typ: "at+jwt" })],
  ["a header that says alg twice", signed(good, '{"alg":"none","kid":"k","alg":"RS256"}')],
  ["a changed payload", `${head}.${part({ ...good, sub: "admin" })}.${signature}`],
  ["no signature", `${head}.${payload}.`],
  ["two parts", `${head}.${payload}`],
  ["four parts", `${head}.${payload}.${signature}.${signature}`],
  ["five parts, as encrypted", `${head}.${payload}.${signature}.${signature}.${signature}`],
  ["a signature with padding", `${head}.${payload}.${signature}==`],
  ["a signature with bits left over", `${head}.${payload}.${signature.slice(0, -1)}${otherTail(signature)}`],
  ["a signature of base64", `${head}.${payload}.${Buffer.from(signature, "base64url").toString("base64")}`],
  ["a signature with a space", `${head}.${payload}.${signature.slice(0, 9)} ${signature.slice(9)}`],
  ["a payload with padding", `${head}.${payload}=.${signature}`],
  ["claims that say iss twice", signed(`{"iss":"https://evil/",${JSON.stringify(good).slice(1)}`)],
  ["claims that say iss twice, once escaped", signed(`{"\\u0069ss":"https://evil/",${JSON.stringify(good).slice(1)}`)],
  [
    "claims that say scope twice, deep inside",
    signed({ ...good, x: 0 }).replace(/^.*$/, () => signed(`${JSON.stringify(good).slice(0, -1)},"x":{"a":1,"a":2}}`)),
  ],
  ["claims that are a list", signed(JSON.stringify([good]))],
  ["claims that are null", signed("null")],
  ["claims that are not JSON", signed("{iss:1}")],
  [
    "claims that are not UTF-8",
    `${head}.${Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString("base64url")}.${signature}`,
  ],
  ["claims with a byte order mark", signed(`\ufeff${JSON.stringify(good)}`)],
  [
    "claims as deep as a stack",
    signed(`${JSON.stringify(good).slice(0, -1)},"x":${"[".repeat(9000)}${"]".repeat(9000)}}`),
  ],
  ["more than any server takes", signed({ ...good, x: "x".repeat(60_000) })],
  ["nothing", ""],
  ["no issuer", signed({ ...good, iss: undefined })],
  ["another issuer", signed({ ...good, iss: "https://identity.oraclecloud.com" })],
  ["an issuer that is a list", signed({ ...good, iss: [expected.issuer] })],
  ["an issuer that is an object", signed({ ...good, iss: { toString: expected.issuer } })],
  ["an issuer in other letters", signed({ ...good, iss: expected.issuer.replace("o", "\u043e") })],
  ["an issuer in other case", signed({ ...good, iss: expected.issuer.toUpperCase() })],
  ["an issuer with more behind", signed({ ...good, iss: `${expected.issuer}\u0000` })],
  ["no audience", signed({ ...good, aud: undefined })],
  ["another audience", signed({ ...good, aud: "https://hello.example.com" })],
  ["a list of audiences", signed({ ...good, aud: [expected.audience, "https://x/"] })],
  ["an audience in a list of lists", signed({ ...good, aud: [[expected.audience]] })],
  ["an audience that ours begins with", signed({ ...good, aud: "https://hello" })],
  ["no scope", signed({ ...good, scope: undefined })],
  ["a scope that begins with ours", signed({ ...good, scope: "hello.reader" })],
  ["a scope that ours begins with", signed({ ...good, scope: "hello.rea" })],
  ["a scope in other case", signed({ ...good, scope: "Hello.Read" })],
  ["scopes with commas", signed({ ...good, scope: "a,hello.read" })],
  ["scopes with tabs", signed({ ...good, scope: "a\thello.read" })],
  ["scopes with lines", signed({ ...good, scope: "a\nhello.read" })],
  ["scopes in a list", signed({ ...good, scope: ["hello.read"] })],
  ["scopes in an object", signed({ ...good, scope: { "hello.read": true } })],
  ["a scope with its audience", signed({ ...good, scope: `${expected.audience}hello.read` })],
  ["a scope of the prototype", signed({ ...good, scope: "constructor __proto__" })],
  ["claims of a prototype", signed(`{"__proto__":${JSON.stringify(good)}}`)],
  ["no subject", signed({ ...good, sub: undefined })],
  ["a subject that is a number", signed({ ...good, sub: 1 })],
  ["expired", signed({ ...good, iat: now - 700, exp: now - 100 })],
  ["expires now", signed({ ...good, exp: now })],
  ["no exp", signed({ ...good, exp: undefined })],
  ["exp as a text", signed({ ...good, exp: String(now + 600) })],
  ["exp in milliseconds", signed({ ...good, exp: (now + 600) * 1000 })],
  ["exp beyond all dates", signed({ ...good, exp: 1e17 })],
  ["exp without end", signed(JSON.stringify(good).replace(/"exp":\d+/, '"exp":1e999'))],
  ["no iat", signed({ ...good, iat: undefined })],
  ["issued in the future", signed({ ...good, iat: now + 3600, exp: now + 7200 })],
  ["iat as a text", signed({ ...good, iat: "0" })],
  ["not valid yet", signed({ ...good, nbf: now + 3600 })],
  ["nbf as a text", signed({ ...good, nbf: "0" })],
];

function otherTail(text: string): string {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  // The last digit of 342 holds four bits and two of padding.
  return digits[digits.indexOf(text.slice(-1)) ^ 1] ?? "";
}

test.each([
  ["a good token", signed()],
  ["a good token with its type", signed(good, { ...header, typ: "JWT" })],
  ["a good token with more claims", signed({ ...good, gtp: "toString", roles: [{ a: [] }] })],
  ["a good token with names and quotes in its texts", signed({ ...good, x: '"iss": "\\"iss\\":"' })],
])("%s is accepted", async (_what, token) => {
  expect(await accepted(token)).toEqual({ verify: true, decode: true });
});

test.each(forged)("%s is accepted by nobody", async (_what, token) => {
  expect(await accepted(token)).toEqual({ verify: false, decode: false });
});

test("an algorithm that ORDS does not verify is accepted by nobody, though the key would fit", async () => {
  const { alg: _, ...anyUse } = jwk;
  keys = [anyUse];
  const input = `${part({ alg: "PS256", kid: "k" })}.${part(good)}`;
  const pss = { key: ours.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const token = `${input}.${rsaSign("sha256", Buffer.from(input), pss).toString("base64url")}`;
  expect([await accepted(signed()), await accepted(token)]).toEqual([
    { verify: true, decode: true },
    { verify: false, decode: false },
  ]);
});

test("nothing that a token says is called", () => {
  // `serve` refuses a request to any origin but that of the keys.
  const called = jest.mocked(fetch).mock.calls.map(([to]) => String(to));
  expect(new Set(called)).toEqual(new Set([jwkUrl]));
});
