import { Refusal } from "../http";
import { newId } from "../identifiers";

/** An answer in the error form of the OAuth endpoints. `ecid` is Oracle's id for finding the request in its logs. */
export class OAuthError extends Refusal {
  constructor(
    status: number,
    readonly error: string,
    readonly description: string,
    headers: Record<string, string> = {},
  ) {
    const body = { error, error_description: description, ecid: newId() };
    super({ status, headers: { "cache-control": "no-store", ...headers }, body }, description);
  }
}

export function oauthError(status: number, error: string, description: string): OAuthError {
  const isChallenge = status === 401 && error === "invalid_client";
  return new OAuthError(status, error, description, isChallenge ? { "www-authenticate": "Basic" } : {});
}
