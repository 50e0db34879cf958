import { counted, ownerInWords, resourceName } from "../../access/findings";
import type {
  AccessMap,
  Caller,
  Change,
  Client,
  Endpoint,
  Finding,
  FindingKind,
  Lock,
  Resource,
} from "../../access/model";
import { findingKinds } from "../../access/model";
import { clientFacts, grantInWords, kindWords, usersInWords, whoInWords } from "../terminal/render-access";
import { type Html, html } from "./html";
import type { Page } from "./page";
import { picture } from "./picture";
import { script } from "./search";

/** So many are open at first; more than that is folded. */
const openAtFirst = { locks: 6, resources: 8, endpoints: 12, findings: 6 };

/** A map as a page: a picture, what stands out, and everything to search in. */
export function accessPage(map: AccessMap): Page {
  const { stack, schema, basePath, ordsVersion, profile, clients, locks, open, ordsOwn, unseen } = map;
  const isPlanned = marksChanges(map);
  return {
    title: `Who can call what: ${stack}`,
    facts: [
      ["Stack", stack],
      ["Schema", `${schema} (${basePath === null ? "not REST-enabled" : `/ords/${basePath}/`})`],
      ["ORDS", ordsVersion],
      ["Tokens for", profile ? (profile.audience ?? "(audience not shown)") : "no JWT profile"],
      ...(profile?.roleClaim ? [["Roles in", profile.roleClaim] as const] : []),
    ],
    script,
    body: html`${tiles(map.findings, [map], clients.length)}
${figure(picture(map), `who gets a token, with which client, for which scope, and what the privilege of that name opens. ${isPlanned ? "+ is new, − goes, ~ changes. " : ""}`)}
${findingKinds.map((kind) => findings(kind, map.findings))}
<h2 id="list">Everything, by privilege</h2>
${tools(isPlanned)}
<div id="items">
${open.length > 0 && openCard(open)}
${locks.map((lock) => lockCard(lock, map, locks.length <= openAtFirst.locks))}
</div>
<p class="soft small">${ordsOwn.length > 0 && `${counted(ordsOwn.length, "privilege")} of ORDS itself ${ordsOwn.length === 1 ? "is" : "are"} left out: before nothing that is listed here.`}</p>
<h2>Clients</h2>
${clients.length === 0 ? html`<p class="soft">None is known.</p>` : clientTable(clients)}
<h2>Not seen from here</h2>
<ul>${unseen.map((what) => html`<li>${what}</li>`)}</ul>`,
  };
}

/** What changes of a map is marked in it. */
export function marksChanges({ findings, clients, open, locks }: AccessMap): boolean {
  return [...findings, ...clients, ...open, ...locks].some(({ change }) => change !== undefined);
}

export function figure(picture: Html, caption: string): Html {
  return html`<figure class="picture"><div class="scroll" tabindex="0" role="region" aria-label="Picture of the map">${picture}</div>
<figcaption>From left to right: ${caption}Much of a kind is one box; all of it is listed below.</figcaption></figure>`;
}

/** What searches the list of all. */
export function tools(isPlanned: boolean): Html {
  return html`<div class="tools" role="search" hidden>
<label><span>Search</span> <input type="search" id="search" placeholder="module, path, user, client, scope" autocomplete="off"></label>
<select id="kind" aria-label="Show only">
<option value="">everything</option>${findingKinds
    .filter((kind) => kind !== "idle")
    .map(
      (kind) => html`<option value="${kind}">${kindWords[kind].label.toLowerCase()}</option>`,
    )}${isPlanned && html`<option value="change">what changes</option>`}
</select>
<button type="button" id="unfold">Unfold all</button><button type="button" id="fold">Fold all</button>
<span id="count" role="status" class="soft small"></span>
</div>`;
}

/** Counts of what stands out and of what there is. */
export function tiles(findings: readonly Finding[], maps: readonly AccessMap[], clients: number): Html {
  const is = (kind: FindingKind) => findings.filter((each) => each.kind === kind && each.change !== "removed").length;
  const kinds = findingKinds.filter((kind) => is(kind) > 0);
  const protectedBy = ({ locks }: AccessMap) => new Set(locks.flatMap(({ resources }) => resources.map(resourceName)));
  const protectedCount = maps.reduce((sum, map) => sum + protectedBy(map).size, 0);
  const privileges = maps.flatMap(({ locks }) => locks).length;
  return html`<ul class="tiles" aria-label="In short">
${kinds.map(
  (kind) =>
    html`<li class="${kind}"><b>${is(kind)}</b><a href="#${kind}">${kindWords[kind].label}</a><span class="small soft">${kindWords[kind].means}</span></li>`,
)}
${kinds.length === 0 && html`<li class="ok"><b>0</b><span>stands out</span><span class="small soft">as far as this map sees</span></li>`}
<li><b>${protectedCount}</b><span>protected</span><span class="small soft">modules and patterns, by ${counted(privileges, "privilege")}</span></li>
<li><b>${clients}</b><span>${clients === 1 ? "client" : "clients"}</span><span class="small soft">that may ask for these scopes</span></li>
${maps.every(({ open }) => open.length === 0) && kinds.length > 0 && html`<li class="ok"><b>0</b><span>public</span><span class="small soft">that this map sees</span></li>`}
</ul>`;
}

export function findings(kind: FindingKind, all: readonly Finding[]): Html | undefined {
  const some = all.filter((finding) => finding.kind === kind);
  if (some.length === 0) return undefined;
  const { label, means } = kindWords[kind];
  const item = ({ what, why, change }: Finding) =>
    html`<li><strong>${what}</strong> ${badgeOf(change, kind)} ${why}</li>`;
  const [shown, rest] =
    some.length <= openAtFirst.findings + 1
      ? [some, []]
      : [some.slice(0, openAtFirst.findings), some.slice(openAtFirst.findings)];
  return html`<section id="${kind}" class="card ${kind}"><h2>${label} <span class="soft small">${means}</span></h2>
<ul>${shown.map(item)}</ul>
${rest.length > 0 && html`<details><summary>${rest.length} more</summary><ul>${rest.map(item)}</ul></details>`}</section>
`;
}

const changeWords: Record<Change, string> = { added: "+ new", removed: "− goes", changed: "~ changes" };

/** What is new is as bad as its kind, and good where it goes. */
function badgeOf(change: Change | undefined, kind?: FindingKind): Html | undefined {
  const tone = kind === undefined ? change : change === "removed" ? "ok" : kind;
  return change && html`<span class="badge ${tone}">${changeWords[change]}</span>`;
}

/** @param stack named where there are several */
export function openCard(open: readonly Resource[], stack?: string): Html {
  const isPublic = open.some(({ endpoints }) => endpoints.some(({ exposure }) => exposure === "public"));
  return html`<details class="card item ${isPublic ? "public" : "unknown"}" data-kinds="${kindsOf(open).join(" ")}" open>
<summary><h3>${stack && `${stack}: `}No privilege</h3> <span class="small soft">anyone, without a token</span></summary>
<div>${open.map((resource) => resourceItem(resource, open.length <= openAtFirst.resources, "public"))}</div>
</details>
`;
}

/** @param stack named where there are several */
export function lockCard(lock: Lock, { profile }: AccessMap, isOpen: boolean, stack?: string): Html {
  const { name, owner, roles, callers, reach, why, resources, change } = lock;
  const mark =
    reach === "nobody" ? "closed" : reach === "unknown" ? "unknown" : owner === "this stack" ? "" : "foreign";
  const kinds = new Set([mark, ...(owner === "this stack" ? [] : ["foreign"]), ...kindsOf(resources)]);
  const changes = [change, ...callers.map((each) => each.change), ...resources.map((each) => each.change)];
  if (changes.some((each) => each !== undefined)) kinds.add("change");
  return html`<details class="card item ${mark}" data-kinds="${[...kinds].join(" ").trim()}"${isOpen && html` open`}>
<summary><h3>${stack && `${stack}: `}${name}</h3> ${badgeOf(change)}${owner !== "this stack" && html`<span class="badge foreign">made by ${ownerInWords(owner)}</span>`}${reach === "nobody" && html`<span class="badge closed">nobody</span>`}${reach === "unknown" && html`<span class="badge unknown">not known who</span>`}
<span class="small soft">${profile?.roleClaim ? "privilege" : "scope and privilege"}${roles.length > 0 && `, for role ${roles.join(", ")}`} · ${counted(callers.length, "way")} to a token · ${counted(resources.length, "module")} or pattern${resources.length !== 1 && "s"}</span></summary>
<div class="sides">
<div><h4>Callers</h4>${callers.length > 0 ? callerTable(callers) : html`<p><span class="badge ${mark}">${reach === "nobody" ? "nobody" : "not known"}</span> ${why}</p>`}</div>
<div><h4>Opens</h4>${resources.map((resource) => resourceItem(resource, resources.length <= openAtFirst.resources))}${resources.length === 0 && html`<p class="soft">nothing</p>`}</div>
</div>
</details>
`;
}

function kindsOf(resources: readonly Resource[]): FindingKind[] {
  const exposures = new Set(resources.flatMap(({ endpoints }) => endpoints.map(({ exposure }) => exposure)));
  return [
    ...(exposures.has("public") ? ["public" as const] : []),
    ...(exposures.has("perhaps") ? ["unknown" as const] : []),
  ];
}

function callerTable(callers: readonly Caller[]): Html {
  return html`<table class="wide"><thead><tr><th scope="col">Who</th><th scope="col">Client</th><th scope="col">Grant</th></tr></thead><tbody>${callers.map(
    ({ who, client, grants, change }) =>
      html`<tr class="${change ?? ""}"><th scope="row">${whoInWords(who)} ${badgeOf(change)}</th><td data-head="Client">${client}</td><td data-head="Grant">${grants.map(grantInWords).join(", ")}</td></tr>`,
  )}</tbody></table>`;
}

function resourceItem(resource: Resource, isOpen: boolean, tone?: FindingKind): Html {
  const { endpoints, isPublished, change, kind } = resource;
  const head = html`${resourceName(resource)} ${badgeOf(change, tone)}${!isPublished && html` <span class="badge closed">not published</span>`}`;
  if (kind === "object" || endpoints.length === 0) {
    return html`<div class="resource"><p>${head}${kind === "object" && markBadge(endpoints[0]?.exposure)}${kind === "pattern" && html` <span class="soft small">no module answers there</span>`}</p></div>`;
  }
  return html`<details class="resource"${isOpen && endpoints.length <= openAtFirst.endpoints && html` open`}><summary>${head}<span class="soft small">${counted(endpoints.length, "template")}</span></summary><ul class="endpoints">${endpoints.map(endpointItem)}</ul></details>`;
}

function endpointItem({ methods, path, exposure }: Endpoint): Html {
  return html`<li><span class="methods">${methods.join(" ") || "no handler"}</span> <span><code>${path}</code> ${markBadge(exposure)}</span></li>`;
}

function markBadge(exposure: Endpoint["exposure"] | undefined): Html | undefined {
  if (exposure === "public") return html`<span class="badge public">public</span>`;
  return exposure === "perhaps" ? html`<span class="badge unknown">perhaps open</span>` : undefined;
}

export function clientTable(clients: readonly Client[]): Html {
  return html`<table class="wide"><thead><tr><th scope="col">Client</th><th scope="col">Grants</th><th scope="col">Scopes</th><th scope="col">Who may sign in</th></tr></thead><tbody>${clients.map(
    (client) =>
      html`<tr><th scope="row">${client.name} ${badgeOf(client.change)}${!client.isOurs && html`<span class="badge foreign">not of this stack</span>`}<br><span class="small soft">${clientFacts(client).join(", ")}</span></th><td data-head="Grants">${client.grants.map(grantInWords).join(", ") || "none"}</td><td data-head="Scopes">${client.scopes.join(", ") || "none"}</td><td data-head="Who may sign in">${usersInWords(client)}${client.doubt !== undefined && html`<br><span class="small soft">${client.doubt}</span>`}</td></tr>`,
  )}</tbody></table>`;
}
