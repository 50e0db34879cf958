import { createHash } from "node:crypto";
import type { RefusalReason } from "../../ords/refusal";
// Its private key is gone: to make one takes seconds. The token is good until 2200.
import large from "./fixtures/rsa-4096.json";
import { audience, createKey, issuer, type Key, now, type Scenario, sign, startScenario, stopClock } from "./support";

stopClock();

let ords: Scenario;
let key: Key;
let otherKey: Key;

beforeAll(async () => {
  key = createKey("key-1");
  otherKey = createKey("key-2");
  ords = await startScenario();
  await ords.module("me", "name", "SELECT :current_user AS name FROM dual");
  await ords.privilege("hr.read", { module: "me" });
});
beforeEach(async () => {
  ords.publish(key.jwk);
});
afterAll(() => ords.close());

const header = { alg: "RS256", typ: "JWT", kid: "key-1" };
function claims() {
  return { sub: "scott", iss: issuer, aud: audience, iat: now() - 10, exp: now() + 100, scope: "hr.read" };
}
function without<T extends object>(name: keyof T, object: T): Partial<T> {
  const { [name]: _, ...rest } = object;
  return rest as Partial<T>;
}

async function expectAccepted(token: string) {
  const response = await ords.call("/me/name", { token });
  expect(response).toMatchObject({ status: 200, refusals: [] });
  expect(JSON.parse(response.text)).toEqual({ name: "scott" });
}

/** Every refusal looks the same to the caller; only the operator sees the reason. */
async function expectRefused(token: string, reason: RefusalReason) {
  const response = await ords.call("/me/name", { token });
  expect(response).toMatchObject({
    status: 401,
    headers: { "www-authenticate": 'Bearer realm="Oracle REST Data Services", error="invalid_token"' },
    refusals: [reason],
  });
  expect(JSON.parse(response.text)).toMatchObject({ code: "Unauthorized", message: "Unauthorized" });
  expect(response.text).not.toContain("scott");
}

describe("with a profile that leaves skew and age to the settings", () => {
  beforeAll(() => ords.profile());

  test("accepts a token and runs the handler as its subject", () => expectAccepted(sign(header, claims(), key)));

  describe("header", () => {
    test.each([
      ["RS384", "RSA-SHA384"],
      ["RS512", "RSA-SHA512"],
    ])("accepts %s", async (alg, hash) => {
      ords.publish(without("alg", key.jwk));
      await expectAccepted(sign({ ...header, alg }, claims(), key, hash));
    });
    test("accepts no typ", () => expectAccepted(sign(without("typ", header), claims(), key)));

    test.each<[RefusalReason, object]>([
      ["unsupported_algorithm", { ...header, alg: "none" }],
      ["unsupported_algorithm", { ...header, alg: "PS256" }],
      ["unsupported_algorithm", { ...header, alg: "HS256" }],
      ["unsupported_algorithm", { ...header, alg: "rs256" }],
      ["unsupported_algorithm", { typ: "JWT", kid: "key-1" }],
      ["wrong_type", { ...header, typ: "at+jwt" }],
      ["wrong_type", { ...header, typ: "jwt" }],
      ["missing_kid", { alg: "RS256" }],
      ["missing_kid", { ...header, kid: "" }],
      ["missing_kid", { ...header, kid: 1 }],
      ["unknown_key", { ...header, kid: "key-2" }],
      ["unsupported_header", { ...header, crit: ["exp"] }],
    ])("refuses, %s: %j", (reason, wrong) => expectRefused(sign(wrong, claims(), key), reason));
  });

  describe("thumbprint", () => {
    const certificate = Buffer.from("a certificate in DER");
    const x5t = createHash("sha1").update(certificate).digest("base64url");

    test("accepts the x5t of the key", async () => {
      ords.publish({ ...key.jwk, x5t });
      await expectAccepted(sign({ ...header, x5t }, claims(), key));
    });
    test("accepts the x5t of the key's certificate", async () => {
      ords.publish({ ...key.jwk, x5c: [certificate.toString("base64")] });
      await expectAccepted(sign({ ...header, x5t }, claims(), key));
    });
    test("refuses another x5t", async () => {
      ords.publish({ ...key.jwk, x5t });
      await expectRefused(sign({ ...header, x5t: `${x5t}x` }, claims(), key), "wrong_thumbprint");
    });
    test("refuses an x5t when the key has none", () =>
      expectRefused(sign({ ...header, x5t }, claims(), key), "wrong_thumbprint"));
  });

  describe("claims", () => {
    test.each(["sub", "aud", "iss", "iat", "exp"] as const)("refuses a token without %s", (name) =>
      expectRefused(sign(header, without(name, claims()), key), "missing_claim"),
    );

    test.each<[RefusalReason, object]>([
      ["wrong_issuer", { iss: "https://identity.oraclecloud.com" }],
      ["wrong_issuer", { iss: "https://IDENTITY.oraclecloud.com/" }],
      ["wrong_audience", { aud: "ords/hr" }],
      ["wrong_audience", { aud: [audience] }],
      ["wrong_audience", { aud: [audience, "other"] }],
      ["wrong_audience", { aud: null }],
      ["malformed_claim", { sub: "" }],
      ["malformed_claim", { sub: 1 }],
      ["malformed_claim", { iat: "1" }],
      ["malformed_claim", { exp: "9999999999" }],
      ["malformed_claim", { exp: null }],
      ["malformed_claim", { nbf: "1" }],
    ])("refuses, %s: %j", (reason, wrong) => expectRefused(sign(header, { ...claims(), ...wrong }, key), reason));
  });

  describe("times, without tolerance", () => {
    test("accepts nbf in the past", () => expectAccepted(sign(header, { ...claims(), nbf: now() - 1 }, key)));
    test("accepts an old token: age is not limited", () =>
      expectAccepted(sign(header, { ...claims(), iat: now() - 1_000_000 }, key)));

    test.each<[RefusalReason, () => object]>([
      ["expired", () => ({ exp: now() })],
      ["not_yet_valid", () => ({ nbf: now() + 5 })],
      ["issued_in_future", () => ({ iat: now() + 5 })],
    ])("refuses what is %s", (reason, wrong) => expectRefused(sign(header, { ...claims(), ...wrong() }, key), reason));
  });

  describe("key", () => {
    test("does not mind a key_ops without verify, as identity domains publish it", async () => {
      ords.publish({ ...key.jwk, key_ops: ["encrypt", "sign"] });
      await expectAccepted(sign(header, claims(), key));
    });
    test("needs no more than kid, kty, n and e", async () => {
      const { kid, kty, n, e } = key.jwk;
      ords.publish({ kid, kty, n, e });
      await expectAccepted(sign(header, claims(), key));
    });
    test("is found among others", async () => {
      ords.publish(otherKey.jwk, key.jwk);
      await expectAccepted(sign(header, claims(), key));
    });
    test("may have 4096 bits", async () => {
      ords.publish(large.jwk);
      await expectAccepted(large.token);
    });

    test.each<[string, () => object]>([
      ["of 1024 bits", () => ({ ...key.jwk, n: Buffer.alloc(128, 0xff).toString("base64url") })],
      ["of 2040 bits", () => ({ ...key.jwk, n: Buffer.alloc(255, 0xff).toString("base64url") })],
      ["of 4104 bits", () => ({ ...key.jwk, n: Buffer.alloc(513, 0xff).toString("base64url") })],
      ["without modulus", () => without("n", key.jwk)],
      ["without exponent", () => without("e", key.jwk)],
      ["that is not RSA", () => ({ ...key.jwk, kty: "EC" })],
      ["for another algorithm", () => ({ ...key.jwk, alg: "RS512" })],
      ["for encryption", () => ({ ...key.jwk, use: "enc" })],
    ])("is refused: one %s", async (_, jwk) => {
      ords.publish(jwk());
      await expectRefused(sign(header, claims(), key), "unsupported_key");
    });
  });

  describe("signature", () => {
    test("by another key is refused", () => expectRefused(sign(header, claims(), otherKey), "wrong_signature"));
    test("with another hash is refused", () =>
      expectRefused(sign(header, claims(), key, "RSA-SHA512"), "wrong_signature"));
    test("of other claims is refused", async () => {
      const [head, , signature] = sign(header, claims(), key).split(".");
      const forged = Buffer.from(JSON.stringify({ ...claims(), sub: "king" })).toString("base64url");
      await expectRefused(`${head}.${forged}.${signature}`, "wrong_signature");
    });
    test("that is empty is refused", async () => {
      const [head, payload] = sign(header, claims(), key).split(".");
      await expectRefused(`${head}.${payload}.`, "wrong_signature");
    });
  });

  test.each(["", "junk", "a.b.c", "e30.e30", "e30.e30.e30.e30.e30", "bnVsbA.e30.", "e30.W10."])(
    "refuses what is no signed JWT: %p",
    async (junk) => {
      const response = await ords.call("/me/name", { token: junk });
      expect(response).toMatchObject({ status: 401, headers: { "www-authenticate": expect.any(String) } });
      expect(["malformed_token", "unsupported_algorithm"]).toContain(response.refusals[0]);
    },
  );
});

describe("with the profile's own skew", () => {
  test.each<[number, number, object]>([
    [30, 5, { exp: -10 }],
    [30, 5, { nbf: 10 }],
    [30, 5, { iat: 10 }],
  ])("of %d s instead of %d s a time within it is accepted: %j", async (skew, tooLittle, offsets) => {
    const shifted = Object.fromEntries(Object.entries(offsets).map(([name, offset]) => [name, now() + offset]));
    const token = sign(header, { ...claims(), ...shifted }, key);
    await ords.profile({ skew });
    await expectAccepted(token);
    await ords.profile({ skew: tooLittle });
    expect(await ords.call("/me/name", { token })).toMatchObject({ status: 401 });
  });

  test.each([0, -30])("of %d there is no tolerance", async (skew) => {
    await ords.profile({ skew });
    await expectRefused(sign(header, { ...claims(), exp: now() - 1 }, key), "expired");
  });
});

describe("with the profile's own age", () => {
  test("a younger token is accepted, an older one refused, though it has not expired", async () => {
    await ords.profile({ age: 60 });
    await expectAccepted(sign(header, { ...claims(), iat: now() - 50 }, key));
    await expectRefused(sign(header, { ...claims(), iat: now() - 61 }, key), "too_old");
  });

  test("the skew does not make a token younger", async () => {
    await ords.profile({ age: 60, skew: 60 });
    await expectRefused(sign(header, { ...claims(), iat: now() - 70 }, key), "too_old");
  });

  test("of 0 every token is too old", async () => {
    await ords.profile({ age: 0 });
    await expectRefused(sign(header, { ...claims(), iat: now() }, key), "too_old");
  });

  test("below 0 the age is not limited", async () => {
    await ords.profile({ age: -1 });
    await expectAccepted(sign(header, { ...claims(), iat: now() - 1_000_000 }, key));
  });
});

test("a JWKS that cannot be used looks like a bad token to the caller", async () => {
  const token = sign(header, claims(), key);
  await ords.profile();
  ords.jwks.body = "<html>log in</html>";
  await expectRefused(token, "jwks_invalid");
  ords.jwks.body = " ".repeat(100_001);
  await expectRefused(token, "jwks_too_large");
  await ords.profile({ jwkUrl: ords.jwkUrl.replace(/:\d+/, ":1") });
  await expectRefused(token, "jwks_unreachable");
});

test("a token that fails its own checks does not make the gateway fetch keys", async () => {
  await ords.profile();
  ords.jwks.requests = 0;
  await expectRefused(sign(header, { ...claims(), iss: "urn:other" }, key), "wrong_issuer");
  expect(ords.jwks.requests).toBe(0);
});

describe("settings", () => {
  let tuned: Scenario;
  afterEach(() => tuned.close());

  async function startWith(settings: object) {
    tuned = await startScenario({ settings });
    tuned.publish(key.jwk);
    await tuned.module("me", "name", "SELECT :current_user AS name FROM dual");
    await tuned.privilege("hr.read", { module: "me" });
  }
  async function status(payload: object) {
    const { status, refusals } = await tuned.call("/me/name", { token: sign(header, payload, key) });
    return [status, ...refusals];
  }

  test("skew and age hold for a profile without its own, and give way to its own", async () => {
    await startWith({ "security.jwt.allowed.skew": 30, "security.jwt.allowed.age": 60 });
    await tuned.profile();
    expect(await status({ ...claims(), exp: now() - 10 })).toEqual([200]);
    expect(await status({ ...claims(), iat: now() - 70 })).toEqual([401, "too_old"]);
    await tuned.profile({ skew: 0, age: 600 });
    expect(await status({ ...claims(), exp: now() - 10 })).toEqual([401, "expired"]);
    expect(await status({ ...claims(), iat: now() - 70 })).toEqual([200]);
  });

  test("a skew above 60 counts as 60", async () => {
    await startWith({ "security.jwt.allowed.skew": 3600 });
    await tuned.profile();
    expect(await status({ ...claims(), exp: now() - 50 })).toEqual([200]);
    expect(await status({ ...claims(), exp: now() - 70 })).toEqual([401, "expired"]);
  });

  test("with security.jwt.profile.enabled off no token is accepted", async () => {
    await startWith({ "security.jwt.profile.enabled": false });
    await tuned.profile();
    expect(await status(claims())).toEqual([401, "profiles_disabled"]);
  });
});
