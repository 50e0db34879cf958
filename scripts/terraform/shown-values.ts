export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A value as it may be shown: leaves are JSON, or words in parentheses where a value is not known yet or not to be seen. */
export type Shown = string | readonly Shown[] | { readonly [key: string]: Shown };

export const knownAfterApply = "(known after apply)";
const sensitiveWords = "(sensitive)";

/** The provider does not mark these; they are as secret as what Terraform calls sensitive. */
const secretNames = /(^|\.)(client_secret|hashed_client_secret|password)$/;

/** A value of Terraform, and which parts of it are unknown or secret. */
export interface Marked {
  readonly value: Json;
  readonly unknowns?: Json;
  readonly sensitive?: Json;
  /** What it was: a secret that is another one now is said to be. */
  readonly before?: Json;
}

/** What may be shown of a value; undefined where there is nothing. Nulls are left out. */
export function shown({ value, unknowns = false, sensitive = false, before }: Marked, path = ""): Shown | undefined {
  if (unknowns === true) return knownAfterApply;
  if (value === null || value === undefined) {
    return isTree(unknowns) && !Array.isArray(unknowns) && Object.keys(unknowns).length > 0
      ? shown({ value: {}, unknowns }, path)
      : undefined;
  }
  if (sensitive === true || secretNames.test(path)) {
    const isAnother = before !== undefined && before !== null && JSON.stringify(before) !== JSON.stringify(value);
    return isAnother ? "(sensitive, another one)" : sensitiveWords;
  }
  if (!isTree(value)) return JSON.stringify(value);
  const inner = (key: string, place: string) =>
    shown(
      {
        value: at(value, key),
        unknowns: at(unknowns, key),
        sensitive: at(sensitive, key),
        before: before === undefined ? undefined : at(before, key),
      },
      place,
    );
  const keys = [...new Set([...Object.keys(value), ...(isTree(unknowns) ? Object.keys(unknowns) : [])])];
  if (Array.isArray(value)) return keys.map((key) => inner(key, inside(path, key, true)) ?? "null");
  const members = keys.flatMap((key): [string, Shown][] => {
    const member = inner(key, inside(path, key, false));
    return member === undefined ? [] : [[key, member]];
  });
  return Object.fromEntries(members);
}

/** Leaves by path, as Terraform writes it: `scopes[0].value`. */
export function leavesOf(tree: Shown | undefined, path = ""): Map<string, string> {
  if (tree === undefined) return new Map();
  if (typeof tree === "string") return new Map([[path, tree]]);
  const inner = (key: string) => inside(path, key, Array.isArray(tree));
  return new Map(Object.entries(tree).flatMap(([key, member]) => [...leavesOf(member as Shown, inner(key))]));
}

/** The path of a member. */
export function inside(path: string, key: string, isList: boolean): string {
  if (isList) return `${path}[${key}]`;
  return path ? `${path}.${key}` : key;
}

/** The members of an object; none of anything else. */
export function membersOf(value: Shown | undefined): { readonly [key: string]: Shown } {
  return isMembers(value) ? value : {};
}

export function isMembers(value: Shown | undefined): value is { readonly [key: string]: Shown } {
  return typeof value === "object" && !Array.isArray(value);
}

/** The text that a leaf stands for; empty where it stands for anything else. */
export function textOf(value: Shown | undefined): string {
  return typeof value === "string" && value.startsWith('"') ? JSON.parse(value) : "";
}

/** The value with `stand-in` wherever something is known only after apply. */
export function withUnknowns(value: Json, unknowns: Json, standIn: Json): Json {
  if (unknowns === true) return standIn;
  if (!isTree(unknowns)) return value;
  if (Array.isArray(value)) {
    return value.map((item, index) => withUnknowns(item, (unknowns as Json[])[index] ?? false, standIn));
  }
  const known = isTree(value) ? value : {};
  const keys = new Set([...Object.keys(known), ...Object.keys(unknowns)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, withUnknowns(at(known, key), at(unknowns, key) ?? false, standIn)]),
  );
}

function at(tree: Json, key: string): Json {
  return isTree(tree) ? ((tree as Record<string, Json>)[key] ?? null) : null;
}

function isTree(value: Json): value is Json[] | { [key: string]: Json } {
  return value !== null && typeof value === "object";
}
