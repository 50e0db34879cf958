import { run, withoutSecret } from "../../../scripts/terraform/run";

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
