import { cleanLines } from "../terminal/clean";
import { withoutSecrets } from "../terminal/secrets";

/** Markup, in which text of others has been escaped. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | undefined | null | false | readonly Part[];

/** Markup from a template: what is put in is text, unless it is markup itself; nothing for undefined, null and false. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((string, index) => string + markup(parts[index])).join(""));
}

function markup(part: Part): string {
  if (part === undefined || part === null || part === false) return "";
  if (part instanceof Html) return part.text;
  return typeof part === "object" ? part.map(markup).join("") : escaped(String(part));
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Before it is escaped, it loses what a terminal must not show either: pages are passed on. */
function escaped(text: string): string {
  return cleanLines(withoutSecrets(text)).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
