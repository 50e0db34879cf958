import { visible } from "../../control-characters";
import { hasColours } from "./colours";

/** What others wrote is not for a terminal to obey: control characters and what turns the direction of text are spelt out. */
export function clean(value: string): string {
  return visible(value);
}

/** The same for text of several lines, which stay lines. */
export function cleanLines(value: string): string {
  return value.split("\n").map(clean).join("\n");
}

const linesAndTabs = "\n\t";
const esc = "\u001b";
/** The colours that we use, and addresses behind names (OSC 8). */
const ours = new RegExp(`${esc}\\[(?:1|2|22|3\\d|9\\d)m|${esc}\\]8;;(?:(?:https|file)://[!-~]*)?${esc}\\\\`, "g");

/** A name that leads to an address when it is clicked; the address itself where it is of another kind than {@link ours}. */
export function hyperlink(name: string, url: string): string {
  const { href, protocol } = new URL(url);
  if (!/^(https|file):$/.test(protocol)) return `${name} ${href}`;
  return `${esc}]8;;${href}${esc}\\${name}${esc}]8;;${esc}\\`;
}

/** The same for text that is on its way out, in which lines, tabs and colours are ours. */
export function cleanOutput(text: string): string {
  if (!hasColours) return visible(text, linesAndTabs);
  const kept = text.match(ours) ?? [];
  return text
    .split(ours)
    .map((part, index) => visible(part, linesAndTabs) + (kept[index] ?? ""))
    .join("");
}
