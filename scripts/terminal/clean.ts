import pc from "picocolors";

/** What a terminal obeys, and what turns the direction of text. */
const commands = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** What others wrote is not for a terminal to obey: control characters and what turns the direction of text are spelt out. */
export function clean(value: string): string {
  return value.replace(commands, spelt);
}

/** The same for text of several lines, which stay lines. */
export function cleanLines(value: string): string {
  return value.split("\n").map(clean).join("\n");
}

const ours = "\u001b";
/** The colours that we use. */
const colours = new RegExp(`${ours}\\[(?:1|2|22|3\\d|9\\d)m`, "g");

/** The same for text that is on its way out, in which lines, tabs and colours are ours. */
export function cleanOutput(text: string): string {
  if (!pc.isColorSupported) return withoutCommands(text);
  const kept = text.match(colours) ?? [];
  return text
    .split(colours)
    .map((part, index) => withoutCommands(part) + (kept[index] ?? ""))
    .join("");
}

function withoutCommands(text: string): string {
  return text.replace(commands, (character) => (/[\n\t]/.test(character) ? character : spelt(character)));
}

function spelt(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
