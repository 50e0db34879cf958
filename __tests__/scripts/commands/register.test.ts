import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Deployed } from "../deployed";
import type { Ran } from "../in-process";

let deployed: Deployed;
const ran: Ran[] = [];
beforeAll(async () => {
  deployed = await Deployed.start();
});
afterAll(() => deployed.close());

async function run(...args: string[]): Promise<Ran> {
  const result = await deployed.run(args);
  ran.push(result);
  return result;
}

const file = (name: string) => join(deployed.folder, name);
const undoFiles = () => readdirSync(file("undo")).sort();

// One story: each test goes on where the one before it stopped.

test("a plan for an untouched schema shows all that would be done, and does none of it: exit code 1", async () => {
  const { code, stdout } = await run("register", "local", "--sample-api", "--plan");
  expect(stdout).toMatch(/logged in as HELLO, calls ORDS and ORDS_SECURITY \(ORDS 26/);
  expect(stdout).toMatch(/~ update +schema HELLO[\s\S]*\+ create +module hello[\s\S]*\+ create +JWT profile HELLO/);
  expect(stdout).toMatch(/privilege hello.read {2}NOW PROTECTED: module hello/);
  expect(code).toBe(1);
});

test("what cannot be done at all is blocked, in the first line and for programs: exit code 4", async () => {
  const refused = await run("register", "local", "--plan");
  expect(refused.stdout).toMatch(
    /^local: BLOCKED; .*\nBLOCKED: nothing will be changed in the schema, for this reason\n {2}1 {2}schema HELLO is not REST-enabled/,
  );
  expect(refused.stderr).toMatch(/not REST-enabled/);
  expect(refused.code).toBe(4);
  const markdown = await run("register", "local", "--plan", "--markdown");
  expect(markdown.stdout).toMatch(
    /^\*\*local\*\*: \*\*BLOCKED\*\*; .*\n\n> \*\*BLOCKED\*\*: nothing will be changed in the schema\n>\n> 1\. schema HELLO is not REST-enabled/,
  );
  expect(markdown.code).toBe(4);
  const json = await run("register", "local", "--plan", "--json");
  expect(JSON.parse(json.stdout)).toEqual({
    stack: "local",
    verdict: expect.objectContaining({ outcome: "blocked", exitCode: 4, oci: null, schema: null }),
    error: { code: "blocked", message: expect.stringMatching(/^schema HELLO is not REST-enabled/) },
  });
  expect(json.code).toBe(4);
});

test("a registration as JSON is one document, and saves a script that only its owner can read", async () => {
  const { code, stdout, stderr } = await run("register", "local", "--sample-api", "--json");
  const { written, undo, inSync, entries, verdict } = JSON.parse(stdout);
  expect({ code, written, inSync }).toEqual({ code: 0, written: true, inSync: false });
  expect(verdict).toMatchObject({ outcome: "differs", schema: { create: 4, update: 1 }, nowProtected: 2 });
  expect(entries.map(({ action, kind, name }: Record<string, string>) => `${action} ${kind} ${name}`)).toEqual([
    "update schema HELLO",
    "create module hello",
    "create JWT profile HELLO",
    "create privilege hello.read",
    "create privilege hello.write",
  ]);
  expect(undoFiles().map((name) => `undo/${name}`)).toEqual([undo]);
  expect(statSync(file(undo)).mode & 0o777).toBe(0o600);
  expect(stderr).toMatch(/preflight: [\s\S]*undo script: undo\/[\s\S]*registered in schema HELLO/);
});

test("the second one finds nothing to do and saves nothing", async () => {
  const before = undoFiles();
  const { code, stdout } = await run("register", "local");
  expect(stdout).toMatch(/in sync: nothing to write/);
  expect(code).toBe(0);
  expect((await run("register", "local", "--plan")).code).toBe(0);
  expect(undoFiles()).toEqual(before);
});

test("what was changed by hand is found, attribute by attribute, in text and in Markdown, and repaired", async () => {
  await deployed.sql(
    `BEGIN
      ORDS_SECURITY.DELETE_JWT_PROFILE;
      ORDS_SECURITY.CREATE_JWT_PROFILE('https://identity.oraclecloud.com', '${deployed.outputs.profile.audience}',
        '${deployed.outputs.profile.jwkUrl}', 'Tokens of hello-api (managed by ords-jwt, stack local)', 0);
      ORDS.DELETE_PRIVILEGE_MAPPING('hello.write', '/written/*');
    END;`,
  );
  const plan = await run("register", "local", "--plan");
  expect(plan.stdout).toMatch(
    /~ replace +JWT profile HELLO\n +issuer +https:\S+\.com -> https:\S+\.com\/\n +allowedSkew +0 seconds -> \(none\)/,
  );
  expect(plan.stdout).toMatch(
    /~ update +privilege hello.write {2}NOW PROTECTED: pattern \/written\/\*\n +\(open to anyone now; calls without a token of this scope will be refused\)\n +patterns +added \/written\/\*/,
  );
  expect(plan.code).toBe(1);
  const markdown = await run("register", "local", "--plan", "--markdown");
  expect(markdown.stdout).toContain(
    "| replace | `JWT profile HELLO` | issuer: `https://identity.oraclecloud.com` → `https://identity.oraclecloud.com/`",
  );
  expect(markdown.code).toBe(1);
  expect((await run("register", "local")).code).toBe(0);
});

test("the hand-over file has no secret and does in place of Terraform", async () => {
  const { stdout, code } = await run("outputs", "local");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(deployed.outputs)));
  expect(stdout).not.toContain(deployed.clientSecret);
  writeFileSync(file("handover.json"), stdout);
  const withoutTerraform = await deployed.run(["register", "local", "--plan", "--outputs", "handover.json"], {
    env: { TERRAFORM_BINARY_NAME: "none" },
  });
  expect(withoutTerraform.stdout).toMatch(/in sync/);
  expect(withoutTerraform.code).toBe(0);
  const foreign = await run("register", "prod", "--plan", "--outputs", "handover.json");
  expect(foreign.stderr).toMatch(/outputs of stack local, not of prod/);
  expect(foreign.code).toBe(2);
});

test("sql prints a script and nothing else, needs no database, and is the same each time", async () => {
  const sql = (...args: string[]) =>
    deployed.run(["sql", "local", "--outputs", "handover.json", ...args], {
      env: { TNS_ADMIN: undefined, ORDS_JWT_LOCAL_PASSWORD: undefined },
    });
  const { stdout, stderr, code } = await sql();
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  expect(stdout).toMatch(
    /^SET DEFINE OFF\n-- ords-jwt: register, schema HELLO, stack local\n[\s\S]*\nCOMMIT;\n[^/]*PROMPT Public in HELLO now[\s\S]*;\n$/,
  );
  expect((await sql()).stdout).toBe(stdout);
  expect((await sql("--ords-version", "24.1")).stdout).toContain("OAUTH.CREATE_JWT_PROFILE");
  expect((await sql("--undo")).stdout).toMatch(/-- ords-jwt: unregister, schema HELLO/);
  expect((await sql("--changelog")).stdout).toMatch(
    /^--liquibase formatted sql\n[\s\S]*\n--changeset ords-jwt:register-local /,
  );
});

test.each([
  [["register", "local", "--undo"], /run npx ords-jwt sql local --undo$/m],
  [["register", "local", "--ords-version", "24.1"], /run npx ords-jwt sql local --ords-version 24\.1$/m],
  [
    ["register", "local", "--sql", "--outputs", "handover.json", "--adopt"],
    /run npx ords-jwt sql local --outputs handover\.json --adopt$/m,
  ],
  [["register", "local", "--restore", "undo/x.sql", "--plan"], /run npx ords-jwt restore local undo\/x\.sql --plan$/m],
  [["sql", "local", "--plan"], /unknown option '--plan'/],
  [["sql", "local", "--changelog", "--undo"], /'--changelog' cannot be used with option '--undo'/],
  [["sql", "local", "--outputs", "handover.json", "--ords-version", "23.2"], /ORDS 23.2 has no JWT profiles/],
  [["sql", "local", "--outputs", "handover.json", "--ords-version", "new"], /cannot read the ORDS version "new"/],
  [["register", "local", "--json", "--markdown"], /cannot be used with/],
  [["restore", "local"], /missing required argument 'file'/],
  [["restore", "local", "x.sql", "--adopt"], /unknown option '--adopt'/],
  [["restore", "local", "nowhere.sql"], /cannot read nowhere.sql/],
  [["restore", "local", "handover.json"], /not an undo script/],
])("%j is called wrongly: exit code 2", async (args, message) => {
  const { code, stderr } = await run(...args);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

test("a saved script brings the state back, but opens what was closed only with --expose", async () => {
  const [first] = undoFiles();
  const refused = await run("restore", "local", `undo/${first}`);
  expect(refused.stderr).toMatch(/BECOMES PUBLIC: .*--expose/);
  expect(refused.code).toBe(4);
  expect((await run("register", "local", "--plan")).code).toBe(0);
  const { code, stdout } = await run("restore", "local", `undo/${first}`, "--expose");
  expect(stdout).toMatch(/- delete +JWT profile HELLO[\s\S]*BECOMES PUBLIC: pattern[\s\S]*restored schema HELLO/);
  expect(code).toBe(0);
});

test("what somebody else made is left alone, until it is adopted", async () => {
  await deployed.sql(`BEGIN
    ORDS.DEFINE_MODULE('hello', '/hello/');
    ORDS.DEFINE_PRIVILEGE('hello.read', owa.vc_arr(), owa.vc_arr(1 => '/by/hand'), owa.vc_arr(), p_comments => 'mine');
  END;`);
  const refused = await run("register", "local");
  expect(refused.stdout).toMatch(
    /^BLOCKED: nothing will be changed in the schema, for these 2 reasons\n {2}1 {2}BECOMES PUBLIC: pattern \/by\/hand[\s\S]*\n {2}2 {2}privilege hello.read exists[\s\S]*\nto do it all the same: repeat this command with --expose --adopt\n[\s\S]*~ adopt +privilege hello.read/m,
  );
  expect(refused.stderr).toMatch(/BECOMES PUBLIC: pattern \/by\/hand/);
  const { entries, written, error } = JSON.parse((await run("register", "local", "--json")).stdout);
  expect({ entries: entries.length, written, code: error.code }).toEqual({
    entries: 3,
    written: false,
    code: "blocked",
  });
  const markdown = await run("register", "local", "--expose", "--plan", "--markdown");
  expect(markdown.stdout).toMatch(
    /^\*\*local\*\*: \*\*BLOCKED\*\*; .*\n\n> \*\*BLOCKED\*\*: nothing will be changed in the schema\n>\n> 1\. privilege hello.read exists [^\n]*<br>to avoid it: delete it if nothing needs it\n/,
  );
  expect(markdown.stdout).not.toContain("\\u000a");
  expect(markdown.code).toBe(4);
  expect((await run("register", "local", "--expose")).stderr).toMatch(
    /hello.read exists and was not made by stack local \(its comments: mine\)[\s\S]*--adopt/,
  );
  const { code } = await run("register", "local", "--expose", "--adopt");
  expect(code).toBe(0);
});

test("unregister names what it leaves and why, twice, and takes all with --expose", async () => {
  const plan = await run("unregister", "local", "--plan");
  expect(plan.code).toBe(1);
  const first = await run("unregister", "local");
  expect(first.stdout).toMatch(
    /- delete +JWT profile HELLO\n +kept +privilege hello.read: without it module hello would be public/,
  );
  expect(first.code).toBe(0);
  const second = await run("unregister", "local");
  expect(second.stdout).toMatch(/nothing to delete[\s\S]*kept +privilege hello.read/);
  expect(second.code).toBe(0);
  const all = await run("unregister", "local", "--expose");
  expect(all.stdout).toMatch(/BECOMES PUBLIC: module hello/);
  expect(all.code).toBe(0);
  expect((await run("unregister", "local", "--expose")).stdout).toMatch(/nothing of this stack is registered/);
});

test("no command has shown a secret, nor has a saved script", () => {
  const scripts = undoFiles().map((name) => readFileSync(file(`undo/${name}`), "utf8"));
  const everything = [...ran.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...scripts].join("\n");
  expect(everything.length).toBeGreaterThan(5000);
  expect(everything).not.toContain(deployed.standIns.user.password);
  expect(everything).not.toContain(deployed.clientSecret);
});
