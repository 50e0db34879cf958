/** What others wrote is not for a terminal to obey: control characters and what turns the direction of text are spelt out. */
export function clean(value: string): string {
  return value.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** The same for text of several lines, which stay lines. */
export function cleanLines(value: string): string {
  return value.split("\n").map(clean).join("\n");
}
