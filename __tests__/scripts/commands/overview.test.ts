import { cpSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Deployed } from "../deployed";

let at: Deployed;
beforeAll(async () => {
  at = await Deployed.start();
  // A copy, to which a test may add.
  const environments = join(at.folder, "environments");
  const ours = realpathSync(environments);
  rmSync(environments);
  cpSync(ours, environments, { recursive: true });
});
afterAll(() => at.close());

/** A file of the project for the length of a test. */
async function having(file: string, content: string, work: () => Promise<void>): Promise<void> {
  const path = join(at.folder, file);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  try {
    await work();
  } finally {
    rmSync(path);
  }
}

/** As Terraform writes it, as far as it is read. */
const stateOf = (outputs: object, resources = [{ mode: "managed", type: "x", name: "y", instances: [{}] }]) =>
  JSON.stringify({ version: 4, serial: 3, resources, outputs });

describe("list", () => {
  const rows = async () => JSON.parse((await at.run(["list", "--json"])).stdout).environments;
  const row = async (name: string) =>
    (await rows()).find(({ environment }: { environment: string }) => environment === name);

  test("names each environment with its schema and domain, and what no state holds as not deployed", async () => {
    const { code, stdout } = await at.run(["list"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ENVIRONMENT +STATE +SCHEMA +CHANGED \(UTC\) +DOMAIN$/m);
    expect(stdout).toMatch(/^local +not deployed +HELLO +- +ords-local$/m);
    expect(stdout).toMatch(/^prod +not deployed +ORDERS +- +ords-prod$/m);
  });

  test("tells from a local state what is deployed, where and since when", async () => {
    await having("state/local.tfstate", stateOf({ ords: { value: at.outputs } }), async () => {
      expect(await row("local")).toEqual({
        environment: "local",
        state: "deployed",
        schema: "HELLO",
        domain: at.outputs.client.domainUrl,
        changed: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      });
    });
  });

  test("says what a deploy that did not get through has left", async () => {
    await having("state/local.tfstate", stateOf({}), async () => {
      expect(await row("local")).toMatchObject({ state: "in part", domain: "ords-local" });
    });
  });

  test("takes what a destroy has emptied for not deployed", async () => {
    await having("state/local.tfstate", stateOf({}, []), async () => {
      expect(await row("local")).toMatchObject({ state: "not deployed", changed: expect.any(String) });
    });
  });

  test("does not guess where a state cannot be read", async () => {
    await having("state/local.tfstate", "{", async () => {
      expect(await row("local")).toMatchObject({ state: "unknown", problem: expect.stringContaining("not its JSON") });
      expect(await row("prod")).toMatchObject({ state: "not deployed" });
    });
    const remote = readFileSync(join(at.folder, "environments/local.ts"), "utf8")
      .replace("export const local", "export const remote")
      .replaceAll("hello-api", "remote-api")
      .replaceAll("ords-local", "ords-remote")
      .replaceAll('"HELLO"', '"REMOTE"')
      .replace(
        "region:",
        'backend: { type: "http", attributes: { address: "https://127.0.0.1:1/state" } },\n  region:',
      );
    await having("environments/remote.ts", remote, async () => {
      expect(await row("remote")).toMatchObject({
        state: "unknown",
        problem: expect.stringContaining("there is no cdktf.out/stacks/remote"),
      });
    });
  });

  test("a fault in one file is in the way of no other environment", async () => {
    await having("environments/broken.ts", "export default {", async () => {
      expect(await row("broken")).toMatchObject({ state: "unknown", problem: expect.stringMatching(/broken\.ts/) });
      expect(await row("local")).toMatchObject({ state: "not deployed" });
    });
  });
});

describe("check", () => {
  const terraform = { TERRAFORM_BINARY_NAME: "terraform" };

  test("finds tools, credentials, database, network and proxy in order, with nothing registered", async () => {
    const { code, stdout } = await at.run(["check", "local"], { env: terraform });
    expect(stdout).toMatch(/^ok +Terraform: 1\.\d+\.\d+$/m);
    expect(stdout).toMatch(/^ok +database: logged in as HELLO; ORDS [\d.r]+; schema HELLO not REST-enabled yet/m);
    expect(stdout).toMatch(/^ok +OCI credentials: may read domains of compartment ocid1\.compartment\.oc1\.\.local$/m);
    expect(stdout).toMatch(/^ok +network, OCI: https:\/\/localhost:\d+ answers$/m);
    expect(stdout).toMatch(/^ok +proxy: none named$/m);
    expect(code).toBe(0);
  });

  test("without an environment looks at tools and proxy alone", async () => {
    const { code, stdout } = await at.run(["check"], { env: terraform });
    expect(stdout).not.toMatch(/database:|OCI/);
    expect(code).toBe(0);
  });

  test.each([
    ["Terraform", { TERRAFORM_BINARY_NAME: "no-such-terraform" }, /cannot run "no-such-terraform"/],
    ["database", { ORDS_JWT_LOCAL_PASSWORD: "wrong", DB_PASSWORD: "wrong" }, /ORA-01017/],
    ["OCI credentials", { OCI_CONFIG_FILE: "/nowhere" }, /~\/\.oci\/config/],
    ["network, OCI", { CLIENT_HOST_OVERRIDES: "oci_identity.IdentityClient=https://127.0.0.1:1" }, /HTTPS_PROXY/],
    ["OCI credentials", { CLIENT_HOST_OVERRIDES: "oci_identity.IdentityClient=https://127.0.0.1:1" }, /not tried/],
  ])("names %s and what to do about it", async (what, env, seen) => {
    const { code, stdout } = await at.run(["check", "local", "--json"], { env: { ...terraform, ...env } });
    const { ok, checks } = JSON.parse(stdout);
    const found = checks.find((each: { what: string }) => each.what === what);
    expect(found).toEqual({ what, ok: false, seen: expect.any(String), remedy: expect.any(String) });
    expect(`${found.seen}\n${found.remedy}`).toMatch(seen);
    expect([ok, code]).toEqual([false, 1]);
  });

  test("says which proxy is named, without its password", async () => {
    const env = { ...terraform, HTTPS_PROXY: "http://me:secret-of-proxy@proxy.example.com:8080" };
    const { stdout } = await at.run(["check"], { env });
    expect(stdout).toMatch(/proxy: proxy\.example\.com:8080, but not for the database/);
    expect(stdout).not.toContain("secret-of-proxy");
  });
});

test("a shell is told environments and values of flags", async () => {
  const offered = async (...words: string[]) => (await at.runProcess(["complete", "--", ...words])).stdout;
  expect(await offered("token", "lo")).toMatch(/^local\t?$/m);
  expect(await offered("token", "local", "--grant", "")).toMatch(/^client_credentials\t?$/m);
});

describe("where another environment makes the domain", () => {
  const about = async (...args: string[]) => {
    const { stdout, stderr } = await at.run(args, { env: { TERRAFORM_BINARY_NAME: "terraform" } });
    return stdout + stderr;
  };
  beforeAll(() => at.sharingLocal("shared"));

  test("check says that it is not deployed, and once it is, whether it can be reached", async () => {
    expect(await about("check", "shared")).toMatch(
      /^ok +identity domain: that of environment local, which is not deployed yet: npx ords-jwt deploy local comes first$/m,
    );
    const state = join(at.folder, "state/local.tfstate");
    mkdirSync(dirname(state), { recursive: true });
    writeFileSync(state, JSON.stringify({ version: 4, resources: [], outputs: { ords: { value: at.outputs } } }));
    const { origin } = new URL(at.outputs.client.domainUrl);
    expect(await about("check", "shared")).toContain(`network, identity domain: ${origin} answers`);
    writeFileSync(state, "{");
    expect(await about("check", "shared")).toMatch(
      /^ok +identity domain: that of environment local, which was not looked/m,
    );
  });

  test("what needs a deployed environment names both that have to be", async () => {
    const binary = join(at.folder, "nothing");
    writeFileSync(binary, "#!/bin/sh\necho '{}'\n", { mode: 0o755 });
    const { stderr, code } = await at.run(["doctor", "shared"], { env: { TERRAFORM_BINARY_NAME: binary } });
    expect(stderr).toMatch(
      /stack shared is not deployed, which uses the domain of environment local: run npx ords-jwt deploy --all local shared first/,
    );
    expect(code).toBe(3);
  });

  test("doctor looks whether it is active", async () => {
    await at.sql("BEGIN ORDS.ENABLE_SCHEMA; END;");
    await at.patchApps({ active: false });
    await at.domainAction("deactivate");
    const { stdout } = await at.run(["doctor", "shared"]);
    expect(stdout).toMatch(/^found: the identity domain is inactive/m);
  });
});
