import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import { parseEnvironment } from "../../../config/environment";
import { run } from "../../../scripts/cli";
import { Terminal } from "../../../scripts/terminal/terminal";
import { Deployed } from "../deployed";
import { type Ran, runInProcess } from "../in-process";

const root = join(__dirname, "../../..");
const paths = ["cdktf.json", "main.ts", ".gitignore"];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "init-"));
  // As npm would have installed it.
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/ords-jwt"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const init = (...args: string[]): Promise<Ran> =>
  runInProcess(["init", ...args], { cwd: folder, env: { PATH: process.env.PATH, HOME: folder } });

const read = (path: string) => readFileSync(join(folder, path), "utf8");
const environment = (name: string) => parseEnvironment(name, require(join(folder, `environments/${name}.ts`)).default);
/** What is in the folder, but for what npm installs. */
const written = () => readdirSync(folder).filter((name) => name !== "node_modules");

const complete = [
  ...["--region", "eu-zurich-1", "--compartment", "ocid1.compartment.oc1..c"],
  ...["--connect-string", "tcps://db.example.com:1522/s", "--user", "orders"],
];

test("by flags and defaults it writes a project whose environment is valid, and ends with what to type next", async () => {
  const { code, stdout } = await init("test-1", "--yes", "--offline", ...complete, "--module", "orders", "stock items");
  expect(code).toBe(0);
  expect(stdout).toMatch(/wrote environments\/test-1.ts/);
  expect(stdout).toMatch(
    /ORDS_JWT_TEST_1_PASSWORD. Then:\n\n {2}npx ords-jwt diff test-1\n {2}npx ords-jwt deploy test-1\n {2}npx ords-jwt verify test-1 --url \S+\n$/,
  );
  expect(written().sort()).toEqual([...paths, "environments"].sort());
  expect(environment("test-1")).toMatchObject({
    region: "eu-zurich-1",
    domain: { compartmentOcid: "ocid1.compartment.oc1..c", displayName: "ords-test-1" },
    app: {
      audience: "https://ords-api-test-1.example.com/",
      scopes: [
        { value: "orders.access", modules: ["orders"] },
        { value: "stock_items.access", modules: ["stock items"] },
      ],
    },
    database: { schema: "ORDERS", passwordVariable: "ORDS_JWT_TEST_1_PASSWORD", connection: { user: "orders" } },
  });
  expect(JSON.parse(read("cdktf.json")).app).toBe("node --require ords-jwt/typescript main.ts");
  expect(read(".gitignore").split("\n")).toContain("state/");
});

test("every answer reaches the file", async () => {
  const args = [
    ...["--existing-domain", "https://idcs-1.identity.oraclecloud.com:443", "--user-mail", "ada.lovelace@example.com"],
    ...["--app-name", "shop", "--api-url", "https://api.example.com/ords/shop/", "--wallet", "wallet/x"],
    ...["--profile", "SHOP", "--password-variable", "SHOP_PASSWORD", "--schema", "SHOP", "--module", "shop"],
  ];
  expect((await init("x", "--yes", "--offline", ...complete, ...args)).code).toBe(0);
  expect(environment("x")).toMatchObject({
    authentication: { configFileProfile: "SHOP" },
    existingDomain: { domainUrl: "https://idcs-1.identity.oraclecloud.com:443" },
    users: { first: { userName: "ada.lovelace@example.com", givenName: "Ada", familyName: "Lovelace" } },
    app: { displayName: "shop", audience: "https://api.example.com/" },
    apiUrl: "https://api.example.com/ords/shop/",
    database: { schema: "SHOP", passwordVariable: "SHOP_PASSWORD", connection: { walletLocation: "wallet/x" } },
  });
});

test("who knows nothing yet gets a file that says what to replace, and where", async () => {
  const { code, stdout } = await init("--offline", "--yes");
  expect(code).toBe(0);
  const lines = read("environments/dev.ts").split("\n");
  const [, places = ""] = /replace REPLACE-ME in environments\/dev.ts, line ([\d and]+),/.exec(stdout) ?? [];
  expect(places.split(" and ").map((place) => lines[Number(place) - 1])).toEqual([
    expect.stringMatching(/compartmentOcid: ".*REPLACE-ME"/),
    expect.stringMatching(/connectString: ".*REPLACE-ME/),
  ]);
});

test("who has replaced nothing yet is told so by file and line, and nothing else happens: exit code 2", async () => {
  await init("--offline", "--yes");
  const { code, stderr } = await runInProcess(["diff", "dev"], { cwd: folder, env: { PATH: process.env.PATH } });
  expect(stderr).toMatch(
    /^error: environments\/dev.ts is not valid:\n {2}line \d+: domain.compartmentOcid: replace REPLACE-ME.*\n {2}line \d+: database.connection.connectString: replace/,
  );
  expect(code).toBe(2);
  expect(written()).not.toContain("cdktf.out");
});

test("--local gives the environment of npm start", async () => {
  expect(await init("--local")).toMatchObject({ code: 0, stdout: expect.stringContaining("npm start -- --empty") });
  expect(environment("local")).toEqual(parseEnvironment("local", require("../../../environments/local").default));
});

test.each<[string, string[], RegExp]>([
  ["no terminal", ["dev"], /no terminal to ask at: add --profile, --region, .*; --yes takes the defaults/],
  ["no default", ["dev", "--yes"], /these have no default: add --region, --compartment, --connect-string, --user/],
  ["a name that is none", ["../x", "--yes"], /"..\/x" cannot name an environment/],
  ["an audience without a slash", ["--yes", "--audience", "https://x"], /--audience: .* does not end in a slash/],
  ["a compartment that is no OCID", ["--yes", "--compartment", "dev"], /--compartment: is no OCID/],
  ["a domain that is no URL", ["--yes", "--existing-domain", "x"], /--existing-domain: must be an https URL/],
  ["a variable that is none", ["--yes", ...complete, "--password-variable", "a b"], /--password-variable: must be the/],
  ["another name than local", ["dev", "--local"], /--local makes the environment local, not "dev"/],
])("%s is refused, and nothing is written: exit code 2", async (_what, args, message) => {
  const { code, stderr } = await init(...args, "--quiet");
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
  expect(written()).toEqual([]);
});

test("a password in an answer is refused, and not repeated", async () => {
  const { code, stderr } = await init("--yes", "--offline", "--connect-string", "hello/s3cr3t@db");
  expect(stderr).toMatch(/--connect-string: must not hold a secret/);
  expect(stderr).not.toContain("s3cr3t");
  expect(code).toBe(2);
});

test("nothing is written over: an environment is refused, and of other files it is said what they lack", async () => {
  writeFileSync(join(folder, "main.ts"), "// mine\n");
  writeFileSync(join(folder, ".gitignore"), "state/\nnode_modules/\n");
  const { stdout } = await init("--yes", "--offline");
  expect(read("main.ts")).toBe("// mine\n");
  expect(stdout).toMatch(/main.ts is left as it is; it needs:\nimport { App } from "cdktf";/);
  expect(stdout).toMatch(/.gitignore is left as it is; add: cdktf.out\/ undo\/ /);
  writeFileSync(join(folder, "environments/dev.ts"), "// mine too\n");
  const again = await init("--yes", "--offline");
  expect(again).toMatchObject({ code: 2, stderr: expect.stringMatching(/environments\/dev.ts exists already/) });
  expect(read("environments/dev.ts")).toBe("// mine too\n");
});

test("when one file cannot be written, none is left", async () => {
  writeFileSync(join(folder, "environments"), "not a folder");
  const { code, stderr } = await init("--yes", "--offline");
  expect(stderr).toMatch(/cannot use environments\/dev.ts: /);
  expect(code).toBe(3);
  expect(written()).toEqual(["environments"]);
});

/** At the terminal: each answer is typed when its question is there. */
async function answering(
  answers: Record<string, string>,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; shown: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  Object.assign(stdin, { isTTY: true });
  let shown = "";
  let from = 0;
  stderr.on("data", (chunk) => {
    shown += chunk;
    const asked = /\(--([\w-]+)\)\n(?:.*\n)*? ?(?:\[.*\])?: $/.exec(shown.slice(from));
    if (!asked) return;
    from = shown.length;
    const answer = answers[asked[1] ?? ""];
    if (answer === "^D") stdin.end();
    else stdin.write(`${answer ?? ""}\n`);
  });
  stdout.on("data", (chunk) => {
    shown += chunk;
  });
  const before = { env: process.env, folder: process.cwd() };
  process.env = env;
  process.chdir(folder);
  try {
    const code = await run(["init", "dev"], new Terminal(stdin, stdout, stderr));
    await Promise.all([stdout, stderr].map((stream) => finished(stream.end())));
    return { code, shown };
  } finally {
    process.env = before.env;
    process.chdir(before.folder);
  }
}

describe("with a tenancy and a database to look into", () => {
  let at: Deployed;
  beforeAll(async () => {
    at = await Deployed.start();
    const { code, stderr } = await at.run(["register", "local", "--sample-api"]);
    if (code !== 0) throw new Error(stderr);
  });
  afterAll(() => at.close());

  const env = (): NodeJS.ProcessEnv => ({
    ...process.env,
    ...at.standIns.variables,
    ORDS_JWT_DEV_PASSWORD: at.standIns.user.password,
  });

  test("a person is asked, with what was found to choose from, again where an answer is wrong, and Enter takes the default", async () => {
    const answers = { compartment: "2", "existing-domain": "1", "connect-string": "ords_jwt_local", user: "HELLO" };
    const { code, shown } = await answering(answers, env());
    expect(shown).toMatch(/Home region of the tenancy \(--region\)\n \[eu-frankfurt-1\]: /);
    expect(shown).toMatch(/\(--compartment\)\n +1 {2}ocid1.tenancy.oc1..local {2}the root\n +2 {2}ocid1.compartment/);
    expect(shown).toMatch(/\(--schema\)\n +1 {2}HELLO\n \[HELLO\]: /);
    expect(shown).toMatch(/\(--module\)\n +1 {2}hello {2}protected by hello.read/);
    expect(code).toBe(0);
    expect(shown).not.toContain(at.standIns.user.password);
    expect(environment("dev").app.scopes.map(({ modules }) => modules)).toEqual([["hello"]]);
  });

  test("who ends the questions leaves nothing behind", async () => {
    const { code, shown } = await answering({ audience: "^D" }, env());
    expect(shown).toMatch(/the questions were not answered: nothing was written/);
    expect(code).toBe(3);
    expect(written()).toEqual([]);
  });

  test("what cannot be looked up is said, and the questions go on", async () => {
    const wrong = { ...env(), CLIENT_HOST_OVERRIDES: "oci_identity.IdentityClient=https://127.0.0.1:1" };
    const { code, shown } = await answering(
      { "domain-name": "mine", "connect-string": "nowhere", user: "HELLO", compartment: "ocid1.compartment.oc1..x" },
      wrong,
    );
    expect(shown).toMatch(/cannot look up the home region: /);
    expect(shown).toMatch(/cannot look up the schemas: /);
    expect(code).toBe(0);
    expect(existsSync(join(folder, "environments/dev.ts"))).toBe(true);
  });
});
