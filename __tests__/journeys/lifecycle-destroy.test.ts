import type { OciOptions } from "@ords-jwt/stand-ins/oci";
import local from "../../environments/local";
import { runInProcess } from "../scripts/in-process";
import { Stack } from "./lifecycle";
import { synthesizedOnce } from "./synthesized-once";

const stacks: Stack[] = [];
afterAll(() => Promise.all(stacks.map((stack) => stack.close())));

async function opened(options: Partial<OciOptions> = {}): Promise<Stack> {
  const stack = await Stack.open(options);
  synthesizedOnce(stack.project);
  stacks.push(stack);
  return stack;
}

/** The stack of the environment `local`, deployed, in an OCI of its own. */
async function deployed(options: Partial<OciOptions> = {}): Promise<Stack> {
  return (await opened(options)).deploy(local);
}

/** Destroys by the whole command and expects that nothing is left in OCI and in the state. */
async function destroyed(stack: Stack): Promise<string> {
  const { code, stdout, stderr } = await runInProcess(["destroy", "local", "--yes", "--skip-ords"], stack.place());
  if (code !== 0) throw new Error(`exit code ${code}\n${stdout}\n${stderr}`);
  expect(stack.bench.oci.domains()).toEqual([]);
  expect(await stack.ok("state", "list")).toBe("");
  expect(stderr).not.toMatch(/error|exception/i);
  return stdout;
}

async function taint(stack: Stack, ...starts: string[]): Promise<void> {
  const addresses = (await stack.ok("state", "list")).split("\n");
  for (const start of starts) {
    const address = addresses.find((candidate) => candidate.startsWith(start));
    await stack.ok("taint", String(address));
  }
}

const api = local.app.displayName;
const developerClient = `${api} developers`;

describe("ords-jwt destroy leaves nothing", () => {
  test("after a crash while the domain was being deactivated, and does nothing when run again", async () => {
    let deactivating = () => {};
    let [looks, end] = [Number.NEGATIVE_INFINITY, () => {}];
    const deactivated = new Promise<void>((resolve) => {
      end = resolve;
    });
    const stack = await deployed({
      workRequestMillis: (operation) => (operation === "DEACTIVATE_DOMAIN" ? deactivated : 50),
      faults({ method, path }) {
        if (path.endsWith("/actions/deactivate")) deactivating();
        if (method === "GET" && path.startsWith("/20160918/domains/") && ++looks === 2) end();
        return undefined;
      },
    });
    const destroy = stack.start(["destroy", "-auto-approve"]);
    deactivating = destroy.kill;
    expect((await destroy.ended).code).toBe(-1);
    deactivating = () => {};
    expect(await stack.ok("state", "list")).toMatch(/^oci_identity_domain\.\S+\n$/);
    looks = 0;
    expect(await destroyed(stack)).toMatch(/DEACTIVATING: waiting/);
    await destroyed(stack);
  });

  test("after a crash while the app was being made, which the state does not know of", async () => {
    let creating = () => {};
    const stack = await opened({
      faults({ method, path }) {
        if (method === "POST" && path === "/admin/v1/Apps") creating();
        return undefined;
      },
    });
    await stack.synthesize(local).ok("init", "-no-color", "-input=false");
    // One thing at a time: killed in the middle of writing its state, Terraform would leave none.
    const apply = stack.start(["apply", "-auto-approve", "-parallelism=1"]);
    creating = apply.kill;
    expect((await apply.ended).code).toBe(-1);
    expect(await stack.ok("state", "list")).not.toContain("oci_identity_domains_app");
    const { id } = stack.app(api);
    expect(await destroyed(stack)).toContain(`app ${id} is inactive`);
  });

  test("when domain, app and hook are tainted, an app was deleted and another deactivated by hand", async () => {
    const stack = await deployed();
    await taint(stack, "oci_identity_domain.", "oci_identity_domains_app.App", "terraform_data.");
    await stack.setActive(developerClient, false);
    await stack.byHand("DELETE", `/admin/v1/Apps/${stack.app(developerClient).id}`);
    expect(await destroyed(stack)).toMatch(/no longer tainted[\s\S]*app \w+ is already gone/);
  });

  test("when somebody deactivated the apps and then the domain", async () => {
    const stack = await deployed();
    for (const name of [api, developerClient]) await stack.setActive(name, false);
    await stack.byHand("POST", `/20160918/domains/${stack.domain().id}/actions/deactivate`);
    await stack.settled();
    expect(await destroyed(stack)).toMatch(/domain \S+ is active/);
  });

  test("when somebody deleted the domain", async () => {
    const stack = await deployed();
    const { id } = stack.domain();
    for (const name of [api, developerClient]) await stack.setActive(name, false);
    await stack.byHand("POST", `/20160918/domains/${id}/actions/deactivate`);
    await stack.settled();
    await stack.byHand("DELETE", `/20160918/domains/${id}`);
    // While it is being deleted: the command waits for the end of it.
    expect(await destroyed(stack)).toMatch(/already gone: forgot 6 resources/);
  });
});

describe("ords-jwt destroy refuses", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await opened();
  });

  test.each([
    ["a protected environment", ["destroy", "prod", "--yes"], /environment prod is protected: set protected to false/],
    ["to go on unasked without a terminal", ["destroy", "local", "--skip-ords"], /there is no terminal: add --yes/],
  ])("%s", async (_what, args, message) => {
    const { code, stdout, stderr } = await runInProcess(args, stack.place());
    expect(code).toBe(2);
    expect(stdout).not.toMatch(/Destroy|inactive/);
    expect(stderr).toMatch(message);
  });
});
