import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { inFolder } from "./folder";

/** A program with its arguments, and where it runs. */
export interface Program {
  readonly command: readonly [string, ...string[]];
  readonly cwd?: string;
  /** @default - that of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Exit codes that are no failure. @default [0] */
  readonly codes?: readonly number[];
}

// The shell counts what it waited for, and what that waited for.
const script = '"$@" >&2; code=$?; LC_ALL=C times; exit $code';

/**
 * Runs a program to its end.
 * @returns seconds of processor, its children's included
 * @throws Error with all that it printed when it fails
 */
export async function processorSeconds({ command, cwd, env, codes = [0] }: Program): Promise<number> {
  const child = spawn("bash", ["-c", script, "bash", ...command], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const [times, output, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (!codes.includes(code)) throw new Error(`${command.join(" ")} ended with ${code}\n${output}`);
  return childrenSeconds(times);
}

/** @returns what a program prints @throws Error with what it printed when it fails */
export async function output({ command: [file, ...args], cwd, env }: Program): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, { cwd, env, maxBuffer: 1 << 26 });
  return stdout;
}

/** The second line that `times` prints, for example `0m1.250s 0m0.031s`: user and system. */
export function childrenSeconds(times: string): number {
  const found = [...(times.trim().split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  if (found.length !== 2) throw new Error(`the shell told no times: ${times}`);
  return found.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

/** @returns the most memory that the process of Node held, in MB */
export async function peakMegabytes({ command: [node, ...args], ...program }: Program): Promise<number> {
  return inFolder(async (folder) => {
    const file = join(folder, "peak");
    const env = { ...(program.env ?? process.env), BENCH_PEAK_FILE: file };
    const command = [node, "--require", join(__dirname, "peak-memory.cjs"), ...args] as const;
    await processorSeconds({ ...program, command: [...command], env });
    return Number(readFileSync(file, "utf8"));
  });
}
