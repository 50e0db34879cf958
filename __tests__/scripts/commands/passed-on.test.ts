import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createDatabase, startOracleDatabase } from "@ords-jwt/stand-ins/oracle-database";
import { helloOutput } from "../../ords/hello";
import { type Ran, runInProcess } from "../in-process";

let folder: string;
let database: Awaited<ReturnType<typeof startOracleDatabase>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "passed-on-"));
  symlinkSync(join(__dirname, "../../../environments"), join(folder, "environments"));
  database = await startOracleDatabase(createDatabase({ users: [{ name: "HELLO", password: "hello" }] }));
  writeFileSync(join(folder, "tnsnames.ora"), `ords_jwt_local = ${database.connectString}\n`);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

function run(...args: string[]): Promise<Ran> {
  const env = { PATH: dirname(process.execPath), NO_COLOR: "1", TNS_ADMIN: folder, ORDS_JWT_LOCAL_PASSWORD: "hello" };
  return runInProcess(args, { cwd: folder, env });
}

/** What the shell makes of lines that a program prints. */
const shells: [string, (text: string) => Buffer][] = [
  ["a Unix shell", (text) => Buffer.from(text)],
  ["cmd.exe", (text) => Buffer.from(text.replaceAll("\n", "\r\n"))],
  ["Windows PowerShell", (text) => Buffer.from(`\ufeff${text.replaceAll("\n", "\r\n")}`, "utf16le")],
  ["Windows PowerShell with Out-File utf8", (text) => Buffer.from(`\ufeff${text.replaceAll("\n", "\r\n")}\r\n`)],
];

function write(name: string, content: Buffer | string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const output = {
  ...helloOutput,
  stack: "local",
  profile: { ...helloOutput.profile, description: "Grüße" },
};

test.each(shells)("a hand-over file and an undo script that %s wrote are read", async (_shell, written) => {
  const outputs = write("ords.json", written(JSON.stringify(output, null, 2)));
  const register = ["register", "local", "--no-preflight", "--sample-api", "--outputs", outputs, "--json"];
  const { code, stdout, stderr } = await run(...register);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("registered in schema HELLO") });
  const { undo, entries } = JSON.parse(stdout);
  expect(JSON.stringify(entries)).toContain("Grüße");

  const script = write("undo.sql", written(readFileSync(join(folder, undo), "utf8")));
  const restored = await run("restore", "local", script, "--expose");
  expect(restored.stderr).toBe("");
  expect(restored.stdout).toContain("restored schema HELLO");
  expect(restored.code).toBe(0);
  expect((await run(...register.slice(0, -1), "--plan")).code).toBe(1);
});

test.each([
  ["register", ["register", "local", "--outputs"]],
  ["sql", ["sql", "local", "--outputs"]],
  ["restore", ["restore", "local"]],
])("%s names the encoding of a file that it cannot read: exit code 2", async (_command, args) => {
  const file = write("latin1.txt", Buffer.from(JSON.stringify(output), "latin1"));
  const { code, stderr } = await run(...args, file);
  expect(stderr).toBe(
    "error: latin1.txt is not a text in UTF-8 or UTF-16, but a Windows or ISO 8859 code page: save it as UTF-8\n",
  );
  expect(code).toBe(2);
});

test("of a hand-over file with a hundred thousand mistakes, the first are named and the others counted", async () => {
  const privileges = Array.from({ length: 21_000 }, () => ({ name: 1 }));
  const file = write("wrong.json", JSON.stringify({ ...output, privileges }));
  const { code, stdout, stderr } = await run("register", "local", "--outputs", file, "--json");
  expect(stderr).toMatch(/ {2}ords\.privileges\.0\.name: .*\n[\s\S]* {2}and \d{6} more\n$/);
  expect(stderr.length).toBeLessThan(5_000);
  expect(stdout.length).toBeLessThan(5_000);
  expect(code).toBe(2);
});

test("of a privilege that is wrong a thousand times over, not all is said either", async () => {
  const privileges = Array.from({ length: 1_000 }, (_, index) => ({
    ...output.privileges[0],
    name: `x${index}`,
    patterns: ["no slash"],
  }));
  const file = write("rules.json", JSON.stringify({ ...output, privileges }));
  const { code, stderr } = await run("register", "local", "--outputs", file);
  expect(stderr).toMatch(/cannot be registered:\n[\s\S]* {2}and \d+ more\n$/);
  expect(stderr.length).toBeLessThan(8_000);
  expect(code).toBe(2);
});
