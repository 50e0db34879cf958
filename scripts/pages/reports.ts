import type { Finding } from "../../doctor/diagnose";
import type { Check } from "../../oauth/checks";
import { type Html, html } from "./html";
import type { Page } from "./page";

/** What a verify did and saw. */
export interface Verified {
  readonly stack: string;
  readonly url: string;
  readonly ok: boolean;
  readonly checks: readonly Check[];
  /** Claims of the token by name; empty when there is none. */
  readonly claims: readonly (readonly [string, string])[];
  readonly notes: readonly string[];
}

/** The checks of a verify as a page: the verdict, and what was tried, expected and got. */
export function verifiedPage({ stack, url, ok, checks, claims, notes }: Verified): Page {
  const failed = checks.filter((check) => !check.ok).length;
  return {
    title: `Does the API take the token: ${stack}`,
    facts: [
      ["Stack", stack],
      ["API", url],
    ],
    body: html`${verdict(ok ? "ok" : "public", ok ? `All ${checks.length} checks passed` : `${failed} of ${checks.length} checks failed`)}
<h2>Checks</h2>
<table class="wide"><thead><tr><th scope="col">Verdict</th><th scope="col">What was tried</th><th scope="col">Expected</th><th scope="col">Got</th></tr></thead><tbody>${checks.map(
      ({ what, expected, got, ok }) =>
        html`<tr><td>${badge(ok ? "ok" : "public", ok ? "ok" : "FAILED")}</td><th scope="row">${what}</th><td data-head="Expected">${expected}</td><td data-head="Got">${got}</td></tr>`,
    )}</tbody></table>
${claims.length > 0 && html`<h2>The token</h2>${pairs(claims)}`}
${notes.length > 0 && html`<h2>Notes</h2><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${!ok && html`<p>Why: <code>npx ords-jwt doctor ${stack} --url ${url}</code></p>`}`,
  };
}

/** What the doctor found, or did not. */
export interface Diagnosis {
  readonly stack: string;
  /** null when nothing was found, but the API could not be asked. */
  readonly healthy: boolean | null;
  readonly finding: Finding | null;
  /** What the API itself answered, in words. */
  readonly answer: string | null;
  readonly unseen: readonly { readonly part: string; readonly reason: string }[];
  readonly notVisible: readonly string[];
}

/** A diagnosis as a page: the cause and its remedy, or what was ruled out, and what could not be seen. */
export function diagnosisPage(diagnosis: Diagnosis, url: string | undefined, causes: number): Page {
  const { stack, healthy, finding, answer, unseen, notVisible } = diagnosis;
  const none = `none of ${causes} known causes was seen`;
  const [tone, words] = finding
    ? (["public", `Found: ${finding.title}`] as const)
    : healthy === false
      ? (["unknown", `Unexplained: ${none}`] as const)
      : healthy
        ? (["ok", "Healthy"] as const)
        : (["unknown", `Not proved: ${none}, and the API could not be asked`] as const);
  return {
    title: `Why the API refuses calls: ${stack}`,
    facts: [["Stack", stack], ...(url === undefined ? [] : [["API", url] as const])],
    body: html`${verdict(tone, words)}
${answer !== null && html`<p>${answer}</p>`}
${
  finding &&
  html`<h2>The cause</h2>${pairs([
    ["Seen", finding.seen],
    ["Why", finding.why],
    ["Remedy", finding.remedy],
    ["Known as", finding.id],
  ])}`
}
${unseen.length > 0 && html`<h2>Not seen</h2>${pairs(unseen.map(({ part, reason }) => [part, reason]))}`}
<h2>Not visible from here</h2>
<ul>${notVisible.map((what) => html`<li>${what}</li>`)}</ul>`,
  };
}

function verdict(tone: string, words: string): Html {
  return html`<p class="card verdict ${tone}"><strong>${words}</strong></p>`;
}

function badge(tone: string, word: string): Html {
  return html`<span class="badge ${tone}">${word}</span>`;
}

function pairs(rows: readonly (readonly [string, string])[]): Html {
  return html`<table class="wide"><tbody>${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="text">${value}</td></tr>`)}</tbody></table>`;
}
