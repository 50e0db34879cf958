import type { ServiceError } from "@ords-jwt/stand-ins/testing/terraform";
import local from "../../environments/local";
import { Stack } from "./lifecycle";

interface Answers {
  app: [status: number, message: string][];
  domain: [status: number, message: string][];
  /** Called when the domain is read, which then fails until it is over. */
  outage?: () => void;
  /** Called when the domain is read otherwise. */
  onRead?: () => void;
  /** Called when the domain is to be deactivated. */
  onDeactivate?: () => void;
  /** What a deactivation of the domain waits for. */
  beforeInactive?: Promise<unknown>;
}
/** What the next requests that deactivate something are answered instead of being carried out. */
const answers: Answers = { app: [], domain: [] };

// One life of one stack: each test starts where the one before it ended.
let stack: Stack;
beforeAll(async () => {
  stack = await Stack.open({
    workRequestMillis: (operation) => (operation === "DEACTIVATE_DOMAIN" && answers.beforeInactive) || 50,
    faults({ method, path }) {
      if (method === "GET" && path.startsWith("/20160918/domains/")) {
        if (answers.outage) {
          answers.outage();
          return { status: 503, message: "out of order" };
        }
        answers.onRead?.();
      }
      const isDomain = path.endsWith("/actions/deactivate");
      if (isDomain) answers.onDeactivate?.();
      const isApp = method === "PATCH" && path.startsWith("/admin/v1/Apps/");
      const [status, message] = (isDomain ? answers.domain : isApp ? answers.app : []).shift() ?? [];
      return status && message ? { status, message } : undefined;
    },
  });
  await stack.deploy({ ...local, developerClient: undefined });
});
afterAll(() => stack.close());

/** `stderr` without the line breaks that Terraform puts anywhere. */
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

test("a throttled deactivation is repeated; one refused outside the home region is not, and the region is named", async () => {
  answers.app = [[429, "too many requests"]];
  answers.domain = [
    [429, "too many requests"],
    [403, "please go to your home region uk-london-1"],
  ];
  const { code, stdout, stderr } = await destroy();
  expect(code).toBe(1);
  expect(stdout).toMatch(/Retrying request[\s\S]*app \w+ is inactive[\s\S]*Retrying request/);
  const { id, lifecycleState, apps } = stack.domain();
  expect(stderr).toContain(`cannot deactivate domain ${id}: 403 please go to your home region uk-london-1`);
  expect({ lifecycleState, apps: apps(), left: answers.domain }).toEqual({
    lifecycleState: "ACTIVE",
    apps: [],
    left: [],
  });
});

test("a deactivation that fails in the end says why", async () => {
  const schemas = ["urn:ietf:params:scim:schemas:oracle:idcs:App"];
  const app = { schemas, displayName: "theirs", active: true, basedOnTemplate: { value: "CustomWebAppTemplateId" } };
  answers.onDeactivate = () => {
    answers.beforeInactive = stack.byHand("POST", "/admin/v1/Apps", app);
  };
  const { code, stderr } = await destroy();
  expect(code).toBe(1);
  answers.onDeactivate = undefined;
  const refusal = stack.byHand("POST", `/20160918/domains/${stack.domain().id}/actions/deactivate`);
  const reason = await refusal.catch((error: ServiceError) => error.reason);
  expect(stderr).toContain(`is ACTIVE and not INACTIVE: ${reason}`);
  await stack.setActive("theirs", false);
});

test("an outage is waited for, and so is a deactivation that somebody else began", async () => {
  const { id } = stack.domain();
  answers.outage = async () => {
    answers.outage = () => {};
    await stack.byHand("POST", `/20160918/domains/${id}/actions/deactivate`);
    answers.outage = undefined;
  };
  answers.beforeInactive = new Promise<void>((resolve) => {
    let looks = 0;
    answers.onRead = () => {
      looks += 1;
      if (looks === 2) resolve();
    };
  });
  const { code, stdout } = await destroy();
  expect(stdout).toMatch(/Retrying request[\s\S]*DEACTIVATING: waiting[\s\S]*domain \S+ is already inactive/);
  expect(code).toBe(0);
  expect(stack.bench.oci.domains()).toEqual([]);
});
