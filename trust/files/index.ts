import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { Deployed } from "../../__tests__/scripts/deployed";
import type { Ran } from "../../__tests__/scripts/in-process";
import { stackTag } from "../../config/words";
import { readUndo } from "../../ords/sql/undo-file";
import { type Row, spread, Tally } from "../row";
import { type Mischief, makeOutside, mischiefs, picture, type Scene } from "./mischief";
import { type FileUse, watchFiles } from "./watched-files";

/** A command that writes files. */
interface Story {
  readonly name: string;
  readonly args: readonly string[] | ((bench: Bench) => readonly string[]);
  /** The folder that it writes to, below the working directory. */
  readonly place: string;
  /** What has to be there before. */
  readonly prepare?: (bench: Bench) => Promise<void>;
  /** How it ends when nothing is in its way. @default [0] */
  readonly codes?: readonly number[];
}

const clientCredentials = ["token", "local", "--grant", "client_credentials"];

const stories: readonly Story[] = [
  {
    name: "register",
    args: ["register", "local", "--no-preflight", "--json"],
    place: "undo",
    prepare: (bench) => bench.changeLabel(),
  },
  {
    name: "unregister",
    args: ["unregister", "local", "--json"],
    place: "undo",
    prepare: (bench) => bench.ok("register", "local", "--no-preflight"),
  },
  { name: "token", args: [...clientCredentials, "--json"], place: ".tokens" },
  {
    name: "token, kept",
    args: [...clientCredentials, "--json"],
    place: ".tokens",
    prepare: (bench) => bench.ok(...clientCredentials),
  },
  {
    name: "token --logout",
    args: ["token", "local", "--logout", "--no-browser", "--json"],
    place: ".tokens",
    prepare: (bench) => bench.ok(...clientCredentials),
  },
  { name: "postman", args: ["postman", "local", "--with-secret", "--url"], place: "postman" },
  {
    name: "postman, again",
    args: ["postman", "local", "--with-secret", "--url"],
    place: "postman",
    prepare: (bench) => bench.ok("postman", "local", "--url", "https://api.example.com/"),
  },
  { name: "map", args: ["map", "local", "--html", "pages/map.html"], place: "pages" },
  { name: "openapi", args: ["openapi", "local", "--file", "api.json", "--output", "pages/api.json"], place: "pages" },
  { name: "init", args: ["init", "made", "--yes", "--offline"], place: "environments" },
  { name: "diff, a saved plan", args: ["diff", "local", "--json"], place: "tmp", codes: [0, 1] },
  { name: "diff, imports", args: ["diff", "local", "--json"], place: "cdktf.out/stacks/local", codes: [0, 1] },
  {
    name: "import",
    args: (bench) => ["import", "made", ...bench.found()],
    place: "environments",
    // What another stack has registered is not imported.
    prepare: (bench) => bench.ok("unregister", "local", "--expose"),
  },
];

const umasks = [0o000, 0o022, 0o077];

/** Everything that is written, with somebody or the system in the way at each use of a file. */
export const files: Row = {
  name: "files",
  promise:
    "whatever is in the way of a file that is written or read, before or in between: a link, a file, a folder or an owner of somebody else, a full disk, a refusal: no secret is readable by others, nothing is written elsewhere, nothing is left in part, and the command says so in plain words; the next run does its work",
  async run(limit) {
    const tally = new Tally([
      "written elsewhere",
      "readable by others",
      "left in part",
      "believed",
      "unclear error",
      "not converged",
    ]);
    const bench = await Bench.start();
    try {
      const cases: [Story, number, Mischief][] = [];
      for (const story of limit === undefined ? stories : stories.filter(({ name }) => name.startsWith("token"))) {
        for (const use of await bench.uses(story)) {
          for (const mischief of mischiefs.filter((one) => one.suits(use.use, bench.scene(story))))
            cases.push([story, use.number, mischief]);
        }
      }
      for (const [story, number, mischief] of spread(cases, limit)) await bench.disturb(story, number, mischief, tally);
      for (const umask of umasks.slice(0, limit === undefined ? umasks.length : 1)) {
        for (const story of limit === undefined ? stories : stories.slice(5, 6))
          await bench.masked(story, umask, tally);
      }
      if (limit === undefined) {
        await bench.atOnce(tally);
        await bench.limited(tally);
      }
      return tally.result();
    } finally {
      await bench.close();
    }
  },
};

class Bench {
  private label = 0;
  private readonly temporary = process.env.TMPDIR;

  private constructor(
    private readonly deployed: Deployed,
    private readonly outside: string,
    private readonly aside: string,
  ) {}

  static async start(): Promise<Bench> {
    const deployed = await Deployed.start();
    await deployed.register();
    const bench = new Bench(deployed, join(deployed.folder, "outside"), join(deployed.folder, "aside"));
    deployed.ownEnvironments("local");
    writeFileSync(
      join(deployed.folder, "api.json"),
      JSON.stringify({ openapi: "3.0.3", info: { title: "hello", version: "1" }, paths: {} }),
    );
    await bench.prepareDiff();
    bench.tidy();
    // Node asks the system for it, not the environment that a command is given.
    process.env.TMPDIR = join(deployed.folder, "tmp");
    return bench;
  }

  close(): Promise<void> {
    if (this.temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = this.temporary;
    return this.deployed.close();
  }

  scene({ place }: Story): Scene {
    return { place: join(this.deployed.folder, place), outside: this.outside, aside: this.aside };
  }

  /** What `import` is told of what is there. */
  found(): string[] {
    return Object.entries(this.deployed.importFlags).flat();
  }

  async ok(...args: string[]): Promise<void> {
    const { code, stderr } = await this.deployed.run(args);
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stderr}`);
  }

  /** So that the next register has something to write. */
  async changeLabel(): Promise<void> {
    const [first, ...rest] = this.deployed.outputs.privileges;
    this.label += 1;
    this.setOutputs({
      ...this.deployed.outputs,
      privileges: [{ ...first!, label: `label ${this.label}` }, ...rest],
    });
  }

  /** A program in place of Terraform that knows state and plan, a main.ts that leaves its stack alone, and what a killed run left in OCI. */
  private async prepareDiff(): Promise<void> {
    const { folder, standIns } = this.deployed;
    unlinkSync(join(folder, "main.ts"));
    writeFileSync(join(folder, "main.ts"), "");
    await this.deployed.post(`${standIns.oci.url}/20160918/domains`, {
      compartmentId: "ocid1.compartment.oc1..local",
      displayName: "left-over",
      description: "left-over",
      homeRegion: "eu-frankfurt-1",
      licenseType: "free",
      freeformTags: { [stackTag]: "local" },
    });
    const declared = { resource: { oci_identity_domain: { Domain: { display_name: "left-over" } } } };
    writeFileSync(join(folder, "cdktf.out/stacks/local/cdk.tf.json"), JSON.stringify(declared));
    this.setOutputs(this.deployed.outputs);
  }

  private setOutputs(outputs: Deployed["outputs"]): void {
    const { folder } = this.deployed;
    this.deployed.setOutputs(outputs);
    const plan = join(folder, "plan.json");
    const ords = { actions: ["no-op"], before: outputs, after: outputs, after_unknown: false };
    writeFileSync(plan, JSON.stringify({ output_changes: { ords } }));
    writeFileSync(
      join(folder, "terraform"),
      `#!/bin/sh
case "$*" in
  *" output "*) cat '${join(folder, "outputs.json")}' ;;
  *" show -json /dev/fd/3"*) cat '${plan}' ;;
  *" show "*) echo '{}' ;;
esac
`,
    );
  }

  /** Nothing is left of the case before. */
  private tidy(): void {
    const { folder } = this.deployed;
    for (const name of ["undo", ".tokens", "postman", "pages", "tmp", "aside", ".gitignore"])
      rmSync(join(folder, name), { recursive: true, force: true });
    for (const name of readdirSync(join(folder, "environments")))
      if (name !== "local.ts") rmSync(join(folder, "environments", name), { recursive: true });
    for (const name of ["orphans.tf", "domain_owner_override.tf.json"])
      rmSync(join(folder, "cdktf.out/stacks/local", name), { recursive: true, force: true });
    for (const name of ["pages", "tmp", "aside"]) mkdirSync(join(folder, name), { mode: 0o700 });
    makeOutside(this.outside);
  }

  private run(story: Story): Promise<Ran> {
    return this.deployed.run(this.argsOf(story));
  }

  private argsOf({ args }: Story): string[] {
    const given = typeof args === "function" ? args(this) : args;
    return given.at(-1) === "--url" ? [...given, this.deployed.apiUrl] : [...given];
  }

  private async prepared(story: Story): Promise<void> {
    this.tidy();
    await story.prepare?.(this);
  }

  /** Every use of a file that the command makes when nothing is in its way, by number from 1. */
  async uses(story: Story): Promise<{ number: number; use: FileUse }[]> {
    await this.prepared(story);
    const seen: FileUse[] = [];
    const stop = watchFiles([this.scene(story).place], (use) => {
      if (!isConfiguration(use)) seen.push(use);
      return undefined;
    });
    const { code, stderr } = await this.run(story).finally(stop);
    if (!(story.codes ?? [0]).includes(code ?? -1)) throw new Error(`${story.name} ended with ${code}: ${stderr}`);
    if (seen.length === 0) throw new Error(`${story.name} uses no file of ${story.place}`);
    return seen.map((use, index) => ({ number: index + 1, use }));
  }

  async disturb(story: Story, number: number, mischief: Mischief, tally: Tally): Promise<void> {
    await this.prepared(story);
    const scene = this.scene(story);
    const before = picture(this.outside);
    let [uses, what] = [0, ""];
    const stop = watchFiles([scene.place], (use) => {
      if (isConfiguration(use) || ++uses !== number) return undefined;
      what = `${use.by} of ${relative(this.deployed.folder, use.path)}`;
      const error = mischief.do(use, scene);
      if (!error) return undefined;
      return (go, path, [text, ...rest]) => {
        // What there was room for.
        if (use.by === "writeFileSync" && error.code === "ENOSPC") go(path, String(text).slice(0, 20), ...rest);
        throw error;
      };
    });
    const ran = await this.run(story).finally(stop);
    const broken = this.broken(story, ran, before);
    for (const name of [story.place === "tmp" ? "" : story.place, "aside"].filter(Boolean))
      if (!/^(cdktf|environments)/.test(name))
        rmSync(join(this.deployed.folder, name), { recursive: true, force: true });
    this.tidy();
    const again = await this.run(story);
    const isDone = (story.codes ?? [0]).includes(again.code ?? -1);
    tally.add(`${story.name}, before ${what}: ${mischief.name}`, {
      ...broken,
      "not converged": isDone ? undefined : `exit ${again.code}: ${again.stderr}`,
    });
  }

  /** With a umask of the caller's. */
  async masked(story: Story, umask: number, tally: Tally): Promise<void> {
    await this.prepared(story);
    const before = picture(this.outside);
    const caller = process.umask(umask);
    const ran = await this.run(story).finally(() => process.umask(caller));
    // An environment holds no secret, and is for everybody who works on it.
    const isPrivate = (path: string) => !relative(this.deployed.folder, path).startsWith("environments");
    const open = this.ours().filter((path) => isPrivate(path) && (lstatSync(path).mode & 0o077) !== 0);
    const broken = this.broken(story, ran, before);
    tally.add(`${story.name}, umask ${umask.toString(8)}`, {
      ...broken,
      "readable by others": broken["readable by others"] ?? (open.length > 0 ? open.join(", ") : undefined),
    });
  }

  /** Several processes of the same command. */
  async atOnce(tally: Tally): Promise<void> {
    for (const story of stories) {
      await this.prepared(story);
      const before = picture(this.outside);
      const env = { TMPDIR: join(this.deployed.folder, "tmp") };
      const all = await Promise.all([1, 2, 3].map(() => this.deployed.runProcess(this.argsOf(story), { env })));
      for (const [index, ran] of all.entries())
        tally.add(`${story.name}, ${index + 1} of 3 at once`, this.broken(story, ran, before));
    }
  }

  /** A limit on the size of files, as a disk that is full sets it. */
  async limited(tally: Tally): Promise<void> {
    for (const story of stories) {
      await this.prepared(story);
      const before = picture(this.outside);
      const command = [process.execPath, "scripts/ords-jwt.js", ...this.argsOf(story)];
      const ran = await this.deployed.execute("sh", ["-c", 'ulimit -f 1; exec "$@"', "sh", ...command]);
      tally.add(`${story.name}, no file beyond a few hundred bytes`, this.broken(story, ran, before));
    }
  }

  private broken(story: Story, ran: Ran, outside: string) {
    const secrets = [this.deployed.clientSecret, this.deployed.standIns.user.password];
    const after = picture(this.outside);
    const texts = this.ours().flatMap((path) => {
      const status = lstatSync(path);
      return status.isFile() && status.nlink === 1 ? [{ path, status, text: readFileSync(path, "utf8") }] : [];
    });
    const isSecret = (text: string) => /eyJ[\w-]+\.eyJ/.test(text) || secrets.some((secret) => text.includes(secret));
    const open = texts.filter(({ status, text }) => (status.mode & 0o077) !== 0 && isSecret(text));
    const parts = texts.filter(({ path, text }) => !this.isWhole(path, text));
    return {
      "written elsewhere": after === outside ? undefined : after,
      "readable by others": open.length > 0 ? open.map(({ path }) => path).join(", ") : undefined,
      "left in part": parts.length > 0 ? parts.map(({ path }) => path).join(", ") : undefined,
      believed: /somebody else|foreign/.test(ran.stdout) ? ran.stdout : undefined,
      "unclear error": unclear(story, ran),
    };
  }

  /** Files and folders that commands made, wherever they are by now; what was put in their place is not ours. */
  private ours(): string[] {
    const { folder } = this.deployed;
    const all = (path: string): string[] => {
      const status = lstatSync(path, { throwIfNoEntry: false });
      if (!status) return [];
      const inside = status.isDirectory() ? readdirSync(path).flatMap((name) => all(join(path, name))) : [];
      return [path, ...inside];
    };
    return ["undo", ".tokens", "postman", "pages", "environments", "tmp", "aside", "cdktf.out/stacks/local/orphans.tf"]
      .flatMap((name) => all(join(folder, name)))
      .filter((path) => !/\/(pages|environments|tmp|aside|local\.ts)$|\/tsx-[^/]*/.test(path));
  }

  private isWhole(path: string, text: string): boolean {
    if (/^(foreign|inside|somebody else's)$/.test(text)) return true;
    if (/\.json[^/]*$/.test(path)) return isJson(text);
    if (/\.html[^/]*$/.test(path)) return text.endsWith("</html>\n");
    if (/\.ts[^/]*$/.test(path)) return text.endsWith("});\n");
    if (basename(path).includes(".sql")) return isUndo(path, text);
    return true;
  }
}

/** cdktf's, and as trusted as the program that it is made by. */
function isConfiguration({ path }: FileUse): boolean {
  return basename(path) === "cdk.tf.json";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isUndo(file: string, text: string): boolean {
  try {
    readUndo(text, { file, schema: "HELLO", stack: "local" });
    return true;
  } catch {
    return false;
  }
}

/** What a person could not make use of. */
function unclear({ codes = [0] }: Story, { code, stdout, stderr }: Ran): string | undefined {
  if (codes.includes(code ?? -1)) return undefined;
  if (/\n\s+at |TypeError|\bundefined\b|\/proc\/|[\da-f]{8}-[\da-f]{4}-/.test(stderr)) return stderr;
  if (/"code": "unexpected"/.test(stdout)) return `unexpected: ${stdout}`;
  return /^error: ./m.test(stderr) ? undefined : `exit ${code} without an error: ${stderr}`;
}
