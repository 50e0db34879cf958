import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentNames } from "../../config/environment-names";

const root = join(__dirname, "../..");

/** The stacks as cdktf itself would have them made, in a folder of our own: a map of file name to content. */
function synthesize(folder: string, ...preloaded: string[]): Map<string, string> {
  symlinkSync(join(root, "environments"), join(folder, "environments"));
  const preloads = [join(root, "scripts/typescript.js"), ...preloaded].flatMap((file) => ["--require", file]);
  execFileSync(process.execPath, [...preloads, join(root, "main.ts")], {
    cwd: folder,
    env: { PATH: process.env.PATH, CDKTF_OUTDIR: join(folder, "cdktf.out") },
  });
  const stacks = join(folder, "cdktf.out/stacks");
  return new Map(readdirSync(stacks).map((name) => [name, readFileSync(join(stacks, name, "cdk.tf.json"), "utf8")]));
}

let folder: string;
let stacks: Map<string, string>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "synth-"));
  stacks = synthesize(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("cdktn, under which cdktf lives on, synthesizes the same stacks", () => {
  const other = join(folder, "cdktn");
  mkdirSync(other);
  const after = synthesize(other, join(__dirname, "cdktn.cjs"));
  for (const name of environmentNames()) {
    expect(JSON.parse(stacks.get(name)!)["//"].metadata.version).toBe("0.21.0");
    const { "//": about, ...stack } = JSON.parse(after.get(name)!);
    expect(about.metadata.version).toBe("0.24.0");
    about.metadata.version = "0.21.0";
    expect({ "//": about, ...stack }).toEqual(JSON.parse(stacks.get(name)!));
  }
  expect([...after.keys()]).not.toEqual([]);
});

test("one stack is synthesized for each environment", () => {
  expect([...stacks.keys()].sort()).toEqual([...environmentNames()].sort());
});

test.each(environmentNames())("the stack of environment %s is the reviewed one", (name) => {
  expect(JSON.parse(stacks.get(name) ?? "{}")).toMatchSnapshot();
});

test("the same input gives the same bytes in another folder, also one that is reached by a link", () => {
  const other = join(folder, "elsewhere");
  mkdirSync(other);
  symlinkSync(other, join(folder, "link"));
  expect(synthesize(join(folder, "link"))).toEqual(stacks);
});

test("no stack holds an absolute path or the name of this machine's user", () => {
  for (const json of stacks.values()) {
    expect(json).not.toContain(root);
    expect(json).not.toContain(folder);
    expect(json).not.toContain(process.env.HOME);
  }
});

test("the client secret is an output of its own, marked sensitive, and not part of the output ords", () => {
  for (const json of stacks.values()) {
    const { output } = JSON.parse(json);
    expect(output.client_secret.sensitive).toBe(true);
    expect(JSON.stringify(output.ords)).not.toContain("secret");
  }
});

test("faults of other environments are told to who works on one, whose stack is made; without one, they are errors", () => {
  const own = join(folder, "faults");
  const text = readFileSync(join(root, "environments/dev.ts"), "utf8");
  mkdirSync(join(own, "environments"), { recursive: true });
  mkdirSync(join(own, "node_modules"));
  symlinkSync(root, join(own, "node_modules/ords-jwt"));
  const write = (name: string, content: string) => writeFileSync(join(own, `environments/${name}.ts`), content);
  write("dev", text);
  write("form", text.replace('region: "eu-frankfurt-1"', "region: 5"));
  // Found only when most of its stack is made.
  write("rule", text.replaceAll("HELLO", "RULE").replaceAll("ords-dev", "rule").replace('["testers"]', '["nobody"]'));
  write("syntax", "export default {\n  region: 1,,\n};");
  const synth = (env: NodeJS.ProcessEnv) => {
    const args = ["--require", join(root, "scripts/typescript.js"), join(root, "main.ts")];
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: own,
      env: { PATH: process.env.PATH, CDKTF_OUTDIR: join(own, "cdktf.out"), ...env },
      encoding: "utf8",
    });
    return { status, lines: stderr.split("\n") };
  };
  const faults = [
    /^warning: environment form is left out: environments\/form.ts is not valid: line 6: region: /,
    /^warning: environment syntax is left out: environments\/syntax.ts cannot be loaded: environments\/syntax.ts:2:\d+: /,
    /^warning: environment rule is left out: environments\/rule.ts is not valid: line 42: app.grantedTo names "nobody"/,
  ];
  const { status, lines } = synth({ ORDS_JWT_STACK: "dev" });
  expect({ status, lines }).toEqual({ status: 0, lines: [...faults.map((each) => expect.stringMatching(each)), ""] });
  expect(Object.keys(JSON.parse(readFileSync(join(own, "cdktf.out/manifest.json"), "utf8")).stacks)).toEqual(["dev"]);

  const rule = synth({ ORDS_JWT_STACK: "rule" });
  expect(rule).toMatchObject({ status: 2, lines: ["environments/rule.ts is not valid:", expect.any(String), ""] });
  const all = synth({});
  expect(all.status).toBe(2);
  for (const name of ["form", "rule", "syntax"]) expect(all.lines.join("\n")).toContain(`environments/${name}.ts`);
});

test("the page about a stack of one's own has one that synthesizes, with the outputs that the commands read", () => {
  const page = readFileSync(join(root, "docs/how-to/own-stack.md"), "utf8");
  const [, code = ""] = /```typescript\n(.*?)```/s.exec(page) ?? [];
  const own = join(folder, "own");
  mkdirSync(join(own, "environments"), { recursive: true });
  mkdirSync(join(own, "node_modules"));
  symlinkSync(root, join(own, "node_modules/ords-jwt"));
  symlinkSync(join(root, "node_modules/cdktf"), join(own, "node_modules/cdktf"));
  writeFileSync(join(own, "main.ts"), code);
  writeFileSync(join(own, "environments/orders.ts"), readFileSync(join(root, "environments/dev.ts")));
  execFileSync(process.execPath, ["--require", "ords-jwt/typescript", "main.ts"], { cwd: own });
  const { output } = JSON.parse(readFileSync(join(own, "cdktf.out/stacks/orders/cdk.tf.json"), "utf8"));
  expect(output.ords.value).toMatchObject({ stack: "orders", schema: "HELLO", privileges: [{ name: "hello.read" }] });
  expect(output.client_secret.sensitive).toBe(true);
});
