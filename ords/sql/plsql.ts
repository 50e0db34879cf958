import type { Call } from "./calls";

/** Writes one value of a call as an expression of PL/SQL; `position` counts from 1 in a list. */
export type WriteValue = (parameter: string, value: string | number | null, position?: number) => string;

/**
 * A call as lines of PL/SQL. Lists become local arrays with an element a line: whether the overloads take array binds is not
 * documented.
 */
export function callLines({ procedure, parameters }: Call, write: WriteValue): string[] {
  const given = Object.entries(parameters);
  const lists = given.filter(([, value]) => Array.isArray(value)) as [string, readonly string[]][];
  const width = Math.max(...given.map(([name]) => name.length));
  const args = given.map(([name, value]) => {
    const text = Array.isArray(value)
      ? local(name)
      : typeof value === "boolean"
        ? String(value).toUpperCase()
        : write(name, value as string | number | null);
    return `${name.padEnd(width)} => ${text}`;
  });
  const call =
    args.length === 0
      ? [`${procedure};`]
      : [`${procedure}(`, ...args.map((text, index) => `  ${text}${index < args.length - 1 ? "," : ");"}`)];
  if (lists.length === 0) return call;
  return [
    "DECLARE",
    ...lists.map(([name]) => `  ${local(name)} owa.vc_arr;`),
    "BEGIN",
    ...lists.flatMap(([name, values]) =>
      values.map((value, index) => `  ${local(name)}(${index + 1}) := ${write(name, value, index + 1)};`),
    ),
    ...indented(call),
    "END;",
  ];
}

/** Moves lines to the right, those inside a line too. */
export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line.replaceAll("\n", "\n  ")}`);
}

function local(parameter: string): string {
  return `l_${parameter.slice("p_".length)}`;
}
