import { rsaKeys } from "@ords-jwt/stand-ins/rsa-keys";
import { exportJWK, SignJWT } from "jose";
import { decode as decodeToken } from "../../oauth/decode";
import { parseToken } from "../../oauth/token";
import { renderDecoded } from "../../scripts/terminal/render-token";

const url = "https://domain.example.com/admin/v1/SigningCert/jwk";
const decode = (token: string, jwkUrl: string) =>
  decodeToken(parseToken(token), { jwkUrl, issuer: "https://a/", audience: "https://b/", scopes: [] });
afterEach(() => jest.restoreAllMocks());

/** A token of one key, and the published keys, which are others unless they are given. */
async function signed() {
  const { publicKey, privateKey } = rsaKeys();
  const token = await new SignJWT({ sub: "alice" }).setProtectedHeader({ alg: "RS256", kid: "k" }).sign(privateKey);
  return { token, jwk: { ...(await exportJWK(publicKey)), kid: "k", alg: "RS256" } };
}
const publish = (...keys: object[]) => jest.spyOn(globalThis, "fetch").mockResolvedValue(Response.json({ keys }));

test("claims that cannot be made a text or a number are shown as they are", async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { gtp: { toString: 0 }, exp: { valueOf: 0, toString: 0 }, x: { toString: 0 } };
  const decoded = await decodeToken(parseToken(`${part({})}.${part(claims)}.c2ln`));
  expect(renderDecoded(decoded, undefined, new Date())).toMatch(/grant +\{"toString":0\}/);
});

test("a signature is good by the published key, and wrong by another of the same kid or when its kid is not published", async () => {
  const { token, jwk } = await signed();
  publish(jwk);
  expect((await decode(token, url)).signature).toBe("good");
  const { jwk: other } = await signed();
  publish(other);
  expect((await decode(token, url)).signature).toBe("wrong");
  publish({ ...jwk, kid: "other" });
  expect((await decode(token, url)).signature).toBe("wrong");
});

test("keys that do not come in time say nothing about the signature", async () => {
  const { token } = await signed();
  jest.spyOn(globalThis, "fetch").mockRejectedValue(new DOMException("aborted", "TimeoutError"));
  await expect(decode(token, url)).rejects.toThrow(`${url} cannot be reached`);
});

test("keys that nobody can read say nothing about the signature", async () => {
  const { token, jwk } = await signed();
  publish(jwk, jwk);
  await expect(decode(token, url)).rejects.toThrow(/multiple matching keys/);
});
