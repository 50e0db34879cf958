import type { Reply, Request } from "../http";
import { mayUse } from "./access";
import {
  type AuthorizationRequest,
  readAuthorizationRequest,
  redirectBack,
  redirectedError,
} from "./authorization-request";
import { missingConsents } from "./consent";
import type { OAuthDomain } from "./domain";
import type { Session } from "./sessions";
import { signedIn } from "./signed-in";

/** Seconds within which a code has to be exchanged. */
const codeLife = 180;

/** `GET /oauth2/v1/authorize`: by way of sign-in and consent, where they are needed, back to the client with a code. */
export function authorize(request: Request, domain: OAuthDomain): Reply {
  const asked = readAuthorizationRequest(request, domain);
  const { client, granted } = asked;
  const signed = signedIn(request, domain);
  if (!signed) return redirect(`/ui/v1/signin?${request.query}`);
  const { user, session } = signed;
  if (!mayUse(domain.store, user, [client, granted.resource])) {
    throw redirectedError(
      asked,
      "access_denied",
      `${client.displayName} or its API is not granted to ${user.userName}`,
    );
  }
  if (missingConsents(domain, user, asked).length > 0) return redirect(`/ui/v1/myconsole/consent?${request.query}`);
  return redirectBack(asked, { code: issueCode(domain, asked, user.id, session) });
}

function issueCode(domain: OAuthDomain, asked: AuthorizationRequest, userId: string, session: Session): string {
  const { client, redirectUri, scope, codeChallenge, nonce } = asked;
  return domain.memory.codes.issue(
    {
      clientId: client.id,
      userId,
      session,
      scope,
      redirectUri,
      codeChallenge,
      nonce,
      accessTokens: [],
      isRevoked: false,
    },
    codeLife,
  );
}

function redirect(location: string): Reply {
  return { status: 302, headers: { location, "cache-control": "no-store" } };
}
