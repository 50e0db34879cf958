/** Why a protected resource was refused. The caller only ever sees a 401; this is for the operator. */
export type RefusalReason =
  | "no_token"
  | "no_profile"
  | "profiles_disabled"
  | "malformed_token"
  | "unsupported_algorithm"
  | "unsupported_header"
  | "wrong_type"
  | "missing_kid"
  | "missing_claim"
  | "malformed_claim"
  | "wrong_issuer"
  | "wrong_audience"
  | "issued_in_future"
  | "not_yet_valid"
  | "expired"
  | "too_old"
  | "jwks_not_https"
  | "jwks_unreachable"
  | "jwks_too_large"
  | "jwks_invalid"
  | "unknown_key"
  | "unsupported_key"
  | "wrong_thumbprint"
  | "wrong_signature"
  | "missing_scope"
  | "missing_role_claim"
  | "missing_role";

export class Refusal extends Error {
  /** @param detail one sentence for the operator; never holds the token */
  constructor(
    readonly reason: RefusalReason,
    detail: string,
  ) {
    super(detail);
    this.name = "Refusal";
  }
}
