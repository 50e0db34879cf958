import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { createDatabase, startOracleDatabase } from "@ords-jwt/stand-ins/oracle-database";
import oracledb from "oracledb";
import { readActual } from "../../../ords/database/read";
import { helloOutput } from "../../ords/hello";
import { runInProcess } from "../in-process";

// How long it waits between its tries is no matter here.
jest.mock("node:timers/promises", () => ({ setTimeout: async () => {} }));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bad-input-"));
  symlinkSync(join(__dirname, "../../../environments"), join(folder, "environments"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** In a folder of its own; nothing of the caller's environment but where node is. */
const at = (env: NodeJS.ProcessEnv = {}) => ({
  cwd: folder,
  env: { PATH: dirname(process.execPath), NO_COLOR: "1", ...env },
});

async function ordsJwt(args: string[], env?: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  const { code, stdout, stderr } = await runInProcess(args, at(env));
  return { code, output: stdout + stderr };
}

/** The environment of a caller whose alias `ords_jwt_local` leads to that port. */
function databaseAt(port: number, password = "wrong"): NodeJS.ProcessEnv {
  const directory = mkdtempSync(join(folder, "tns-"));
  writeFileSync(join(directory, "tnsnames.ora"), `ords_jwt_local = localhost:${port}/FREEPDB1?retry_count=0\n`);
  return { TNS_ADMIN: directory, ORDS_JWT_LOCAL_PASSWORD: password };
}

function handOver(output: object): string {
  const file = join(mkdtempSync(join(folder, "outputs-")), "ords.json");
  writeFileSync(file, JSON.stringify(output));
  return file;
}

test.each([
  ["an unknown environment", ["register", "staging"], /unknown environment "staging": known are dev, local, prod/],
  ["an unknown flag", ["register", "local", "--pln"], /unknown option '--pln'\n\(Did you mean --plan\?\)/],
  ["an unknown command", ["registr", "local"], /unknown command 'registr'\n\(Did you mean register\?\)/],
  ["no environment", ["register"], /missing required argument 'environment'/],
  ["too many arguments", ["register", "local", "dev"], /too many arguments/],
])("%s runs nothing: exit code 2", async (_what, args, message) => {
  const { code, output } = await ordsJwt(args);
  expect(output).toMatch(message);
  expect(code).toBe(2);
});

test("the process has the exit code, and its streams are kept apart", () => {
  const script = join(__dirname, "../../../scripts/ords-jwt.js");
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { ...at(), encoding: "utf8" });
    return { status, stdout, stderr };
  };
  expect(run("register", "staging", "--json")).toEqual({
    status: 2,
    stdout: expect.stringMatching(/^{\n {2}"error": {\n {4}"code": "invalid-input",/),
    stderr: expect.stringMatching(/^error: unknown environment "staging"/),
  });
  expect(run("--help")).toEqual({ status: 0, stdout: expect.stringMatching(/^Usage: ords-jwt/), stderr: "" });
});

test("what goes wrong where nobody waits for it is an error like any other, without a stack and without secrets", async () => {
  const thrower = join(folder, "thrower.js");
  writeFileSync(thrower, "setImmediate(() => { throw new Error(`lost ${process.env.SOME_PASSWORD}`); });");
  const script = join(__dirname, "../../../scripts/ords-jwt.js");
  const args = ["--require", thrower, script, "token", "decode", "-", "--json"];
  // It waits for its standard input, which stays open.
  const child = spawn(process.execPath, args, at({ SOME_PASSWORD: "s3cr3t-word" }));
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  expect({ code, stderr }).toEqual({ code: 3, stderr: "error: lost (hidden)\n" });
  expect(JSON.parse(stdout).error).toEqual({ code: "unexpected", message: "lost (hidden)" });
});

test("a command line that cannot be parsed is told to programs too", async () => {
  const { stdout } = await runInProcess(["register", "local", "--json", "--pln"], at());
  expect(JSON.parse(stdout).error).toEqual({
    code: "invalid-input",
    message: expect.stringMatching(/^unknown option '--pln'/),
  });
});

test.each([
  [["--help"], ["zod", "fast-string-width"]],
  [["register", "staging"], ["zod"]],
  [["register", "local"], []],
  [["verify", "local", "--url", "https://api.example.com/"], []],
  [["doctor", "local"], []],
])("%j has said its first line before it loads driver, SDK, jose or oauth4webapi", (args, more) => {
  const script = join(__dirname, "../../../scripts/ords-jwt.js");
  // Past the console, which is the terminal's by then.
  const loaded = "process.on('exit', () => require('fs').writeSync(1, Object.keys(require.cache).join('\\n')));";
  const list = join(folder, "loaded.js");
  writeFileSync(list, loaded);
  const { stdout, stderr } = spawnSync(process.execPath, ["--require", list, script, ...args], {
    ...at(),
    encoding: "utf8",
  });
  expect(stdout + stderr).toMatch(/^Usage: |unknown environment "staging"|cannot run "terraform"/m);
  const isLoaded = (name: string) => stdout.includes(`/node_modules/${name}`);
  expect(isLoaded("commander/")).toBe(true);
  const late = ["oracledb/", "oci-", "jose/", "oauth4webapi/", "undici/", "cdktf/", "yocto-spinner/", ...more];
  expect(late.filter(isLoaded)).toEqual([]);
});

test("a missing Terraform is named with what to do: exit code 3", async () => {
  mkdirSync(join(folder, "cdktf.out/stacks/local"), { recursive: true });
  const { code, output } = await ordsJwt(["register", "local"], { TERRAFORM_BINARY_NAME: "no-terraform-here" });
  expect(output).toMatch(/cannot run "no-terraform-here": install Terraform 1.11 or later/);
  expect(code).toBe(3);
});

test.each([
  ["null", "printed what is not expected: the whole: "],
  ["[]", "printed what is not expected: the whole: "],
  ["<html>", "printed what is not its JSON"],
  ['{"ords":', "printed what is not its JSON"],
  [`{"ords":${"[".repeat(10_000)}${"]".repeat(10_000)}}`, "printed what is not its JSON"],
  ['{"ords":null}', "printed what is not expected: ords: "],
  ['{"client_secret_x":{"value":"s3cr3t-word"},"ords":7}', "printed what is not expected: ords: "],
  ['{"__proto__":{"ords":{"value":{}}}}', "stack local is not deployed"],
])("outputs that Terraform does not print so, %.40s, are refused without being quoted", async (printed, message) => {
  mkdirSync(join(folder, "cdktf.out/stacks/local"), { recursive: true });
  const binary = join(folder, "terraform-of-another-kind");
  writeFileSync(join(folder, "printed"), printed);
  writeFileSync(binary, `#!/bin/sh\ncat '${join(folder, "printed")}'\n`, { mode: 0o755 });
  const { code, output } = await ordsJwt(["outputs", "local"], { TERRAFORM_BINARY_NAME: binary });
  expect(output).toContain(message);
  expect(output).not.toMatch(/s3cr3t-word|<html>|TypeError|SyntaxError/);
  expect(code).toBe(3);
});

test("a file without end, and standard input without end, are not read to it", async () => {
  const file = await ordsJwt(["register", "local", "--outputs", "/dev/zero", "--plan"]);
  expect(file).toEqual({
    code: 2,
    output: "error: cannot read outputs from /dev/zero: it has more than 10000000 bytes\n",
  });
  const input = "a".repeat(10_000_001);
  const { code, stderr } = await runInProcess(["token", "decode"], { ...at(), input });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: "error: cannot read the token from standard input: it has more than 10000000 bytes\n",
  });
});

describe("without Terraform in PATH", () => {
  const env = { PATH: tmpdir() };
  const message =
    'error: cannot run "terraform": install Terraform 1.11 or later (https://developer.hashicorp.com/terraform/install) so that PATH leads to it, or name the binary in TERRAFORM_BINARY_NAME\n';
  const url = "https://host/ords/hello/";

  test.each([
    ["diff", "dev"],
    ["deploy", "dev", "--yes"],
    ["destroy", "dev", "--yes"],
    ["register", "dev"],
    ["sql", "dev"],
    ["outputs", "dev"],
    ["verify", "dev", "--url", url],
    ["doctor", "dev", "--url", url],
    ["token", "dev"],
    ["postman", "dev", "--url", url],
  ])("%s says that it is missing, before anything else: exit code 3", async (...args) => {
    expect(await ordsJwt(args, env)).toEqual({ code: 3, output: message });
  });

  test("synthesis says it too, and blames no environment", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--require", "./scripts/typescript.js", "main.ts"],
      {
        cwd: join(__dirname, "../../.."),
        env,
        encoding: "utf8",
      },
    );
    expect({ status, stdout, stderr }).toEqual({ status: 3, stdout: "", stderr: message });
  });
});

describe("on a version of Node that is too old", () => {
  const root = join(__dirname, "../../..");

  test.each([
    ["a command", ["scripts/ords-jwt.js", "diff", "dev"]],
    ["synthesis", ["--require", "./scripts/typescript.js", "main.ts"]],
  ])("%s says which one is needed, and loads nothing: exit code 3", (_what, args) => {
    for (const version of ["8.17.0", "18.20.8", "20.18.3"]) {
      const pretend = join(folder, "old-node.js");
      writeFileSync(
        pretend,
        `Object.defineProperty(process, "versions", { value: Object.assign({}, process.versions, { node: "${version}" }) });`,
      );
      const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", pretend, ...args], {
        cwd: root,
        env: at().env,
        encoding: "utf8",
      });
      const message = `error: Node.js ${version} is too old: install 20.19 or later, from https://nodejs.org or by a version manager\n`;
      expect({ status, stdout, stderr }).toEqual({ status: 3, stdout: "", stderr: message });
    }
  });

  test("what says so is JavaScript that the oldest version can read", () => {
    const source = readFileSync(join(root, "scripts/node-version.js"), "utf8");
    expect(source.replace(/^ *\/\/.*$/gm, "")).not.toMatch(
      /=>|`|\b(const|let|class|import|async|await)\b|\?\.|\?\?|node:/,
    );
  });
});

test("a stack that is not synthesized is named with what to do: exit code 3", async () => {
  // Any program: it is not run.
  const { code, output } = await ordsJwt(["register", "dev"], { TERRAFORM_BINARY_NAME: process.execPath });
  expect(output).toMatch(/the state of stack dev cannot be read here .* run npx ords-jwt diff dev first/);
  expect(code).toBe(3);
});

test("a hand-over file that lacks a value is refused by the value's name: exit code 2", async () => {
  const { audience: _, ...profile } = helloOutput.profile;
  const { code, output } = await ordsJwt(["register", "local", "--outputs", handOver({ ...helloOutput, profile })]);
  expect(output).toMatch(/ords\.json does not hold a usable output "ords":\n +ords\.profile\.audience: /);
  expect(code).toBe(2);
});

test("a hand-over file for another schema is refused: exit code 2", async () => {
  const file = handOver({ ...helloOutput, stack: "local", schema: "BILLING" });
  const { code, output } = await ordsJwt(["sql", "local", "--outputs", file]);
  expect(output).toMatch(/is for schema BILLING, environments\/local.ts for HELLO/);
  expect(code).toBe(2);
});

test("a hand-over file that is not there is refused: exit code 2", async () => {
  const { code, output } = await ordsJwt(["register", "local", "--outputs", "nowhere.json"]);
  expect(output).toMatch(/cannot read outputs from nowhere.json: ENOENT/);
  expect(code).toBe(2);
});

test("a password variable that is not set is named: exit code 2", async () => {
  const { code, output } = await ordsJwt([
    "register",
    "local",
    "--no-preflight",
    "--outputs",
    handOver({ ...helloOutput, stack: "local" }),
  ]);
  expect(output).toMatch(/set the environment variable ORDS_JWT_LOCAL_PASSWORD/);
  expect(code).toBe(2);
});

test("a database that cannot be reached is said to be so: exit code 3", async () => {
  const port = await closedPort();
  const args = ["register", "local", "--no-preflight", "--outputs", handOver({ ...helloOutput, stack: "local" })];
  const { code, output } = await ordsJwt(args, databaseAt(port));
  expect(output).toMatch(/nothing answers at that address: check host, port and network of connectString\n.*NJS-/);
  expect(code).toBe(3);
});

test("a wrong password is said to be so, is not shown, and nothing is written: exit code 3", async () => {
  const user = { name: "HELLO", password: "right" };
  const database = await startOracleDatabase(createDatabase({ users: [user] }));
  try {
    const args = [
      "register",
      "local",
      "--sample-api",
      "--no-preflight",
      "--outputs",
      handOver({ ...helloOutput, stack: "local" }),
    ];
    const { code, output } = await ordsJwt(args, databaseAt(database.port, "a-wrong-password"));
    expect(output).toMatch(/user name or password is wrong: .*\n.*ORA-01017/);
    expect(output).not.toContain("a-wrong-password");
    expect(code).toBe(3);

    const { connectString } = database;
    const connection = await oracledb.getConnection({ user: user.name, password: user.password, connectString });
    expect(await readActual(connection)).toMatchObject({ basePath: null, profile: null, privileges: [], modules: [] });
    await connection.close();
  } finally {
    await database.close();
  }
});

function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "localhost", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
