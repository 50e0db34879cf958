import type { Reply, Request } from "../http";
import type { AppScope, User } from "../scim/types";
import { type AuthorizationRequest, readAuthorizationRequest, redirectBack } from "./authorization-request";
import { checkFormToken, formToken, setCookie } from "./cookies";
import type { OAuthDomain } from "./domain";
import { oauthError } from "./errors";
import { parseForm } from "./form";
import { html, page } from "./pages";
import { signedIn } from "./signed-in";

type Asked = Pick<AuthorizationRequest, "client" | "granted">;

/** The scopes of a request to which the user still has to consent. */
export function missingConsents(domain: OAuthDomain, user: User, { client, granted }: Asked): AppScope[] {
  if (client.bypassConsent) return [];
  const given = domain.memory.consents.get(`${user.id} ${client.id}`);
  const asked = granted.resource?.scopes?.filter(({ value }) => granted.values.includes(value)) ?? [];
  return asked.filter(({ requiresConsent, fqs }) => requiresConsent && !given?.has(fqs));
}

/** `GET /ui/v1/myconsole/consent`, with the parameters of the authorization request that needs it. */
export function showConsent(request: Request, domain: OAuthDomain): Reply {
  const asked = readAuthorizationRequest(request, domain);
  const user = signedIn(request, domain)?.user;
  const scopes = user ? missingConsents(domain, user, asked) : [];
  if (!user || scopes.length === 0) return resume(request);
  const token = formToken(request, domain);
  return page({
    title: `Allow ${asked.client.displayName}?`,
    domain: domain.displayName(),
    headers: setCookie("form", token, domain),
    content: html`<p>You are signed in as ${user.userName}. ${asked.client.displayName} asks to:</p>
<ul>
${scopes.map(({ displayName, description, value }) => html`<li>${displayName ?? value}<small>${description}</small></li>`)}
</ul>
<form method="post">
<input type="hidden" name="form" value="${token}">
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny" class="quiet">Do not allow</button>
</form>`,
  });
}

/** `POST /ui/v1/myconsole/consent`: goes on with the request, or back to the client without a code. */
export function decideConsent(request: Request, domain: OAuthDomain): Reply {
  const form = parseForm(request);
  checkFormToken(form, request, domain);
  const asked = readAuthorizationRequest(request, domain);
  const user = signedIn(request, domain)?.user;
  if (!user) return resume(request);
  const decision = form.get("decision");
  if (decision === "deny") {
    return redirectBack(asked, { error: "access_denied", error_description: "the user did not consent" });
  }
  if (decision !== "allow") throw oauthError(400, "invalid_request", "decision must be allow or deny");
  consentTo(domain, user, asked);
  return resume(request);
}

/** Remembers that the user consents to all that is asked for. */
export function consentTo(domain: OAuthDomain, user: User, asked: Asked): void {
  const key = `${user.id} ${asked.client.id}`;
  const scopes = missingConsents(domain, user, asked).map(({ fqs }) => fqs);
  domain.memory.consents.set(key, new Set([...(domain.memory.consents.get(key) ?? []), ...scopes]));
}

/** Back to the authorization endpoint, which sees what is still needed. */
function resume({ query }: Request): Reply {
  return { status: 302, headers: { location: `/oauth2/v1/authorize?${query}`, "cache-control": "no-store" } };
}
