import { Readable, Writable } from "node:stream";
import { ConfigurationError } from "../../config/configuration-error";
import type { Environment } from "../../config/environment";
import { Failure, type FailureCode, failures } from "../../errors";
import { askPasswords } from "../database";
import { confirm } from "../terminal/confirm";
import { CheckFailed, codeOf, describe } from "../terminal/failure";
import { step } from "../terminal/progress";
import { Terminal } from "../terminal/terminal";
import { synthesizeAll } from "../terraform/synthesize";
import { Agreed } from "./agreed";
import { Interruption } from "./interruption";
import { isQuiet, type Outcome, type Row, rowOf, worst } from "./outcome";
import { type Ended, schedule } from "./schedule";
import { type Chosen, select } from "./select";
import { documentOf, renderMarkdownOfAll, renderTable } from "./table";
import type { Told } from "./told";
import { type Verb, verbs } from "./verbs";

export interface AllFlags extends Told {
  /** Names and patterns; true: all of the folder. */
  readonly all: readonly string[] | true;
  /** Most environments at once. */
  readonly concurrency: number;
  readonly json?: boolean;
}

/** Some of several environments did not end well; what it was stands in the table. */
class SeveralFailed extends Failure {
  constructor(
    readonly code: FailureCode,
    rows: readonly Row[],
  ) {
    const loud = rows.filter((row) => !isQuiet(row));
    super(
      `${loud.length} of ${rows.length} did not end well: ${loud.map(({ environment }) => environment).join(", ")}`,
    );
  }
}

class InterruptedError extends Failure {
  readonly code = "unfinished";
}

/**
 * Carries a command out for several environments: in order of dependence, side by side where nothing depends. Passwords are asked for
 * before anything begins, all is synthesized once, and a failure stops what depends on it and nothing else.
 */
export async function runAll(
  command: string,
  { all, concurrency, ...flags }: AllFlags,
  terminal: Terminal,
): Promise<void> {
  const verb = verbs[command]!;
  for (const flag of verb.ofOne) {
    if (flags[flag] === undefined) continue;
    throw new ConfigurationError(`--${flag} is about one environment: leave it out, or name one in place of --all`);
  }
  const patterns = all === true ? [] : all;
  const chosen = select(patterns);
  await askPasswords(
    [...chosen.environments.values()].filter((target) => verb.asksDatabase(flags, target)),
    terminal,
  );
  const faults = verb.synthesizes(flags) ? await synthesizeAll(terminal) : new Map<string, string>();
  const together = new Set(chosen.environments.keys());
  const agreed = verb.review && !flags.yes ? new Agreed() : undefined;
  const told: Told = { ...flags, synthesized: true, together, agreed };
  const interruption = new Interruption(terminal, concurrency);
  const { signal } = interruption;
  const carryOut = (each: Verb, more: Told) =>
    interruption.during(() => side(each, chosen, faults, { ...told, ...more }, { concurrency, signal, terminal }));

  if (verb.review && agreed) {
    const rows = await carryOut(verb.review, {});
    if (signal.aborted) throw new InterruptedError("interrupted before anything was agreed to: nothing was changed");
    for (const row of rows) if (row.text.trim() !== "") terminal.print(`${row.text.trimEnd()}\n`);
    terminal.log(renderTable(rows));
    const word = patterns.length === 0 ? "all" : patterns.join(" ");
    const what = verb.first === "sharing" ? "destroys" : "changes";
    if (verb.first === "sharing" || !rows.every(isQuiet)) {
      await confirm(`This ${what} what is shown above.`, word, false, terminal, `"${word}"`);
    }
  }
  const rows = await carryOut(verb, { yes: true });
  (verb.show ?? show)(rows, flags, terminal);
  const exitCode = worst(rows);
  if (exitCode === 0) return;
  if (exitCode === failures["check-failed"].exitCode) throw new CheckFailed();
  const code = rows.find((row) => row.exitCode === exitCode)?.error?.code ?? "unfinished";
  throw new SeveralFailed(code as FailureCode, rows);
}

function show(rows: readonly Row[], flags: Told, terminal: Terminal): void {
  if (flags.json) {
    terminal.json(documentOf(rows));
    return;
  }
  if (flags.markdown) {
    terminal.log(renderMarkdownOfAll(rows));
    return;
  }
  for (const row of rows) {
    if (!isQuiet(row) && row.text.trim() !== "") terminal.print(`${row.text.trimEnd()}\n`);
  }
  terminal.log(renderTable(rows));
}

/** All of them, a row each in the order of their names. */
async function side(
  verb: Verb,
  { environments, faults }: Chosen,
  leftOut: ReadonlyMap<string, string>,
  flags: Told,
  { concurrency, signal, terminal }: { concurrency: number; signal: AbortSignal; terminal: Terminal },
): Promise<Row[]> {
  const names = [...environments.keys()];
  if (verb.first === "sharing") names.reverse();
  const ended = new Map<string, Ended<Outcome>>([...faults].map(([name, error]) => [name, { result: failed(error) }]));
  const scheduled = await schedule<Outcome>({
    names,
    concurrency,
    signal,
    before: (name) => before(name, verb, environments),
    run: (name) => {
      const fault = leftOut.get(name);
      if (fault !== undefined) return Promise.resolve(failed(new ConfigurationError(fault)));
      return step(
        terminal,
        name,
        () => attempt(name, verb, flags, terminal),
        {},
        ({ result, exitCode }) => ({
          words: result,
          ok: exitCode === 0,
        }),
      );
    },
    isGood: ({ exitCode }) => exitCode === 0,
    onEnd: (name, how) => {
      if (!("result" in how)) terminal.error(`${name}: not begun, since ${how.waitedFor} did not end well`);
    },
  });
  for (const [name, how] of scheduled) ended.set(name, how);
  return [...names, ...faults.keys()].sort().map((name) => rowOf(name, ended.get(name)));
}

function before(name: string, { first }: Verb, environments: ReadonlyMap<string, Environment>): string[] {
  const ownerOf = (other: string) => environments.get(other)?.existingDomain?.environment;
  if (first === "owner") return [ownerOf(name) ?? ""].filter((owner) => environments.has(owner));
  return first === "sharing" ? [...environments.keys()].filter((other) => ownerOf(other) === name) : [];
}

/** The command for one, which never asks anybody: nothing it says reaches the terminal before it is at its end. */
async function attempt(name: string, verb: Verb, flags: Told, parent: Terminal): Promise<Outcome> {
  const said: string[] = [];
  const output = () =>
    new Writable({
      write(chunk, _encoding, done) {
        said.push(String(chunk));
        done();
      },
    });
  const [stdout, stderr] = [output(), flags.markdown ? new Writable({ write: (_c, _e, done) => done() }) : output()];
  const terminal = new Terminal(Readable.from([]), stdout, stderr);
  terminal.verbose = parent.verbose;
  const outcome = (result: string, exitCode: number, error?: Outcome["error"]): Outcome => ({
    result,
    exitCode,
    summary: error ? (error.message.split("\n")[0] ?? "") : (terminal.summary ?? ""),
    ...(error && { error }),
    text: exitCode === 0 && !verb.done(flags).startsWith("would") && !parent.verbose ? "" : said.join(""),
    ...((flags.json || verb.show) && { document: terminal.document }),
  });
  try {
    await verb.run(name, flags, terminal);
    return outcome(verb.done(flags), 0);
  } catch (error) {
    if (error instanceof CheckFailed) return outcome(verb.failed, error.exitCode);
    const { result, exitCode, error: why } = failed(error);
    if (!flags.markdown) said.push(`${name}: error: ${why?.message}\n`);
    return outcome(result, exitCode, why);
  }
}

function failed(error: unknown): Outcome {
  const [code, message] = [codeOf(error), describe(error)];
  const result = code === "blocked" ? "blocked" : "failed";
  return {
    result,
    exitCode: failures[code].exitCode,
    summary: message.split("\n")[0] ?? "",
    error: { code, message },
    text: "",
  };
}
