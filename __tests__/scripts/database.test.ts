import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Account,
  createDatabase,
  OracleError,
  type RequestInfo,
  startOracleDatabase,
  type Verdict,
} from "@ords-jwt/stand-ins/oracle-database";
import { parseEnvironment } from "../../config/environment";
import local from "../../environments/local";
import { helloOutput } from "../ords/hello";
import { type Ran, runInProcess } from "./in-process";

// How long it waits between its tries is no matter where none of them finds anything.
let mockIsPatient = true;
jest.mock("node:timers/promises", () => ({
  setTimeout: (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, mockIsPatient ? milliseconds : 0)),
}));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "database-"));
  symlinkSync(join(__dirname, "../../environments"), join(folder, "environments"));
  writeFileSync(join(folder, "ords.json"), JSON.stringify({ ...helloOutput, stack: "local" }));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Server = Awaited<ReturnType<typeof startOracleDatabase>>;

function start(
  options: { port?: number; serviceName?: string; onRequest?: (info: RequestInfo) => Promise<Verdict> } = {},
) {
  const users = [{ name: "HELLO", password: "hello" }];
  return startOracleDatabase(createDatabase({ users, serviceName: options.serviceName }), options);
}

const args = ["register", "local", "--no-preflight", "--sample-api", "--outputs", "ords.json"];

/** Where the alias `ords_jwt_local` leads to that port. */
function at(port: number) {
  writeFileSync(join(folder, "tnsnames.ora"), `ords_jwt_local = localhost:${port}/FREEPDB1\n`);
  const env = { PATH: process.env.PATH, TNS_ADMIN: folder, ORDS_JWT_LOCAL_PASSWORD: "hello", NO_COLOR: "1" };
  return { cwd: folder, env };
}

/** A process of its own, for signals. */
function registerProcess(port: number) {
  const child = spawn(process.execPath, [join(__dirname, "../../scripts/ords-jwt.js"), ...args], at(port));
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (output.stdout += chunk));
  child.stderr.on("data", (chunk) => (output.stderr += chunk));
  const done = new Promise<Ran>((resolve) => child.once("close", (code) => resolve({ code, ...output })));
  return { child, done, output };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

test("a database that starts late, and then has to learn of its service, is waited for", async () => {
  const closed = await start();
  await closed.close();
  let shown = "";
  const done = runInProcess(args, {
    ...at(closed.port),
    onStderr: (text) => {
      shown = text;
    },
  });
  await until(() => shown.includes("not ready (NJS-5"));
  const listening = await start({ port: closed.port, serviceName: "OTHER" });
  await until(() => /not ready \((NJS-518|ORA-12514)\)/.test(shown));
  await listening.close();
  const ready = await start({ port: closed.port });
  const { code, stderr } = await done;
  expect(stderr).toMatch(/trying again in 1 s\n[\s\S]*trying again in 2 s/);
  expect(code).toBe(0);
  await ready.close();
});

test("a service that never comes is given up on, with its cause: exit code 3", async () => {
  const server = await start({ serviceName: "OTHER" });
  mockIsPatient = false;
  const { code, stderr } = await runInProcess(args, at(server.port)).finally(() => {
    mockIsPatient = true;
  });
  expect(stderr.match(/trying again/g)).toHaveLength(3);
  expect(stderr).toMatch(/the listener does not know this service: check the service name/);
  expect(code).toBe(3);
  await server.close();
});

/** A database whose accounts are not as they should be. */
function withAccounts(account: (name: string, before: Account | undefined) => Account | undefined) {
  const database = createDatabase({ users: [{ name: "HELLO", password: "hello" }] });
  return startOracleDatabase({ ...database, account: (name) => account(name, database.account(name)) });
}

test("a database that is opening is waited for, and a password that will expire soon is no reason to fail", async () => {
  let asked = 0;
  const server = await withAccounts((_name, account) => {
    if (++asked === 1) throw new OracleError(1033, "ORA-01033: ORACLE initialization or shutdown in progress");
    const warning = new OracleError(28002, "ORA-28002: the password will expire within 5 days");
    return account && { ...account, warning };
  });
  const { code, stderr } = await runInProcess(args, at(server.port));
  expect(stderr).toMatch(/database not ready \(ORA-01033\): trying again in 1 s\n/);
  expect(stderr).toMatch(/warning: the password will expire soon: change it.*\nORA-28002: .* within 5 days\n/);
  expect(code).toBe(0);
  await server.close();
});

test("an account that is locked is not waited for, and said to be so: exit code 3", async () => {
  const server = await withAccounts(() => {
    throw new OracleError(28000, "ORA-28000: The account is locked.");
  });
  const { code, stdout, stderr } = await runInProcess([...args, "--json"], at(server.port));
  expect(stderr).toBe(
    "error: the account is locked: have a DBA unlock it: ALTER USER ... ACCOUNT UNLOCK\nORA-28000: The account is locked.\n",
  );
  expect(JSON.parse(stdout).error.code).toBe("database");
  expect(code).toBe(3);
  await server.close();
});

/** Interrupts a register while it waits for its n-th request after the login. */
async function interrupted(isTheOne: (info: RequestInfo) => boolean) {
  let reached = false;
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const server: Server = await start({
    async onRequest(info) {
      if (!reached && isTheOne(info)) {
        reached = true;
        await held;
      }
      return undefined;
    },
  });
  const { child, done, output } = registerProcess(server.port);
  await until(() => reached);
  child.kill("SIGINT");
  await until(() => output.stderr.includes("interrupted: rolling back"));
  goOn();
  const result = await done;
  const after = await runInProcess([...args, "--plan"], at(server.port));
  await server.close();
  return { ...result, inSync: after.code === 0 };
}

test("Ctrl-C during a read rolls back and says so: exit code 3", async () => {
  const { code, stderr, inSync } = await interrupted(({ sql }) => sql?.includes("user_ords_privileges") ?? false);
  expect(stderr).toMatch(/error: interrupted: rolled back, nothing was changed/);
  expect({ code, inSync }).toEqual({ code: 3, inSync: false });
});

test("Ctrl-C during the commit lets it finish and says so: exit code 0", async () => {
  const { code, stdout, stderr, inSync } = await interrupted(({ sql }) => sql?.includes("DEFINE_PRIVILEGE") ?? false);
  expect(stdout).toMatch(/registered in schema HELLO/);
  expect(stderr).toMatch(/interrupted too late: the run is complete/);
  expect({ code, inSync }).toEqual({ code: 0, inSync: true });
});

describe("the connection of an environment", () => {
  const parse = (database: object) => () =>
    parseEnvironment("test", { ...local, database: { schema: "HELLO", ...database } });
  const connectString = "tcps://host:1522/service";

  test.each<[string, object, RegExp]>([
    ["a password", { connection: { user: "A", connectString, password: "secret" } }, /must not hold a secret/],
    [
      "a wallet password",
      { connection: { user: "A", connectString, walletPassword: "secret" } },
      /walletPasswordVariable/,
    ],
    [
      "an access token",
      { connection: { externalAuth: true, connectString, accessToken: "secret" } },
      /must not hold a secret/,
    ],
    ["no user", { connection: { connectString } }, /needs connectString, and user or externalAuth/],
  ])("is refused with %s, which is not repeated", (_what, database, message) => {
    expect(parse(database)).toThrow(message);
    expect(parse(database)).not.toThrow(/secret"/);
  });

  test.each([
    [
      "a wallet",
      { walletPasswordVariable: "W", connection: { user: "A", connectString: "alias", walletLocation: "/w" } },
    ],
    [
      "an IAM token",
      { connection: { externalAuth: true, connectString, tokenAuthConfigOci: { authType: "instancePrincipal" } } },
    ],
    ["a proxy user", { connection: { user: "deployer[HELLO]", connectString } }],
  ])("is taken with %s", (_what, database) => {
    expect(parse(database)).not.toThrow();
  });
});
