import { Refusal } from "../http";
import { newId } from "../identifiers";

/** An answer in the error form of the token endpoint. `ecid` is Oracle's id for finding the request in its logs. */
export function oauthError(status: number, error: string, description: string): Refusal {
  const headers: Record<string, string> = { "cache-control": "no-store" };
  if (status === 401 && error === "invalid_client") headers["www-authenticate"] = "Basic";
  return new Refusal({ status, headers, body: { error, error_description: description, ecid: newId() } }, description);
}
