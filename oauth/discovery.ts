import type { AuthorizationServer } from "oauth4webapi";
import { TokenError } from "./token-error";

/**
 * The endpoints of an identity domain, from its own discovery document.
 *
 * Only the endpoints: the document's `issuer` is the same for every domain and not where the document is, so it proves nothing.
 * `issuer` is what is registered, and what tokens are compared with.
 * @throws TokenError when the domain does not answer with its document
 */
export async function discover(domainUrl: string, issuer: string): Promise<AuthorizationServer> {
  const url = `${domainUrl}/.well-known/openid-configuration`;
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
  if (!response.ok) {
    throw new TokenError(
      `${url} answered ${response.status}, expected 200`,
      undefined,
      "the domain may be inactive: npx ords-jwt doctor",
    );
  }
  const document = (await response.json()) as Record<string, unknown>;
  return { ...document, issuer };
}
