import { rsaKeys } from "@ords-jwt/stand-ins/rsa-keys";
import fc from "fast-check";
import { SignJWT } from "jose";
import { tamper } from "../../oauth/protected-resource";
import { parseToken } from "../../oauth/token";
import { checkClaims } from "../../oauth/token-claims";

const expected = {
  issuer: "https://identity.oraclecloud.com/",
  audience: "https://hello.example.com/",
  scopes: ["hello.read"],
};
const good = { iss: expected.issuer, aud: expected.audience, scope: "other hello.read" };

const { privateKey } = rsaKeys();
const sign = async (claims: Record<string, unknown>) =>
  parseToken(await new SignJWT(claims).setProtectedHeader({ alg: "RS256" }).sign(privateKey));

test("a token with the registered issuer, audience and scope passes", async () => {
  expect(checkClaims(await sign(good), expected).every((check) => check.ok)).toBe(true);
});

test.each([
  ["an issuer without its slash", { iss: "https://identity.oraclecloud.com" }, "iss"],
  ["an audience without its slash", { aud: "https://hello.example.com" }, "aud"],
  ["an audience that is a list, which ORDS may refuse", { aud: [expected.audience] }, "aud"],
  ["no scope", { scope: undefined }, "scope"],
  ["a scope in other case", { scope: "Hello.Read" }, "scope"],
  ["the fully qualified scope", { scope: "https://hello.example.com/hello.read" }, "scope"],
])("%s does not pass", async (_what, claims, claim) => {
  const failed = checkClaims(await sign({ ...good, ...claims }), expected).filter((check) => !check.ok);
  expect(failed.map((check) => check.claim)).toEqual([claim]);
});

test("what was got is shown as it stands in the token", async () => {
  const [, aud] = checkClaims(await sign({ ...good, aud: ["a", "b"] }), expected);
  expect(aud).toEqual({ claim: "aud", expected: expected.audience, got: '["a","b"]', ok: false });
});

test("a tampered token differs from the token in its signature only", () => {
  const part = fc.stringMatching(/^[A-Za-z0-9_-]{2,40}$/);
  fc.assert(
    fc.property(part, part, part, (header, payload, signature) => {
      const [h, p, s] = tamper(`${header}.${payload}.${signature}`).split(".");
      return h === header && p === payload && s !== signature && s?.length === signature.length;
    }),
  );
});
