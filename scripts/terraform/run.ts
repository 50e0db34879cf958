import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

export interface RunOptions {
  /** @default - the current folder */
  readonly cwd?: string;
  /** @default - this process's own */
  readonly env?: NodeJS.ProcessEnv;
  /** A file that is open here, which the program finds as `/dev/fd/3`. @default - none */
  readonly file?: number;
  /** Called with each line as it comes, secrets masked. */
  readonly onLine?: (line: string) => void;
}

/** How a program ended. */
export interface Ended {
  /** 0 to 255; of a program that a signal ended 128 and the number of the signal, as shells have it. */
  readonly code: number;
  /** In words: `exit code 1`, `SIGKILL`. */
  readonly how: string;
  /** All of its standard output, as it is. */
  readonly stdout: string;
  /** The last 40 lines of each of its outputs, in the order in which they came, secrets masked. */
  readonly lines: readonly string[];
  /** Those of standard error alone. */
  readonly errors: readonly string[];
}

const running = new Set<ChildProcess>();

/**
 * Runs a program to its end.
 * @throws the system's error when the program cannot be started
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { cwd, env = process.env, file = "ignore", onLine } = options;
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(command, args, {
    cwd,
    env,
    // The types know of no fourth entry.
    stdio: ["ignore", "pipe", "pipe", file] as unknown as ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  // Ctrl-C reaches the child by itself; a signal to this process alone would leave it running.
  const forward = () => child.kill("SIGTERM");
  process.once("SIGTERM", forward);
  const [lines, errors, output]: [string[], string[], Buffer[]] = [[], [], []];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  const read = async (stream: NodeJS.ReadableStream, ...kept: string[][]) => {
    for await (const raw of createInterface({ input: stream })) {
      const line = withoutSecret(raw);
      onLine?.(line);
      for (const list of kept) if (list.push(line) > 40) list.shift();
    }
  };
  const exit = new Promise<Pick<Ended, "code" | "how">>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve(
        signal ? { code: 128 + constants.signals[signal], how: signal } : { code: code ?? 1, how: `exit code ${code}` },
      );
    });
  });
  try {
    const [ended] = await Promise.all([exit, read(child.stdout, lines), read(child.stderr, lines, errors)]);
    return { ...ended, stdout: Buffer.concat(output).toString("utf8"), lines, errors };
  } finally {
    process.off("SIGTERM", forward);
    running.delete(child);
  }
}

/** Ends what is still running, when we are interrupted. */
export function stopRunning(): void {
  for (const child of running) child.kill("SIGTERM");
}

/**
 * The provider does not mark client_secret as sensitive, so Terraform's plans print it, and its debug log the service's answers:
 * what comes after its name goes, and all that looks like one.
 */
export function withoutSecret(line: string): string {
  return line.replace(/(client_?secret).*$/i, "$1 (hidden)").replace(/idcscs-[\w-]+/g, "(hidden)");
}
