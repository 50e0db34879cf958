import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, withoutSecret } from "../../../scripts/terraform/run";
import { forgetInitialized, initialize } from "../../../scripts/terraform/terraform";

test.each([
  ['  ~ client_secret = "idcscs-old" -> "other-secret"', "  ~ client_secret (hidden)"],
  ['{"clientSecret":"anything","name":"x"}', '{"clientSecret (hidden)'],
  ['body: \\"client_secret\\":\\"anything\\"', 'body: \\"client_secret (hidden)'],
  ["the secret is idcscs-0b1c-22 today", "the secret is (hidden) today"],
])("a client secret is shown in no form: %j", (line, shown) => {
  expect(withoutSecret(line)).toBe(shown);
});

test("other lines stay as they are", () => {
  expect(withoutSecret('  + display_name = "hello-api"')).toBe('  + display_name = "hello-api"');
});

const node = (program: string) => run(process.execPath, ["-e", program]);

test("a program that a signal ended has not succeeded", async () => {
  const { code, how } = await node("process.kill(process.pid, 'SIGKILL')");
  expect([code, how]).toEqual([137, "SIGKILL"]);
});

test("all of the standard output is kept as it is; of what may be shown the last 40 lines, masked", async () => {
  const { code, how, stdout, lines, errors } = await node(
    "console.log('client_secret = x\\n'.repeat(2e5)); console.error('idcscs-1\\n'.repeat(50)); process.exitCode = 3",
  );
  expect([code, how]).toEqual([3, "exit code 3"]);
  expect(stdout).toBe(`${"client_secret = x\n".repeat(200_000)}\n`);
  expect(errors).toEqual(Array(40).fill("(hidden)").with(39, ""));
  expect(lines).toHaveLength(40);
  expect(lines.join()).not.toMatch(/= x|idcscs/);
});

test("a program that does not exist is an error", async () => {
  await expect(run("no-such-program", [])).rejects.toMatchObject({ code: "ENOENT" });
});

test("a stack is initialized once until all are synthesized anew, and once more where that failed", async () => {
  const before = { folder: process.cwd(), binary: process.env.TERRAFORM_BINARY_NAME };
  const folder = mkdtempSync(join(tmpdir(), "init-"));
  mkdirSync(join(folder, "cdktf.out/stacks/a"), { recursive: true });
  writeFileSync(join(folder, "terraform"), "#!/bin/sh\necho init >> starts\ntest -e broken && exit 1\nexit 0\n", {
    mode: 0o755,
  });
  process.chdir(folder);
  process.env.TERRAFORM_BINARY_NAME = join(folder, "terraform");
  const starts = () => readFileSync("starts", "utf8").split("\n").length - 1;
  try {
    writeFileSync("broken", "");
    await expect(initialize("a")).rejects.toThrow(/init of stack a failed/);
    rmSync("broken");
    await Promise.all([initialize("a"), initialize("a")]);
    await initialize("a");
    expect(starts()).toBe(2);
    forgetInitialized();
    await initialize("a");
    expect(starts()).toBe(3);
  } finally {
    process.chdir(before.folder);
    if (before.binary === undefined) delete process.env.TERRAFORM_BINARY_NAME;
    else process.env.TERRAFORM_BINARY_NAME = before.binary;
    rmSync(folder, { recursive: true });
  }
});
