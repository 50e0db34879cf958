import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import { run } from "../../scripts/cli";
import { Terminal } from "../../scripts/terminal/terminal";
import { inPlace, type Place } from "./in-place";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Standard input; a stream for what is answered on the way. */
  readonly input?: string | PassThrough;
  /** Whether a person is at the terminal. @default false */
  readonly attended?: boolean;
  /** Told all of standard output so far, whenever there is more. */
  readonly onStdout?: (text: string) => void;
  /** The same of standard error. */
  readonly onStderr?: (text: string) => void;
}

/** Runs `ords-jwt` to its end in this process, in a folder and with an environment of its own: one at a time. */
export async function runInProcess(
  args: readonly string[],
  { cwd, env, input = "", attended, onStdout, onStderr }: RunOptions & Place,
): Promise<Ran> {
  const stdin = typeof input === "string" ? new PassThrough().end(input) : input;
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const output = { stdout: "", stderr: "" };
  Object.assign(stdin, { isTTY: attended });
  stdout.on("data", (chunk) => {
    output.stdout += chunk;
    onStdout?.(output.stdout);
  });
  stderr.on("data", (chunk) => {
    output.stderr += chunk;
    onStderr?.(output.stderr);
  });
  return inPlace({ cwd, env }, async () => {
    const code = await run(args, new Terminal(stdin, stdout, stderr));
    await Promise.all([stdout, stderr].map((stream) => finished(stream.end())));
    return { code, ...output };
  });
}
