import { scimError } from "./errors";
import type { Schema } from "./schema";

type Values = Record<string, unknown>;
export type Predicate = (values: Values) => boolean;

const condition = /^\s*([\w$:.-]+)\s+(?:(pr)|(eq|co|sw)\s+("(?:[^"\\]|\\.)*"|true|false|-?\d+))\s*/i;

/**
 * Parses a SCIM filter. Supported: `attribute eq|co|sw value`, `attribute pr`, and `and` between conditions; the rest
 * of the language is refused. Text is compared without regard to case.
 * @param schema resolves attribute names; without it they are names of sub-attributes, as in `emails[type eq "work"]`
 */
export function parseFilter(text: string, schema?: Schema): Predicate {
  const predicates: Predicate[] = [];
  let rest = text;
  for (;;) {
    const match = condition.exec(rest);
    if (!match) throw invalid(text);
    predicates.push(parseCondition(match, schema));
    rest = rest.slice(match[0].length);
    if (rest === "") return (values) => predicates.every((predicate) => predicate(values));
    if (!/^and\s/i.test(rest)) throw invalid(text);
    rest = rest.slice("and".length);
  }
}

function parseCondition(
  [, path = "", , operator = "pr", literal = "null"]: RegExpExecArray,
  schema?: Schema,
): Predicate {
  const names = schema ? schema.resolve(path).map(({ name }) => name) : path.split(".");
  const wanted = fold(JSON.parse(literal));
  const compare = operators[operator.toLowerCase() as keyof typeof operators];
  return (values) => valuesAt(values, names).some((value) => compare(fold(value), wanted));
}

const operators = {
  pr: () => true,
  eq: (value: unknown, wanted: unknown) => value === wanted,
  co: (value: unknown, wanted: unknown) => String(value).includes(String(wanted)),
  sw: (value: unknown, wanted: unknown) => String(value).startsWith(String(wanted)),
};

/** Every value a path leads to: a multi-valued attribute branches, and `emails` alone means `emails.value`. */
function valuesAt(values: unknown, names: string[]): unknown[] {
  if (values === undefined) return [];
  if (Array.isArray(values)) return values.flatMap((value) => valuesAt(value, names));
  const [name, ...rest] = names;
  if (name !== undefined) return valuesAt((values as Values)[name], rest);
  return [typeof values === "object" && values !== null ? (values as Values).value : values];
}

function fold(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}

function invalid(text: string) {
  return scimError(
    400,
    `cannot read the filter "${text}": this stand-in knows attribute eq|co|sw value, attribute pr, joined by "and"`,
    "error.common.validation.invalidFilter",
  );
}
