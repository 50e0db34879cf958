import { Failure } from "../errors";
import { formsOf, withoutForms } from "../secret-forms";
import { oauth } from "./libraries";

/** The domain gave no token; the message holds its words, never a secret, a code or a token. */
export class TokenError extends Failure {
  readonly code = "no-token";

  constructor(
    readonly what: string,
    /** The parameter `error` of OAuth's answer, for example `invalid_scope`; undefined when the domain gave none. */
    readonly oauthError?: string,
    /** What to do about it, when that is known. */
    readonly remedy?: string,
  ) {
    super(remedy ? `${what}; ${remedy}` : what);
  }
}

/** What to do about an error code of RFC 6749 or OpenID Connect. */
const remedies = new Map(
  Object.entries({
    access_denied:
      "the request was declined on the consent page, or the app is granted to certain users and groups only: sign in as one of them, or add the user to app.grantedTo",
    consent_required: "sign in again and accept what the consent page asks for",
    expired_token: "run the command again",
    interaction_required: "run the command again and sign in",
    invalid_client: "the app may be inactive, or the client secret in the Terraform state stale: npx ords-jwt doctor",
    invalid_grant:
      "a code lives for three minutes and can be used once, a refresh token for a week unless revoked: run the command again",
    invalid_redirect_uri: "the domain compares redirect URLs exactly: deploy the stack, which registers them",
    invalid_scope:
      "the client may not ask for that scope, or it was asked for without its audience: a scope is audience + name with nothing between",
    login_required: "run the command again and sign in",
    server_error: "try again; if it persists, give Oracle Support the ecid",
    temporarily_unavailable: "try again in a minute",
    unauthorized_client: "the app does not list this grant: add it to its grants in the environment file and deploy",
    unsupported_grant_type: "the domain does not know this grant",
  }),
);

/**
 * An error of the library as one of ours; anything else as it is.
 * @param sent secrets that the request held, which the answer may hold too
 */
export function asTokenError(error: unknown, what: string, sent: readonly string[]): unknown {
  const { AuthorizationResponseError, ResponseBodyError, WWWAuthenticateChallengeError } = oauth();
  const { OperationProcessingError, UnsupportedOperationError } = oauth();
  if (error instanceof ResponseBodyError || error instanceof AuthorizationResponseError) {
    const { error: code, error_description: description } = error;
    const status = error instanceof ResponseBodyError ? `${error.status} ` : "";
    return new TokenError(
      `the identity domain refused ${what}: ${status}${code}, ${description === undefined ? "no description" : shown(description, sent)}`,
      code,
      remedies.get(code),
    );
  }
  if (error instanceof WWWAuthenticateChallengeError) {
    return new TokenError(
      `the identity domain refused ${what}: ${error.status} invalid_client`,
      "invalid_client",
      remedies.get("invalid_client"),
    );
  }
  // Its cause may quote the answer, and the answer may hold a token.
  if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError) {
    return new TokenError(`the answer of the identity domain is not an OAuth response: ${error.message}`, error.code);
  }
  return error;
}

/** The secrets go before the text is cut, or a part of one could be left at its end. */
function shown(description: string, sent: readonly string[]): string {
  const forms = sent.flatMap((secret) => formsOf(secret, secret.length));
  return withoutForms(description, forms).slice(0, 500);
}
