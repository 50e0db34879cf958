import type { Reply, Request } from "../http";
import type { User } from "../scim/types";
import { checkFormToken, formToken, setCookie } from "./cookies";
import type { OAuthDomain } from "./domain";
import { parseForm } from "./form";
import { alert, html, page } from "./pages";

/** `GET /ui/v1/activate`: asks for a password. */
export function showActivation(request: Request, domain: OAuthDomain): Reply {
  const user = domain.memory.activations.userOf(request.query.get("token"));
  return user ? activationPage(request, domain, user) : invalidLink(domain);
}

/** `POST /ui/v1/activate`: sets it. The link works once. */
export function activate(request: Request, domain: OAuthDomain): Reply {
  const user = domain.memory.activations.userOf(request.query.get("token"));
  if (!user) return invalidLink(domain);
  const form = parseForm(request);
  checkFormToken(form, request, domain);
  const password = form.get("password") ?? "";
  const problem = passwordProblem(password, form.get("confirmation") ?? "", user);
  if (problem) return activationPage(request, domain, user, problem);
  domain.memory.activations.activate(user, password);
  return page({
    title: "Your account is active",
    domain: domain.displayName(),
    content: html`<p>${user.userName} can sign in now. This window can be closed.</p>`,
  });
}

/** Close to the standard password policy of a domain, which is not known in every detail. */
function passwordProblem(password: string, confirmation: string, user: User): string | undefined {
  if (password !== confirmation) return "The two passwords differ.";
  const characters = [/[a-z]/, /[A-Z]/, /\d/];
  if (password.length < 8 || !characters.every((kind) => kind.test(password))) {
    return "The password needs at least 8 characters, among them a small letter, a capital letter and a digit.";
  }
  if (password.toLowerCase().includes(user.userName.toLowerCase())) return "The password contains the user name.";
  return undefined;
}

function activationPage(request: Request, domain: OAuthDomain, user: User, problem?: string): Reply {
  const token = formToken(request, domain);
  return page({
    status: problem ? 400 : 200,
    title: "Choose a password",
    domain: domain.displayName(),
    headers: setCookie("form", token, domain),
    content: html`<p>for ${user.userName}</p>
${alert(problem)}
<form method="post">
<input type="hidden" name="form" value="${token}">
<input type="hidden" autocomplete="username" value="${user.userName}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required autofocus>
<label for="confirmation">Password again</label>
<input id="confirmation" name="confirmation" type="password" autocomplete="new-password" required>
<button>Activate</button>
</form>`,
  });
}

function invalidLink(domain: OAuthDomain): Reply {
  return page({
    status: 404,
    title: "This link is not valid",
    domain: domain.displayName(),
    content: html`<p>It has been used already, or the user is gone. Ask an administrator of the domain.</p>`,
  });
}
