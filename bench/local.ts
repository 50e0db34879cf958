import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type StandIns, startStandIns } from "../local/stand-ins";
import { inFolder } from "./folder";
import { type Program, processorSeconds } from "./processes";

/** Where Terraform runs for the environment `local`, in a folder that looks like the project. */
const stackIn = (folder: string) => join(folder, "cdktf.out/stacks/local");

/** The environment `local` with stand-ins of its own, which run in this process. */
export interface Local {
  readonly folder: string;
  readonly standIns: StandIns;
  /** Seconds of processor of a program that runs in the folder. */
  spend(...command: Program["command"]): Promise<number>;
  /** The same of Terraform, in the stack. */
  terraform(...args: string[]): Promise<number>;
}

/** Does something where nothing has been deployed. */
export function withLocal<T>(work: (local: Local) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    const standIns = await startStandIns(folder);
    const spend = (...command: Program["command"]) =>
      processorSeconds({ command, cwd: folder, env: standIns.environment });
    const terraform = (...args: string[]) => spend("terraform", `-chdir=${stackIn(folder)}`, ...args);
    try {
      return await work({ folder, standIns, spend, terraform });
    } finally {
      await standIns.close();
    }
  });
}

/** Puts a synthesized stack there. */
export function placeStack(folder: string, json: string): void {
  mkdirSync(stackIn(folder), { recursive: true });
  copyFileSync(json, join(stackIn(folder), "cdk.tf.json"));
}

/** Calls `work` with the file of the synthesized stack. */
export function withStack<T>(work: (json: string) => Promise<T>): Promise<T> {
  return withLocal(async ({ folder, spend }) => {
    await spend(process.execPath, "--require", "./scripts/typescript.js", "main.ts");
    return work(join(stackIn(folder), "cdk.tf.json"));
  });
}
