import { setTimeout } from "node:timers/promises";
import { formsOf, withoutForms } from "../secret-forms";
import type { Check } from "./checks";
import { sendForBeginning } from "./http";

/** A call of the protected API. */
export interface Probe {
  /** For example `with the token`. */
  readonly how: string;
  readonly token?: string;
  readonly expected: "401" | "2xx";
}

/** What a protected API answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
  /** Milliseconds since 1970: when the request was sent, and when its answer was complete. */
  readonly sent: number;
  readonly received: number;
  /** By the clock of who answered, milliseconds since 1970 in whole seconds. */
  readonly date?: number;
  /** Where a redirect leads. */
  readonly location?: string;
  /** Who answered, as it says itself. */
  readonly server?: string;
}

/** ORDS keeps profile and privileges for 5 s by default, so a change shows only after that. */
const patience = { millis: 8000, pause: 1000 };

/**
 * Calls a protected API, side by side, and tells whether it answered as it should.
 * @throws HttpError
 */
export async function probe(url: string, probes: readonly Probe[]): Promise<Check[]> {
  // One patience for all: what has not changed for the first will not change for the next.
  const until = patienceEnds();
  return Promise.all(probes.map((each) => call(url, each, until)));
}

/** The token with one character of its signature exchanged. */
export function tamper(token: string): string {
  // Not the last character: some of its bits are padding, and a change there may not be one.
  const at = token.lastIndexOf(".") + 1;
  const other = token[at] === "A" ? "B" : "A";
  return token.slice(0, at) + other + token.slice(at + 1);
}

async function call(url: string, { how, token, expected }: Probe, until: number): Promise<Check> {
  const answer = await settledAnswer(url, { token, expected }, until);
  // Before it is cut, or a part of the token could be left at its end.
  const body = token === undefined ? answer.body : withoutForms(answer.body, formsOf(token, token.length));
  const text = body.replaceAll(/\s+/g, " ").trim().slice(0, 200);
  const got = isSuccess(answer) ? `${answer.status} ${text}` : String(answer.status);
  return { what: `GET ${url} ${how}`, expected, got, ok: isExpected(answer, expected) };
}

/** When ORDS has read again what it keeps, by `performance.now()`. */
export function patienceEnds(): number {
  return performance.now() + patience.millis;
}

/**
 * Calls the API until it answers as expected, or that time has come.
 * @param first the answer to a call that has been made already
 * @throws HttpError
 */
export async function settledAnswer(
  url: string,
  { token, expected }: Pick<Probe, "token" | "expected">,
  until: number,
  first?: ApiAnswer,
): Promise<ApiAnswer> {
  for (let answer = first; ; await setTimeout(patience.pause)) {
    answer ??= await callApi(url, token);
    if (isExpected(answer, expected) || performance.now() > until) return answer;
    answer = undefined;
  }
}

/**
 * One call of the API, as a client makes it.
 * @throws HttpError
 */
export async function callApi(url: string, token?: string): Promise<ApiAnswer> {
  const sent = Date.now();
  const authorization = token === undefined ? undefined : `Bearer ${token}`;
  const response = await sendForBeginning(url, {
    headers: { accept: "application/json", ...(authorization && { authorization }) },
  });
  const body = await response.text();
  const { status, headers } = response;
  const date = Date.parse(headers.get("date") ?? "");
  return {
    status,
    body,
    sent,
    received: Date.now(),
    ...(Number.isNaN(date) ? {} : { date }),
    location: headers.get("location") ?? undefined,
    server: headers.get("server") ?? undefined,
  };
}

export function isSuccess({ status }: ApiAnswer): boolean {
  return status >= 200 && status < 300;
}

function isExpected(answer: ApiAnswer, expected: Probe["expected"]): boolean {
  return expected === "401" ? answer.status === 401 : isSuccess(answer);
}
