import { writeFileSync } from "node:fs";
import { join } from "node:path";
import oracledb from "oracledb";
import { stateOf } from "../__tests__/ords/database";
import { Deployed } from "../__tests__/scripts/deployed";
import { type FailureCode, failures } from "../errors";
import type { OrdsOutput } from "../ords/output";
import { type Fault, faultKinds, Relay } from "./relay";
import { type Row, spread, Tally } from "./row";

type Side = "database" | "domain" | "gateway" | "OCI";

/** Commands, with the sides that they talk to. */
const conversations = [
  { command: "register", side: "database" },
  { command: "register", side: "domain" },
  { command: "verify", side: "domain" },
  { command: "verify", side: "gateway" },
  { command: "doctor", side: "OCI" },
] as const;
type Conversation = (typeof conversations)[number];

export const network: Row = {
  name: "network",
  promise:
    "whatever message between a command and the database, the domain, ORDS or OCI is cut, reset, truncated or delayed: the schema holds the old state or the new one, and the command says which, with a plain error and its own exit code",
  async run(limit) {
    const tally = new Tally(["half done", "wrong claim", "unclear error", "late is lost"]);
    const bench = await Bench.start();
    try {
      const cases = [];
      for (const conversation of conversations) {
        for (const fault of await bench.faults(conversation)) cases.push({ conversation, fault });
      }
      for (const { conversation, fault } of spread(cases, limit)) await bench.disturb(conversation, fault, tally);
    } finally {
      await bench.close();
    }
    return tally.result();
  },
};

class Bench {
  private deployed!: Deployed;
  private outputs!: OrdsOutput;
  private old = "";
  private wanted = "";

  static async start(): Promise<Bench> {
    const bench = new Bench();
    bench.deployed = await Deployed.start();
    bench.outputs = bench.deployed.outputs;
    await bench.deployed.register();
    bench.wanted = await bench.state();
    await bench.registerOld();
    bench.old = await bench.state();
    return bench;
  }

  close(): Promise<void> {
    return this.deployed.close();
  }

  /** Everything that can become of the messages of an undisturbed run. */
  async faults(conversation: Conversation): Promise<Fault[]> {
    const { code, stderr, seen } = await this.run(conversation);
    if (code !== 0) throw new Error(`${conversation.command} ended with ${code}: ${stderr}`);
    await this.registerOld();
    return (["request", "answer"] as const).flatMap((direction) =>
      Array.from({ length: seen[direction] }, (_, index) =>
        faultKinds.map((kind) => ({ direction, kind, message: index + 1 })),
      ).flat(),
    );
  }

  async disturb(conversation: Conversation, fault: Fault, tally: Tally): Promise<void> {
    const { command, side } = conversation;
    const { code, stdout, stderr } = await this.run(conversation, fault);
    const state = await this.state();
    const what = `${command}, ${side}: ${fault.kind} of ${fault.direction} ${fault.message}`;
    tally.add(what, {
      "half done": state === this.old || state === this.wanted ? undefined : state,
      "wrong claim": command === "register" ? this.wrongClaim(code, stderr, state) : undefined,
      "unclear error": unclear(code, stdout, stderr),
      "late is lost": fault.kind === "delay" && code !== 0 ? `exit ${code}: ${stderr}` : undefined,
    });
    if (state !== this.old) await this.registerOld();
  }

  private wrongClaim(code: number | null, stderr: string, state: string): string | undefined {
    const isNew = state === this.wanted;
    if (code === 0) return isNew ? undefined : "exit 0, and nothing was written";
    if (/nothing was changed/.test(stderr))
      return isNew ? "it was written: the error says that nothing was changed" : undefined;
    return isNew && !/either all|everything was written/.test(stderr) ? `it was written: ${stderr}` : undefined;
  }

  private async run({ command, side }: Conversation, fault?: Fault) {
    const { ords, database, oci } = this.deployed.standIns;
    const { domainUrl } = this.outputs.client;
    const targets: Record<Side, string> = {
      database: `localhost:${database.port}`,
      domain: domainUrl,
      gateway: ords.url,
      OCI: oci.url,
    };
    const port = /:(\d+)/.exec(targets[side].replace("https://", ""))![1]!;
    const relay = await new Relay(Number(port), fault).listen();
    const redirected = <T>(value: T, isSide: Side): T =>
      side === isSide
        ? JSON.parse(JSON.stringify(value).replaceAll(`localhost:${port}`, `localhost:${relay.port}`))
        : value;
    this.connectTo(side === "database" ? relay.port : database.port);
    this.deployed.setOutputs(redirected(this.outputs, "domain"));
    const url = redirected(this.deployed.apiUrl, "gateway");
    try {
      const args = [command, "local", "--json", ...(command === "verify" ? ["--url", url] : [])];
      const env =
        side === "OCI" ? { CLIENT_HOST_OVERRIDES: `oci_identity.IdentityClient=https://localhost:${relay.port}` } : {};
      return { ...(await this.deployed.run(args, { env })), seen: relay.seen };
    } finally {
      relay.close();
      this.connectTo(database.port);
      this.deployed.setOutputs(this.outputs);
    }
  }

  private connectTo(port: number): void {
    const alias = `ords_jwt_local = localhost:${port}/FREEPDB1\n`;
    writeFileSync(join(this.deployed.folder, "tns", "tnsnames.ora"), alias);
  }

  /** Another text for a privilege: what the next register has to change, and nothing that verify looks at. */
  private async registerOld(): Promise<void> {
    const [first, ...rest] = this.outputs.privileges;
    this.deployed.setOutputs({ ...this.outputs, privileges: [{ ...first!, label: "old" }, ...rest] });
    const { code, stderr } = await this.deployed.run(["register", "local", "--no-preflight"]);
    this.deployed.setOutputs(this.outputs);
    if (code !== 0) throw new Error(`register ended with ${code}: ${stderr}`);
  }

  private async state(): Promise<string> {
    const { name: user, password } = this.deployed.standIns.user;
    const { connectString } = this.deployed.standIns.database;
    const connection = await oracledb.getConnection({ user, password, connectString });
    try {
      // The domain is the same behind whatever port.
      return JSON.stringify(await stateOf(connection)).replace(/localhost:\d+/g, "localhost");
    } finally {
      await connection.close();
    }
  }
}

/** What a person or a program could not make use of. */
function unclear(code: number | null, stdout: string, stderr: string): string | undefined {
  if (/\n\s+at |TypeError|\bundefined\b|\[object /.test(stdout + stderr)) return stdout + stderr;
  if (code === 0) return undefined;
  let error: { code: FailureCode; message: string } | undefined;
  try {
    ({ error } = JSON.parse(stdout));
  } catch {
    return `no JSON: ${stdout}`;
  }
  // A check that failed is in the result.
  if (error === undefined) return code === 1 ? undefined : `exit ${code} without an error`;
  if (error.code === "unexpected") return `unexpected: ${error.message}`;
  return failures[error.code].exitCode === code ? undefined : `exit ${code} for ${error.code}`;
}
