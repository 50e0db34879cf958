import pc from "picocolors";
import { visible } from "../../control-characters";

/** What others wrote is not for a terminal to obey: control characters and what turns the direction of text are spelt out. */
export function clean(value: string): string {
  return visible(value);
}

/** The same for text of several lines, which stay lines. */
export function cleanLines(value: string): string {
  return value.split("\n").map(clean).join("\n");
}

const linesAndTabs = "\n\t";
const ours = "\u001b";
/** The colours that we use. */
const colours = new RegExp(`${ours}\\[(?:1|2|22|3\\d|9\\d)m`, "g");

/** The same for text that is on its way out, in which lines, tabs and colours are ours. */
export function cleanOutput(text: string): string {
  if (!pc.isColorSupported) return visible(text, linesAndTabs);
  const kept = text.match(colours) ?? [];
  return text
    .split(colours)
    .map((part, index) => visible(part, linesAndTabs) + (kept[index] ?? ""))
    .join("");
}
