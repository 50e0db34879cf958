import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import dev from "../../../environments/dev";
import type { Actual } from "../../../ords/model";
import { planRegister } from "../../../ords/plan/plan";
import { Agreed, type Planned } from "../../../scripts/all/agreed";
import { Interruption } from "../../../scripts/all/interruption";
import { type Row, rowOf, worst } from "../../../scripts/all/outcome";
import { type Ended, schedule, type Work } from "../../../scripts/all/schedule";
import { select } from "../../../scripts/all/select";
import { renderMarkdownOfAll, renderTable } from "../../../scripts/all/table";
import { Terminal } from "../../../scripts/terminal/terminal";
import { type TerraformPlan, unknown } from "../../../scripts/terraform/plan";
import { knownAfterApply, type Shown } from "../../../scripts/terraform/shown-values";
import { desired, registered, untouched } from "../../ords/hello";
import { runInProcess } from "../in-process";

describe("a schedule", () => {
  /** Runs names whose work ends when the test says so. */
  function begin(work: Partial<Work<boolean>> & Pick<Work<boolean>, "names">) {
    const underWay = new Map<string, (ok: boolean) => void>();
    const done = schedule<boolean>({
      before: () => [],
      concurrency: 10,
      run: (name) => new Promise((resolve) => underWay.set(name, resolve)),
      isGood: (ok) => ok,
      onEnd: () => {},
      signal: new AbortController().signal,
      ...work,
    });
    const end = async (name: string, ok = true) => {
      underWay.get(name)?.(ok);
      underWay.delete(name);
      await new Promise(setImmediate);
    };
    return { done, end, underWay: () => [...underWay.keys()] };
  }
  const inOrder = (ended: Map<string, Ended<boolean>>) => Object.fromEntries(ended);

  test("begins what depends on nothing side by side, up to the bound, and the rest as soon as it may", async () => {
    const before = (name: string) => (name === "dev" ? [] : ["dev"]);
    const { done, end, underWay } = begin({ names: ["dev", "a", "b", "c"], before, concurrency: 2 });
    expect(underWay()).toEqual(["dev"]);
    await end("dev");
    expect(underWay()).toEqual(["a", "b"]);
    await end("b");
    expect(underWay()).toEqual(["a", "c"]);
    await end("a");
    await end("c");
    expect([...(await done).keys()]).toEqual(["dev", "b", "a", "c"]);
  });

  test("a failure stops what depends on it, however far, and nothing else", async () => {
    const before = (name: string) => ({ b: ["a"], c: ["b"] })[name] ?? [];
    // What depends is listed first: the order of names is not that of dependence.
    const { done, end, underWay } = begin({ names: ["c", "b", "a", "x"], before });
    expect(underWay()).toEqual(["a", "x"]);
    await end("a", false);
    await end("x");
    expect(inOrder(await done)).toEqual({
      a: { result: false },
      x: { result: true },
      b: { waitedFor: "a" },
      c: { waitedFor: "b" },
    });
  });

  test("once it is interrupted nothing begins, and what is under way comes to its end", async () => {
    const controller = new AbortController();
    const { done, end } = begin({ names: ["a", "b"], concurrency: 1, signal: controller.signal });
    controller.abort();
    await end("a");
    expect(inOrder(await done)).toEqual({ a: { result: true } });
  });
});

describe("what was agreed to", () => {
  type Change = TerraformPlan["changes"][number];
  const change = (after: Shown, more: Partial<Change> = {}): Change => ({
    address: "app",
    type: "app",
    action: "create",
    before: undefined,
    after,
    references: {},
    attributes: [],
    forcedBy: [],
    isImported: false,
    movedFrom: undefined,
    ...more,
  });
  const oci = (...changes: Change[]): Planned => ({ stack: "a", terraform: { changes }, ords: undefined });
  const ords = (profile: Partial<typeof desired.profile>, actual: Partial<Actual> = {}): Planned => {
    const wanted = { ...desired, profile: { ...desired.profile, ...profile } };
    return { ...oci(), ords: planRegister(wanted, { ...untouched, ...actual }) };
  };
  const refusal = (shown: Planned | undefined, now: Planned): string => {
    const agreed = new Agreed();
    if (shown) agreed.keep(shown);
    try {
      agreed.require(now);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const named = change({ name: '"x"' });
  const unnamed = change({ name: knownAfterApply, scopes: knownAfterApply });

  test.each<[string, Planned, Planned]>([
    ["the same", oci(named), oci(named)],
    ["with values that were not known", oci(unnamed), oci(change({ name: '"x"', scopes: [{ value: '"r"' }] }))],
    ["without what only might have changed", oci({ ...unnamed, address: "user" }, named), oci(named)],
    ["nothing, since it is done already", oci(named), oci()],
    ["the same in the schema", ords({}), ords({})],
    ["in the schema with a URL that was not known", ords({ jwkUrl: `${unknown}admin` }), ords({})],
  ])("may be done: %s", (_what, shown, now) => {
    expect(refusal(shown, now)).toBe("");
  });

  test.each<[string, Planned | undefined, Planned, RegExp]>([
    ["another value", oci(named), oci(change({ name: '"y"' })), /plan of a is no longer the one that was shown: app;/],
    ["a value more", oci(named), oci(change({ name: '"x"', url: '"u"' })), /: app;/],
    ["a value less", oci(change({ name: '"x"', url: '"u"' })), oci(named), /: app;/],
    ["another value before", oci(named), oci({ ...named, before: { name: '"z"' } }), /: app;/],
    ["another action", oci(named), oci({ ...named, action: "replace" }), /: app;/],
    ["another resource", oci(named), oci(named, change({}, { address: "user" })), /: user;/],
    ["a part of it", oci(named, change({}, { address: "user" })), oci(named), /: user;/],
    [
      "what looks like the name of something unknown",
      oci(change({ a: knownAfterApply })),
      oci(change({ ab: '"x"' })),
      /: app/,
    ],
    ["another audience", ords({}), ords({ audience: "https://other/" }), /: JWT profile HELLO;/],
    ["what is protected already", ords({}), ords({}, { privileges: registered.privileges }), /: JWT profile|privilege/],
    ["what could not be shown", undefined, oci(named), /what was to be done to a could not be shown before/],
  ])("is not done when it is %s", (_what, shown, now, message) => {
    expect(refusal(shown, now)).toMatch(message);
  });
});

test("an interruption is heard while something is under way, and only then", async () => {
  const terminal = new Terminal();
  const said = jest.spyOn(terminal, "error").mockReturnValue();
  const listeners = () => process.listenerCount("SIGINT") + process.listenerCount("SIGTERM");
  const before = listeners();
  const interruption = new Interruption(terminal, 1);
  await interruption.during(async () => {
    process.emit("SIGTERM", "SIGTERM");
  });
  expect(interruption.signal.aborted).toBe(true);
  expect(said.mock.calls.join()).toMatch(/nothing more begins/);
  expect(listeners()).toBe(before);
  const exit = jest.spyOn(process, "exit").mockReturnValue(undefined as never);
  await interruption.during(async () => {
    process.emit("SIGINT", "SIGINT");
  });
  expect(exit).toHaveBeenCalledWith(130);
  exit.mockRestore();
});

const row = (environment: string, exitCode: number, result: string, text = ""): Row => ({
  environment,
  result,
  exitCode,
  summary: `what came of ${environment}`,
  text,
});

test("the exit code is the worst, and what never began is no success", () => {
  expect(worst([row("a", 0, "in sync"), row("b", 0, "in sync")])).toBe(0);
  expect(worst([row("a", 4, "blocked"), row("b", 1, "differs")])).toBe(4);
  expect(worst([row("a", 0, "in sync"), rowOf("b", undefined)])).toBe(3);
  expect(rowOf("b", { waitedFor: "a" })).toMatchObject({
    result: "not begun",
    summary: expect.stringMatching(/after a/),
  });
});

test("a table has a line for each and a sum", () => {
  expect(renderTable([row("dev", 0, "in sync"), row("long-name", 4, "blocked")])).toBe(
    [
      "dev        in sync  what came of dev",
      "long-name  blocked  what came of long-name",
      "",
      "1 in sync, 1 blocked",
    ].join("\n"),
  );
});

test("a comment has in full what needs a look, and folds the rest; what is too long is named", () => {
  const long = row("long", 1, "differs", "x".repeat(60_000));
  const text = renderMarkdownOfAll([
    row("a|b", 0, "in sync", "quiet text"),
    row("loud", 1, "differs", "loud text"),
    long,
  ]);
  expect(text).toMatch(/^\*\*3 environments\*\*: 1 in sync, 2 differs/);
  expect(text).toMatch(/### loud\n\nloud text/);
  expect(text).toMatch(/<details><summary>1 with nothing to do<\/summary>[\s\S]*a\\\|b[\s\S]*<\/details>/);
  expect(text).not.toContain("quiet text");
  expect(text).toMatch(/### long\n\ntoo long for one comment/);
  expect(text.length).toBeLessThan(65_536);
});

describe("in a folder", () => {
  const before = process.cwd();
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "all-"));
    mkdirSync(join(folder, "environments"));
    for (const name of ["dev-a", "dev-b", "prod"]) {
      const input = {
        ...dev,
        domain: { ...dev.domain, displayName: name },
        app: { ...dev.app, grantedTo: [] },
        database: { ...dev.database, schema: name },
      };
      writeFileSync(join(folder, `environments/${name}.ts`), `export default ${JSON.stringify(input)};\n`);
    }
    writeFileSync(join(folder, "environments/draft.ts"), "export default {};\n");
    process.chdir(folder);
  });
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });

  test.each<[string[], string[]]>([
    [["dev-*"], ["dev-a", "dev-b"]],
    [
      ["dev-?", "prod"],
      ["dev-a", "dev-b", "prod"],
    ],
    [["prod", "prod", "p*"], ["prod"]],
    [[], ["dev-a", "dev-b", "prod"]],
  ])("%j means %j", (patterns, names) => {
    expect([...select(patterns).environments.keys()]).toEqual(names);
  });

  test("a file that is not valid is a fault of its own, and a name that means nothing is refused", () => {
    expect([...select([]).faults.keys()]).toEqual(["draft"]);
    expect(select(["dev-*"]).faults.size).toBe(0);
    expect(() => select(["prod", "dve-*"])).toThrow(
      /"dve-\*" is no environment of this folder \(did you mean "dev-a"\?\)/,
    );
    expect(() => select(["dev.a"])).toThrow(/is no environment/);
  });

  test.each<[string, string[], RegExp]>([
    ["a name beside --all", ["diff", "prod", "--all"], /name environment prod behind --all/],
    ["no name at all", ["destroy"], /missing required argument 'environment'/],
    ["an address of one API", ["verify", "--all", "--url", "https://x"], /--url is about one environment/],
    ["outputs of one environment", ["register", "--all", "--outputs", "x.json"], /--outputs is about one environment/],
    ["nothing side by side", ["diff", "--all", "--concurrency", "0"], /expected 1 to 50/],
    ["a pattern that means nothing", ["deploy", "--all", "nobody"], /"nobody" is no environment/],
  ])("%s is refused with exit code 2", async (_what, args, message) => {
    const { code, stderr } = await runInProcess(args, { cwd: folder, env: process.env });
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  test("each ends by itself: the table is true, and the code the worst", async () => {
    const { code, stdout } = await runInProcess(["verify", "--all", "--json"], { cwd: folder, env: process.env });
    const { environments, error } = JSON.parse(stdout);
    expect(environments.map((each: Row) => [each.environment, each.exitCode])).toEqual([
      ["dev-a", 3],
      ["dev-b", 3],
      ["draft", 2],
      ["prod", 3],
    ]);
    expect(error.message).toBe("4 of 4 did not end well: dev-a, dev-b, draft, prod");
    expect(code).toBe(3);
  });

  test.each([
    [
      "a state",
      { backend: { type: "local", attributes: { path: "../../../state/prod.tfstate" } } },
      /the same Terraform state/,
    ],
    ["a schema", { database: { ...dev.database, schema: "prod" } }, /the JWT profile of schema prod/],
    [
      "an app's name",
      { domain: undefined, existingDomain: { environment: "prod" } },
      /the app name "hello-api-dev" in one/,
    ],
  ])("two that would share %s are refused by name, and no other", async (shared, entries, what) => {
    // A file that was read is not read again.
    const name = `clash-${shared.replaceAll(/\W/g, "-")}`;
    const own = { domain: { ...dev.domain, displayName: "clash" }, database: { ...dev.database, schema: "clash" } };
    const input = { ...dev, users: {}, groups: {}, app: { ...dev.app, grantedTo: [] }, ...own, ...entries };
    writeFileSync(join(folder, `environments/${name}.ts`), `export default ${JSON.stringify(input)};\n`);
    const args = ["verify", "--all", name, "dev-a", "prod", "--json"];
    const { stdout } = await runInProcess(args, { cwd: folder, env: process.env });
    rmSync(join(folder, `environments/${name}.ts`));
    const [clash, other, prod] = JSON.parse(stdout).environments;
    for (const { exitCode, summary } of [clash, prod]) {
      expect(summary).toMatch(/^environments (clash-\S+ and prod|prod and clash-\S+) would share /);
      expect(summary).toMatch(what);
      expect(exitCode).toBe(2);
    }
    expect(other.exitCode).toBe(3);
  });

  test("one that is protected stays, and keeps no other from going", async () => {
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: "true" }));
    const args = ["destroy", "--all", "dev-*", "kept", "--yes"];
    const input = { ...dev, protected: true, app: { ...dev.app, grantedTo: [] } };
    writeFileSync(join(folder, "environments/kept.ts"), `export default ${JSON.stringify(input)};\n`);
    const { code, stdout } = await runInProcess(args, { cwd: folder, env: process.env });
    rmSync(join(folder, "environments/kept.ts"));
    expect(stdout).toMatch(
      /^kept +failed +environment kept is protected: set protected to false in environments\/kept\.ts/m,
    );
    expect(stdout).toMatch(/^dev-a +failed +the state of stack dev-a cannot be read here/m);
    expect(code).toBe(3);
  });

  test("whoever interrupts what is to be shown is asked nothing, and nothing was changed", async () => {
    for (const name of ["dev-a", "dev-b"]) mkdirSync(join(folder, "cdktf.out/stacks", name), { recursive: true });
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: "true" }));
    writeFileSync(join(folder, "terraform"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    let isHeard = false;
    const { code, stdout, stderr } = await runInProcess(["destroy", "--all", "dev-*", "--concurrency", "1"], {
      cwd: folder,
      env: { ...process.env, ORDS_JWT_DEV_PASSWORD: "x", TERRAFORM_BINARY_NAME: join(folder, "terraform") },
      attended: true,
      onStderr: (text) => {
        if (isHeard || !text.includes("dev-")) return;
        isHeard = true;
        process.emit("SIGINT", "SIGINT");
      },
    });
    rmSync(join(folder, "cdktf.out"), { recursive: true });
    expect(stderr).toMatch(/interrupted before anything was agreed to: nothing was changed/);
    expect(stdout).not.toContain("to go on");
    expect(code).toBe(3);
  });

  test("passwords are asked for once, before anything begins", async () => {
    const env = { ...process.env, ORDS_JWT_DEV_PASSWORD: undefined };
    const options = { cwd: folder, env, attended: true, input: "Tiger-12345\n" };
    const { stderr, stdout } = await runInProcess(["register", "--all", "dev-*", "--plan"], options);
    // All three name one variable.
    expect(stderr.match(/password of database user/g)).toHaveLength(1);
    expect(stderr.indexOf("password of database user")).toBeLessThan(stderr.indexOf("dev-a"));
    expect(stdout + stderr).not.toContain("Tiger-12345");
  });
});
