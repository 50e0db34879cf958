import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { compactVerify, type JWTPayload, type ProtectedHeaderParameters } from "jose";
import type { Jwk, KeySource } from "./jwks";
import { decodeToken } from "./jws";
import type { JwtProfile } from "./metadata";
import { Refusal, type RefusalReason } from "./refusal";
import type { GatewayRules } from "./rules";
import type { JwtSettings } from "./settings";

const algorithms = ["RS256", "RS384", "RS512"];
const maximumSkew = 60;
/** What changes the form of a token or brings a key along. None is documented for ORDS, and identity domains send none. */
const unsupportedHeaders = ["crit", "b64", "enc", "zip", "jwk", "jku", "x5u"];

/** The payload of an accepted token. */
export type Claims = JWTPayload & { sub: string };

/**
 * Checks a bearer token against a JWT profile: header, claims, times, then key and signature.
 *
 * @param now seconds since 1970
 * @throws Refusal
 */
export async function checkToken(
  token: string,
  profile: JwtProfile,
  keys: KeySource,
  settings: JwtSettings,
  rules: GatewayRules,
  now: number,
): Promise<Claims> {
  const { header, payload } = decodeToken(token);
  const kid = checkHeader(header, rules);
  const claims = checkClaims(payload, profile, rules);
  checkTimes(claims, profile, settings, rules, now);
  const jwk = await keys.find(profile.jwkUrl, kid);
  checkThumbprint(header.x5t, jwk);
  const key = publicKey(jwk, header.alg as string, rules);
  try {
    await compactVerify(token, key, { algorithms });
  } catch (error) {
    throw new Refusal("wrong_signature", `the signature does not verify: ${(error as Error).message}`);
  }
  return claims;
}

function checkHeader(header: ProtectedHeaderParameters, { accessTokenType }: GatewayRules): string {
  if (!algorithms.includes(header.alg ?? "")) {
    throw new Refusal("unsupported_algorithm", `alg is ${show(header.alg)}, allowed are ${algorithms.join(", ")}`);
  }
  const unsupported = unsupportedHeaders.find((name) => header[name] !== undefined);
  if (unsupported) throw new Refusal("unsupported_header", `${unsupported} is ${show(header[unsupported])}`);
  const types: unknown[] = accessTokenType === "accepted" ? ["JWT", "at+jwt"] : ["JWT"];
  if (header.typ !== undefined && !types.includes(header.typ)) {
    throw new Refusal("wrong_type", `typ is ${show(header.typ)}, allowed are ${types.join(", ")} and none`);
  }
  if (typeof header.kid !== "string" || header.kid === "") throw new Refusal("missing_kid", "the header has no kid");
  return header.kid;
}

type CheckedClaims = Claims & { iat: number; exp: number };

function checkClaims(payload: JWTPayload, profile: JwtProfile, { audienceList }: GatewayRules): CheckedClaims {
  for (const name of ["sub", "aud", "iss", "iat", "exp"]) {
    if (payload[name] === undefined) throw new Refusal("missing_claim", `the token has no ${name}`);
  }
  for (const name of ["iat", "exp", "nbf"]) {
    if (payload[name] !== undefined && !Number.isFinite(payload[name])) {
      throw new Refusal("malformed_claim", `${name} is ${show(payload[name])}, expected seconds since 1970`);
    }
  }
  if (typeof payload.sub !== "string" || payload.sub === "") {
    throw new Refusal("malformed_claim", `sub is ${show(payload.sub)}, expected a user or client`);
  }
  if (payload.iss !== profile.issuer) refuseDifference("wrong_issuer", "iss", payload.iss, profile.issuer);
  const { aud } = payload;
  const isListed = Array.isArray(aud) && aud.includes(profile.audience) && audienceList === "accepted";
  if (aud !== profile.audience && !isListed) refuseDifference("wrong_audience", "aud", payload.aud, profile.audience);
  return payload as CheckedClaims;
}

function checkTimes(
  claims: CheckedClaims,
  profile: JwtProfile,
  settings: JwtSettings,
  rules: GatewayRules,
  now: number,
): void {
  const wantedSkew = profile.allowedSkew ?? settings["security.jwt.allowed.skew"];
  const skew = Math.min(Math.max(wantedSkew, 0), maximumSkew);
  const allowedAge = profile.allowedAge ?? settings["security.jwt.allowed.age"];
  if (claims.iat > now + skew) throw new Refusal("issued_in_future", `iat ${claims.iat} is after now, ${now}`);
  if (claims.nbf !== undefined && claims.nbf > now + skew) {
    throw new Refusal("not_yet_valid", `nbf ${claims.nbf} is after now, ${now}`);
  }
  if (claims.exp <= now - skew) throw new Refusal("expired", `exp ${claims.exp} is not after now, ${now}`);
  if (allowedAge < 0 || (allowedAge === 0 && rules.zeroAge === "unlimited")) return;
  const age = now - claims.iat - (rules.skewExtendsAge === "yes" ? skew : 0);
  if (age >= allowedAge || allowedAge === 0) {
    throw new Refusal("too_old", `the token is ${age} s old, allowed are less than ${allowedAge} s`);
  }
}

/** A header with an x5t must name the certificate of the key that is used. */
function checkThumbprint(x5t: unknown, jwk: Jwk): void {
  if (x5t === undefined) return;
  const certificate = Array.isArray(jwk.x5c) ? jwk.x5c[0] : undefined;
  const expected =
    jwk.x5t ??
    (typeof certificate === "string"
      ? createHash("sha1").update(certificate, "base64").digest("base64url")
      : undefined);
  if (x5t !== expected) refuseDifference("wrong_thumbprint", "x5t", x5t, expected);
}

/**
 * The RSA key of a JWK. Only its modulus and exponent are used: the keys of identity domains carry a `key_ops` that does
 * not list "verify", and ORDS accepts them all the same.
 */
function publicKey(jwk: Jwk, algorithm: string, { otherKeyUse }: GatewayRules): KeyObject {
  const refuse = (why: string) => new Refusal("unsupported_key", `key ${show(jwk.kid)}: ${why}`);
  if (jwk.kty !== "RSA") throw refuse(`kty is ${show(jwk.kty)}, expected "RSA"`);
  if (otherKeyUse === "refused") {
    const isOther = jwk.alg !== undefined && jwk.alg !== algorithm;
    if (isOther) throw refuse(`alg is ${show(jwk.alg)}, the token's ${algorithm}`);
    if (jwk.use !== undefined && jwk.use !== "sig") throw refuse(`use is ${show(jwk.use)}, expected "sig"`);
  }
  if (typeof jwk.n !== "string" || typeof jwk.e !== "string") throw refuse("it has no modulus n or no exponent e");
  let key: KeyObject;
  try {
    key = createPublicKey({ format: "jwk", key: { kty: "RSA", n: jwk.n, e: jwk.e } });
  } catch (error) {
    throw refuse((error as Error).message);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < 2048 || bits > 4096) throw refuse(`it has ${bits} bits, allowed are 2048 to 4096`);
  return key;
}

function refuseDifference(reason: RefusalReason, name: string, got: unknown, expected: unknown): never {
  throw new Refusal(reason, `${name} is ${show(got)}, expected ${show(expected)}`);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "absent";
}
