import { local } from "../../environments/local";
import { Stack } from "./lifecycle";

jest.setTimeout(120_000);

/** Status and text of the next answers to requests that deactivate something, by what is to be deactivated. */
const answers = { app: [] as [number, string][], domain: [] as [number, string][] };

// One life of one stack: each test starts where the one before it ended.
let stack: Stack;
beforeAll(async () => {
  stack = await Stack.open({
    faults({ method, path }) {
      const isDomain = path.endsWith("/actions/deactivate");
      const isApp = method === "PATCH" && path.startsWith("/admin/v1/Apps/");
      const [status, message] = (isDomain ? answers.domain : isApp ? answers.app : []).shift() ?? [];
      return status && message ? { status, message } : undefined;
    },
  });
  await stack.deploy({ ...local, developerClient: undefined });
});
afterAll(() => stack.close());

/** Terraform's output on one line each: it wraps what it says. */
async function destroy() {
  const { code, stdout, stderr } = await stack.run(["destroy", "-no-color", "-auto-approve", "-refresh=false"]);
  return { code, stdout, stderr: stderr.replaceAll(/\s+/g, " ") };
}

test("a refusal to deactivate an app ends the destroy at once and says which app and why", async () => {
  const { id } = stack.app(local.app.displayName);
  answers.app = [[403, "you may not change this app"]];
  const { code, stderr } = await destroy();
  expect(code).toBe(1);
  expect(stderr).toContain('with terraform_data.AppDeactivation_EF10ACF9["App"]');
  expect(stderr).toContain(`cannot deactivate app ${id} of ${stack.domain().url}: 403 you may not change this app`);
  expect(stack.app(local.app.displayName).active).toBe(true);
});

test("a throttled deactivation of an app is repeated; outside the home region the domain's is not, and the region is named", async () => {
  answers.app = [[429, "too many requests"]];
  answers.domain = [[403, "please go to your home region uk-london-1"]];
  const { code, stdout, stderr } = await destroy();
  expect(code).toBe(1);
  expect(stdout).toMatch(/Retrying request[\s\S]*app \w+ is inactive/);
  expect(stderr).toContain(
    `cannot deactivate domain ${stack.domain().id}: 403 please go to your home region uk-london-1`,
  );
  expect(stack.domain()).toMatchObject({ lifecycleState: "ACTIVE" });
  expect(stack.domain().apps()).toEqual([]);
});

test("an outage of the service is waited for", async () => {
  answers.domain = [[503, "out of order"]];
  const { code, stdout } = await destroy();
  expect(stdout).toMatch(/Retrying request[\s\S]*domain \S+ is inactive/);
  expect(code).toBe(0);
  expect(stack.bench.oci.domains()).toEqual([]);
});
