import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Request } from "../http";
import type { OAuthDomain } from "./domain";
import { oauthError } from "./errors";

/**
 * Browsers keep cookies per host and not per port, and all domains are on `localhost`: the tenant in the name keeps them apart.
 * The prefix makes browsers accept the cookie only from this host, over HTTPS.
 */
function cookieName(kind: "session" | "form", { tenant }: OAuthDomain): string {
  return `__Host-${kind}-${tenant}`;
}

export function readCookie(kind: "session" | "form", request: Request, domain: OAuthDomain): string | undefined {
  const prefix = `${cookieName(kind, domain)}=`;
  const pair = (request.headers.cookie ?? "").split("; ").find((candidate) => candidate.startsWith(prefix));
  return pair?.slice(prefix.length);
}

/** A `Set-Cookie` header; it lasts until the browser is closed. Without a value the cookie is removed. */
export function setCookie(kind: "session" | "form", value: string | undefined, domain: OAuthDomain) {
  const life = value === undefined ? "; Max-Age=0" : "";
  return { "set-cookie": `${cookieName(kind, domain)}=${value ?? ""}; Path=/; Secure; HttpOnly; SameSite=Lax${life}` };
}

/**
 * A value that a form has to send back and that the browser also holds as a cookie. Another site can make a browser post a
 * form, but can neither read nor set the cookie.
 */
export function formToken(request: Request, domain: OAuthDomain): string {
  return readCookie("form", request, domain) ?? randomBytes(16).toString("hex");
}

/** Refuses a form that does not come from a page of this domain. */
export function checkFormToken(form: URLSearchParams, request: Request, domain: OAuthDomain): void {
  const [sent, held] = [form.get("form") ?? "", readCookie("form", request, domain) ?? ""].map(Buffer.from);
  if (!sent || !held || held.length === 0 || sent.length !== held.length || !timingSafeEqual(sent, held)) {
    throw oauthError(403, "invalid_request", "the form does not come from this browser's page: open the page again");
  }
}
