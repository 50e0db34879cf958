import { constants, type KeyObject, sign as rsaSign } from "node:crypto";
import { rsaKeys } from "@ords-jwt/stand-ins/rsa-keys";
import { forgedTokens } from "@ords-jwt/stand-ins/testing/forged-tokens";
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
const ours = rsaKeys();
const another = rsaKeys();
const jwk = { ...ours.publicKey.export({ format: "jwk" }), kid: "key-1", alg: "RS256", key_ops: ["encrypt", "sign"] };

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
const header = { alg: "RS256", kid: "key-1" };

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

const [head = "", payload = "", signature = ""] = signed().split(".");

const shared = forgedTokens({
  key: { privateKey: ours.privateKey, jwk },
  attacker: { privateKey: another.privateKey, jwk: another.publicKey.export({ format: "jwk" }) },
  ...{ issuer: expected.issuer, audience: expected.audience, scope: "hello.read" },
});

const forged: [string, string][] = [
  ...Object.entries(shared.forged).map(([what, tokenOf]): [string, string] => [what, tokenOf()]),
  ...["jwk", "jku", "x5u", "enc", "zip", "b64"].map((name): [string, string] => [
    `a header with ${name}, and our key`,
    signed(good, { ...header, [name]: "x" }),
  ]),
  // What else a gateway may take, and we do not.
  ["alg none, with a signature", `${part({ alg: "none", kid: "key-1" })}.${payload}.${signature}`],
  ["no alg", signed(good, { kid: "key-1" })],
  ["an unencoded payload", signed(good, { ...header, crit: ["b64"], b64: false })],
  ["another typ", signed(good, { ...header, typ: "at+jwt" })],
  ["a signature with a space", `${head}.${payload}.${signature.slice(0, 9)} ${signature.slice(9)}`],
  [
    "claims that say scope twice, deep inside",
    signed({ ...good, x: 0 }).replace(/^.*$/, () => signed(`${JSON.stringify(good).slice(0, -1)},"x":{"a":1,"a":2}}`)),
  ],
  [
    "claims as deep as a stack",
    signed(`${JSON.stringify(good).slice(0, -1)},"x":${"[".repeat(9000)}${"]".repeat(9000)}}`),
  ],
  ["more than any server takes", signed({ ...good, x: "x".repeat(60_000) })],
  ["a list of audiences", signed({ ...good, aud: [expected.audience, "https://x/"] })],
  ["scopes with tabs", signed({ ...good, scope: "a\thello.read" })],
  ["scopes in a list", signed({ ...good, scope: ["hello.read"] })],
  ["expires now", signed({ ...good, exp: now })],
  ["exp in milliseconds", signed({ ...good, exp: (now + 600) * 1000 })],
  ["exp beyond all dates", signed({ ...good, exp: 1e17 })],
];

test.each([
  ["a good token", signed()],
  ["the token that the others are forged from", shared.good()],
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
  const input = `${part({ alg: "PS256", kid: "key-1" })}.${part(good)}`;
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
