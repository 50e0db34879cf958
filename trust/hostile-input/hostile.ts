import fc from "fast-check";
import { anyCharacter } from "../../__tests__/any-character";

/** Texts that do something to whoever believes them. */
const texts: readonly string[] = [
  "",
  " ",
  "\u001b[2J\u001b]0;owned\u0007",
  "\u009b31m\u0085\u0080",
  "\u202egnp.exe\u2066\u2069\u200f",
  "a\rb\u0000c\u007f\b\b",
  "a\u2028b\u2029c",
  "line\nSECOND LINE\n\nerror: faked",
  "\ud800 alone",
  "\u200bzero\ufeff",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "../../outside/escaped",
  "/../outside/escaped",
  "..\\..\\outside",
  "file:///etc/passwd",
  "https://stranger.invalid/",
  "http://169.254.169.254/opc/v2/",
  "https://user:secretpassword@stranger.invalid/",
  "javascript:alert(1)",
  "https://[",
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "`|**[x](https://stranger.invalid)<br>",
  '${file("/etc/passwd")} ${HOME} %{ if true }',
  "'; DROP TABLE users; --",
  "'); EXECUTE IMMEDIATE 'COMMIT'; --\n/\n",
  "$(touch ../outside/escaped)`touch ../outside/escaped`",
  "--plan",
  "%s%n%00",
  "a".repeat(20_000),
  `${"a".repeat(5_000)}!`,
  " ".repeat(5_000),
  `${"/".repeat(3_000)}x`,
  `${"*".repeat(500)}/`,
  "\u00e9\u0301".repeat(1_000),
];

const numbers = [0, -0, -1, 1e308, 5e-324, 2 ** 53, 1e17, Number.MAX_SAFE_INTEGER, 0.1, 4_294_967_296];

/** A list in a list in a list. */
function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value };
  return value;
}
const deep = nested(1_000);

/** One after the other, so that a few cases have had each of them. */
export function inTurn<T>(values: readonly T[]): fc.Arbitrary<T> {
  let next = 0;
  return fc.constant(0).map(() => values[next++ % values.length]!);
}

export const hostileText = fc.oneof(
  { weight: 3, arbitrary: inTurn(texts) },
  { weight: 1, arbitrary: fc.string({ unit: anyCharacter, maxLength: 40 }) },
);

const hostileName = fc.oneof(
  hostileText,
  fc.constantFrom("__proto__", "constructor", "toString", "value", "0", "then"),
);

/** Whatever JSON can hold, and more than anybody expects. */
const hostileValue = fc.oneof(
  { weight: 6, arbitrary: hostileText },
  { weight: 2, arbitrary: inTurn<unknown>(numbers) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [null], [[]], { toString: 1 }) },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.array(hostileText, { maxLength: 5 }) },
  { weight: 1, arbitrary: fc.constant(deep) },
  {
    weight: 1,
    arbitrary: fc.constant(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')),
  },
);

interface Change {
  readonly at: number;
  readonly kind: "exchange" | "remove" | "add" | "double" | "rename";
  readonly name: string;
  readonly value: unknown;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom("exchange", "exchange", "exchange", "remove", "add", "double", "rename"),
  name: hostileName,
  value: hostileValue,
});

/** The document with one to three of its values exchanged, taken out, doubled, renamed or put in. */
export function changed(document: unknown): fc.Arbitrary<unknown> {
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => changes.reduce(applied, copied(document)));
}

/** The same as text: of the tree, sometimes of the characters, sometimes no document at all. */
export function changedJson(document: unknown): fc.Arbitrary<string> {
  const text = JSON.stringify(document);
  return fc.oneof(
    { weight: 8, arbitrary: changed(document).map((value) => JSON.stringify(value) ?? "") },
    { weight: 2, arbitrary: changedText(text) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        hostileValue.map((value) => JSON.stringify(value)),
        hostileText,
      ),
    },
  );
}

const pieces = [
  "{",
  "}",
  "[",
  '"',
  ",",
  ":",
  "\\",
  "\\u",
  "1e999",
  "-",
  "null",
  "\u0000",
  '"__proto__":{},',
  "/",
  "'",
  "\n",
  "[".repeat(20_000),
  `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
];

/** The text with some of its characters taken out, and others put in. */
export function changedText(text: string): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(text.length),
    cut: fc.nat(8),
    put: fc.oneof(inTurn(["", ...pieces]), hostileText),
  });
  const edited = fc
    .array(edit, { minLength: 1, maxLength: 3 })
    .map((edits) => edits.reduce((rest, { at, cut, put }) => rest.slice(0, at) + put + rest.slice(at + cut), text));
  return fc.oneof(
    { weight: 4, arbitrary: edited },
    { weight: 1, arbitrary: fc.nat(text.length).map((end) => text.slice(0, end)) },
  );
}

/** Lines of a text exchanged, doubled, taken out or put in, or characters of it. */
export function changedLines(text: string): fc.Arbitrary<string> {
  const lines = text.split("\n");
  const index = fc.nat(lines.length - 1);
  const moved = fc
    .tuple(index, index, fc.constantFrom("swap", "double", "remove", "put"), hostileText)
    .map(([from, to, how, put]) => {
      const next = [...lines];
      if (how === "swap") [next[from], next[to]] = [lines[to]!, lines[from]!];
      if (how === "double") next.splice(to, 0, lines[from]!);
      if (how === "remove") next.splice(from, 1);
      if (how === "put") next.splice(from, 0, put);
      return next.join("\n");
    });
  return fc.oneof(moved, changedText(text));
}

/** Some of the bytes are others, are missing, or are more. */
export function changedBytes(bytes: Buffer): fc.Arbitrary<Buffer> {
  const edit = fc.record({
    at: fc.nat(Math.max(0, bytes.length - 1)),
    cut: fc.nat(4),
    put: fc.uint8Array({ maxLength: 6 }),
  });
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) =>
      edits.reduce(
        (rest, { at, cut, put }) => Buffer.concat([rest.subarray(0, at), put, rest.subarray(at + cut)]),
        bytes,
      ),
    );
}

type Container = Record<string, unknown> | unknown[];

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}

/** Every place in a document that holds a value: its container and its name there. */
function places(value: unknown, found: [Container, string][] = []): [Container, string][] {
  if (!isContainer(value) || found.length > 2_000) return found;
  for (const name of Object.keys(value)) {
    found.push([value, name]);
    places((value as Record<string, unknown>)[name], found);
  }
  return found;
}

/** Also of what is named __proto__. */
function copied<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

function applied(document: unknown, { at, kind, name, value: other }: Change): unknown {
  // The same one is put in more than one place.
  const value = copied(other);
  const all = places(document);
  const [container, key] = all[at % (all.length + 1)] ?? [];
  if (!container || key === undefined) return kind === "exchange" ? value : document;
  const record = container as Record<string, unknown>;
  const put = (to: string, what: unknown) =>
    // As JSON.parse does, also for __proto__.
    Object.defineProperty(record, to, { value: what, enumerable: true, configurable: true, writable: true });
  if (Array.isArray(container)) {
    const index = Number(key);
    if (kind === "remove") container.splice(index, 1);
    else if (kind === "double") container.splice(index, 0, copied(container[index]));
    else if (kind === "exchange") container[index] = value;
    else container.push(value);
    return document;
  }
  if (kind === "exchange") put(key, value);
  if (kind === "remove") delete record[key];
  if (kind === "add") put(name, value);
  if (kind === "double") put(name, record[key]);
  if (kind === "rename") {
    put(name, record[key]);
    delete record[key];
  }
  return document;
}
