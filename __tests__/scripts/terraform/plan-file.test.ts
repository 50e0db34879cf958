import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { Terminal } from "../../../scripts/terminal/terminal";
import { applyPlan } from "../../../scripts/terraform/apply";
import { planInto } from "../../../scripts/terraform/plan";
import { type PlanFile, withPlanFile } from "../../../scripts/terraform/plan-file";
import { managedResources } from "../../../scripts/terraform/state";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "plan-file-")));
const [stack, temporary, seen] = [join(folder, "cdktf.out/stacks/test"), join(folder, "tmp"), join(folder, "seen")];
const before = { env: process.env, cwd: process.cwd() };
beforeAll(() => {
  for (const path of [stack, temporary]) mkdirSync(path, { recursive: true });
  declare("planned");
  execFileSync("terraform", [`-chdir=${stack}`, "init", "-no-color"]);
  // What has a name when the plan is there as a whole: between plan and show, and when it is applied.
  const find = `find '${temporary}' '${stack}' -type f >> '${seen}'`;
  const body = `case "$2" in show|apply) ${find} ;; esac\nif [ "$2" = "$SKIP" ]; then exit 0; fi`;
  const binary = join(folder, "terraform");
  writeFileSync(binary, `#!/bin/sh\n${body}\nexec terraform "$@"\n`);
  chmodSync(binary, 0o755);
  process.env = { ...before.env, TMPDIR: temporary, TERRAFORM_BINARY_NAME: binary };
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before.cwd);
  process.env = before.env;
  rmSync(folder, { recursive: true });
});

function declare(input: string): void {
  // Terraform gives no value for an output of which nothing is known yet.
  const later = 'output "later" {\n  value = terraform_data.a.id\n  sensitive = true\n}\n';
  writeFileSync(join(stack, "main.tf"), `resource "terraform_data" "a" {\n  input = "${input}"\n}\n${later}`);
}

/** Plans, has something happen, and applies. */
function deploy(meanwhile: () => void = () => {}): Promise<void> {
  const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });
  return withPlanFile(async (file: PlanFile) => {
    const plan = await planInto("test", file);
    meanwhile();
    await applyPlan("test", file, plan, new Terminal(Readable.from([]), nowhere(), nowhere()));
  });
}

test("what ends without an error and did nothing is found out", async () => {
  process.env.SKIP = "apply";
  await expect(deploy()).rejects.toThrow(/did not finish[\s\S]* create terraform_data\.a/);
  delete process.env.SKIP;
});

test("what was planned is applied, whatever the configuration says by then; its plan, which holds secrets, never has a name", async () => {
  await withPlanFile(async (file) => {
    const { changes, outputs } = await planInto("test", file);
    expect(outputs).toEqual(["later"]);
    expect(changes.map(({ address, action }) => `${action} ${address}`)).toEqual(["create terraform_data.a"]);
  });
  await deploy(() => declare("not reviewed"));
  expect(await managedResources("test")).toEqual([
    expect.objectContaining({ values: expect.objectContaining({ input: { value: "planned", type: "string" } }) }),
  ]);
  const files = readFileSync(seen, "utf8").trim().split("\n");
  expect(files).toContain(join(stack, "main.tf"));
  expect(files.filter((file) => /plan/.test(file.slice(folder.length)))).toEqual([]);
  expect(files.filter((file) => file.startsWith(temporary))).toEqual([]);
});

test("a plan is refused where the state has changed since", async () => {
  declare("reviewed");
  const somebodyElse = () =>
    execFileSync("terraform", [`-chdir=${stack}`, "apply", "-auto-approve", "-replace=terraform_data.a"]);
  await expect(deploy(somebodyElse)).rejects.toThrow(/stale/);
});

test("a resource of which Terraform does not know whether it is whole is left to do", async () => {
  await expect(
    deploy(() => {
      execFileSync("terraform", [`-chdir=${stack}`, "taint", "terraform_data.a"]);
      process.env.SKIP = "apply";
    }),
  ).rejects.toThrow(/did not finish[\s\S]* create terraform_data\.a/);
  delete process.env.SKIP;
});

test("a resource that was to go and is still there is left to do", async () => {
  await deploy();
  writeFileSync(join(stack, "main.tf"), "");
  await expect(
    deploy(() => {
      process.env.SKIP = "apply";
    }),
  ).rejects.toThrow(/did not finish[\s\S]* delete terraform_data\.a/);
  delete process.env.SKIP;
});
