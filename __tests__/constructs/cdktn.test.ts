import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentNames } from "../../config/environment-names";

const root = join(__dirname, "../..");

/** The stacks' JSON, made with cdktf or, by another tsconfig that maps the one name to the other, with cdktn. */
function synthesize(folder: string, ...tsconfig: string[]): unknown[] {
  const outdir = mkdtempSync(join(folder, "out-"));
  execFileSync(join(root, "node_modules/.bin/tsx"), [...tsconfig, join(root, "main.ts")], {
    cwd: root,
    env: { PATH: process.env.PATH, CDKTF_OUTDIR: outdir },
  });
  return environmentNames().map((name) => {
    const stack = JSON.parse(readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8"));
    return { stack, madeBy: stack["//"].metadata.version };
  });
}

test("cdktn, under which cdktf lives on, synthesizes the same stacks", () => {
  const folder = mkdtempSync(join(tmpdir(), "cdktn-"));
  try {
    const before = JSON.stringify(synthesize(folder));
    const after = JSON.stringify(synthesize(folder, "--tsconfig", join(__dirname, "tsconfig.cdktn.json")));
    expect(before).toContain('"madeBy":"0.21.0"');
    expect(JSON.parse(after.replaceAll('"0.24.0"', '"0.21.0"'))).toEqual(JSON.parse(before));
    expect(after).toContain('"madeBy":"0.24.0"');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
