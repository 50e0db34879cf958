import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../..");

let temporary: string;
beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), "start-"));
});
afterAll(() => rmSync(temporary, { recursive: true }));

/** Runs `npm start` as a user does, and stops it by Ctrl-C once `until` has been printed. */
function start(args: string[], until?: RegExp): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ["--require", "./scripts/typescript.js", "local/start.ts", ...args], {
    cwd: root,
    env: { ...process.env, TMPDIR: temporary },
  });
  let output = "";
  const read = (chunk: Buffer) => {
    const before = output;
    output += chunk;
    if (until?.test(output) && !until.test(before)) child.kill("SIGINT");
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

test("goes from nothing to a protected call, keeps everything running until Ctrl-C, and goes back to nothing", async () => {
  const { code, output } = await start(["--keep"], /Ctrl-C unregisters/);
  expect(output).toMatch(/NOW PROTECTED: module hello/);
  expect(output).toMatch(/registered in schema HELLO .* and read back/);
  expect(output).toMatch(/4\. Register again[\s\S]*in sync: nothing to write[\s\S]*5\. Prove/);
  expect(output).toMatch(/iss +https:\/\/identity\.oraclecloud\.com\/\n/);
  expect(output).toMatch(/ok +GET .* without a token: 401/);
  expect(output).toMatch(/ok +GET .* with a tampered token: 401/);
  const [, sub] = /sub +([0-9a-f]{32})\n/.exec(output) ?? [];
  expect(output).toContain(`with the token: 200 {"greeting":"Hello ${sub}"}`);
  expect(output).toMatch(/cd \S+ && \. \.\/environment\.sh\n +npx ords-jwt register local --plan/);
  expect(output).toMatch(
    /Ctrl-C[\s\S]*app .* is inactive[\s\S]*domain .* is inactive[\s\S]*the state holds no resource/,
  );
  expect(output).toMatch(
    /the state holds no resource[\s\S]*no identity domain[\s\S]*no JWT profile, no privilege, no module/,
  );
  expect(output).not.toMatch(/idcscs-/);
  expect(code).toBe(0);
  // What it needed is gone, but for caches that tools of others keep in the temporary folder.
  expect(readdirSync(temporary).filter((name) => name.startsWith("ords-jwt-"))).toEqual([]);
});

test("an unknown flag runs nothing", async () => {
  const { code, output } = await start(["--kep"]);
  expect(output).toMatch(/Unknown option '--kep'[\s\S]*usage: npm start/);
  expect(code).toBe(2);
});

test("--empty starts the stand-ins alone, with what another terminal needs to reach them", async () => {
  const { code, output } = await start(["--empty"], /Ctrl-C ends them/);
  expect(output).toMatch(
    /with nothing in them[\s\S]*\. \/\S+\/environment\.sh\n +npx ords-jwt deploy local --sample-api\n/,
  );
  expect(output).not.toMatch(/Deploy:/);
  expect(code).toBe(0);
  expect(readdirSync(temporary).filter((name) => name.startsWith("ords-jwt-"))).toEqual([]);
});
