import { clean, cleanLines } from "../terminal/clean";
import { colours } from "../terminal/colours";
import { stringWidth } from "../terminal/string-width";
import { alarmsOf } from "./verdict";
import {
  type Blocked,
  type Folded,
  foldedInWords,
  type Item,
  keptInWords,
  type Line,
  type Link,
  type Mark,
  type PlanView,
  type ViewAction,
} from "./view";

const signs: Record<ViewAction, string> = {
  create: colours.green("+ create"),
  update: colours.yellow("~ update"),
  replace: colours.red("± replace"),
  adopt: colours.magenta("~ adopt"),
  delete: colours.red("- delete"),
  import: colours.green("+ import"),
  move: colours.yellow("~ move"),
  forget: colours.red("- forget"),
  unchanged: colours.dim("  unchanged"),
  "cannot be compared": colours.yellow("? cannot be compared"),
};
/** A profile is deleted and made again in one transaction: nobody loses anything. */
const replacedInPlace = colours.yellow("~ replace");
/** A longer name of an attribute stands out of its column. */
const widest = 24;
const signWidth = "  unchanged".length;

export interface TextOptions {
  /** Makes addresses of names; undefined where the terminal cannot. */
  readonly link?: (link: Link) => string;
}

/** A plan for a person: the verdict, what is in the way, things by group with the attributes that matter, and notes. */
export function renderText(view: PlanView, { link }: TextOptions = {}): string {
  return [
    colours.bold(`${clean(view.stack)}: ${verdictLine(view)}`),
    ...(view.blocked ? blockedLines(view.blocked) : []),
    ...view.groups.flatMap(({ title, items }) => [
      ...(items.length > 0 ? [colours.bold(title)] : []),
      ...items.flatMap((item) => itemLines(item, title === "Schema")),
    ]),
    ...view.kept.map(({ what, why }) => `  kept        ${clean(what)}: ${clean(why)}`),
    ...view.notes.map((note) => `${colours.yellow("note:")} ${clean(note)}`),
    ...view.groups.flatMap(({ title, about }) =>
      about ? [colours.dim(`${title.toLowerCase()}: ${clean(about)}`)] : [],
    ),
    ...linkLines(view.links, link),
    ...foldedLine(view.folded),
  ].join("\n");
}

/** That nothing is done, each reason why, and what to do about it. */
function blockedLines({ nothing, blockers, override }: Blocked): string[] {
  const head = `BLOCKED: ${nothing}, for ${blockers.length === 1 ? "this reason" : `these ${blockers.length} reasons`}`;
  return [
    colours.red(head),
    ...blockers.flatMap(({ what, avoid }, index) => [
      ...numbered(index + 1, cleanLines(what)),
      ...(avoid ? [`     to avoid it: ${clean(avoid)}`] : []),
    ]),
    ...(override ? [`to do it all the same: ${clean(override)}`] : []),
  ];
}

/** What goes on stands below its beginning. */
function numbered(number: number, text: string): string[] {
  return text.split("\n").map((line, index) => (index === 0 ? `  ${number}  ${line}` : `     ${line}`));
}

function verdictLine({ verdict, counts }: PlanView): string {
  const alarms = alarmsOf(verdict).map((alarm) =>
    alarm.startsWith("NOW PROTECTED") ? colours.yellow(alarm) : colours.red(alarm),
  );
  return [...alarms, ...counts.map(clean)].join("; ");
}

function itemLines({ action, title, address, marks, remarks, lines }: Item, inSchema: boolean): string[] {
  const sign = inSchema && action === "replace" ? replacedInPlace : signs[action];
  const where = address && address !== title ? colours.dim(` (${clean(address)})`) : "";
  const head = `  ${sign}${" ".repeat(Math.max(0, signWidth - stringWidth(sign)))} ${clean(title)}${where}${marks.map(inWords).join("")}`;
  const width = Math.min(widest, Math.max(0, ...lines.map(({ name }) => stringWidth(clean(name)))));
  const [only, ...more] = lines;
  if (action === "create" && only && more.length === 0 && remarks.length === 0 && marks.length === 0) {
    const whole = `${head}: ${clean(only.name)} ${difference(only, action)}`;
    if (stringWidth(whole) <= 80) return [whole];
  }
  return [
    head,
    ...[...marks.map(({ means }) => means), ...remarks].map((remark) => `      (${clean(remark)})`),
    ...lines.map((line) => {
      const name = clean(line.name);
      const forces = line.forces ? colours.red("  (this is why)") : "";
      return `      ${name}${" ".repeat(Math.max(0, width - stringWidth(name)))}  ${difference(line, action)}${forces}`;
    }),
  ];
}

function inWords({ kind, what }: Mark): string {
  const text = `${kind}: ${what.map(clean).join(", ")}`;
  return `  ${kind === "NOW PROTECTED" ? colours.yellow(text) : colours.red(text)}`;
}

/** What becomes of an attribute. */
function difference({ removed, added, kept, isList, loss, unseen }: Line, action: ViewAction): string {
  const [old, now] = [removed, added].map((texts) => texts.map(clean).join(", ") || "(none)");
  if (unseen) return `cannot be compared: the database does not show it (wanted: ${now})`;
  if (action === "create" && removed.length === 0) return now!;
  if (!isList) return `${old} -> ${now}`;
  return [
    ...(removed.length > 0 ? [`${colours.red("REMOVED")} ${old}${loss ? ` (${loss})` : ""}`] : []),
    ...(added.length > 0 ? [`added ${now}`] : []),
    ...(kept > 0 ? [keptInWords(kept)] : []),
  ].join("; ");
}

function linkLines(links: readonly Link[], link: TextOptions["link"]): string[] {
  if (links.length === 0) return [];
  if (link) return [`addresses: ${links.map((each) => link({ ...each, what: clean(each.what) })).join(", ")}`];
  return links.map(({ what, url }) => `${clean(what)}: ${clean(url)}`);
}

function foldedLine(folded: Folded): string[] {
  const parts = foldedInWords(folded);
  return parts.length === 0 ? [] : [colours.dim(`not shown (--verbose): ${parts.join(", ")}`)];
}
