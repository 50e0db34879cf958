import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform, release, totalmem } from "node:os";
import type { Finding } from "./line";

/** What one line found, when and where. */
export interface Measured {
  readonly name: string;
  readonly limit: string;
  /** For example `2026-11-27`. */
  readonly date: string;
  readonly machine: string;
  readonly findings: readonly Finding[];
}

/** The machine that measures, in a few words. */
export function machine(): string {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return `${cpus().length} x ${cpu?.model.trim() ?? "?"}, ${memory}, ${platform()} ${release()} ${arch()}, Node ${process.versions.node}`;
}

export function readResults(file: string): Measured[] {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
}

/** What was measured takes the place of what was there before; the rest stays. @returns all, in the order of `names` */
export function merged(before: readonly Measured[], now: readonly Measured[], names: readonly string[]): Measured[] {
  return names.flatMap((name) => {
    const isIt = (measured: Measured) => measured.name === name;
    return now.find(isIt) ?? before.find(isIt) ?? [];
  });
}

export function writeResults(file: string, results: readonly Measured[]): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
