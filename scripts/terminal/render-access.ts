import { userGrants } from "../../access/callers";
import { counted, few, ownerInWords, resourceName } from "../../access/findings";
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
import { clean } from "./clean";
import { colours } from "./colours";

/** What a kind of finding is called, and what it means. */
export const kindWords: Record<FindingKind, { readonly label: string; readonly means: string }> = {
  public: { label: "PUBLIC", means: "anyone may call it, without a token" },
  unknown: { label: "NOT KNOWN", means: "cannot be told: take it as open" },
  closed: { label: "CLOSED", means: "nobody can call it" },
  foreign: { label: "SOMEBODY ELSE'S", means: "made by somebody else" },
  idle: { label: "NO USE", means: "leads nowhere" },
};

const kindColours: Record<FindingKind, (text: string) => string> = {
  public: colours.red,
  unknown: colours.yellow,
  closed: colours.yellow,
  foreign: colours.magenta,
  idle: colours.dim,
};

const width = 80;

/** How many of a kind are listed before the rest becomes a count. */
const most = { findings: 5, locks: 12, resources: 6, endpoints: 6 };

/** A branch of the tree, and what hangs on it. */
export interface Branch {
  readonly text: string;
  readonly colour?: (text: string) => string;
  readonly change?: Change;
  readonly children?: readonly Branch[];
}

/**
 * A map as a tree for a terminal of 80 columns.
 * @param unfold lists what is folded otherwise
 */
export function renderAccess(map: AccessMap, unfold = false): string {
  const { findings, ordsOwn, unseen } = map;
  const fold = folding(unfold);
  const roots: Branch[] = [
    ...findingBranches(findings, fold),
    ...openBranch(map, fold),
    ...fold(map.locks, most.locks, (lock) => lockBranch(lock, map, fold), "more privileges"),
    ...(map.clients.length === 0
      ? []
      : [{ text: "Clients", colour: colours.bold, children: map.clients.map(clientBranch) }]),
    ...(ordsOwn.length === 0
      ? []
      : [
          {
            text: `${counted(ordsOwn.length, "privilege")} of ORDS itself, before nothing that is listed here`,
            colour: colours.dim,
          },
        ]),
    unseenBranch(unseen),
  ];
  return [
    ...head([`Who can call what: ${stackInWords(map)}`, tokensInWords(map)]),
    verdict(findings),
    ...tree(roots),
  ].join("\n");
}

/** What stands above a tree: a title, and what it is about. */
export function head([title = "", ...about]: readonly string[]): string[] {
  return [
    ...wrapped(title, width).map((line) => colours.bold(clean(line))),
    ...about.flatMap((text) => wrapped(text, width).map(clean)),
  ];
}

export function stackInWords({ stack, schema, basePath, ordsVersion }: AccessMap): string {
  const where = basePath === null ? "not REST-enabled" : `/ords/${basePath}/`;
  return `stack ${stack}, schema ${schema} (${where}), ORDS ${ordsVersion}`;
}

export function tokensInWords({ profile }: AccessMap): string {
  if (!profile) return "no JWT profile";
  const { audience, roleClaim } = profile;
  return `tokens for ${audience ?? "(audience not shown)"}${roleClaim ? `, roles in ${roleClaim}` : ""}`;
}

/** What stands out, a branch for each kind. */
export function findingBranches<Found extends Finding>(
  findings: readonly Found[],
  fold: Fold,
  name: (finding: Found) => string = ({ what }) => what,
): Branch[] {
  return findingKinds.flatMap((kind) => {
    const some = findings.filter((finding) => finding.kind === kind);
    const { label, means } = kindWords[kind];
    if (some.length === 0) return [];
    return {
      text: `${label}: ${means}`,
      colour: (text: string) => colours.bold(kindColours[kind](text)),
      children: fold(
        some,
        most.findings,
        (finding) => ({ text: `${name(finding)}: ${finding.why}`, change: finding.change }),
        "more",
      ),
    };
  });
}

export function unseenBranch(unseen: readonly string[]): Branch {
  return {
    text: "Not seen from here",
    colour: colours.dim,
    children: unseen.map((text) => ({ text, colour: colours.dim })),
  };
}

export function tree(roots: readonly Branch[]): string[] {
  return roots.flatMap((root) => ["", ...lines(root, "", "")]);
}

type Findings = readonly Pick<Finding, "kind" | "change">[];

/** Counts of what stands out, for a first line. */
export function verdict(findings: Findings): string {
  return counts(findings, (kind, text) => kindColours[kind](text)) || "nothing stands out, as far as this map sees";
}

/** The same as plain text. */
export function inShort(findings: Findings): string {
  return counts(findings, (_kind, text) => text) || "nothing stands out";
}

function counts(findings: Findings, look: (kind: FindingKind, text: string) => string): string {
  const found = findingKinds.flatMap((kind) => {
    const count = findings.filter((finding) => finding.kind === kind && finding.change !== "removed").length;
    return count === 0 ? [] : [look(kind, `${kindWords[kind].label} ${count}`)];
  });
  return found.join("   ");
}

export type Fold = ReturnType<typeof folding>;

export function folding(unfold: boolean) {
  return <T>(items: readonly T[], limit: number, branch: (item: T) => Branch, rest: string): Branch[] => {
    // Folding away a single one would save nothing.
    if (unfold || items.length <= limit + 1) return items.map(branch);
    return [
      ...items.slice(0, limit).map(branch),
      { text: `... and ${items.length - limit} ${rest} (--unfold lists them)`, colour: colours.dim },
    ];
  };
}

export function openBranch({ open }: AccessMap, fold: Fold): Branch[] {
  if (open.length === 0) return [];
  return [
    {
      text: "(no privilege)",
      colour: (text) => colours.bold(colours.red(text)),
      children: [
        { text: "by anyone, without a token" },
        ...fold(open, most.resources, (resource) => resourceBranch(resource, fold), "more"),
      ],
    },
  ];
}

export function lockBranch(lock: Lock, { profile }: AccessMap, fold: Fold): Branch {
  const { name, owner, roles, callers, reach, why = "", resources, change } = lock;
  const title = [
    profile?.roleClaim ? `privilege ${name}` : `scope and privilege ${name}`,
    ...(roles.length > 0 ? [`for role ${few(roles)}`] : []),
    ...(owner === "this stack" ? [] : [`made by ${ownerInWords(owner)}`]),
  ];
  const nobody: Branch = {
    text: `${reach === "nobody" ? "nobody" : "not known who"}: ${why}`,
    colour: colours.yellow,
  };
  return {
    text: title.join(", "),
    colour: colours.bold,
    change,
    children: [
      ...(callers.length === 0
        ? [nobody]
        : callers.map((caller) => ({ text: `by ${callerLine(caller)}`, change: caller.change }))),
      ...fold(resources, most.resources, (resource) => resourceBranch(resource, fold), "more"),
      ...(resources.length === 0 ? [{ text: "opens nothing", colour: colours.dim }] : []),
    ],
  };
}

function callerLine({ who, client, grants }: Caller): string {
  return [whoInWords(who), client, grants.map(grantInWords).join(", ")].join(" > ");
}

/** Who gets a token, in words. */
export function whoInWords(who: Caller["who"]): string {
  if (who === undefined) return "the client itself";
  if (who === "anyone") return "any user of the domain";
  if (who.kind === "user") return `user ${who.name}`;
  return `group ${who.name} (${who.members ? few(who.members, 3) || "no member" : "members not read"})`;
}

/** A grant as people say it. */
export function grantInWords(grant: string): string {
  return grant.replace("urn:ietf:params:oauth:grant-type:", "").replaceAll("_", " ");
}

function resourceBranch(resource: Resource, fold: Fold): Branch {
  const { kind, endpoints, isPublished, change } = resource;
  const colour = endpoints.some(({ exposure }) => exposure === "public") ? colours.red : undefined;
  const suffix = isPublished ? "" : ", not published";
  const width = Math.max(0, ...endpoints.map(({ methods }) => methods.join(" ").length));
  const text = `opens ${resourceName(resource)}${suffix}`;
  if (kind === "object") return { text, colour, change };
  if (endpoints.length === 0) return { text: `${text}: no module answers there`, change };
  return {
    text,
    colour,
    change,
    children: fold(
      endpoints,
      most.endpoints,
      (endpoint) => ({ text: endpointLine(endpoint, width) }),
      "more templates",
    ),
  };
}

function endpointLine({ methods, path, exposure }: Endpoint, width: number): string {
  const open = { closed: "", perhaps: "  (perhaps open)", public: "" }[exposure];
  return `${(methods.join(" ") || "no handler").padEnd(Math.min(width, 30))}  ${path}${open}`;
}

function clientBranch(client: Client): Branch {
  const { name, isOurs, isActive, doubt, change } = client;
  return {
    text: `${name}, ${clientFacts(client).join(", ")}`,
    change,
    colour: isActive ? undefined : colours.yellow,
    children: [
      { text: `grants: ${client.grants.map(grantInWords).join(", ") || "none"}` },
      { text: `scopes: ${few(client.scopes, 8) || "none"}` },
      { text: `who may sign in: ${usersInWords(client)}` },
      ...(isOurs ? [] : [{ text: "not of this stack", colour: colours.magenta }]),
      ...(doubt === undefined ? [] : [{ text: doubt, colour: colours.yellow }]),
    ],
  };
}

/** What kind of client it is, and its id. */
export function clientFacts({ isPublic, isActive, clientId }: Client): string[] {
  return [
    isPublic ? "public" : "confidential",
    ...(isActive ? [] : ["not active"]),
    `id ${clientId ?? "(known after apply)"}`,
  ];
}

/** Who may sign in with a client, in words. */
export function usersInWords(client: Client): string {
  const { users } = client;
  if (userGrants(client).length === 0) return "nobody: it has no grant for users";
  if (users === "anyone") return "any user of the domain";
  return users.map(whoInWords).join(", ") || "nobody: it is granted to nobody";
}

const signs: Record<Change, string> = { added: "+ ", removed: "- ", changed: "~ " };

/** A branch and what hangs on it; `first` stands before its first line, `next` before all others. */
function lines({ text, colour = String, change, children = [] }: Branch, first: string, next: string): string[] {
  const sign = change ? signs[change] : "";
  const inner = children.length > 0 ? `${next}│ ` : `${next}  `;
  const own = wrapped(clean(text), width - next.length - (change ? 2 : 0) - 2).map((line, index) =>
    index === 0 ? `${first}${colours.bold(sign)}${colour(line)}` : `${inner}${change ? "  " : ""}${colour(line)}`,
  );
  return [
    ...own,
    ...children.flatMap((child, index) => {
      const isLast = index === children.length - 1;
      return lines(child, `${next}${isLast ? "└ " : "├ "}`, `${next}${isLast ? "  " : "│ "}`);
    }),
  ];
}

/** Lines of a text that are no longer than that, as far as its words allow; a word, such as an address, is not cut. */
function wrapped(text: string, most: number): string[] {
  const found: string[] = [];
  let line = "";
  // Spaces that align stay.
  for (const word of text.match(/\s*\S+/g) ?? []) {
    if (line !== "" && line.length + word.length > most) {
      found.push(line);
      line = word.trimStart();
    } else line += word;
  }
  return [...found, line];
}
