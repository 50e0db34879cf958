import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** File that gets all the program prints. */
  readonly log: string;
  /** Called with each line, as it comes. */
  readonly onLine?: (line: string) => void;
}

const running = new Set<ChildProcess>();

/**
 * Runs a program to its end.
 * @returns its exit code and its last lines
 */
export async function run(
  command: string,
  args: string[],
  options: RunOptions,
): Promise<{ code: number; lines: string[] }> {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const log = createWriteStream(options.log, { flags: "a", mode: 0o600 });
  const lines: string[] = [];
  const read = async (stream: NodeJS.ReadableStream) => {
    for await (const raw of createInterface({ input: stream })) {
      const line = withoutSecret(raw);
      log.write(`${line}\n`);
      lines.push(line);
      options.onLine?.(line);
    }
  };
  const exit = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  try {
    const [code] = await Promise.all([exit, read(child.stdout), read(child.stderr)]);
    return { code, lines: lines.slice(-40) };
  } finally {
    running.delete(child);
    log.end();
  }
}

/** Ends what is still running, for an interrupted journey. */
export function stopRunning(): void {
  for (const child of running) child.kill("SIGTERM");
}

/** The provider does not mark client_secret as sensitive, so Terraform's plans print it. */
function withoutSecret(line: string): string {
  return line.replace(/(client_secret"?\s*[=:]\s*")[^"]+"/, '$1(hidden)"');
}
