import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Team, type TeamOptions } from "../../__tests__/journeys/team";
import { inFolder, root } from "../folder";
import type { Figure, Line } from "../line";
import { inTurn, waitedSeconds } from "../pairs";
import { peakMegabytes, processorSeconds } from "../processes";
import { emptyApp, project } from "./synth";

/** Milliseconds that each request to OCI and each round trip to a database waits. */
const latency = 20;
/** Seconds of processor that are granted to each environment beside the app itself. */
const granted = 0.04;

export const many: Line = {
  name: "many",
  limit:
    "Terraform, which each environment has started for itself some times; on two cores that, and not the waiting, is what is left of a `diff --all`.",
  measure: async (repeat) => [await synthesized(repeat), await differences(), ...(await memory())],
};

function synthesized(repeat: number): Promise<Figure> {
  return inFolder(async (folder) => {
    const count = 50;
    const [ours, empty] = [project(join(folder, "many"), count), emptyApp(join(folder, "empty"))];
    const { values, others } = await inTurn(repeat, {
      values: () => processorSeconds(ours),
      others: async () => 1.5 * (await processorSeconds(empty)) + count * granted,
    });
    return {
      what: `synth of ${count} environments`,
      unit: "s of processor",
      values,
      against: `1.5 times an empty app of cdktf, and ${granted * 1000} ms each`,
      others,
      aim: { of: "times", atMost: 1 },
    };
  });
}

function differences(): Promise<Figure> {
  const late = async () => {
    await sleep(latency);
    return undefined;
  };
  const options = { sharing: 19, oci: { faults: late }, database: () => ({ onRequest: late }) };
  return withTeam(options, async (team) => {
    const all = async (...more: string[]) => void (await ended(team.run(["diff", "--all", ...more])));
    // What is loaded once is loaded.
    await all("dev");
    const values = [await waitedSeconds(() => all("--concurrency", "10"))];
    const others = [
      await waitedSeconds(async () => {
        for (const name of team.names) await ended(team.run(["diff", name]));
      }),
    ];
    return {
      what: `diff --all of ${team.names.length}, each call over ${latency} ms of network`,
      unit: "s",
      values,
      against: "diff of one after the other",
      others,
      aim: { of: "faster", atLeast: 3 },
    };
  });
}

/** Of 40 compared with 10 of the same project: what is under way at once is the same. */
function memory(): Promise<Figure[]> {
  return withTeam({ sharing: 39 }, async (team) => {
    const peaks = async (...patterns: string[]) => {
      const command = [process.execPath, join(root, "scripts/ords-jwt.js"), "diff", "--all", ...patterns] as const;
      const children = new Children();
      const own = await peakMegabytes({ command, cwd: team.project, env: team.environment, codes: [1] });
      return { own, children: await children.end() };
    };
    const few = await peaks("dev", "api-0*");
    const all = await peaks();
    const figure = (what: string, key: "own" | "children"): Figure => ({
      what: `memory of ${what} diff --all of ${team.names.length}`,
      unit: "MB",
      values: [all[key]],
      against: "the same of 10",
      others: [few[key]],
      aim: { of: "times", atMost: 1.25 },
    });
    return [figure("the process of", "own"), figure("all that is started at once by", "children")];
  });
}

async function withTeam<T>(options: TeamOptions, work: (team: Team) => Promise<T>): Promise<T> {
  const team = await Team.open({ databases: 3, ...options });
  try {
    return await work(team);
  } finally {
    await team.close();
  }
}

/** @throws Error with what was printed when a diff ended otherwise than with a difference */
async function ended(run: ReturnType<Team["run"]>): Promise<void> {
  const { code, stdout, stderr } = await run;
  if (code !== 1) throw new Error(`diff ended with ${code}\n${stdout}${stderr}`);
}

/** Looks again and again how much memory all Terraforms below this process hold together. */
class Children {
  #most = 0;
  #isOver = false;
  readonly #looking = this.#look();

  /** @returns the most that was seen, in MB */
  async end(): Promise<number> {
    this.#isOver = true;
    await this.#looking;
    return this.#most;
  }

  async #look(): Promise<void> {
    while (!this.#isOver) {
      const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,ppid=,rss=,comm="]);
      const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/));
      const below = new Set([String(process.pid)]);
      // A child may stand before its parent: as deep as the programs here go.
      for (let depth = 0; depth < 5; depth++) {
        for (const [pid = "", parent = ""] of rows) if (below.has(parent)) below.add(pid);
      }
      const held = rows.filter(([pid = "", , , name]) => below.has(pid) && name === "terraform");
      this.#most = Math.max(this.#most, held.reduce((sum, [, , rss]) => sum + Number(rss), 0) / 1024);
      await sleep(100);
    }
  }
}
