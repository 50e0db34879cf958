import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { App } from "cdktf";
import fc from "fast-check";
import { ConfigurationError } from "../../config/configuration-error";
import { parseEnvironment } from "../../config/environment";
import { OrdsJwtStack } from "../../constructs/ords-jwt-stack";
import local from "../../environments/local";
import { register } from "../../scripts/commands/register";
import { restore } from "../../scripts/commands/restore";
import { sql } from "../../scripts/commands/sql";
import { decodeToken } from "../../scripts/commands/token";
import type { Terminal } from "../../scripts/terminal/terminal";
import { changed, changedBytes, changedJson, changedLines, changedText } from "./hostile";
import { type Bench, generated, type Source } from "./source";

/** What people hand to a command: in files, and on standard input. */
export function fileSources({ deployed }: Bench): Source[] {
  const { database } = deployed.standIns;
  return [environmentFile(), handOver(), tokens(), undoScript(), endless()];

  function environmentFile(): Source {
    const whole = {
      ...local,
      tags: { team: "apis" },
      groups: { readers: { displayName: "Readers", members: ["alice"] } },
      clients: { batch: { displayName: "batch", grants: ["client_credentials"], scopes: ["hello.read"] } },
      jwtProfile: { allowedSkewSeconds: 5 },
      apiUrl: "https://api.example.com/ords/hello/hello/me",
    };
    return generated("environment file", 8, changed(whole), (value) => ({
      run(terminal) {
        const environment = parseEnvironment("local", value);
        try {
          const stack = new OrdsJwtStack(new App({ outdir: "cdktf.out" }), "local", environment);
          terminal.json(stack.toTerraform() as object);
        } catch (error) {
          // As main.ts does.
          if ((error as Error).constructor !== Error) throw error;
          throw new ConfigurationError((error as Error).message);
        }
      },
    }));
  }

  function handOver(): Source {
    const file = "handed-over.json";
    writeFileSync(join(deployed.folder, file), "");
    const modes = [{ json: true }, { markdown: true }, {}];
    return generated("hand-over file", 15, changedJson(deployed.outputs), (text, index) => ({
      ports: [database.port],
      run(terminal) {
        writeFileSync(file, text);
        const mode = modes[index % 4];
        if (!mode) return sql("local", { outputs: file, adopt: true }, terminal);
        return register("local", { outputs: file, plan: true, adopt: true, preflight: false, ...mode }, terminal);
      },
    }));
  }

  function tokens(): Source {
    const header = { alg: "RS256", typ: "JWT", kid: "key", x5t: "x" };
    const claims = {
      iss: "https://identity.oraclecloud.com/",
      sub: "alice@example.com",
      aud: "https://hello.example.com/",
      scope: "hello.read hello.write",
      iat: 1_764_000_000,
      nbf: 1_764_000_000,
      exp: 1_764_003_600,
      client_id: "c",
      gtp: "azc",
      tenant_iss: "https://idcs-1.identity.oraclecloud.com:443",
    };
    const part = (text: string) => Buffer.from(text).toString("base64url");
    const token = fc
      .tuple(changedJson(header), changedJson(claims), fc.constantFrom("c2ln", "", "%", "c2ln.c2ln"))
      .map(([one, two, signature]) => `${part(one)}.${part(two)}.${signature}`);
    const good = `${part(JSON.stringify(header))}.${part(JSON.stringify(claims))}.c2ln`;
    const bytes = fc.oneof(
      { weight: 4, arbitrary: token.map((text) => Buffer.from(text)) },
      { weight: 1, arbitrary: changedText(good).map((text) => Buffer.from(text)) },
      { weight: 1, arbitrary: changedBytes(Buffer.from(`\ufeff${good}`, "utf16le")) },
      {
        weight: 1,
        arbitrary: changedJson({ access_token: good, token_type: "Bearer" }).map((text) => Buffer.from(text)),
      },
    );
    return generated("token", 21, bytes, (input, index) => ({
      input,
      run: (terminal) => decodeToken("-", { json: index % 2 === 0 }, terminal),
    }));
  }

  function endless(): Source {
    const zeros = function* () {
      for (;;) yield Buffer.alloc(1_000_000, "a");
    };
    const file = "/dev/zero";
    const plan = { plan: true, preflight: false, outputs: file };
    return {
      name: "large files",
      share: 0,
      cases: () => [
        { what: "an endless hand-over file", size: 0, run: (terminal) => register("local", plan, terminal) },
        {
          what: "a hand-over file with 50,000 wrong entries",
          size: 100_000,
          run(terminal) {
            writeFileSync(
              "handed-over.json",
              JSON.stringify({ ...deployed.outputs, privileges: Array(50_000).fill(7) }),
            );
            return register("local", { ...plan, outputs: "handed-over.json" }, terminal);
          },
        },
        {
          what: "an endless undo script",
          size: 0,
          run: (terminal) => restore("local", file, { plan: true }, terminal),
        },
        {
          what: "endless standard input",
          size: 0,
          input: Readable.from(zeros()),
          run: (terminal) => decodeToken("-", {}, terminal),
        },
      ],
    };
  }

  function undoScript(): Source {
    const folder = join(deployed.folder, "undo");
    const [name] = readdirSync(folder);
    const script = readFileSync(join(folder, name!), "utf8");
    const file = "undo.sql";
    writeFileSync(join(deployed.folder, file), "");
    const modes = [{ json: true }, { markdown: true }, {}];
    return generated("undo script", 13, changedLines(script), (text, index) => ({
      ports: [database.port],
      run(terminal: Terminal) {
        writeFileSync(file, text);
        return restore("local", file, { plan: true, ...modes[index % 3] }, terminal);
      },
    }));
  }
}
