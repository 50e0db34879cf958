/** A secret, and what to call it in a report. */
export interface Planted {
  readonly name: string;
  readonly value: string;
}

/** Characters in a row that are enough of a secret to call it a leak. */
const enough = 12;

/** Names of the secrets that a text holds, all or in part, in whatever form. */
export function found(text: string, planted: readonly Planted[]): string[] {
  const texts = readings(text);
  return planted
    .filter(({ value }) => pieces(value).some((piece) => texts.some((reading) => reading.includes(piece))))
    .map(({ name }) => name);
}

/** Beginning, middle and end; of a token its signature, since what it claims is shown; of a key each of its lines. */
function pieces(value: string): string[] {
  const secrets = value.includes("-----BEGIN")
    ? value.split("\n").filter((line) => line.length >= enough && !line.startsWith("-"))
    : [/^eyJ[\w-]+\.[\w-]+\.([\w-]+)$/.exec(value)?.[1] ?? value];
  return secrets.flatMap((secret) => {
    const middle = Math.max(0, Math.floor((secret.length - enough) / 2));
    return [secret.slice(0, enough), secret.slice(middle, middle + enough), secret.slice(-enough)];
  });
}

/** The text in every way in which a person or a program could read it. */
function readings(text: string): string[] {
  const plain = [text, unescaped(text), unescaped(unescaped(text)), percentDecoded(text)];
  const joined = plain.map((reading) => reading.replace(/\s+/g, ""));
  return [...plain, ...joined, ...joined.flatMap(decodedRuns)];
}

/** Without the backslashes of JSON, as programs of any language write it. */
function unescaped(text: string): string {
  return text
    .replace(/\\u([\da-f]{4})/gi, (_all, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\n/g, "\n")
    .replace(/\\(["\\/'])/g, "$1");
}

function percentDecoded(text: string): string {
  return text.replace(/\+/g, " ").replace(/(%[\da-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}

/** What is in base64 or hexadecimal digits, wherever it begins; percent-encoded once more inside of it, as clients of OAuth do. */
function decodedRuns(text: string): string[] {
  const base64 = [...text.matchAll(/[\w+/-]{12,}={0,2}/g)].flatMap(([run]) =>
    [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), "base64").toString("latin1")),
  );
  const hex = [...text.matchAll(/[\da-f]{16,}/gi)].flatMap(([run]) =>
    [0, 1].map((from) => Buffer.from(run.slice(from), "hex").toString("latin1")),
  );
  const decoded = [...base64, ...hex];
  return [...decoded, ...decoded.map(percentDecoded)];
}
