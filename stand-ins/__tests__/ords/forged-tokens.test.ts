import { otherReadings } from "../../ords/rules";
import { forgedTokens } from "../../testing/forged-tokens";
import { audience, createKey, issuer, now, type Scenario, sign, startScenario, stopClock } from "./support";

stopClock();

const [key, attacker] = [createKey("key-1"), createKey("key-2")];
let ords: Scenario;
/** Lets in whatever any of its readings lets in. */
let lenient: Awaited<ReturnType<Scenario["open"]>>;

/** Nothing changes once the tests begin: what was read stays read. */
const unchanging = { metadataCacheMillis: 3_600_000, settings: { "security.jwks.refresh.interval": 3600 } };

beforeAll(async () => {
  ords = await startScenario(unchanging);
  ords.publish(key.jwk, { ...attacker.jwk, kid: "other-tenant", use: "enc" });
  await ords.profile();
  await ords.module("me", "name", "SELECT 'secret' AS answer FROM dual");
  await ords.privilege("hr.read", { module: "me" });
  lenient = await ords.open({ ...unchanging, rules: Object.assign({}, ...otherReadings, { otherKeyUse: "refused" }) });
});
afterAll(() => ords.close());

const { good, forged } = forgedTokens({ key, attacker, issuer, audience, scope: "hr.read" });
const challenge = 'Bearer realm="Oracle REST Data Services", error="invalid_token"';

test.each(Object.entries(forged))("refuses %s, under the strict and the other readings", async (_what, tokenOf) => {
  for (const { call } of [ords, lenient]) {
    const { status, headers, text } = await call("/me/name", { token: tokenOf() });
    expect({ status, challenge: headers["www-authenticate"] }).toEqual({ status: 401, challenge });
    expect(text).not.toContain("secret");
  }
});

test("refuses a token that is too large for a header, whoever signed it", async () => {
  const claims = { sub: "scott", iss: issuer, aud: audience, scope: "hr.read", iat: now() - 10, exp: now() + 100 };
  const token = sign({ alg: "RS256", kid: "key-1" }, { ...claims, padding: "x".repeat(100_000) }, key);
  const { status, text } = await ords.call("/me/name", { token });
  expect([status, text.includes("secret")]).toEqual([431, false]);
});

test("accepts the token that they are forged from", async () => {
  for (const { call } of [ords, lenient]) {
    expect(JSON.parse((await call("/me/name", { token: good() })).text)).toEqual({ answer: "secret" });
  }
});
