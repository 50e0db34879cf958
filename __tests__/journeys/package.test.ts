import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AttachedProvider, attachProvider } from "@ords-jwt/stand-ins/terraform-provider";
import { nothingIsLeft, sampleUrl } from "../../local/journey";
import { type StandIns, startStandIns } from "../../local/stand-ins";
import schema from "../../providers/oci/schema.json";
import { run } from "../../scripts/terraform/run";

const root = join(__dirname, "../..");

let folder: string;
let project: string;
let standIns: StandIns;
let provider: AttachedProvider;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "package-")));
  project = join(folder, "project");
  standIns = await startStandIns(folder, { project: false });
  provider = await attachProvider({ schema }, standIns.environment);
  standIns.environment.TF_REATTACH_PROVIDERS = provider.reattach;
  mkdirSync(project);
  writeFileSync(join(project, "package-lock.json"), JSON.stringify(runtimeLock()));
  const packed = await npm(root, "pack", "--silent", "--pack-destination", folder);
  await npm(project, "install", join(folder, packed.trim()), "cdktf@0.21", "constructs@10", ...quietly);
});
afterAll(async () => {
  await provider.close();
  await standIns.close();
  rmSync(folder, { recursive: true });
});

/** From the cache that `npm ci` filled; from the registry only what is not in there. */
const quietly = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];

/** So that npm takes the versions of our own lockfile, which its cache has. What the package does not need, npm leaves out. */
function runtimeLock(): object {
  const { lockfileVersion, packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const known = Object.entries<{ dev?: true; link?: true }>(packages).filter(
    ([path, { dev, link }]) => path.startsWith("node_modules/") && !dev && !link,
  );
  return { lockfileVersion, packages: { "": {}, ...Object.fromEntries(known) } };
}

async function npm(cwd: string, ...args: string[]): Promise<string> {
  const { code, stdout, lines } = await run("npm", args, { cwd });
  if (code !== 0) throw new Error(`npm ${args[0]}: ${lines.join("\n")}`);
  return stdout;
}

async function ordsJwt(...args: string[]): Promise<{ code: number; output: string }> {
  const output: string[] = [];
  const env = standIns.environment;
  const command = join(project, "node_modules/.bin/ords-jwt");
  const { code } = await run(command, args, { cwd: project, env, onLine: (line) => output.push(line) });
  return { code, output: output.join("\n") };
}

test("installed into an empty folder, the package goes from nothing to a proved API and back", async () => {
  expect(await ordsJwt("init", "--local")).toMatchObject({ code: 0 });
  // Somebody else is at work on it.
  writeFileSync(join(project, "environments/prod.ts"), "export default {\n  region: 1,,\n};\n");

  const deployed = await ordsJwt("deploy", "local", "--yes", "--sample-api");
  expect(deployed.output).toMatch(
    /^warning: environment prod is left out: environments\/prod.ts cannot be loaded: environments\/prod.ts:2:\d+: /m,
  );
  expect(deployed.output).toMatch(/NOW PROTECTED/);
  expect(deployed.code).toBe(0);
  expect(await ordsJwt("diff", "prod")).toMatchObject({ code: 2, output: expect.stringContaining("prod.ts:2:") });

  const verified = await ordsJwt("verify", "local", "--url", sampleUrl(standIns));
  expect(verified.output).toMatch(/with the token: 200/);
  expect(verified.code).toBe(0);

  // What may be using the domain that is to go stops the destroy; what cannot, does not.
  const faulty = "export default {\n  existingDomain: {{,\n};\n";
  writeFileSync(join(project, "environments/shared.ts"), faulty);
  expect(await ordsJwt("destroy", "local", "--yes")).toMatchObject({
    code: 4,
    output: expect.stringContaining("shared.ts:2:"),
  });
  rmSync(join(project, "environments/shared.ts"));
  const destroyed = await ordsJwt("destroy", "local", "--yes", "--sample-api");
  expect(destroyed.output).toMatch(/environment local is destroyed/);
  expect(destroyed.code).toBe(0);
  await nothingIsLeft({ folder: project, standIns, say: () => {} });
});

test("the package holds what runs and is documented, and no tool of its development", () => {
  const installed = join(project, "node_modules/ords-jwt");
  const files = readdirSync(installed, { recursive: true, encoding: "utf8" }).filter((file) => /\.[jt]s$/.test(file));
  const rooms = new Set(files.map((file) => file.split("/").slice(0, 2).join("/")));
  expect([...rooms].sort()).toEqual(
    [
      ...["access", "config", "constructs", "doctor", "oauth", "ords", "scripts"].map((room) => `dist/${room}`),
      ...["control-characters", "encoding", "errors", "index", "private-folder", "secret-forms"].map(
        (file) => `dist/${file}.js`,
      ),
      ...["dist/errors.d.ts", "dist/index.d.ts", "environments/local.ts", "index.js", "node_modules/@cdktf"],
      ...["hook", "load", "node-version", "ords-jwt", "typescript"].map((file) => `scripts/${file}.js`),
    ].sort(),
  );
  const { packages } = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
  const names = Object.keys(packages).filter((path) =>
    /typescript|esbuild|jest|tsx|cdktf-cli|provider-generator/.test(path),
  );
  expect(names).toEqual([]);
});

test("an editor knows every entry: the types compile in a strict project, and refuse what is not known", () => {
  const own = join(project, "own");
  mkdirSync(join(own, "environments"), { recursive: true });
  const page = readFileSync(join(root, "docs/how-to/own-stack.md"), "utf8");
  writeFileSync(join(own, "main.ts"), /```typescript\n(.*?)```/s.exec(page)?.[1] ?? "");
  writeFileSync(join(own, "environments/orders.ts"), readFileSync(join(root, "environments/dev.ts")));
  const wrong = (entries: string) => `// @ts-expect-error\ndefineEnvironment({ ...orders, ${entries} });\n`;
  const connection = (entry: string) =>
    wrong(`database: { ...orders.database, connection: { ...orders.database.connection, ${entry} } }`);
  writeFileSync(
    join(own, "wrong.ts"),
    `import { defineEnvironment } from "ords-jwt";
import orders from "./environments/orders.js";
${wrong('regoin: "x"')}${connection('walletLocaton: "/w"')}${connection('retryCount: "1"')}${connection('tokenAuthConfigOci: { profil: "X" }')}`,
  );
  const compilerOptions = { strict: true, module: "preserve", target: "es2022", noEmit: true, types: [] };
  writeFileSync(
    join(project, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["main.ts", "environments/local.ts", "own/main.ts", "own/wrong.ts"] }),
  );
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "-p", project], { encoding: "utf8" });
  expect(stdout).toBe("");
  const types = readFileSync(join(project, "node_modules/ords-jwt/dist/config/connection-attributes.d.ts"), "utf8");
  expect(types).toMatch(/\/\*\* Where the database is: .*\*\/\n +connectString: string;/);
});
