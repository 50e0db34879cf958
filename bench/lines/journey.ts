import { join } from "node:path";
import { root } from "../folder";
import type { Line } from "../line";
import { withStack } from "../local";
import { inTurn } from "../pairs";
import { processorSeconds } from "../processes";

export const journey: Line = {
  name: "journey",
  limit:
    "cdktf's command, twice (four seconds of processor), and the proof: five commands of ours that raw Terraform does not have.",
  measure: (repeat) =>
    withStack(async (json) => {
      const node = [process.execPath, "--require", join(root, "scripts/typescript.js")] as const;
      const { values, others } = await inTurn(Math.min(repeat, 3), {
        values: () => processorSeconds({ command: ["npm", "start"], cwd: root }),
        others: () =>
          processorSeconds({ command: [...node, join(root, "bench/alternatives/raw-journey.ts"), json], cwd: root }),
      });
      return [
        {
          what: "npm start: the whole journey",
          unit: "s of processor",
          values,
          against: "terraform init, apply, destroy with the same stand-ins",
          others,
          aim: { of: "times", atMost: 1.5 },
        },
      ];
    }),
};
