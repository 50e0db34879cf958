/** Shorter ones would take ordinary words out of what is printed. */
const shortest = 6;
const hidden = "(hidden)";

/** Every form of every secret, the longest first. */
let forms: readonly string[] = [];

/** Passwords by the variables that they were in. */
const taken = new Map<string, string>();

/** A run begins, which knows no secret yet but those of variables whose names say so. */
export function beginRun(env: NodeJS.ProcessEnv): void {
  forms = [];
  taken.clear();
  const named = Object.entries(env).filter(([name]) => /(password|passphrase|secret|token|private_key)$/i.test(name));
  for (const [, value] of named) remember(value);
}

/** What is not to be printed from now on: every text in `value`, however deep it is. */
export function remember(value: unknown): void {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(remember);
  if (typeof value !== "string" || value.length < shortest) return;
  forms = [...new Set([...forms, ...formsOf(value)])].sort((a, b) => b.length - a.length);
}

/** Takes passwords out of the environment, so that no program that we start has them. {@link passwordIn} still knows them. */
export function takePasswords(variables: readonly (string | undefined)[]): void {
  for (const name of variables) {
    const value = name && process.env[name];
    if (!value) continue;
    remember(value);
    taken.set(name, value);
    delete process.env[name];
  }
}

/** The password that is, or was, in a variable. */
export function passwordIn(variable: string): string | undefined {
  return taken.get(variable) ?? process.env[variable];
}

/** The text without the secrets of this run, whoever wrote it. */
export function withoutSecrets(text: string): string {
  return forms.reduce((rest, form) => rest.replaceAll(form, hidden), text);
}

/** As it is, in JSON, in a URL or a form, and inside of base64, such as that of an Authorization header. */
function formsOf(value: string): string[] {
  const form = new URLSearchParams([["", value]]).toString().slice(1);
  // As OAuth clients write it before it goes into base64, down to the hyphen.
  const strict = form.replace(/[-_.*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const plain = [value, encodeURIComponent(value), form, strict];
  return [...plain, JSON.stringify(value).slice(1, -1), ...plain.flatMap(inBase64)];
}

/** What of it is in base64 whatever stands before and behind it: three bytes are four characters, so there are three ways. */
function inBase64(value: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    const range = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)] as const;
    return [bytes.toString("base64").slice(...range), bytes.toString("base64url").slice(...range)];
  });
}
