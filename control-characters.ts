/** What a terminal obeys, what turns the direction of text, and what nobody sees; but for what joins letters and emoji. */
const controlCharacters = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text of others with its control characters spelt out, but for those in `kept`. */
export function visible(text: string, kept = ""): string {
  return text.replace(controlCharacters, (character) => (kept.includes(character) ? character : spelt(character)));
}

/** As JSON has it too. */
function spelt(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
