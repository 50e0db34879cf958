import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "../folder";
import type { Figure, Line } from "../line";
import { inTurn } from "../pairs";
import { processorSeconds } from "../processes";
import { writeProject } from "../project";

/** Commands that end with their first line: what a person waits for before anything can be seen. */
const commands = [
  { args: ["--help"], codes: [0] },
  { args: ["register", "--help"], codes: [0] },
  { args: ["register", "nowhere"], codes: [2] },
  { args: ["verify", "nowhere"], codes: [2] },
  { args: ["doctor", "nowhere"], codes: [2] },
  { args: ["diff", "nowhere"], codes: [2] },
  // Environments that are there, and were not deployed from here.
  { args: ["register", "dev1"], codes: [3] },
  { args: ["doctor", "dev1"], codes: [3] },
] as const;

export const start: Line = {
  name: "start",
  limit:
    "Node itself, then reading and compiling what the command loads: `commander` for the help and for an environment that is not there; for one that is, a third is `zod` (95 files, 63 of them error messages in other languages, which it cannot be had without) with the schema of environment files, and a quarter some hundred files of ours.",
  measure: (repeat) =>
    inFolder(async (folder) => {
      const project = join(folder, "project");
      mkdirSync(project);
      writeProject(project, 3);
      const figures: Figure[] = [];
      for (const { args, codes } of commands) {
        const node = [process.execPath] as const;
        const ordsJwt = join(project, "scripts/ords-jwt.js");
        const { ours, bare } = await inTurn(repeat, {
          ours: () => processorSeconds({ command: [...node, ordsJwt, ...args], cwd: project, codes }),
          bare: () => processorSeconds({ command: [...node, "-e", "0"], cwd: project }),
        });
        figures.push({
          what: `ords-jwt ${args.join(" ")}`,
          unit: "s of processor",
          values: ours,
          against: "node -e 0",
          others: bare,
          aim: { of: "times", atMost: 3 },
        });
      }
      return figures;
    }),
};
