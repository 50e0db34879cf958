import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import oracledb from "oracledb";
import { Agent, request } from "undici";
import { stateOf } from "../../__tests__/ords/database";
import { type StandIns, startStandIns } from "../../local/stand-ins";
import type { Tally } from "../row";
import { twice } from "./cloud";

/** Where a command is killed: at which request to OCI that changes something or reads, or to the database. */
interface Point {
  readonly command: "deploy" | "destroy" | "diff";
  readonly at: "change" | "read" | "database";
  readonly number: number;
  /** Sent to the command alone; SIGKILL to all that it started, too. @default SIGKILL */
  readonly signal?: NodeJS.Signals;
}

/** In this order, since each needs what is there after the one before and its repetition. */
const points: readonly Point[] = [
  { command: "deploy", at: "change", number: 2 },
  { command: "diff", at: "read", number: 3 },
  { command: "diff", at: "read", number: 3, signal: "SIGINT" },
  { command: "diff", at: "read", number: 3, signal: "SIGTERM" },
  { command: "diff", at: "read", number: 3, signal: "SIGHUP" },
  { command: "destroy", at: "change", number: 1 },
  { command: "deploy", at: "change", number: 5 },
  { command: "diff", at: "database", number: 2 },
  { command: "destroy", at: "change", number: 4 },
  { command: "deploy", at: "database", number: 12 },
  { command: "destroy", at: "database", number: 6 },
];

/** Kills `deploy`, `destroy` and `diff` as users run them, with all that they started, and runs them again. */
export async function killWholeCommands(tally: Tally): Promise<void> {
  const bench = await Bench.start();
  try {
    for (const point of points) await bench.kill(point, tally);
  } finally {
    await bench.close();
  }
}

class Bench {
  private onRequest: (at: Point["at"]) => void = () => {};
  private readonly agent: Agent;
  /** The schema before anything was registered. */
  private empty = "";

  private constructor(
    private readonly folder: string,
    private readonly standIns: StandIns,
  ) {
    this.agent = new Agent({ connect: { ca: readFileSync(join(folder, "ca.pem")) } });
  }

  static async start(): Promise<Bench> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "whole-commands-")));
    let bench: Bench | undefined;
    const standIns = await startStandIns(folder, {
      metadataCacheMillis: 0,
      oci: {
        faults({ method }) {
          bench?.onRequest(method === "GET" ? "read" : "change");
          return undefined;
        },
      },
      database: {
        onRequest() {
          bench?.onRequest("database");
          return undefined;
        },
      },
    });
    mkdirSync(join(folder, "tmp"));
    bench = new Bench(folder, standIns);
    bench.empty = await bench.schema();
    return bench;
  }

  async close(): Promise<void> {
    await this.agent.close();
    await this.standIns.close();
    rmSync(this.folder, { recursive: true });
  }

  async kill({ command, at, number, signal = "SIGKILL" }: Point, tally: Tally): Promise<void> {
    const flags = command === "diff" ? [] : ["--yes", "--sample-api"];
    const killed = this.start(command, ...flags);
    let requests = 0;
    this.onRequest = (kind) => {
      if (kind === at && ++requests === number) killed.kill(signal);
    };
    const { code, stderr } = await killed.ended;
    this.onRequest = () => {};
    const [left, isOpen] = [this.temporary(), await this.isOpen()];
    const again = await this.start(command, ...flags).ended;
    const state = command === "destroy" ? undefined : await this.start("diff", "--json").ended;
    const isDone = again.code === 0 && (state === undefined || state.code === 0);
    tally.add(`${command}: ${signal} at ${at} ${number}`, {
      // Those that are caught end with the number of the signal.
      "not killed": requests >= number && (code === null || code > 128) ? undefined : `exit ${code}: ${stderr}`,
      opened: isOpen ? "the API answers without a token" : undefined,
      "not converged": isDone
        ? undefined
        : `exit ${again.code}: ${again.stderr}; diff ${state?.code}: ${state?.stdout}`.slice(0, 2_000),
      "left behind": [...left, ...(await this.surplus(command))].join(", ") || undefined,
    });
  }

  /** More in OCI than is declared; of a stack that is destroyed, anything there or in the schema. */
  private async surplus(command: Point["command"]): Promise<string[]> {
    const domains = this.standIns.oci.domains();
    if (command !== "destroy") return [twice(domains)].filter((problem) => problem !== undefined);
    const schema = await this.schema();
    return [...domains.map(({ displayName }) => `domain ${displayName}`), ...(schema === this.empty ? [] : [schema])];
  }

  private async schema(): Promise<string> {
    const { user, database } = this.standIns;
    const { connectString } = database;
    const connection = await oracledb.getConnection({ user: user.name, password: user.password, connectString });
    try {
      return JSON.stringify(await stateOf(connection));
    } finally {
      await connection.close();
    }
  }

  private async isOpen(): Promise<boolean> {
    const { statusCode, body } = await request(`${this.standIns.ords.url}/hello/hello/me`, { dispatcher: this.agent });
    await body.dump();
    return statusCode < 300;
  }

  private start(...[command = "", ...flags]: string[]) {
    const child = spawn(process.execPath, ["scripts/ords-jwt.js", command, "local", ...flags], {
      cwd: this.folder,
      env: { ...this.standIns.environment, TMPDIR: join(this.folder, "tmp"), NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].on("data", (chunk) => {
        output[stream] += chunk;
      });
    }
    const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...output }));
    // cdktf gives Terraform a terminal, and with it a session, of its own.
    const kill = (signal: NodeJS.Signals) => {
      if (signal !== "SIGKILL") return void child.kill(signal);
      for (const pid of [Number(child.pid), ...descendants(Number(child.pid))]) killIfThere(pid);
    };
    return { kill, ended };
  }

  /** What commands left in the folder for temporary files, and what tools of others left there with a secret in it. */
  private temporary(): string[] {
    const folder = join(this.folder, "tmp");
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => {
        if (entry.name.startsWith("ords-jwt")) return true;
        const text = entry.isFile() ? readFileSync(join(entry.parentPath, entry.name), "utf8") : "";
        return text.includes("idcscs-") || text.includes(this.standIns.user.password);
      })
      .map(({ name }) => name);
  }
}

function descendants(pid: number): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.flatMap(([child, of]) => (of === parent && child ? [child, ...below(child)] : []));
  return below(pid);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
