import { isMembers, knownAfterApply, type Shown } from "../terraform/shown-values";
import { meaningOf } from "./meanings";
import type { Line } from "./view";

type Members = { readonly [key: string]: Shown };

/** What of a list's objects names them, the first that all have and no two share. */
const keys = ["key", "value", "fqs", "name", "type"];

/** What the service adds to a member of a list that comes or goes. */
const derived = ["fqs", "id_of_defining_app", "read_only"];

/** Attributes that say of themselves what they are. */
const speaking = ["description", "display_name"];

/**
 * What differs between two states of a thing: lists are compared as sets, and their objects by what names them, so that a member
 * that goes does not change all that stand behind it.
 */
export function linesBetween(before: Shown | undefined, after: Shown | undefined, name = ""): Line[] {
  if (isList(before) || isList(after)) return listLines(asList(before), asList(after), name);
  if (isMembers(before) || isMembers(after)) {
    // What is replaced by something of another form is shown whole.
    if (typeof before === "string" || typeof after === "string") return line(name, words(before), words(after));
    const [old, now] = [before ?? {}, after ?? {}] as Members[];
    const names = [...new Set([...Object.keys(old!), ...Object.keys(now!)])].sort();
    return names.flatMap((key) => linesBetween(old![key], now![key], name ? `${name}.${key}` : key));
  }
  return line(name, words(before), words(after));
}

function listLines(before: readonly Shown[], after: readonly Shown[], name: string): Line[] {
  const [old, now] = [before.filter(isMembers), after.filter(isMembers)];
  if (old.length < before.length || now.length < after.length)
    return line(name, before.map(inWords), after.map(inWords), { isList: true });
  const key = keys.find((candidate) => names(old, candidate) && names(now, candidate));
  // A block that can be there once only.
  if (key === undefined && old.length <= 1 && now.length <= 1) {
    if (old[0] && now[0]) return linesBetween(old[0], now[0], name);
    return line(name, old.map(inWords), now.map(inWords), { isList: true });
  }
  const id = (object: Members, index: number) => String(key === undefined ? index : object[key]);
  const [was, is] = [
    new Map(old.map((each, at) => [id(each, at), each])),
    new Map(now.map((each, at) => [id(each, at), each])),
  ];
  const gone = [...was].filter(([each]) => !is.has(each));
  const come = [...is].filter(([each]) => !was.has(each));
  const stay = [...is].filter(([each]) => was.has(each));
  const set = line(
    name,
    gone.map(([, each]) => objectInWords(each, key)),
    come.map(([, each]) => objectInWords(each, key)),
    { isList: true, kept: stay.length },
  );
  return [...set, ...stay.flatMap(([each, now]) => linesBetween(was.get(each), now, `${name}[${bare(each)}]`))];
}

/** Members that are on both sides are not told; where only their order differs, all are. */
function line(
  name: string,
  before: readonly string[],
  after: readonly string[],
  { isList = false, kept = 0 }: { readonly isList?: boolean; readonly kept?: number } = {},
): Line[] {
  const removed = without(before, after);
  const added = without(after, before);
  if (removed.length + added.length > 0) {
    return [{ name, removed, added, kept: kept + before.length - removed.length, isList }];
  }
  return before.join() === after.join() ? [] : [{ name, removed: before, added: after, kept }];
}

function without(list: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return list.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function names(objects: readonly Members[], key: string): boolean {
  const values = objects.map((object) => object[key]);
  const isName = (value: Shown | undefined) => typeof value === "string" && value !== knownAfterApply;
  return values.every(isName) && new Set(values).size === values.length;
}

function words(value: Shown | undefined): string[] {
  return value === undefined ? [] : [inWords(value)];
}

function inWords(value: Shown): string {
  if (typeof value === "string") return bare(value);
  if (isList(value)) return value.map(inWords).join(", ");
  return objectInWords(value as Members);
}

/** `hello.read (display_name Read greetings)`; what is not known yet is left out, as with what is made. */
function objectInWords(object: Members, key?: string): string {
  const others = Object.entries(object)
    .sort(([a], [b]) => speaking.indexOf(b) - speaking.indexOf(a))
    .filter(([name, value]) => name !== key && value !== knownAfterApply && !derived.includes(name))
    .map(([name, value]) => [name, inWords(value)] as const)
    .filter(([, text]) => text !== "" && text !== '""');
  const first = key === undefined ? "" : inWords(object[key]!);
  const [only, ...more] = others;
  if (!only) return first;
  if (first && more.length === 0) return `${first}: ${only[1]}`;
  const rest = others
    .map(([name, text]) => (speaking.includes(name) ? text : (meaningOf(name, text) ?? `${name} ${text}`)))
    .join("; ");
  return first ? `${first} (${rest})` : rest;
}

/** A text without its quotation marks, where nobody could take it for something else without them. */
function bare(json: string): string {
  if (!json.startsWith('"')) return json;
  const text: string = JSON.parse(json);
  return text === "" || text !== text.trim() || text.startsWith("(") ? json : text;
}

function isList(value: Shown | undefined): value is readonly Shown[] {
  return Array.isArray(value);
}

function asList(value: Shown | undefined): readonly Shown[] {
  return value === undefined ? [] : isList(value) ? value : [value];
}
