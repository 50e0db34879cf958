import { createHash } from "node:crypto";
import type { Reply } from "../http";

/** Text that is HTML already; everything else is escaped. */
export class Html {
  constructor(readonly text: string) {}
}

/** Builds HTML: values are escaped, other pieces of HTML are taken as they are, absent ones are left out. */
export function html(parts: TemplateStringsArray, ...values: (string | Html | Html[] | undefined)[]): Html {
  return new Html(parts.reduce((text, part, index) => text + render(values[index - 1]) + part));
}

function render(value: string | Html | Html[] | undefined): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(render).join("");
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `
:root { color-scheme: light dark; --page: #f4f2ef; --card: #ffffff; --text: #201d1a; --soft: #5b554f; --line: #8a837c; --accent: #a3321f; --on-accent: #ffffff; --bad: #b3150a; }
@media (prefers-color-scheme: dark) {
  :root { --page: #1b1917; --card: #282522; --text: #f1ede9; --soft: #b9b1a9; --line: #7d766f; --accent: #f0907c; --on-accent: #2b0d07; --bad: #ff9d92; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 25rem; padding: 2rem; background: var(--card); border-radius: .5rem; box-shadow: 0 1px 6px #0003; overflow-wrap: anywhere; }
header { margin-bottom: 1.5rem; padding-bottom: .5rem; border-bottom: 3px solid var(--accent); color: var(--soft); }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 1rem; }
label { display: block; margin: 1rem 0 .4rem; font-weight: 600; }
input { width: 100%; padding: .6rem; border: 1px solid var(--line); border-radius: .3rem; background: var(--page); color: inherit; font: inherit; }
button { width: 100%; margin-top: 1rem; padding: .7rem; border: 1px solid var(--accent); border-radius: .3rem; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
button.quiet { background: transparent; color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ul { margin: 0 0 1rem; padding-left: 1.25rem; }
small { display: block; color: var(--soft); }
.error { color: var(--bad); font-weight: 600; }
`;
/** No `form-action`: browsers apply it to the redirect after a form too, and that leads to the client. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

export interface Page {
  /** @default 200 */
  status?: number;
  title: string;
  /** Display name of the identity domain. */
  domain: string;
  content: Html;
  headers?: Reply["headers"];
}

/** A page of the domain: nothing is loaded from elsewhere, no script, light and dark. */
export function page({ status = 200, title, domain, content, headers }: Page): Reply {
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${domain}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<header>Identity domain ${domain}</header>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
  const safety = {
    "cache-control": "no-store",
    "content-security-policy": policy,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
  return { status, headers: { ...safety, ...headers }, html: text };
}

/** What was wrong with the last attempt, read out by screen readers. */
export function alert(text: string | undefined): Html | undefined {
  return text === undefined ? undefined : html`<p class="error" role="alert">${text}</p>`;
}
