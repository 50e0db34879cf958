import type { Reply, Request } from "../http";
import type { App } from "../scim/types";
import { mayUse } from "./access";
import { authenticateClient } from "./client-authentication";
import { consentTo, missingConsents } from "./consent";
import { checkFormToken, formToken, setCookie } from "./cookies";
import type { DeviceRequest } from "./device-codes";
import type { OAuthDomain } from "./domain";
import { oauthError } from "./errors";
import { parseForm } from "./form";
import { alert, type Html, html, page } from "./pages";
import { grantUserScopes } from "./scopes";
import { signInForm, startSession } from "./sign-in";
import { signedIn } from "./signed-in";

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
const purpose = "connect a device";

/** `POST /oauth2/v1/device`: a code for the device and one for its user. Neither interval nor complete URI, as Oracle's. */
export function authorizeDevice(request: Request, domain: OAuthDomain): Reply {
  const form = parseForm(request);
  const client = clientOf(form, request, domain);
  if (form.get("response_type") !== "device_code") {
    throw oauthError(400, "invalid_request", "response_type must be device_code");
  }
  if (!client.allowedGrants?.includes(deviceGrant)) {
    throw oauthError(400, "unauthorized_client", `the client ${client.name} is not allowed the grant ${deviceGrant}`);
  }
  const scope = form.get("scope") ?? "";
  grantUserScopes(domain.store, client, scope);
  const { deviceCode, userCode, expiresIn } = domain.memory.deviceCodes.start(client, scope);
  return {
    status: 200,
    headers: { "cache-control": "no-store" },
    body: {
      expires_in: expiresIn,
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: `${domain.store.domain.url}/ui/v1/device`,
    },
  };
}

/** The request needs no authentication; what is sent all the same must be right. */
function clientOf(form: URLSearchParams, { headers }: Request, { store }: OAuthDomain): App {
  if (headers.authorization !== undefined || form.has("client_secret") || form.has("client_assertion")) {
    return authenticateClient(store, headers.authorization, form);
  }
  const id = form.get("client_id");
  const client = store.all("Apps").find(({ name, isOAuthClient, active }) => name === id && isOAuthClient && active);
  if (!client) throw oauthError(401, "invalid_client", "Client authentication failed.");
  return client;
}

/** `GET /ui/v1/device`: asks who the user is, then for the code. */
export function showDevice(request: Request, domain: OAuthDomain): Reply {
  return signedIn(request, domain) ? codePage(request, domain) : signInForm(request, domain, purpose);
}

/** `POST /ui/v1/device`: signs in, takes the code, or the decision. */
export function continueDevice(request: Request, domain: OAuthDomain): Reply {
  const form = parseForm(request);
  checkFormToken(form, request, domain);
  const signed = signedIn(request, domain);
  if (!signed) return startSession(request, domain, form, () => purpose, "/ui/v1/device");
  const typed = form.get("user_code") ?? "";
  const asked = domain.memory.deviceCodes.waiting(typed);
  if (!asked) {
    return codePage(request, domain, { typed, problem: "This code is not known, or it has expired or been used." });
  }
  const client = domain.store.get("Apps", asked.clientId);
  const granted = grantUserScopes(domain.store, client, asked.scope);
  if (!mayUse(domain.store, signed.user, [client, granted.resource])) {
    domain.memory.deviceCodes.decide(asked, "denied");
    return donePage(domain, "Not allowed", `${client.displayName} is not granted to ${signed.user.userName}.`, 403);
  }
  const decision = form.get("decision");
  if (decision === "deny") {
    domain.memory.deviceCodes.decide(asked, "denied");
    return donePage(domain, "The device is not connected", `${client.displayName} gets no access.`);
  }
  if (decision !== "allow") return confirmPage(request, domain, asked, client);
  consentTo(domain, signed.user, { client, granted });
  domain.memory.deviceCodes.decide(asked, signed);
  return donePage(domain, "The device is connected", `${client.displayName} goes on by itself.`);
}

function codePage(request: Request, domain: OAuthDomain, last: { typed?: string; problem?: string } = {}): Reply {
  return devicePage(request, domain, {
    status: last.problem ? 400 : 200,
    title: "Connect a device",
    content: html`<p>Type in the code that the device or the program shows.</p>
${alert(last.problem)}`,
    fields: html`<label for="user_code">Code</label>
<input id="user_code" name="user_code" value="${last.typed ?? request.query.get("user_code") ?? undefined}" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus>
<button>Go on</button>`,
  });
}

/** The code is shown again: who was sent it by somebody else can notice here. */
function confirmPage(request: Request, domain: OAuthDomain, asked: DeviceRequest, client: App): Reply {
  const user = signedIn(request, domain)?.user;
  const granted = grantUserScopes(domain.store, client, asked.scope);
  const scopes = user ? missingConsents(domain, user, { client, granted }) : [];
  return devicePage(request, domain, {
    title: `Connect ${client.displayName}?`,
    content: html`<p>You are signed in as ${user?.userName}. Go on only if the device in front of you shows ${asked.userCode}.</p>
<ul>
${scopes.map(({ displayName, description, value }) => html`<li>${displayName ?? value}<small>${description}</small></li>`)}
</ul>`,
    fields: html`<input type="hidden" name="user_code" value="${asked.userCode}">
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny" class="quiet">Do not allow</button>`,
  });
}

function devicePage(
  request: Request,
  domain: OAuthDomain,
  { status, title, content, fields }: { status?: number; title: string; content: Html; fields: Html },
): Reply {
  const token = formToken(request, domain);
  return page({
    status,
    title,
    domain: domain.displayName(),
    headers: setCookie("form", token, domain),
    content: html`${content}
<form method="post" action="/ui/v1/device">
<input type="hidden" name="form" value="${token}">
${fields}
</form>`,
  });
}

function donePage(domain: OAuthDomain, title: string, text: string, status = 200): Reply {
  const content = html`<p>${text} This window can be closed.</p>`;
  return page({ status, title, domain: domain.displayName(), content });
}
