import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type ProtectedHeaderParameters,
} from "jose";
import { Failure } from "../errors";
import { remoteJwks } from "./jwks";

/** A token taken apart; nothing in it is proved unless `signature` says so. */
export interface Decoded {
  readonly header: ProtectedHeaderParameters;
  readonly claims: JWTPayload & { readonly scope?: string };
  readonly signature: "good" | "wrong" | "not checked";
  /** What ORDS compares a token with. */
  readonly forOrds: { readonly issuer?: string; readonly audience?: string | string[]; readonly jwkUrl?: string };
}

/** The text is no JSON Web Token. */
class NotATokenError extends Failure {
  readonly code = "not-a-token";
}

/**
 * Takes a token apart and checks its signature where the keys are known.
 * @param jwkUrl where the keys are; never taken from the token, which may name any place
 * @throws NotATokenError, JwksError, and errors of the network when the keys cannot be had
 */
export async function decode(text: string, jwkUrl?: string): Promise<Decoded> {
  const token = text.trim().replace(/^(authorization:\s*)?bearer\s+/i, "");
  const { header, claims } = parts(token);
  const domain = claims.tenant_iss;
  return {
    header,
    claims,
    signature: jwkUrl ? await check(token, jwkUrl) : "not checked",
    forOrds: {
      issuer: claims.iss,
      audience: claims.aud,
      jwkUrl: jwkUrl ?? (typeof domain === "string" ? `${domain}/admin/v1/SigningCert/jwk` : undefined),
    },
  };
}

function parts(token: string): Pick<Decoded, "header" | "claims"> {
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
  } catch {
    const dots = token.split(".").length - 1;
    throw new NotATokenError(
      `this is not a JSON Web Token: expected three parts of base64url with two dots between, got ${token.length} characters with ${dots} dots`,
    );
  }
}

/** What jose says of a token that none of the keys has signed; its other errors are about the keys. */
const aboutTheToken = [
  errors.JWSSignatureVerificationFailed,
  errors.JWKSNoMatchingKey,
  errors.JWSInvalid,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
];

async function check(token: string, jwkUrl: string): Promise<"good" | "wrong"> {
  try {
    await jwtVerify(token, remoteJwks(jwkUrl));
    return "good";
  } catch (error) {
    // Claims are looked at after the signature.
    if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) return "good";
    if (aboutTheToken.some((type) => error instanceof type)) return "wrong";
    if (error instanceof errors.JWKSTimeout) throw new Error(`${jwkUrl} cannot be reached`, { cause: error });
    throw error;
  }
}
