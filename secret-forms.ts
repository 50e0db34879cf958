/** What stands in the place of a secret. */
const hidden = "(hidden)";

/** The text without these. */
export function withoutForms(text: string, forms: readonly string[]): string {
  // Nearly always there is none, which takes a quarter of the time to find out by `includes`.
  return forms.reduce((rest, form) => (rest.includes(form) ? rest.replaceAll(form, hidden) : rest), text);
}

/**
 * The texts by which a secret can be told wherever it stands, the longest first: as it is, each line of it, in JSON, in a URL or a form, in
 * hexadecimal digits, and inside of base64, such as that of an Authorization header.
 * @param shortest characters of a line that is a secret by itself
 */
export function formsOf(value: string, shortest: number): string[] {
  // A key is printed line by line, also where each is quoted; its first and last line are no secret.
  const lines = value.includes("\n")
    ? value.split(/\r?\n/).filter((line) => line.length >= shortest && !line.startsWith("-----"))
    : [];
  return [...new Set([value, ...lines].flatMap(formsOfOne))].sort((a, b) => b.length - a.length);
}

function formsOfOne(value: string): string[] {
  const form = new URLSearchParams([["", value]]).toString().slice(1);
  // As OAuth clients write it before it goes into base64, down to the hyphen.
  const strict = form.replace(/[-_.*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const json = JSON.stringify(value).slice(1, -1);
  // As programs in Go write JSON, which may stand in HTML.
  const goJson = json.replace(/[<>&]/g, (mark) => `\\u00${mark.charCodeAt(0).toString(16)}`);
  const hex = Buffer.from(value).toString("hex");
  // Mostly the same, and base64 takes the longest.
  const plain = [...new Set([value, encodeURIComponent(value), form, strict])];
  return [...plain, json, goJson, hex, hex.toUpperCase(), ...plain.flatMap(inBase64)];
}

/** What of it is in base64 whatever stands before and behind it: three bytes are four characters, so there are three ways. */
function inBase64(value: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    const range = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)] as const;
    return [bytes.toString("base64").slice(...range), bytes.toString("base64url").slice(...range)];
  });
}
