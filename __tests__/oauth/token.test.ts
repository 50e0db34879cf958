import { parseToken } from "../../oauth/token";
import { renderDecoded } from "../../scripts/terminal/render-token";

const part = (value: object | string) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const jwt = (claims: object | string) => `${part({ alg: "RS256", kid: "k" })}.${part(claims)}.c2ln`;
const token = jwt({ sub: "bob" });

const utf16 = (text: string, isBig = false) => {
  const bytes = Buffer.from(text, "utf16le");
  return isBig ? bytes.swap16() : bytes;
};

test.each<[string, string | Buffer]>([
  ["alone", token],
  ["with lines around it", `\r\n${token}\r\n`],
  ["as a header", `Authorization: Bearer ${token}\n`],
  ["as a header in other case", `authorization:bearer ${token}`],
  ["after Bearer", `Bearer ${token}`],
  ["of token --json", JSON.stringify({ access_token: token, token_type: "Bearer" }, null, 2)],
  ["broken into lines", token.replace(/(.{20})/g, "$1\r\n")],
  ["with a byte order mark", Buffer.from(`\ufeff${token}\r\n`)],
  ["in UTF-16 as PowerShell writes it", utf16(`\ufeffAuthorization: Bearer ${token}\r\n`)],
  ["in UTF-16, big-endian", utf16(`\ufeff${token}\r\n`, true)],
  ["in UTF-16 without a byte order mark", utf16(token)],
  ["of --json in UTF-16", utf16(`\ufeff${JSON.stringify({ access_token: token })}`)],
])("a token is read %s", (_what, input) => {
  expect(parseToken(input)).toMatchObject({ text: token, claims: { sub: "bob" }, wrongTypes: [] });
});

test.each([
  ["nothing", ""],
  ["words", "secret-thing"],
  ["an access token that is none", JSON.stringify({ access_token: "secret-thing" })],
  ["JSON without a token", JSON.stringify({ secret: "secret-thing" })],
  ["two tokens", `${token}\n${token}`],
  ["a payload that is not JSON", `${part({})}.${part("secret-thing")}.c2ln`],
])("%s is not a token, and is not quoted", (_what, input) => {
  expect(() => parseToken(input)).toThrow(/^this is not a JSON Web Token: /);
  expect(() => parseToken(input)).not.toThrow(/secret-thing|eyJ/);
});

test("bytes that are no text are named as that", () => {
  expect(() => parseToken(Buffer.from([0xff, 0xfe, 0x00]))).toThrow(
    /^the token is not a text in UTF-8 or UTF-16, but damaged UTF-16LE/,
  );
});

test("how deep a token may be nested is said", () => {
  const nested = (depth: number) =>
    jwt(`{"x":${"[".repeat(depth)}${"]".repeat(depth)},"brackets in texts":"${"[".repeat(99)}"}`);
  expect(parseToken(nested(31)).wrongTypes).toEqual([]);
  for (const depth of [32, 9000])
    expect(() => parseToken(nested(depth))).toThrow(/its payload is nested deeper than 32 levels$/);
});

test.each<[string, object | string, RegExp]>([
  ["an expiry beyond all dates", { exp: 1e17 }, /^ {2}expires {2,}100000000000000000$/m],
  ["a negative time", { iat: -1e17 }, /^ {2}issued at {2,}-100000000000000000$/m],
  ["a list for an issuer", { iss: ["a"] }, /^ {2}issuer {2,}\["a"\]$/m],
  ["a grant that is a property of every object", { gtp: "toString" }, /^ {2}grant {2,}toString$/m],
  ["a claim that is the prototype", '{"__proto__":{"iss":"x"}}', /^ {2}__proto__ {2,}\{"iss":"x"\}$/m],
  ["a claim that is a property of every object", { constructor: 1 }, /^ {2}constructor {2,}1$/m],
  ["null for a time", { nbf: null }, /^ {2}not before {2,}null$/m],
])("%s is shown as it stands", (_what, claims, line) => {
  const decoded = { token: parseToken(jwt(claims)), signature: "not checked" as const, problems: [] };
  const text = renderDecoded(decoded, undefined, new Date());
  expect(text).toMatch(line);
  expect(text).not.toMatch(/NaN|Invalid|undefined|\[object|function/);
});
