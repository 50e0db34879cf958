import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Deployed } from "../deployed";

let deployed: Deployed;
let url: string;
const stackTag = "ords-jwt-stack";
const tagsUrn = "urn:ietf:params:scim:schemas:oracle:idcs:extension:OCITags";
beforeAll(async () => {
  // The SDK warns of what it then throws; the process of a command hides that.
  jest.spyOn(console, "warn").mockImplementation(() => {});
  deployed = await Deployed.start();
  url = deployed.outputs.client.domainUrl;
  await deployed.register();
  // As if somebody had registered it by hand.
  expect((await deployed.run(["unregister", "local", "--expose"])).code).toBe(0);
  await deployed.sql(
    `DECLARE r owa.vc_arr; p owa.vc_arr; m owa.vc_arr;
     BEGIN
       m(1) := 'hello';
       ORDS.DEFINE_PRIVILEGE(p_privilege_name => 'hello.read', p_roles => r, p_patterns => p, p_modules => m, p_label => 'Read');
       ORDS_SECURITY.CREATE_JWT_PROFILE(p_issuer => 'https://identity.oraclecloud.com/', p_audience => 'https://hello.example.com/',
         p_jwk_url => '${url}/admin/v1/SigningCert/jwk', p_allowed_skew => 0);
     END;`,
  );
});
afterAll(() => deployed.close());
beforeEach(() => {
  // In place of the link to those of the project.
  rmSync(environments(), { recursive: true });
  mkdirSync(environments());
});

const environments = (...path: string[]) => join(deployed.folder, "environments", ...path);

/** Runs the command with all that it needs; a flag of `changes` goes before. */
function run(changes: Record<string, string | undefined> = {}, name = "mine", ...more: string[]) {
  const flags: Record<string, string | undefined> = {
    "--domain": url,
    "--app": "hello-api",
    "--user": "HELLO",
    "--connect-string": deployed.standIns.database.connectString,
    "--password-variable": "ORDS_JWT_LOCAL_PASSWORD",
    ...changes,
  };
  const args = Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  return deployed.run(["import", name, ...args, ...more]);
}

test("the picture says what is there and what becomes of it, in 80 columns", async () => {
  const { code, stdout } = await run();
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Before, as it is now {26} {2}After, by environments\/mine\.ts$/m);
  expect(stdout).toMatch(/^ {2}app hello-api +import: app$/m);
  expect(stdout).toMatch(/^ {2}client hello-api developers +import: developerClient$/m);
  expect(stdout).toMatch(/^ {2}privilege hello\.read +adopt: app\.scopes$/m);
  expect(stdout).toMatch(/the first deploy changes\n[\s\S]*- the JWT profile has the allowed skew 0\n/);
  // Of a project, the rest is there.
  expect(stdout).toMatch(/^written: environments\/mine.ts, .gitignore$/m);
  expect(stdout).toMatch(/nothing was changed in OCI or in the database[\s\S]*npx ords-jwt diff mine --adopt/);
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("--json says the same for a program, and neither it nor the file holds a secret", async () => {
  const { code, stdout } = await run(
    { "--app": deployed.outputs.client.clientId, "--region": "eu-paris-1" },
    "mine",
    "--json",
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    environment: "mine",
    file: "environments/mine.ts",
    written: ["environments/mine.ts"],
    picture: expect.arrayContaining([{ what: "app hello-api", becomes: "import: app" }]),
    notSaid: {
      first: [],
      changes: expect.arrayContaining([
        expect.objectContaining({ what: "the JWT profile has the allowed skew 0", todo: null }),
      ]),
      stays: [],
    },
  });
  const file = readFileSync(environments("mine.ts"), "utf8");
  for (const secret of [deployed.clientSecret, deployed.standIns.user.password]) {
    expect(stdout + file).not.toContain(secret);
  }
  expect(readdirSync(environments())).toEqual(["mine.ts"]);
});

test("a domain may be named by its OCID, an app by its id, and the stack may own the domain", async () => {
  const { code } = await run(
    { "--domain": deployed.domainId, "--app": deployed.appId },
    "mine",
    "--own-domain",
    "--no-people",
  );
  expect(code).toBe(0);
  expect(readFileSync(environments("mine.ts"), "utf8")).toContain(`domainOcid: "${deployed.domainId}"`);
});

test.each<[string, Record<string, string | undefined>, string, RegExp, number]>([
  ["a name that leads elsewhere", {}, "../mine", /"\.\.\/mine" cannot name an environment/, 2],
  ["a domain with a path", { "--domain": "https://a.example.com/ui" }, "mine", /--domain is neither an OCID/, 2],
  [
    "an unknown domain",
    { "--domain": "ocid1.domain.none" },
    "mine",
    /there is no identity domain ocid1\.domain\.none/,
    2,
  ],
  ["an unknown app", { "--app": 'no "app"' }, "mine", /has no app whose name, client id or id is "no \\"app\\""/, 2],
  ["a client of the API", { "--app": "hello-api developers" }, "mine", /made from the template/, 4],
  ["a connection with a secret", { "--connect-string": "scott/tiger1@db" }, "mine", /must not hold a secret/, 2],
  [
    "a password that is not there",
    { "--password-variable": "NOT_SET" },
    "mine",
    /set the environment variable NOT_SET/,
    2,
  ],
  ["a URL that is none", { "--url": "ftp://x" }, "mine", /apiUrl: must be an http\(s\) URL/, 2],
  ["no app and no user", { "--app": undefined, "--user": undefined }, "mine", /import needs --app, --user: see/, 2],
])("%s is refused, and nothing is written", async (_what, changes, name, message, code) => {
  const ran = await run(changes, name);
  expect(ran.stderr).toMatch(message);
  expect(ran.code).toBe(code);
  expect(readdirSync(environments())).toEqual([]);
});

test("what has the name is not overwritten, a link neither", async () => {
  writeFileSync(environments("mine.ts"), "mine");
  symlinkSync(environments("gone.ts"), environments("link.ts"));
  expect(await run()).toMatchObject({ code: 2, stderr: expect.stringMatching(/environments\/mine\.ts exists/) });
  expect(await run({}, "link")).toMatchObject({ code: 2, stderr: expect.stringMatching(/is not overwritten/) });
  expect(readFileSync(environments("mine.ts"), "utf8")).toBe("mine");
  expect(existsSync(environments("gone.ts"))).toBe(false);
});

test("an app of another stack is refused by the stack's name, by whatever says so", async () => {
  const refused = async (message: RegExp) => {
    const ran = await run();
    expect(ran.stderr).toMatch(message);
    expect(ran.code).toBe(4);
    expect(existsSync(environments("mine.ts"))).toBe(false);
  };
  writeFileSync(environments("broken.ts"), "{");
  const { code, stdout } = await run({}, "mine");
  expect([code, stdout]).toEqual([0, expect.stringMatching(/environments\/broken\.ts cannot be read/)]);
  rmSync(environments("mine.ts"));

  // That another file takes it over is tried in the journey: jest would look for it where the link led.
  writeFileSync(environments("other.ts"), "");
  mkdirSync(join(deployed.folder, "state"));
  const resources = [{ type: "oci_identity_domains_app", instances: [{ attributes: { id: deployed.appId } }] }];
  writeFileSync(join(deployed.folder, "state/other.tfstate"), JSON.stringify({ resources }));
  await refused(/stack other owns app "hello-api" .*state\/other\.tfstate says so/);
  rmSync(join(deployed.folder, "state"), { recursive: true });

  const tag = (value: string) => deployed.patchApp({ [tagsUrn]: { freeformTags: [{ key: stackTag, value }] } });
  await tag("elsewhere");
  await refused(/stack elsewhere owns app "hello-api" .*its tag says so/);
  // One's own, whose state was lost.
  await tag("mine");
  expect((await run()).code).toBe(0);
});
