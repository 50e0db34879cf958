import { alarmsOf } from "../plan-view/verdict";
import {
  type Blocked,
  foldedInWords,
  type Group,
  type Item,
  keptInWords,
  type Line,
  type Link,
  type Mark,
  type PlanView,
} from "../plan-view/view";
import { type Html, html } from "./html";
import type { Page } from "./page";

/** A plan of both sides as a page: the verdict, what stands out, and every change by what it is about. */
export function planPage(view: PlanView): Page {
  const { stack, verdict, counts, blocked, groups, notes, kept, links, folded } = view;
  const alarms = alarmsOf(verdict);
  const left = foldedInWords(folded);
  const tone = { blocked: "public", differs: "unknown", "in sync": "ok" }[verdict.outcome];
  return {
    title: `What a deploy would change: ${stack}`,
    facts: [["Stack", stack]],
    body: html`<p class="card verdict ${tone}"><strong>${[verdict.outcome, ...counts].join("; ")}</strong></p>
${alarms.length > 0 && html`<p>${alarms.map((alarm) => html`<span class="badge ${toneOf(alarm)}">${alarm}</span> `)}</p>`}
${blocked !== undefined && blockedCard(blocked)}
${notes.map((note) => html`<p class="card">${note}</p>`)}
${groups.map(groupSection)}
${kept.length > 0 && html`<h2>Kept</h2><ul>${kept.map(({ what, why }) => html`<li><strong>${what}</strong>: ${why}</li>`)}</ul>`}
${links.length > 0 && html`<h2>Pages to open</h2><ul>${links.map((each) => html`<li>${link(each)}</li>`)}</ul>`}
${left.length > 0 && html`<p class="soft small">Not shown: ${left.join(", ")}.</p>`}`,
  };
}

/** That nothing is done, each reason why, and what to do about it. */
function blockedCard({ nothing, blockers, override }: Blocked): Html {
  return html`<div class="card public"><p><strong>BLOCKED</strong>: ${nothing}</p>
<ol>${blockers.map(({ what, avoid }) => html`<li class="text">${what}${avoid !== undefined && html`<br>To avoid it: ${avoid}`}</li>`)}</ol>
${override !== undefined && html`<p>To do it all the same: <code>${override}</code></p>`}</div>`;
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

function mark({ kind, what, means }: Mark): Html {
  return html`<p><span class="badge ${toneOf(kind)}">${kind}</span> ${what.join(", ")}: ${means}</p>`;
}

/** Of an alarm, by the word it begins with. */
function toneOf(alarm: string): string {
  return alarm.startsWith("NOW PROTECTED") ? "unknown" : "public";
}

function lineRow({ name, removed, added, kept, isList, loss, forces, unseen }: Line, action: Item["action"]): Html {
  const texts = (list: readonly string[]) => list.join(", ") || "(none)";
  const listed = html`${removed.length > 0 && html`<div><span class="badge public">REMOVED</span> ${texts(removed)}${loss !== undefined && ` (${loss})`}</div>`}
${added.length > 0 && html`<div>added ${texts(added)}</div>`}
${kept > 0 && html`<div>${keptInWords(kept)}</div>`}`;
  const change = unseen
    ? `cannot be compared (wanted: ${texts(added)})`
    : action === "create" && removed.length === 0
      ? texts(added)
      : isList
        ? listed
        : `${texts(removed)} → ${texts(added)}`;
  return html`<tr><th scope="row">${name}</th><td>${change}${forces && html` <span class="badge public">it is made anew because of this</span>`}</td></tr>`;
}

/** Only what a browser may open: others have a say in these. */
function link({ what, url }: Link): Html {
  return /^https?:\/\//.test(url) ? html`<a href="${url}" rel="noreferrer">${what}</a>` : html`${what}: ${url}`;
}
