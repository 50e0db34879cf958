import type { Call, Parameter } from "./calls";
import { fromUnistr, unquoted } from "./literal";

const token = /\s+|('(?:[^']|'')*'|[A-Za-z_][\w.]*|\d+|:=|=>|\|\||.)/y;
const procedure = /^(ORDS|ORDS_ADMIN|ORDS_SECURITY|ORDS_SECURITY_ADMIN|OAUTH)\.\w+$/;

/**
 * The call that a block makes, read as data. Whoever uses it writes the call anew and compares: what is not understood here, or
 * stands beside it, makes the difference.
 * @returns undefined for a block without a call
 */
export function parseCall(block: string, purpose: string): Call | undefined {
  const tokens = [...block.matchAll(new RegExp(token, "gys"))].flatMap(([, text]) => text ?? []);
  const lists = new Map<string, string[]>();
  for (const [index, name] of tokens.entries()) {
    // l_patterns owa.vc_arr;
    if (tokens[index + 1] === "owa.vc_arr") lists.set(name, []);
    // l_patterns(1) := 'text' || 'more';
    if (tokens[index + 1] === "(" && tokens[index + 4] === ":=") {
      lists.get(name)?.push(String(expression(tokens, index + 5, lists).value));
    }
  }
  const start = tokens.findIndex((text) => procedure.test(text));
  if (start < 0) return undefined;
  const parameters: Record<string, Parameter> = {};
  let at = start + 1;
  while (tokens[at] === "(" || tokens[at] === ",") {
    const { value, end } = expression(tokens, at + 3, lists);
    parameters[String(tokens[at + 1])] = value;
    at = end;
  }
  return { purpose, procedure: tokens[start]!, parameters };
}

/** `NULL`, `TRUE`, a number, the name of a list, or texts joined by `||`. */
function expression(
  tokens: readonly string[],
  start: number,
  lists: ReadonlyMap<string, readonly string[]>,
): { value: Parameter; end: number } {
  const first = tokens[start] ?? "";
  const single = (value: Parameter) => ({ value, end: start + 1 });
  const list = lists.get(first);
  if (list) return single(list);
  if (first === "NULL") return single(null);
  if (/^(TRUE|FALSE)$/.test(first)) return single(first === "TRUE");
  if (/^\d+$/.test(first)) return single(Number(first));
  let text = "";
  let end = start;
  for (;;) {
    const isUnistr = tokens[end] === "UNISTR";
    const quoted = tokens[isUnistr ? end + 2 : end] ?? "";
    if (!quoted.startsWith("'")) break;
    text += isUnistr ? fromUnistr(quoted) : unquoted(quoted);
    end += isUnistr ? 4 : 1;
    if (tokens[end] !== "||") break;
    end += 1;
  }
  return { value: text, end };
}
