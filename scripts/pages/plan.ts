import { alarmsOf } from "../plan-view/verdict";
import {
  foldedInWords,
  type Group,
  type Item,
  type Line,
  type Link,
  type Mark,
  type PlanView,
} from "../plan-view/view";
import { type Html, html } from "./html";
import type { Page } from "./page";

/** A plan of both sides as a page: the verdict, what stands out, and every change by what it is about. */
export function planPage(view: PlanView): Page {
  const { stack, verdict, counts, refusal, groups, notes, kept, links, folded } = view;
  const alarms = alarmsOf(verdict);
  const left = foldedInWords(folded);
  const tone = { blocked: "public", differs: "unknown", "in sync": "ok" }[verdict.outcome];
  return {
    title: `What a deploy would change: ${stack}`,
    facts: [["Stack", stack]],
    body: html`<p class="card verdict ${tone}"><strong>${[verdict.outcome, ...counts].join("; ")}</strong></p>
${alarms.length > 0 && html`<p>${alarms.map((alarm) => html`<span class="badge ${toneOf(alarm)}">${alarm}</span> `)}</p>`}
${refusal !== undefined && html`<p class="card public text"><strong>BLOCKED</strong> ${refusal}</p>`}
${notes.map((note) => html`<p class="card">${note}</p>`)}
${groups.map(groupSection)}
${kept.length > 0 && html`<h2>Kept</h2><ul>${kept.map(({ what, why }) => html`<li><strong>${what}</strong>: ${why}</li>`)}</ul>`}
${links.length > 0 && html`<h2>Pages to open</h2><ul>${links.map((each) => html`<li>${link(each)}</li>`)}</ul>`}
${left.length > 0 && html`<p class="soft small">Not shown: ${left.join(", ")}.</p>`}`,
  };
}

function groupSection({ title, about, items }: Group): Html {
  return html`<h2>${title}</h2>
${about !== undefined && html`<p class="soft small">${about}</p>`}
${items.map(itemCard)}`;
}

const tones: Partial<Record<Item["action"], string>> = {
  create: "added",
  import: "added",
  delete: "removed",
  replace: "changed",
  update: "changed",
  adopt: "foreign",
};

function itemCard({ action, title, address, url, marks, remarks, lines }: Item): Html {
  return html`<article class="card ${tones[action] ?? ""}"><h3>${title} <span class="badge">${action}</span></h3>
${(address !== undefined || url !== undefined) && html`<p class="soft small">${address !== undefined && html`<code>${address}</code> `}${url !== undefined && link({ what: "console", url })}</p>`}
${marks.map(mark)}
${remarks.map((remark) => html`<p>${remark}</p>`)}
${lines.length > 0 && html`<table class="wide"><tbody>${lines.map((line) => lineRow(line, action))}</tbody></table>`}
</article>`;
}

function mark({ kind, what }: Mark): Html {
  return html`<p><span class="badge ${toneOf(kind)}">${kind}</span> ${what.join(", ")}</p>`;
}

/** Of an alarm, by the word it begins with. */
function toneOf(alarm: string): string {
  return alarm.startsWith("NOW PROTECTED") ? "unknown" : "public";
}

function lineRow({ name, removed, added, kept, forces, unseen }: Line, action: Item["action"]): Html {
  const texts = (list: readonly string[]) => list.join(", ") || "(none)";
  const change = unseen
    ? `cannot be compared (wanted: ${texts(added)})`
    : action === "create" && removed.length === 0
      ? texts(added)
      : kept > 0
        ? [...removed.map((text) => `− ${text}`), ...added.map((text) => `+ ${text}`), `${kept} more as before`].join(
            ", ",
          )
        : `${texts(removed)} → ${texts(added)}`;
  return html`<tr><th scope="row">${name}</th><td>${change}${forces && html` <span class="badge public">it is made anew because of this</span>`}</td></tr>`;
}

/** Only what a browser may open: others have a say in these. */
function link({ what, url }: Link): Html {
  return /^https?:\/\//.test(url) ? html`<a href="${url}" rel="noreferrer">${what}</a>` : html`${what}: ${url}`;
}
