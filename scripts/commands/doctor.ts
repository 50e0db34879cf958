import { ConfigurationError } from "../../config/configuration-error";
import { environment } from "../../config/environments";
import { causes, diagnose, type Finding, notObservable } from "../../doctor/diagnose";
import { isSuccess } from "../../oauth/protected-resource";
import { apiUrl } from "../api-url";
import { type GatheredEvidence, gather, settled } from "../evidence";
import { writePage } from "../pages/page";
import { type Diagnosis, diagnosisPage } from "../pages/reports";
import { clean, cleanLines } from "../terminal/clean";
import { CheckFailed } from "../terminal/failure";
import { step } from "../terminal/progress";
import type { Terminal } from "../terminal/terminal";
import { readOutputs } from "../terraform/outputs";

export interface DoctorFlags {
  /** `-`: examine the token on standard input. @default - a token by client credentials */
  readonly token?: string;
  /** The API that answers 401. @default - `apiUrl` of the environment */
  readonly url?: string;
  /** Its `healthy` is null when nothing was found, but the API could not be asked. */
  readonly json?: boolean;
  /** A file to write the finding to as a page, too. */
  readonly html?: string;
}

/** Looks for the reason why calls fail, and names the first that it finds. */
export async function doctor(name: string, flags: DoctorFlags, terminal: Terminal): Promise<void> {
  const target = environment(name);
  if (flags.token !== undefined && flags.token !== "-") {
    throw new ConfigurationError("a token is read from standard input only: --token - < FILE");
  }
  const url = apiUrl(flags.url, target);
  const outputs = await readOutputs(name, terminal);
  const first = await gather({ target, outputs, url, given: flags.token === "-", terminal });
  // A cause that was seen needs no patience; what cannot be explained may only be what ORDS has not read again yet.
  const seen = diagnose(first)
    ? first
    : await step(terminal, "wait until the API answers as it should", () => settled(first));
  const finding = diagnose(seen);
  const answer = finding ? undefined : answerOf(seen);
  const diagnosis = report(name, seen, finding, answer);
  if (flags.html !== undefined) writePage(flags.html, diagnosisPage(diagnosis, url, causes.length), terminal);
  if (flags.json) terminal.json(diagnosis);
  else
    terminal.log(
      finding ? found(finding) : answer?.ok === false ? unexplained(answer.text, seen) : healthy(answer, seen),
    );
  if (isHealthy(finding, answer) === false) throw new CheckFailed();
}

interface Answer {
  readonly ok: boolean;
  readonly text: string;
}

/** What the API itself proves: undefined when there is nothing to call, or nothing to call it with. */
function answerOf({ api }: GatheredEvidence): Answer | undefined {
  if (typeof api !== "object" || !api.withToken) return undefined;
  const { url, withoutToken, withToken } = api;
  const wrong = [
    ...(withoutToken.status === 401 ? [] : [`GET ${url} without a token: ${withoutToken.status}, expected 401`]),
    ...(isSuccess(withToken) ? [] : [`GET ${url} with the token: ${withToken.status}, expected 2xx`]),
  ];
  if (wrong.length === 0) return { ok: true, text: `${url} answers with the token, and 401 without` };
  return { ok: false, text: wrong.join("; ") };
}

/** Only the API itself can prove it: null when nothing was found and the API could not be asked. */
function isHealthy(finding: Finding | undefined, answer: Answer | undefined): boolean | null {
  return finding ? false : (answer?.ok ?? null);
}

function found({ id, title, seen, why, remedy }: Finding): string {
  return `found: ${title} (${id})\n  seen    ${clean(seen)}\n  why     ${why}\n  remedy  ${remedy}`;
}

function healthy(answer: Answer | undefined, { unseen }: GatheredEvidence): string {
  if (answer) return `healthy: ${answer.text}; none of ${causes.length} known causes is there`;
  return [`nothing found among ${causes.length} known causes, as far as could be seen`, ...remaining(unseen)].join(
    "\n",
  );
}

function unexplained(text: string, { unseen }: GatheredEvidence): string {
  return [
    `${clean(text)}, and none of ${causes.length} known causes was seen; what remains:`,
    ...remaining(unseen),
  ].join("\n");
}

function remaining(unseen: GatheredEvidence["unseen"]): string[] {
  return [
    ...unseen.map(({ part, reason }) => `  not seen: ${part} (${cleanLines(reason)})`),
    ...notObservable.map((what) => `  not visible from here: ${what}`),
  ];
}

function report(
  stack: string,
  seen: GatheredEvidence,
  finding: Finding | undefined,
  answer: Answer | undefined,
): Diagnosis {
  return {
    stack,
    healthy: isHealthy(finding, answer),
    finding: finding ?? null,
    answer: answer?.text ?? null,
    unseen: seen.unseen,
    notVisible: notObservable,
  };
}
