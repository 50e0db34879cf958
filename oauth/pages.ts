import { randomBytes } from "node:crypto";
import { visible } from "../control-characters";
import type { Page } from "./callback-listener";

export interface SignedIn {
  readonly user: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly expires: Date;
  /** Something to know about the user, for example that it is not one of the stack's. */
  readonly note?: string;
}

/** What the browser shows after a sign-in that worked. */
export function signedInPage({ user, audience, scopes, expires, note }: SignedIn): Page {
  const minutes = Math.round((expires.getTime() - Date.now()) / 60_000);
  const facts = [
    ["Audience", audience],
    [scopes.length === 1 ? "Scope" : "Scopes", scopes.join(" ")],
    ["Valid until", `${expires.toISOString().replace("T", " ").slice(0, 16)} UTC (in ${minutes} min)`],
  ];
  return page(
    200,
    "Signed in",
    `<p class="mark good" aria-hidden="true">&#10003;</p>
<h1>Signed in as <strong>${escaped(user)}</strong></h1>
<dl>${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escaped(value ?? "")}</dd></div>`).join("")}</dl>
${note ? `<p class="note">${escaped(note)}</p>` : ""}
<p>The token is in your terminal. You can close this window.</p>`,
  );
}

/** What the browser shows after one that did not. */
export function failedPage(what: string, remedy: string): Page {
  return page(
    400,
    "Not signed in",
    `<p class="mark bad" aria-hidden="true">!</p>
<h1>Not signed in</h1>
<p>${escaped(sentence(what))}</p>
<h2>What to do</h2>
<p>${escaped(sentence(remedy))}</p>
<p>You can close this window.</p>`,
  );
}

/** A page that loads nothing, and takes the code out of the address so that it is not in the browser's history. */
function page(status: number, title: string, body: string): Page {
  const nonce = randomBytes(16).toString("base64url");
  return {
    status,
    policy: `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - ords-jwt</title>
<script nonce="${nonce}">history.replaceState(null, "", location.pathname)</script>
<style nonce="${nonce}">${style}</style>
</head>
<body><main>${body}</main></body>
</html>
`,
  };
}

const style = `
:root { color-scheme: light dark; --page: #f3f4f6; --card: #fff; --text: #1b1f24; --soft: #57606a; --line: #d8dee4; --good: #1a7f37; --bad: #c62828; --note: #fff4d6 }
@media (prefers-color-scheme: dark) { :root { --page: #0f1216; --card: #1a1f26; --text: #e8ebee; --soft: #9aa4af; --line: #323a44; --good: #3fb950; --bad: #ff7b72; --note: #3a2f12 } }
* { box-sizing: border-box; margin: 0 }
body { min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif }
main { width: 100%; max-width: 32rem; padding: 2rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; overflow-wrap: anywhere; background: var(--card); border: 1px solid var(--line); border-radius: .75rem }
h1 { font-size: 1.35rem; font-weight: 500; line-height: 1.3 }
h2 { font-size: 1rem }
.mark { width: 2.5rem; height: 2.5rem; display: grid; place-items: center; border-radius: 50%; color: var(--card); font-weight: 700; font-size: 1.25rem }
.good { background: var(--good) } .bad { background: var(--bad) }
dl { display: grid; gap: .6rem; border-block: 1px solid var(--line); padding-block: 1rem }
dl div { display: grid; grid-template-columns: 7rem 1fr; gap: .5rem }
p { text-wrap: pretty } dt, main > p { color: var(--soft) } 
.note { padding: .75rem 1rem; border-radius: .5rem; background: var(--note); color: var(--text) !important }
main > p.mark { color: var(--card) }
@media (max-width: 26rem) { main { padding: 1.25rem } dl div { grid-template-columns: 1fr; gap: 0 } }
`;

/** Messages are made for terminals: small first letter, no full stop. */
function sentence(message: string): string {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1).replace(/\.$/, "")}.`;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return visible(text, "\n").replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
