import type { AccessOfAll, ClientOfSeveral } from "../../access/all";
import { counted, few } from "../../access/findings";
import { type AccessMap, findingKinds } from "../../access/model";
import { inShort, tokensInWords } from "../terminal/render-access";
import { audienceRule, severalInWords, tokenInWords, unseenInWords } from "../terminal/render-access-of-all";
import { clientTable, figure, findings, lockCard, marksChanges, openCard, tiles, tools } from "./access";
import { type Html, html } from "./html";
import type { Page } from "./page";
import { pictureOfAll } from "./picture";
import { script } from "./search";

/** Of so many privileges of all stacks the list is open at first. */
const openAtFirst = 6;

/** One map of several stacks as a page. */
export function accessPageOfAll(all: AccessOfAll): Page {
  const { maps, clients, unseen } = all;
  const found = all.findings.map((finding) => ({ ...finding, what: `${few(finding.stacks)}: ${finding.what}` }));
  const privileges = maps.flatMap(({ locks }) => locks).length;
  const ids = new Set(maps.flatMap((map) => map.clients.map(({ clientId, key }) => clientId ?? `${map.stack} ${key}`)));
  const domains = new Set(maps.flatMap(({ domainUrl }) => (domainUrl === null ? [] : [new URL(domainUrl).host])));
  return {
    title: `Who can call what: ${counted(maps.length, "stack")}`,
    facts: [
      ["Stacks", few(maps.map(({ stack }) => stack))],
      ["Identity domains", few([...domains]) || "none is known"],
    ],
    script,
    body: html`${tiles(found, maps, ids.size)}
${figure(pictureOfAll(all), "who gets a token, with which client, for the API of which stack, and the schema behind it. ")}
${findingKinds.map((kind) => findings(kind, found))}
<h2>Clients of several APIs</h2>
${clients.length === 0 ? html`<p class="soft">No client is known that may use several of these APIs.</p>` : severalTable(clients)}
<h2>Stacks</h2>
${stackTable(maps)}
<h2 id="list">Everything, by stack and privilege</h2>
${tools(maps.some(marksChanges))}
<div id="items">
${maps.map((map) => html`${map.open.length > 0 && openCard(map.open, map.stack)}${map.locks.map((lock) => lockCard(lock, map, privileges <= openAtFirst, map.stack))}`)}
</div>
<h2>Clients, by stack</h2>
${maps.map((map) => html`<details><summary>${map.stack} <span class="small soft">${counted(map.clients.length, "client")}</span></summary>${map.clients.length > 0 && clientTable(map.clients)}</details>`)}
<h2>Not seen from here</h2>
<ul>${unseen.map(({ what, stacks }) => html`<li>${unseenInWords(what, stacks, maps.length)}</li>`)}</ul>`,
  };
}

function severalTable(clients: readonly ClientOfSeveral[]): Html {
  return html`<p>${audienceRule[0]?.toUpperCase()}${audienceRule.slice(1)}.</p>
<table class="wide"><thead><tr><th scope="col">Client</th><th scope="col">Tokens</th></tr></thead><tbody>${clients.map(
    (client) =>
      html`<tr><th scope="row">${severalInWords(client)}${client.madeBy === null && html` <span class="badge foreign">not of these stacks</span>`}</th><td data-head="Tokens"><ul>${client.tokens.map((token) => html`<li>${tokenInWords(token)}</li>`)}</ul></td></tr>`,
  )}</tbody></table>`;
}

function stackTable(maps: readonly AccessMap[]): Html {
  return html`<table class="wide"><thead><tr><th scope="col">Stack</th><th scope="col">Schema</th><th scope="col">ORDS</th><th scope="col">JWT profile</th><th scope="col">Stands out</th></tr></thead><tbody>${maps.map(
    (map) =>
      html`<tr><th scope="row">${map.stack}</th><td data-head="Schema">${map.schema} (${map.basePath === null ? "not REST-enabled" : `/ords/${map.basePath}/`})</td><td data-head="ORDS">${map.ordsVersion}</td><td data-head="JWT profile">${tokensInWords(map)}</td><td data-head="Stands out">${inShort(map.findings)}</td></tr>`,
  )}</tbody></table>`;
}
