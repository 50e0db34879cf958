import { formsOf, withoutForms } from "../../secret-forms";

/** Shorter ones would take ordinary words out of what is printed. */
const shortest = 6;

/** Every form of every secret, the longest first. */
let forms: readonly string[] = [];

/** Passwords by the variables that they were in. */
const taken = new Map<string, string>();

/** A run begins, which knows no secret yet but those of variables whose names say so. */
export function beginRun(env: NodeJS.ProcessEnv): void {
  forms = [];
  taken.clear();
  for (const [name, value = ""] of Object.entries(env)) remember(isSecret(name, value) ? value : passwordInUrl(value));
}

/** Whether a variable holds a secret: its name says so, and not only where one is, or its value is a key. */
function isSecret(name: string, value: string): boolean {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value)) return true;
  return (
    /passw(or)?d|pass_?phrase|secret|private_?key|key_content|access_?token|(^|_)(pwd|token)$|^TF_TOKEN_/i.test(name) &&
    !/^PWD$|_(file|path|dir|location|url|uri|type|variable)$/i.test(name)
  );
}

/** Of a proxy, for example: as it is written there, and as it is meant. */
function passwordInUrl(value: string): string[] {
  const [, written = ""] = /^(?:[a-z][a-z\d+.-]*:\/\/)?[^/?#\s]*?:([^/?#\s]*)@/i.exec(value) ?? [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}

/** What is not to be printed from now on: every text in `value`, however deep it is. */
export function remember(value: unknown): void {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(remember);
  if (typeof value !== "string" || value.length < shortest) return;
  forms = [...new Set([...forms, ...formsOf(value, shortest)])].sort((a, b) => b.length - a.length);
}

/** Takes passwords out of the environment, so that no program that we start has them. {@link passwordIn} still knows them. */
export function takePasswords(variables: readonly (string | undefined)[]): void {
  for (const name of variables) {
    const value = name && process.env[name];
    if (!value) continue;
    keepPassword(name, value);
    delete process.env[name];
  }
}

/** Keeps a password that was asked for, for {@link passwordIn}. */
export function keepPassword(name: string, value: string): void {
  remember(value);
  taken.set(name, value);
}

/** Does something while no variable is there whose name says that it holds a secret: a program that is started by it needs none. */
export async function withoutSecretVariables<T>(work: () => Promise<T>): Promise<T> {
  const secrets = Object.entries(process.env).filter(([name, value = ""]) => isSecret(name, value));
  for (const [name] of secrets) delete process.env[name];
  try {
    return await work();
  } finally {
    Object.assign(process.env, Object.fromEntries(secrets));
  }
}

/** The password that is, or was, in a variable. */
export function passwordIn(variable: string): string | undefined {
  return taken.get(variable) ?? process.env[variable];
}

/** The text without the secrets of this run, whoever wrote it. */
export function withoutSecrets(text: string): string {
  return withoutForms(text, forms);
}
