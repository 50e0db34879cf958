import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import oracledb from "oracledb";
import { stateOf } from "../../__tests__/ords/database";
import { Deployed } from "../../__tests__/scripts/deployed";
import { spread, type Tally } from "../row";

type Moment = "before" | "half" | "after";
interface Point {
  readonly story: string;
  readonly what: "request" | "write";
  readonly number: number;
  readonly moment: Moment;
}

/** One command that writes to the schema or a file, and what has to be there before. */
interface Story {
  readonly name: string;
  /** The file that it makes, which no further run writes over. */
  readonly makes?: string;
  prepare(bench: Bench): Promise<void>;
  args(bench: Bench): string[];
}

const stories: readonly Story[] = [
  {
    name: "register, a new schema",
    prepare: async () => {},
    args: () => ["register", "local", "--sample-api"],
  },
  {
    name: "register, a change",
    prepare: (bench) => bench.registerOld(),
    args: () => ["register", "local"],
  },
  {
    name: "register, in sync",
    prepare: (bench) => bench.ok("register", "local", "--sample-api"),
    args: () => ["register", "local"],
  },
  {
    name: "unregister",
    prepare: (bench) => bench.ok("register", "local", "--sample-api"),
    args: () => ["unregister", "local"],
  },
  {
    name: "restore",
    async prepare(bench) {
      await bench.registerOld();
      await bench.ok("register", "local");
    },
    args: (bench) => ["restore", "local", bench.undoFiles().at(-1)!],
  },
  {
    name: "init",
    makes: "environments/made.ts",
    prepare: async () => {},
    args: () => ["init", "made", "--yes", "--offline"],
  },
  {
    name: "import",
    makes: "environments/made.ts",
    prepare: async () => {},
    args: (bench) => ["import", "made", ...bench.found()],
  },
];

/** Kills the commands that write to the schema or make an environment, at most at so many points. */
export async function killSchemaCommands(tally: Tally, limit?: number): Promise<void> {
  const bench = await Bench.start();
  try {
    const points: Point[] = [];
    // A small run looks at the whole of one story.
    for (const story of limit === undefined ? stories : stories.slice(1, 2))
      points.push(...(await bench.points(story)));
    for (const point of spread(points, limit)) await bench.kill(point, tally);
  } finally {
    await bench.close();
  }
}

class Bench {
  private deployed!: Deployed;
  private onRequest: () => "cut" | "cut-reply" | undefined = () => undefined;
  /** What each story leads from and to. */
  private readonly ends = new Map<string, { old: string; new: string; made: string | undefined }>();

  static async start(): Promise<Bench> {
    const bench = new Bench();
    bench.deployed = await Deployed.start({
      oci: { faults: () => bench.onRequest() },
      database: { onRequest: () => bench.onRequest() },
    });
    bench.deployed.ownEnvironments("local");
    return bench;
  }

  close(): Promise<void> {
    return this.deployed.close();
  }

  /** What `import` is told of what is there. */
  found(): string[] {
    return Object.entries(this.deployed.importFlags).flat();
  }

  private made({ makes }: Story): string | undefined {
    const path = join(this.deployed.folder, makes ?? "nothing");
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  }

  undoFiles(): string[] {
    const folder = join(this.deployed.folder, "undo");
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .sort()
      .map((name) => join("undo", name));
  }

  async ok(...args: string[]): Promise<void> {
    const { code, stderr } = await this.deployed.run(args);
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stderr}`);
  }

  /** Registers what another run will have to change. */
  async registerOld(): Promise<void> {
    const { outputs } = this.deployed;
    const profile = { ...outputs.profile, audience: "https://old.example.com/" };
    const [first, ...rest] = outputs.privileges;
    this.deployed.setOutputs({ ...outputs, profile, privileges: [{ ...first!, label: "old" }, ...rest] });
    await this.ok("register", "local", "--sample-api", "--no-preflight");
    this.deployed.setOutputs(outputs);
  }

  /** Everywhere a command can be killed, found by a run that is not. */
  async points(story: Story): Promise<Point[]> {
    await this.startOver(story);
    const old = await this.state();
    let requests = 0;
    this.onRequest = () => {
      requests += 1;
      return undefined;
    };
    const counted = join(this.deployed.folder, "writes");
    const code = await this.command(story, { COUNT_WRITES: counted }).exit;
    this.onRequest = () => undefined;
    if (code !== 0) throw new Error(`${story.name} ended with ${code} without being killed`);
    this.ends.set(story.name, { old, new: await this.state(), made: this.made(story) });
    const writes = readFileSync(counted, "utf8").length;
    rmSync(counted);
    const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
    const at = (what: Point["what"], count: number, moments: readonly Moment[]) =>
      numbers(count).flatMap((number) => moments.map((moment) => ({ story: story.name, what, number, moment })));
    return [...at("request", requests, ["before", "after"]), ...at("write", writes, ["before", "half", "after"])];
  }

  /** Kills the command there, looks, and runs it again. */
  async kill(point: Point, tally: Tally): Promise<void> {
    const story = stories.find(({ name }) => name === point.story)!;
    const { old, new: wanted, made: whole } = this.ends.get(point.story)!;
    await this.startOver(story);
    const args = story.args(this);
    const files = this.undoFiles();
    const signal = await this.killed(story, point);
    const [state, isOpen] = [await this.state(), await this.isOpen()];
    const made = this.made(story);
    const torn = point.moment === "half" ? await this.tornFiles(files) : [];
    const again = await this.deployed.run(args);
    const after = await this.state();
    tally.add(`${point.story}: ${point.moment} ${point.what} ${point.number}`, {
      "not killed": signal === "SIGKILL" ? undefined : `it ended by itself (${signal})`,
      "half done": made !== undefined && made !== whole ? made : state === old || state === wanted ? undefined : state,
      opened: isOpen ? "the API answers without a token" : undefined,
      // What is made is not made again.
      "not converged":
        again.code === (made === undefined ? 0 : 2) && after === wanted && this.made(story) === whole
          ? undefined
          : `exit ${again.code}: ${again.stderr}${after}`,
      "left behind": torn.length === 0 ? undefined : `restore takes ${torn.join(", ")}, which is not complete`,
    });
  }

  private async killed(story: Story, { what, number, moment }: Point): Promise<unknown> {
    const { child, exit } = this.command(story, what === "write" ? { KILL_AT: `${number} ${moment}` } : {});
    let requests = 0;
    if (what === "request") {
      this.onRequest = () => {
        if (++requests !== number) return undefined;
        child.kill("SIGKILL");
        return moment === "before" ? "cut" : "cut-reply";
      };
    }
    await exit;
    this.onRequest = () => undefined;
    return child.signalCode;
  }

  private command(story: Story, env: NodeJS.ProcessEnv) {
    const { folder, standIns } = this.deployed;
    const shim = join(__dirname, "kill-at-write.cjs");
    const child = spawn(process.execPath, ["--require", shim, "scripts/ords-jwt.js", ...story.args(this)], {
      cwd: folder,
      env: { ...standIns.environment, ...env },
      stdio: "ignore",
    });
    return { child, exit: once(child, "close").then(([code]) => code as number | null) };
  }

  /** Neither module nor privilege nor profile, and then what the story starts from. */
  private async startOver(story: Story): Promise<void> {
    await this.ok("unregister", "local", "--sample-api", "--expose");
    for (const name of ["undo", ".gitignore", story.makes ?? "undo"])
      rmSync(join(this.deployed.folder, name), { recursive: true, force: true });
    await story.prepare(this);
  }

  private async state(): Promise<string> {
    const { name: user, password } = this.deployed.standIns.user;
    const { connectString } = this.deployed.standIns.database;
    const connection = await oracledb.getConnection({ user, password, connectString });
    try {
      return JSON.stringify(await stateOf(connection));
    } finally {
      await connection.close();
    }
  }

  private async isOpen(): Promise<boolean> {
    return (await fetch(this.deployed.apiUrl)).ok;
  }

  /** Undo files that were not there before, are not whole, and are taken all the same. */
  private async tornFiles(before: readonly string[]): Promise<string[]> {
    const [file] = this.undoFiles().filter((name) => !before.includes(name));
    if (!file) return [];
    const { code } = await this.deployed.run(["restore", "local", file, "--plan"]);
    return code === 2 ? [] : [file];
  }
}
