import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentNames } from "../../config/environment-names";

const root = join(__dirname, "../..");

/** The stacks as cdktf itself would have them made, in a folder of our own: a map of file name to content. */
function synthesize(folder: string): Map<string, string> {
  symlinkSync(join(root, "environments"), join(folder, "environments"));
  execFileSync(process.execPath, ["--require", join(root, "scripts/typescript.js"), join(root, "main.ts")], {
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
