import { code, escaped } from "../terminal/markdown";
import { alarmsOf } from "./verdict";
import { type Blocked, foldedInWords, type Group, type Item, keptInWords, type Line, type PlanView } from "./view";

/**
 * A plan for a pull request: the verdict in the first line, then what stands out; the tables are folded where there are two sides.
 * The same plan gives the same text.
 */
export function renderMarkdown(view: PlanView): string {
  const alarms = alarmsOf(view.verdict).map((alarm) => `**${alarm}**`);
  const schema = view.groups.filter(({ title }) => title === "Schema");
  const oci = view.groups.filter(({ title }) => title !== "Schema");
  const folds = view.verdict.oci !== null && schema.length > 0;
  const left = foldedInWords(view.folded);
  return [
    `**${escaped(view.stack)}**: ${[...alarms, ...view.counts.map(escaped)].join("; ")}`,
    "",
    ...(view.blocked ? [...blockedLines(view.blocked), ""] : []),
    ...marks(view.groups),
    ...view.notes.flatMap((note) => [`> note: ${escaped(note)}`, ""]),
    ...section("OCI", oci, folds),
    ...section("Schema", schema, folds),
    ...view.kept.map(({ what, why }) => `- kept ${code(what)}: ${escaped(why)}`),
    ...(view.kept.length > 0 ? [""] : []),
    ...view.links.map(({ what, url }) => `[${escaped(what)}](<${url.replace(/[<>\s]/g, encodeURIComponent)}>)`),
    ...(left.length > 0 ? [`not shown: ${left.join(", ")}`] : []),
  ]
    .join("\n")
    .trimEnd();
}

/** That nothing is done, each reason why, and what to do about it. */
function blockedLines({ nothing, blockers, override }: Blocked): string[] {
  return [
    `> **BLOCKED**: ${escaped(nothing)}`,
    ">",
    ...blockers.map(
      ({ what, avoid }, index) =>
        `> ${index + 1}. ${escaped(what)}${avoid ? `<br>to avoid it: ${escaped(avoid)}` : ""}`,
    ),
    ...(override ? [">", `> to do it all the same: ${code(override)}`] : []),
  ];
}

/** What nobody should have to unfold. */
function marks(groups: readonly Group[]): string[] {
  const lines = groups.flatMap(({ items }) =>
    items.flatMap(({ title, marks }) =>
      marks.map(
        ({ kind, what, means }) => `- **${kind}** ${what.map(code).join(", ")} (${escaped(title)}): ${escaped(means)}`,
      ),
    ),
  );
  return lines.length > 0 ? [...lines, ""] : [];
}

function section(name: string, groups: readonly Group[], folds: boolean): string[] {
  const tables = groups.flatMap(({ title, about, items }) => [
    ...(items.length === 0 ? [] : [`| ${title} | | |`, "|---|---|---|", ...items.map(row), ""]),
    ...(about ? [escaped(about), ""] : []),
  ]);
  if (tables.length === 0) return [];
  return folds ? [`<details><summary>${name}</summary>`, "", ...tables, "</details>", ""] : tables;
}

function row({ action, title, address, marks, remarks, lines }: Item): string {
  const what = [code(title), ...(address && address !== title ? [code(address)] : [])].join("<br>");
  const cells = [
    ...marks.flatMap(({ kind, what }) => what.map((thing) => `**${kind}** ${code(thing)}`)),
    ...remarks.map(escaped),
    ...lines.map((line) => `${escaped(line.name)}: ${difference(line, action)}`),
  ];
  return `| ${action} | ${what} | ${cells.join("<br>")} |`;
}

function difference({ removed, added, kept, isList, loss, forces, unseen }: Line, action: Item["action"]): string {
  const texts = (list: readonly string[]) => list.map(code).join(", ") || "(none)";
  if (unseen) return `cannot be compared (wanted: ${texts(added)})`;
  const anew = forces ? " **(this is why)**" : "";
  if (action === "create" && removed.length === 0) return texts(added);
  if (!isList) return `${texts(removed)} → ${texts(added)}${anew}`;
  const steps = [
    ...(removed.length > 0 ? [`**REMOVED** ${texts(removed)}${loss ? ` (${escaped(loss)})` : ""}`] : []),
    ...(added.length > 0 ? [`added ${texts(added)}`] : []),
    ...(kept > 0 ? [keptInWords(kept)] : []),
  ];
  return `${steps.join("; ")}${anew}`;
}
