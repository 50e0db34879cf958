import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "../..");

test("TypeScript runs as it is, whatever became of the cache: import() finds it, and errors name its lines", () => {
  const folder = mkdtempSync(join(tmpdir(), "typescript-"));
  const inside = (...path: string[]) => join(folder, ...path);
  for (const path of ["scripts", "node_modules"]) mkdirSync(inside(path));
  for (const file of ["scripts/typescript.js", "scripts/node-version.js", "package.json"])
    copyFileSync(join(root, file), inside(file));
  symlinkSync(join(root, "node_modules/jiti"), inside("node_modules/jiti"));
  writeFileSync(inside("other.ts"), "export enum Other {\n  Greeting = 'hello',\n}\nexport default Other;\n");
  writeFileSync(
    inside("main.ts"),
    [
      `import type { Stats } from "node:fs";`,
      `interface Named { name: string }`,
      ``,
      `export async function main(named: Named, _stats?: Stats) {`,
      `  const { default: Other } = await import("./other");`,
      `  console.log(named.name, Other.Greeting);`,
      `  throw new Error("on line 7");`,
      `}`,
      `main({ name: "main" });`,
    ].join("\n"),
  );
  const run = () => {
    const args = ["--require", "./scripts/typescript.js", "main.ts"];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    return { stdout, place: /main\.ts:\d+/.exec(stderr)?.[0] };
  };
  const ran = { stdout: "main hello\n", place: "main.ts:7" };
  try {
    expect(run()).toEqual(ran);
    const cache = inside("node_modules/.cache/ords-jwt/translated");
    const cached = readdirSync(cache);
    expect(cached.length).toBe(2);
    // Something that cannot be read, as another user's file.
    for (const name of cached) {
      rmSync(join(cache, name));
      mkdirSync(join(cache, name));
    }
    expect(run()).toEqual(ran);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
