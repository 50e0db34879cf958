import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createDatabase, startOracleDatabase } from "@ords-jwt/stand-ins/oracle-database";
import oracledb from "oracledb";
import { readActual } from "../../../ords/database/read";
import { helloOutput } from "../../ords/hello";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bad-input-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command in a folder of its own; nothing of the caller's environment but where node is. */
function ordsJwt(args: string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; output: string }> {
  const script = join(__dirname, "../../../scripts/ords-jwt.js");
  const options = { cwd: folder, env: { PATH: dirname(process.execPath), NO_COLOR: "1", ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
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

test("a missing Terraform is named with what to do: exit code 3", async () => {
  mkdirSync(join(folder, "cdktf.out/stacks/local"), { recursive: true });
  const { code, output } = await ordsJwt(["register", "local"], { TERRAFORM_BINARY_NAME: "no-terraform-here" });
  expect(output).toMatch(/cannot run "no-terraform-here": install Terraform 1.11 or later/);
  expect(code).toBe(3);
});

test("a stack that is not synthesized is named with what to do: exit code 3", async () => {
  const { code, output } = await ordsJwt(["register", "dev"]);
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
  const { code, output } = await ordsJwt(["register", "local", "--sql", "--outputs", file]);
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
}, 60_000);

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
