import { createPrivateKey } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import oracledb from "oracledb";
import { Deployed } from "../../__tests__/scripts/deployed";
import type { Ran } from "../../__tests__/scripts/in-process";
import { type Row, spread, Tally } from "../row";
import { type Call, everyCall } from "./calls";
import { found, type Planted } from "./search";

/** What goes wrong, and tells all that it knows. */
const moods = [
  "nothing fails",
  "Terraform fails",
  "cdktf fails",
  "every server refuses",
  "every server refuses at length",
  "the database refuses",
  "something unexpected",
] as const;
type Mood = (typeof moods)[number];

/** Every command in every mode, with secrets in every place that has any. */
export const leaks: Row = {
  name: "leaks",
  promise:
    "no secret of a run is in what a command prints or writes, in the arguments of a program that it starts, or in the environment of one that does not need it: every command with each of its options, and when Terraform, a server, the database or we ourselves fail with a text that holds everything they were given",
  async run(limit) {
    const tally = new Tally(["printed", "in a file", "in an argument", "in an environment"]);
    const bench = await Bench.start();
    try {
      const cases = bench.calls().flatMap((call) =>
        // How two options print together does not hang on what goes wrong.
        (call.isPair ? moods.slice(0, 1) : moods).map((mood) => [call, mood] as const),
      );
      for (const [call, mood] of spread(cases, limit && limit * 3)) {
        await bench.call(call, mood, tally);
      }
      // Jest cannot load what opens it.
      if (limit === undefined) {
        await bench.browser(tally);
        await bench.processes(tally);
        recorded(tally);
      }
      tally.note(
        `${bench.planted.length} secrets, each looked for as it is, in JSON, URL, base64 and hexadecimal form, and in part`,
      );
      return tally.result();
    } finally {
      await bench.close();
    }
  },
};

const password = "Correct-horse-9";

class Bench {
  readonly planted: Planted[] = [];
  private readonly before = {
    fetch: globalThis.fetch,
    connect: oracledb.getConnection,
    now: performance.now,
    temporary: process.env.TMPDIR,
  };
  private readonly variables: NodeJS.ProcessEnv = {
    WALLET_OF_LOCAL: this.plant("password of the wallet", 'Wallet "quoted" & <tagged> 50%+1/2'),
  };
  private files = new Set<string>();
  private mood: Mood = "nothing fails";

  private constructor(
    private readonly deployed: Deployed,
    /** What the harness writes. */
    private readonly aside: string,
  ) {}

  static async start(): Promise<Bench> {
    const deployed = await Deployed.start();
    const bench = new Bench(deployed, join(deployed.folder, "aside"));
    try {
      await bench.prepare();
      return bench;
    } catch (error) {
      await bench.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    globalThis.fetch = this.before.fetch;
    oracledb.getConnection = this.before.connect;
    performance.now = this.before.now;
    if (this.before.temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = this.before.temporary;
    await this.deployed.close();
  }

  /** A file for each program that was started: its arguments, an empty line, and its environment. */
  private get noted(): string {
    return join(this.aside, "children");
  }

  calls(): Call[] {
    const { deployed, aside } = this;
    const { domainUrl } = deployed.outputs.client;
    return everyCall({
      url: deployed.apiUrl,
      file: join(aside, "undo.sql"),
      needed: deployed.importFlags,
      known: {
        "--outputs": join(aside, "hand-over.json"),
        "--ords-version": "24.2",
        "--restore": join(aside, "undo.sql"),
        "--client": "reports",
        "--scope": "hello.read",
        "--output": "written",
        "--html": "page.html",
        "--file": join(aside, "api.json"),
        "--token": "-",
        "--environment": "local",
        "--schema": "HELLO",
        "--module": "hello",
        "--region": "eu-frankfurt-1",
        "--profile": "DEFAULT",
        "--compartment": "ocid1.compartment.oc1..local",
        "--wallet": "wallet",
        "--wallet-password-variable": "WALLET_OF_LOCAL",
        "--user-mail": "ann@example.com",
        "--domain-name": "made",
        "--app-name": "made",
        "--existing-domain": domainUrl,
      },
    });
  }

  private async prepare(): Promise<void> {
    const { deployed } = this;
    const { folder, standIns } = deployed;
    mkdirSync(this.aside);
    this.writeEnvironments();
    await deployed.activate(password);
    await this.register();
    const { stdout } = await deployed.run(["unregister", "local", "--json"], { env: this.variables });
    writeFileSync(join(this.aside, "undo.sql"), readFileSync(join(folder, JSON.parse(stdout).undo)));
    await this.register();
    writeFileSync(join(this.aside, "hand-over.json"), JSON.stringify(deployed.outputs));
    writeFileSync(
      join(this.aside, "api.json"),
      JSON.stringify({ openapi: "3.0.3", info: { title: "hello", version: "1" }, paths: {} }),
    );

    const keyFile = join(folder, "home/.oci/key.pem");
    const passphrase = this.plant("passphrase of the key", "Key-Phrase-4711-abc");
    const key = createPrivateKey(readFileSync(keyFile));
    this.plant("private key", String(key.export({ type: "pkcs8", format: "pem" })));
    writeFileSync(keyFile, key.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase }));
    const config = join(folder, "home/.oci/config");
    writeFileSync(config, `${readFileSync(config, "utf8")}pass_phrase=${passphrase}\n`);

    this.plant("password of the database", standIns.user.password);
    this.plant("client secret", deployed.clientSecret);
    this.plant("something typed by mistake", "Typed-Secret-77");
    Object.assign(this.variables, {
      ORDS_JWT_DEV_PASSWORD: this.plant("password of another database", "Other-Database-Pw-1"),
      HTTPS_PROXY: `http://ann:${this.plant("password of the proxy", "Proxy-Pass-0815")}@127.0.0.1:9`,
      TF_VAR_private_key_password: passphrase,
      TF_VAR_private_key: this.planted.find(({ name }) => name === "private key")!.value,
      CI_JOB_TOKEN: this.plant("token of CI", "Ci-Job-Token-123456"),
    });
    const reports = { ...deployed.outputs.client, public: false };
    const { clientId, grants, redirectUris, scopes } = reports;
    this.writePrograms();
    deployed.setOutputs(
      { ...deployed.outputs, clients: { reports: { clientId, public: false, grants, redirectUris, scopes } } },
      { client_secret_reports: this.plant("secret of a further client", "Reports'Secret\\with\"marks&<>%41+/=") },
    );
    this.writePrograms();
    process.env.TMPDIR = join(folder, "tmp");
    mkdirSync(process.env.TMPDIR);
    this.watchFetch();
    this.files = new Set(this.below(folder));
  }

  /** The wallet of `local` gets a password. */
  private writeEnvironments(): void {
    const given = this.deployed.ownEnvironments("dev", "prod");
    writeFileSync(
      join(this.deployed.folder, "environments/local.ts"),
      `import local from ${JSON.stringify(join(given, "local"))};
export default { ...local, database: { ...local.database, walletPasswordVariable: "WALLET_OF_LOCAL" } };
`,
    );
  }

  private plant(name: string, value: string): string {
    if (!this.planted.some((one) => one.value === value)) this.planted.push({ name, value });
    return value;
  }

  /** Programs in place of Terraform, cdktf and the synthesis: they note what they are given, and some tell all of it. */
  private writePrograms(): void {
    const { folder, outputs } = this.deployed;
    const program = (path: string, text: string) => {
      rmSync(path, { force: true });
      writeFileSync(path, text);
      chmodSync(path, 0o755);
    };
    const file = (name: string, text: string) => {
      writeFileSync(join(this.aside, name), text);
      return `'${join(this.aside, name)}'`;
    };
    const secret = this.deployed.clientSecret;
    const said = file("said", `  + client_secret = ${JSON.stringify(secret)}\nError: ${secret} is wrong\n`);
    // A shell starts in no time.
    const note = `
{ printf '%s\\n' "$0" "$@"; echo; env; } > '${this.noted}'/$$
tell() {
  { cat ${said}; env; printf 'x:%s' "$TF_VAR_private_key_password" | base64; } >&2
  cat ${said} '${join(folder, "outputs.json")}'
  exit 1
}
`;
    const plan = {
      resource_changes: [
        {
          address: "oci_identity_domains_app.App",
          mode: "managed",
          type: "oci_identity_domains_app",
          change: {
            actions: ["update"],
            before: { client_secret: this.deployed.clientSecret, description: "old" },
            after: { client_secret: this.deployed.clientSecret, description: "new" },
            after_unknown: false,
            before_sensitive: false,
            after_sensitive: false,
          },
        },
      ],
      output_changes: { ords: { actions: ["no-op"], before: outputs, after: outputs, after_unknown: false } },
    };
    const binary = join(folder, "terraform");
    program(
      binary,
      `#!/bin/sh
${note}
case "$MOOD $*" in
  "Terraform fails -"*) tell "$@" ;;
  *" version "*) echo '{"terraform_version":"1.12.0"}' ;;
  *" output "*) cat '${join(folder, "outputs.json")}' ;;
  *" show -json /dev/fd/3") cat ${file("plan.json", JSON.stringify(plan))} ;;
  *" show "*) echo '{}' ;;
esac
`,
    );
    program(join(folder, "synthesize"), `#!/bin/sh\n${note}`);
    const settings = join(folder, "cdktf.json");
    const asGiven = JSON.parse(readFileSync(settings, "utf8"));
    unlinkSync(settings);
    writeFileSync(settings, JSON.stringify({ ...asGiven, app: "./synthesize" }));
    const modules = join(folder, "node_modules");
    const installed = realpathSync(modules);
    if (lstatSync(modules).isSymbolicLink()) {
      unlinkSync(modules);
      mkdirSync(join(modules, ".bin"), { recursive: true });
      symlinkSync(join(installed, ".bin/tsx"), join(modules, ".bin/tsx"));
    }
    // Node starts it, by its path.
    program(
      join(modules, ".bin/cdktf"),
      `
const { argv, env } = process;
const line = JSON.stringify({ argv, env });
require("node:fs").writeFileSync(${JSON.stringify(this.noted)} + "/" + process.pid, argv.join("\\n") + "\\n\\n" + Object.values(env).join("\\n"));
console.log(${JSON.stringify(`  - client_secret = ${JSON.stringify(secret)} -> null`)});
if (env.MOOD === "cdktf fails") {
  console.error("client_secret = " + ${JSON.stringify(secret)}, "\\n", line, "\\n", env.TF_VAR_private_key);
  console.log(${JSON.stringify(`Error: ${secret} is wrong`)});
  process.exitCode = 1;
}
`,
    );
  }

  /** Notes the tokens that come and the codes that go, and lets servers answer with all that they were sent. */
  private watchFetch(): void {
    globalThis.fetch = async (to, init) => {
      const body = String(init?.body ?? "");
      for (const name of ["code", "code_verifier", "refresh_token", "device_code"]) {
        const value = new URLSearchParams(body).get(name);
        if (value) this.plant(`${name} ${this.planted.length}`, value);
      }
      if (this.mood.startsWith("every server")) {
        const filler = this.mood.endsWith("length") ? "x".repeat(480) : "";
        const headers = JSON.stringify(Object.fromEntries(new Headers(init?.headers)));
        const text = `${filler.slice(0, 480 - 40)} ${headers} ${body}`;
        const answer = { error: "invalid_request", error_description: text, code: "InvalidParameter", message: text };
        // Also where it is taken for a good answer, whose beginning is shown.
        return String(to).startsWith(this.deployed.apiUrl)
          ? new Response(`${filler.slice(0, 150)}${headers}`)
          : Response.json(answer, { status: 400 });
      }
      const response = await this.before.fetch(to, init);
      const answer = await answerOf(response.clone());
      for (const name of ["access_token", "refresh_token", "id_token", "device_code"]) {
        const value = answer[name];
        if (typeof value === "string") this.plant(`${name} ${this.planted.length}`, value);
      }
      return response;
    };
  }

  async call({ args, input }: Call, mood: Mood, tally: Tally): Promise<void> {
    const { deployed } = this;
    rmSync(this.noted, { recursive: true, force: true });
    mkdirSync(this.noted);
    rmSync(join(deployed.folder, ".tokens"), { recursive: true, force: true });
    // What another stack has registered is not imported.
    if (args[0] === "import") await deployed.run(["unregister", "local", "--expose"], { env: this.variables });
    const token = input === "token" ? await deployed.token() : undefined;
    if (token) this.plant("token on standard input", token);
    this.setMood(mood);
    let browsing: Promise<unknown> | undefined;
    const ran = await deployed
      .run([...args], {
        env: { ...this.variables, MOOD: mood },
        input: token ?? (input === "no token" ? "Typed-Secret-77" : ""),
        onStderr(text) {
          const [, address] = /^ {2}(https:\S+)\n/m.exec(text) ?? [];
          // Whoever signs out has nothing to fill in.
          if (address && !args.includes("--logout"))
            browsing ??= deployed.browse(address, { username: "alice@example.com", password }).catch(() => undefined);
        },
      })
      .finally(() => this.setMood("nothing fails"));
    await browsing;
    const children = this.children();
    // Terraform, and cdktf for Terraform, may have what the provider signs in with.
    const needed = /^(passphrase|private key|password of the proxy|token of CI)/;
    const denied = this.planted.filter(({ name }) => !needed.test(name));
    tally.add(`${args.join(" ")}: ${mood}`, {
      printed: this.printed(args, ran),
      "in a file": this.written(args),
      "in an argument": said(children.flatMap(({ argv }) => found(argv, this.planted))),
      "in an environment": said(children.flatMap(({ env }) => found(env, denied))),
    });
    await this.again(args);
  }

  private setMood(mood: Mood): void {
    this.mood = mood;
    // Whoever waits for a server that will not change its mind has waited long enough.
    let ahead = 0;
    performance.now = mood.startsWith("every server") ? () => (ahead += 5_000) : this.before.now;
    oracledb.getConnection = this.before.connect;
    if (mood !== "the database refuses" && mood !== "something unexpected") return;
    oracledb.getConnection = ((attributes: unknown) => {
      const text = `cannot log in with ${JSON.stringify(attributes)}`;
      if (mood === "something unexpected") {
        const error = new TypeError(text);
        error.stack = `${error.stack}\n    at ${text}`;
        return Promise.reject(error);
      }
      return Promise.reject(Object.assign(new Error(`ORA-28000: ${text}`), { code: "ORA-28000" }));
    }) as typeof oracledb.getConnection;
  }

  /** In what a command says; the one that is asked for a token prints that. */
  private printed(args: readonly string[], { stdout, stderr }: Ran): string | undefined {
    const isToken = args[0] === "token" && args[1] === "local";
    const results = this.planted.filter(({ name }) => !(isToken && name.startsWith("access_token")));
    const names = [...found(stdout, results), ...found(stderr, this.planted)];
    return names.length > 0 ? `${names.join(", ")}: ${stdout}${stderr}` : undefined;
  }

  /** In files that are new; those that are there to hold one are for their owner alone. */
  private written(args: readonly string[]): string | undefined {
    const { folder } = this.deployed;
    const names = this.below(folder)
      .filter((path) => !this.files.has(path))
      .flatMap((path) => {
        const name = relative(folder, path);
        const isClosed = (lstatSync(path).mode & 0o077) === 0;
        const holds = found(readFileSync(path, "utf8"), this.planted).filter((secret) => {
          if (!isClosed) return true;
          if (name.startsWith(".tokens/")) return !/^(access|refresh)_token/.test(secret);
          return !(args.includes("--with-secret") && name.endsWith("environment.json") && secret === "client secret");
        });
        return holds.map((secret) => `${secret} in ${name}`);
      });
    return said(names);
  }

  private children(): { argv: string; env: string }[] {
    return readdirSync(this.noted).map((name) => {
      const text = readFileSync(join(this.noted, name), "utf8");
      const end = text.indexOf("\n\n");
      return { argv: text.slice(0, end), env: text.slice(end) };
    });
  }

  /** What the next call finds. */
  private async again(args: readonly string[]): Promise<void> {
    const { folder } = this.deployed;
    for (const path of this.below(folder)) if (!this.files.has(path)) rmSync(path);
    if (!/^(import|unregister|destroy|restore)$/.test(args[0] ?? "") || args.includes("--plan")) return;
    await this.register();
  }

  private async register(): Promise<void> {
    const { code, stderr } = await this.deployed.run(["register", "local", "--sample-api"], { env: this.variables });
    if (code !== 0) throw new Error(stderr);
    rmSync(join(this.deployed.folder, "undo"), { recursive: true, force: true });
  }

  /** The browser is started with the address, and with nothing that it could do without. */
  async browser(tally: Tally): Promise<void> {
    const seen = join(this.aside, "browser");
    const program = join(this.aside, "browse");
    writeFileSync(
      program,
      `#!${process.execPath}
const { renameSync, writeFileSync } = require("node:fs");
writeFileSync(${JSON.stringify(`${seen}.part`)}, JSON.stringify({ argv: process.argv, env: process.env }));
renameSync(${JSON.stringify(`${seen}.part`)}, ${JSON.stringify(seen)});
`,
      { mode: 0o755 },
    );
    const env = { ...this.variables, DISPLAY: ":0", BROWSER: program };
    const { stderr } = await this.deployed.run(["token", "local", "--timeout", "1"], { env });
    if (!stderr.includes("the browser that was opened")) throw new Error(`no browser was opened: ${stderr}`);
    while (!existsSync(seen)) await new Promise((resolve) => setTimeout(resolve, 20));
    const { argv, env: given } = JSON.parse(readFileSync(seen, "utf8"));
    const denied = this.planted.filter(({ name }) => name !== "password of the proxy");
    tally.add("token local, the browser", {
      "in an argument": said(found(argv.join("\n"), this.planted)),
      "in an environment": said(found(Object.values(given).join("\n"), denied)),
    });
  }

  /** Processes in which something fails where nobody waits for it. */
  async processes(tally: Tally): Promise<void> {
    const shim = join(__dirname, "fail-late.cjs");
    for (const way of ["throws", "rejects", "throws a text", "says"]) {
      for (const flags of [[], ["--json"], ["--verbose"]]) {
        const args = ["--require", shim, "scripts/ords-jwt.js", "register", "local", "--plan", ...flags];
        const env = { ...this.variables, FAIL_LATE: way };
        const ran = await this.deployed.execute(process.execPath, args, { env });
        const isTold = /cannot go on/.test(ran.stdout + ran.stderr);
        if (!isTold) throw new Error(`nothing failed: ${JSON.stringify(ran)}`);
        tally.add(`register local --plan ${flags}, a process that ${way} late`, { printed: this.printed(args, ran) });
      }
    }
  }

  /** Every file that is no link. */
  private below(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      // The harness's own, and what Node keeps of programs that it has compiled.
      if (entry.isDirectory()) return path === this.aside || entry.name.startsWith("tsx-") ? [] : this.below(path);
      return entry.isFile() ? [path] : [];
    });
  }
}

/** Made up for the tests that read them. */
const fixtures = /^stand-ins\/__tests__\/(ords\/fixtures\/rsa-4096|terraform-provider\/recorded-traffic)\.json$/;

/** What tests have recorded and pages show: no secret of anybody, by its form. */
function recorded(tally: Tally): void {
  const root = join(__dirname, "../..");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (name) =>
      !/(^|\/)(node_modules|\.git|cdktf\.out|dist|state)\//.test(name) && /\.(snap|md|jsonl?|ya?ml)$/.test(name),
  );
  for (const name of files.filter((name) => !fixtures.test(name))) {
    const [secret] =
      /idcscs-[\da-f]{8}-|-----BEGIN [A-Z ]*PRIVATE KEY|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{20,}|\b(Basic|Bearer) [\w+/.-]{20,}/.exec(
        readFileSync(join(root, name), "utf8"),
      ) ?? [];
    tally.add(name, { "in a file": secret });
  }
  if (!files.some((name) => name.includes("__snapshots__"))) throw new Error("there are no snapshots");
}

function said(names: readonly string[]): string | undefined {
  return names.length > 0 ? [...new Set(names)].join(", ") : undefined;
}

async function answerOf(response: Response): Promise<Record<string, unknown>> {
  try {
    return Object(await response.json());
  } catch {
    return {};
  }
}
