import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface RunOptions {
  /** @default - the current folder */
  readonly cwd?: string;
  /** @default - this process's own */
  readonly env?: NodeJS.ProcessEnv;
  /** Called with each line as it comes, secrets masked. */
  readonly onLine?: (line: string) => void;
}

const running = new Set<ChildProcess>();

/**
 * Runs a program to its end.
 * @returns its exit code and its last 40 lines, secrets masked
 * @throws the system's error when the program cannot be started
 */
export async function run(
  command: string,
  args: string[],
  options: RunOptions = {},
): Promise<{ code: number; lines: string[] }> {
  const { cwd, env, onLine } = options;
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  // Ctrl-C reaches the child by itself; a signal to this process alone would leave it running.
  const forward = () => child.kill("SIGTERM");
  process.once("SIGTERM", forward);
  const lines: string[] = [];
  const read = async (stream: NodeJS.ReadableStream) => {
    for await (const raw of createInterface({ input: stream })) {
      const line = withoutSecret(raw);
      onLine?.(line);
      lines.push(line);
      if (lines.length > 40) lines.shift();
    }
  };
  const exit = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  try {
    const [code] = await Promise.all([exit, read(child.stdout), read(child.stderr)]);
    return { code, lines };
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
