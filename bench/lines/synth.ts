import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { inFolder, root } from "../folder";
import type { Figure, Line } from "../line";
import { inTurn } from "../pairs";
import { type Program, peakMegabytes, processorSeconds } from "../processes";
import { place, writeProject } from "../project";

export const synth: Line = {
  name: "synth",
  limit:
    "Compiling JavaScript: of `cdktf` itself, of `zod`, of the bindings (1.2 MB, most of it the attributes of an app that are only read) and of forty files of ours; one thing after the other, since cdktf has no other way.",
  measure: (repeat) =>
    inFolder(async (folder) => {
      const few = project(join(folder, "few"), 3);
      const some = project(join(folder, "some"), 50);
      const many = project(join(folder, "many"), 100);
      const empty = emptyApp(join(folder, "empty"));
      const seconds = await inTurn(repeat, {
        few: () => processorSeconds(few),
        empty: () => processorSeconds(empty),
        some: () => processorSeconds(some),
        many: () => processorSeconds(many),
      });
      const each = (count: number, total: readonly number[]) =>
        total.map((value, index) => ((value - seconds.few[index]!) / (count - 3)) * 1000);
      const peaks = await inTurn(1, { few: () => peakMegabytes(few), some: () => peakMegabytes(some) });
      const memory = { unit: "MB", aim: { of: "value", atMost: 150 } } as const;
      return [
        {
          what: "synth of 3 environments",
          unit: "s of processor",
          values: seconds.few,
          against: "an empty app of cdktf",
          others: seconds.empty,
          aim: { of: "times", atMost: 1.5 },
        },
        {
          what: "one more environment, of 50",
          unit: "ms",
          values: each(50, seconds.some),
          aim: { of: "value", atMost: 40 },
        },
        {
          what: "one more environment, of 100",
          unit: "ms",
          values: each(100, seconds.many),
          against: "the same of 50",
          others: each(50, seconds.some),
          // Linear, as far as pairs can tell.
          aim: { of: "times", atMost: 1.25 },
        },
        { what: "memory of a synth of 3", values: peaks.few, ...memory },
        { what: "memory of a synth of 50", values: peaks.some, ...memory },
      ] satisfies Figure[];
    }),
};

export function project(folder: string, environments: number): Program {
  mkdirSync(folder);
  writeProject(folder, environments);
  return { command: [process.execPath, "--require", "./scripts/typescript.js", "main.ts"], cwd: folder };
}

export function emptyApp(folder: string): Program {
  mkdirSync(folder);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  place("empty-app.cjs", folder);
  return { command: [process.execPath, "empty-app.cjs"], cwd: folder };
}
