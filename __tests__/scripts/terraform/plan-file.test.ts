import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terraformPlan } from "../../../scripts/terraform/plan";

test("a saved plan, which holds secrets, has no name in the file system at any time", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "plan-file-")));
  const [stack, temporary] = [join(folder, "cdktf.out/stacks/test"), join(folder, "tmp")];
  for (const path of [stack, temporary]) mkdirSync(path, { recursive: true });
  // Terraform gives no value for an output of which nothing is known yet.
  const later = 'output "later" {\n  value = terraform_data.a.id\n  sensitive = true\n}\n';
  writeFileSync(join(stack, "main.tf"), `resource "terraform_data" "a" {\n  input = "planned"\n}\n${later}`);
  execFileSync("terraform", [`-chdir=${stack}`, "init", "-no-color"]);
  // Between plan and show the plan is there as a whole: all that has a name then.
  const [binary, seen] = [join(folder, "terraform"), join(folder, "seen")];
  writeFileSync(
    binary,
    `#!/bin/sh\nif [ "$2" = show ]; then find '${temporary}' '${stack}' -type f > '${seen}'; fi\nexec terraform "$@"\n`,
  );
  chmodSync(binary, 0o755);
  const before = { env: process.env, cwd: process.cwd() };
  process.env = { ...before.env, TMPDIR: temporary, TERRAFORM_BINARY_NAME: binary };
  process.chdir(folder);
  try {
    const { changes, outputs } = await terraformPlan("test");
    expect(outputs).toEqual(["later"]);
    expect(changes.map(({ address, action }) => `${action} ${address}`)).toEqual(["create terraform_data.a"]);
    const files = readFileSync(seen, "utf8").trim().split("\n");
    expect(files).toContain(join(stack, "main.tf"));
    expect(files.filter((file) => /plan/.test(file.slice(folder.length)))).toEqual([]);
    expect(files.filter((file) => file.startsWith(temporary))).toEqual([]);
  } finally {
    process.chdir(before.cwd);
    process.env = before.env;
    rmSync(folder, { recursive: true });
  }
});
