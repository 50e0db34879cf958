import { join } from "node:path";
import { root } from "../folder";
import type { Line } from "../line";
import { inTurn } from "../pairs";
import { processorSeconds } from "../processes";

const ordsJwt = join(root, "scripts/ords-jwt.js");

/** Commands that end with their first line: what a person waits for before anything can be seen. */
const commands = [
  { args: ["--help"], codes: [0] },
  { args: ["register", "--help"], codes: [0] },
  { args: ["register", "nowhere"], codes: [2] },
  { args: ["verify", "nowhere"], codes: [2] },
  { args: ["doctor", "nowhere"], codes: [2] },
  { args: ["diff", "nowhere"], codes: [2] },
] as const;

export const start: Line = {
  name: "start",
  limit:
    "Node itself; then reading and compiling what the command loads: `commander` for the help, `zod` and the driver for the others.",
  async measure(repeat) {
    const figures = [];
    for (const { args, codes } of commands) {
      const node = [process.execPath] as const;
      const { ours, bare } = await inTurn(repeat, {
        ours: () => processorSeconds({ command: [...node, ordsJwt, ...args], cwd: root, codes }),
        bare: () => processorSeconds({ command: [...node, "-e", "0"], cwd: root }),
      });
      figures.push({
        what: `ords-jwt ${args.join(" ")}`,
        unit: "s of processor",
        values: ours,
        against: "node -e 0",
        others: bare,
        aim: { of: "times", atMost: 3 },
      } as const);
    }
    return figures;
  },
};
