import type { Reply, Request } from "../http";
import type { User } from "../scim/types";
import { readAuthorizationRequest } from "./authorization-request";
import { checkFormToken, formToken, setCookie } from "./cookies";
import type { OAuthDomain } from "./domain";
import { parseForm } from "./form";
import { alert, html, page } from "./pages";
import { whyNotSignIn } from "./signed-in";

/** `GET /ui/v1/signin`, with the parameters of the authorization request that wants to know the user. */
export function showSignIn(request: Request, domain: OAuthDomain): Reply {
  return signInForm(request, domain, purposeOf(request, domain));
}

/** `POST /ui/v1/signin`: starts a session and goes on with the authorization request. */
export function signIn(request: Request, domain: OAuthDomain): Reply {
  const form = parseForm(request);
  checkFormToken(form, request, domain);
  return startSession(request, domain, form, () => purposeOf(request, domain), "/oauth2/v1/authorize");
}

function purposeOf(request: Request, domain: OAuthDomain): string {
  return `go on to ${readAuthorizationRequest(request, domain).client.displayName}`;
}

/**
 * Signs a user in and goes on at `next` with the same query, or asks again.
 * @param purpose what the user signs in for
 */
export function startSession(
  request: Request,
  domain: OAuthDomain,
  form: URLSearchParams,
  purpose: () => string,
  next: string,
): Reply {
  const userName = form.get("username")?.trim() ?? "";
  const user = domain.store.all("Users").find((each) => each.userName.toLowerCase() === userName.toLowerCase());
  const problem = refusal(user, form.get("password") ?? "");
  if (!user || problem) return signInForm(request, domain, purpose(), { userName, problem });
  const query = request.query.size > 0 ? `?${request.query}` : "";
  return {
    status: 302,
    headers: {
      location: next + query,
      "cache-control": "no-store",
      ...setCookie("session", domain.memory.sessions.start(user).id, domain),
    },
  };
}

function refusal(user: User | undefined, password: string): string | undefined {
  const wrong = "You entered an incorrect user name or password.";
  if (!user) return wrong;
  // Who has a password learns of the account's state only with it.
  if (user.password && user.password !== password) return wrong;
  return whyNotSignIn(user);
}

/** @param purpose what the user signs in for */
export function signInForm(
  request: Request,
  domain: OAuthDomain,
  purpose: string,
  last: { userName?: string; problem?: string } = {},
): Reply {
  const token = formToken(request, domain);
  return page({
    status: last.problem ? 401 : 200,
    title: "Sign in",
    domain: domain.displayName(),
    headers: setCookie("form", token, domain),
    content: html`<p>to ${purpose}</p>
${alert(last.problem)}
<form method="post">
<input type="hidden" name="form" value="${token}">
<label for="username">User name</label>
<input id="username" name="username" value="${last.userName}" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Sign in</button>
</form>`,
  });
}
