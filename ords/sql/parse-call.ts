import type { Call, Parameter } from "./calls";
import { fromUnistr, unquoted } from "./literal";

/** White space, comments and what SQL*Plus prints mean nothing; the rest are tokens. */
const token = /\s+|--[^\n]*|^PROMPT[^\n]*|('(?:[^']|'')*'|[A-Za-z_][\w.]*|\d+|:=|=>|\|\||.)/gmsy;
const procedure = /^(ORDS|ORDS_ADMIN|ORDS_SECURITY|ORDS_SECURITY_ADMIN|OAUTH)\.\w+$/;

/**
 * The call that a block makes, read as data. Whoever uses it writes the call anew and compares: what is not understood here, or
 * stands beside it, makes the difference.
 * @returns undefined for a block without a call
 */
export function parseCall(block: string, purpose: string): Call | undefined {
  const tokens = tokensOf(block).map(({ text }) => text);
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

/** A script without its layout. */
export function tokensOf(script: string): { readonly text: string; readonly line: number }[] {
  const tokens: { text: string; line: number }[] = [];
  let line = 1;
  for (const [whole, text] of script.matchAll(token)) {
    if (text !== undefined) tokens.push({ text, line });
    line += whole.split("\n").length - 1;
  }
  return tokens;
}

/** The same, with each text in pieces as one token. */
export function joined(tokens: ReturnType<typeof tokensOf>): ReturnType<typeof tokensOf> {
  const texts = tokens.map(({ text }) => text);
  const found: { text: string; line: number }[] = [];
  for (let index = 0; index < tokens.length; ) {
    const { value, end } = expression(texts, index, new Map());
    const isText = end > index && /^('|UNISTR$)/.test(texts[index]!);
    found.push({ text: isText ? `text ${value}` : texts[index]!, line: tokens[index]!.line });
    index = isText ? end : index + 1;
  }
  return found;
}
