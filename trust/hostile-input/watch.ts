import { readdirSync } from "node:fs";
import net from "node:net";
import { Readable, Writable } from "node:stream";
import pc from "picocolors";
import { Failure } from "../../errors";
import { isDriverError } from "../../ords/database/errors";
import { report } from "../../scripts/terminal/failure";
import { beginRun } from "../../scripts/terminal/secrets";
import { Terminal } from "../../scripts/terminal/terminal";

/** What no input may bring about. */
export const promises = [
  "crash",
  "hang",
  "stack trace",
  "polluted prototype",
  "file elsewhere",
  "terminal escape",
  "endless output",
  "request elsewhere",
  "exit code",
  "memory",
] as const;
type Promises = Partial<Record<(typeof promises)[number], string>>;

/** What a terminal obeys or what hides text, but for lines, tabs, and the colours that are ours. */
const obeyed = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/u;
const colours = new RegExp(`${"\u001b"}\\[\\d+m`, "g");

/** Only to end what hangs, in milliseconds. */
const patience = 120_000;

/** More than any input may make of itself: as often its length, and so many characters beside. */
const mayGrow = { factor: 12, more: 60_000 };

/** Whatever was connected to: `host:port`. */
export class Connections {
  private readonly real = net.Socket.prototype.connect;
  private seen: string[] = [];

  constructor() {
    const { real } = this;
    const watch = this;
    // Also fetch, TLS and the driver of the database end here.
    net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
      const [options] = args.flat() as [{ host?: string; port?: unknown; path?: string } | number | string];
      const { host = "localhost", port } =
        typeof options === "object" ? options : { port: options, host: String(args[1]) };
      const isLoopback = /^(localhost|127\.0\.0\.1|::1)$/.test(host);
      watch.seen.push(`${host}:${port}`);
      if (isLoopback) return real.apply(this, args as never);
      process.nextTick(() => this.destroy(new Error(`a connection to ${host}`)));
      return this;
    } as typeof this.real;
  }

  take(): string[] {
    const { seen } = this;
    this.seen = [];
    return seen;
  }

  restore(): void {
    net.Socket.prototype.connect = this.real;
  }
}

export interface Attempt {
  /** Standard input. */
  readonly input?: Uint8Array | Readable;
  /** Length of what is hostile, in characters or bytes. */
  readonly size: number;
  /** Ports on this machine that may be asked. */
  readonly ports: readonly number[];
  /** Folders in which nothing may come or go. */
  readonly folders: readonly string[];
  readonly work: (terminal: Terminal) => unknown;
}

/** Runs something as a command is run, and looks at all that it does. */
export async function attempt(
  { input, size, ports, folders, work }: Attempt,
  connections: Connections,
): Promise<Promises> {
  let output = "";
  const sink = () =>
    new Writable({
      write(chunk, _encoding, done) {
        output += chunk;
        done();
      },
    });
  const terminal = new Terminal(
    input instanceof Readable ? input : Readable.from(input ? [input] : []),
    sink(),
    sink(),
  );
  const before = { prototypes: prototypes(), files: filesIn(folders) };
  connections.take();
  beginRun({});
  const broken: { -readonly [name in keyof Promises]: string } = {};
  let code: number;
  try {
    await inTime(async () => work(terminal));
    terminal.end();
    code = 0;
  } catch (error) {
    if (error instanceof HangError) broken.hang = error.message;
    else if (!(error instanceof Failure || isDriverError(error)))
      broken.crash = String((error as Error)?.stack ?? error);
    code = report(error, terminal, false);
  }
  const strangers = connections
    .take()
    .filter((place) => !ports.some((port) => place === `localhost:${port}` || place === `127.0.0.1:${port}`));
  const bare = pc.isColorSupported ? output.replace(colours, "") : output;
  const found = obeyed.exec(bare);
  if (!(code >= 0 && code <= 4)) broken["exit code"] = String(code);
  if (/\n\s+at .*:\d+:\d+|\bTypeError\b|\bRangeError\b|\bSyntaxError\b/.test(output))
    broken["stack trace"] = output.slice(0, 500);
  if (prototypes() !== before.prototypes) broken["polluted prototype"] = prototypes();
  if (filesIn(folders) !== before.files) broken["file elsewhere"] = filesIn(folders);
  if (found) broken["terminal escape"] = JSON.stringify(bare.slice(Math.max(0, found.index - 80), found.index + 40));
  if (output.length > size * mayGrow.factor + mayGrow.more)
    broken["endless output"] = `${output.length} characters of ${size}`;
  if (strangers.length > 0) broken["request elsewhere"] = strangers.join(", ");
  return broken;
}

class HangError extends Error {}

async function inTime(work: () => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new HangError(`not at its end after ${patience / 1000} s`)), patience);
  });
  try {
    await Promise.race([work(), end]);
  } finally {
    clearTimeout(timer);
  }
}

/** Everything that all objects inherit. */
function prototypes(): string {
  return [Object.prototype, Array.prototype, String.prototype, Function.prototype]
    .map((prototype) => Reflect.ownKeys(prototype).map(String).join())
    .join(";");
}

function filesIn(folders: readonly string[]): string {
  return folders.map((folder) => readdirSync(folder).join()).join(";");
}
