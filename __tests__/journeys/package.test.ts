import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AttachedProvider, attachProvider } from "@ords-jwt/stand-ins/terraform-provider";
import { nothingIsLeft, sampleUrl } from "../../local/journey";
import { type StandIns, startStandIns } from "../../local/stand-ins";
import schema from "../../providers/oci/schema.json";
import { run } from "../../scripts/terraform/run";
import { killableTerraform } from "./killable-terraform";
import { synthesizedOnce } from "./synthesized-once";

const root = join(__dirname, "../..");

let folder: string;
let project: string;
let standIns: StandIns;
let provider: AttachedProvider;
/** Requests that are refused; at the first of them Terraform is killed. */
let killAt: RegExp | undefined;
/** What somebody else does when the domain is being deleted. */
let meanwhile: (() => Promise<unknown>) | undefined;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "package-")));
  project = join(folder, "project");
  const terraform = killableTerraform(folder);
  standIns = await startStandIns(folder, {
    project: false,
    oci: {
      async faults({ method, path }) {
        if (method === "DELETE" && path.startsWith("/20160918/domains/")) await meanwhile?.();
        if (!killAt?.test(`${method} ${path}`)) return undefined;
        terraform.kill("local");
        // What serves it works on, and would try again where it is out of order.
        return { status: 400, message: "refused" };
      },
    },
  });
  provider = await attachProvider({ schema }, standIns.environment);
  standIns.environment.TERRAFORM_BINARY_NAME = terraform.binary;
  mkdirSync(project);
  const lock = runtimeLock();
  writeFileSync(join(project, "package-lock.json"), JSON.stringify(lock));
  // Unpacking them again would take npm seven seconds of processor: it fetches what is missing, and takes away what the package does not name.
  for (const path of Object.keys(lock.packages)) {
    const isOwn = path.lastIndexOf("node_modules/") === 0 && existsSync(join(root, path));
    if (isOwn) cpSync(join(root, path), join(project, path), { recursive: true });
  }
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
function runtimeLock(): { readonly lockfileVersion: number; readonly packages: Readonly<Record<string, object>> } {
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

async function ordsJwt(...args: string[]): Promise<{ code: number; output: string; stdout: string }> {
  const lines: string[] = [];
  const env: NodeJS.ProcessEnv = { ...standIns.environment, NO_COLOR: "1", TF_REATTACH_PROVIDERS: provider.reattach };
  // Killed in the middle of writing its state, Terraform would leave none.
  if (killAt) Object.assign(env, { TF_CLI_ARGS_apply: "-parallelism=1", TF_CLI_ARGS_destroy: "-parallelism=1" });
  const command = join(project, "node_modules/.bin/ords-jwt");
  const { code, stdout } = await run(command, args, { cwd: project, env, onLine: (line) => lines.push(line) });
  return { code, output: lines.join("\n"), stdout };
}

test("installed into an empty folder, the package goes from nothing to a proved API and back", async () => {
  expect(await ordsJwt("init", "--local")).toMatchObject({ code: 0 });
  // Somebody else is at work on it.
  writeFileSync(join(project, "environments/prod.ts"), "export default {\n  region: 1,,\n};\n");
  expect(await ordsJwt("diff", "prod")).toMatchObject({ code: 2, output: expect.stringContaining("prod.ts:2:") });

  const before = await ordsJwt("diff", "local", "--markdown", "--html", "diff.html");
  expect(before.output).toMatch(
    /^\*\*local\*\*: \*\*BLOCKED\*\*; \d+ to create in OCI; the schema cannot be planned$/m,
  );
  expect(before.output).toMatch(
    /^warning: environment prod is left out: environments\/prod.ts cannot be loaded: environments\/prod.ts:2:\d+: /m,
  );
  expect(before.output).toMatch(/schema HELLO is not REST-enabled/);
  expect(before.output).not.toContain("\\u000a");
  expect(readFileSync(join(project, "diff.html"), "utf8")).toMatch(
    /BLOCKED<\/strong>: nothing will be changed<\/p>\s*<ol><li [^>]*>schema HELLO is not REST-enabled/,
  );
  expect(before.code).toBe(4);
  synthesizedOnce(project);

  killAt = /^(POST|PUT) .admin.v1/;
  const killed = await ordsJwt("deploy", "local", "--yes", "--sample-api");
  expect(killed.output).toMatch(
    /done so far: the state holds [1-9] resources: .*oci_identity_domain\.[\s\S]*terraform apply of stack local failed with SIGKILL/,
  );
  expect(killed.output).not.toMatch(/registered/);
  expect(killed.code).toBe(3);
  killAt = undefined;

  const deployed = await ordsJwt("deploy", "local", "--yes", "--sample-api", "--url", sampleUrl(standIns));
  expect(deployed.output).toMatch(
    /NOW PROTECTED: module hello[\s\S]*deployed: the state holds what was planned[\s\S]*read back[\s\S]*ok +GET .* with the token: 200/,
  );
  // The plan, once.
  expect(deployed.output.match(/NOW PROTECTED: module hello/g)).toHaveLength(1);
  expect(deployed.output).toMatch(
    /deployed: the state holds what was planned[\s\S]*the schema is as it was when the plan was shown/,
  );
  expect(deployed.output).toMatch(/client id +[0-9a-f]{32}/);
  expect(deployed.output).not.toMatch(/idcscs-/);
  expect(deployed.code).toBe(0);

  const after = await ordsJwt("diff", "local");
  expect(after.output).toMatch(/no changes[\s\S]*in sync/);
  expect(after.code).toBe(0);

  // What is declared is what is there: nothing of it changes.
  const map = await ordsJwt("map", "local", "--planned", "--json");
  expect(map.output).toMatch(/"who": "anyone"[\s\S]*"path": "\/hello\/me"/);
  expect(map.output.match(/^.*"change".*$/gm)).toBe(null);
  expect(map.code).toBe(0);

  const { stdout: outputs } = await ordsJwt("outputs", "local");
  writeFileSync(join(project, "ords.json"), outputs);

  const shown = await ordsJwt("destroy", "local", "--sample-api");
  expect(shown.output).toMatch(
    /- delete +domain ords-local .*DELETES: all its users, keys and clients are gone\n[\s\S]*- delete +privilege hello.read[\s\S]*add --yes/,
  );
  expect(shown.code).toBe(2);
  expect(standIns.oci.domains()).toHaveLength(1);

  // An exit code is no proof.
  // What may be using the domain that is to go stops the destroy; what cannot, does not.
  writeFileSync(join(project, "environments/shared.ts"), "export default {\n  existingDomain: {{,\n};\n");
  expect(await ordsJwt("destroy", "local", "--yes")).toMatchObject({
    code: 4,
    output: expect.stringContaining("shared.ts:2:"),
  });
  rmSync(join(project, "environments/shared.ts"));

  killAt = /^DELETE .admin.v1/;
  standIns.environment.EXIT_CODE = "0";
  const halfWay = await ordsJwt("destroy", "local", "--yes", "--sample-api");
  expect(halfWay.output).toMatch(
    /terraform ended without an error, but did not finish: .* delete oci_identity_domain\.[\s\S]* delete oci_identity_domains_app\.App/,
  );
  expect(halfWay.output).not.toMatch(/is destroyed/);
  expect(halfWay.code).toBe(3);
  delete standIns.environment.EXIT_CODE;
  killAt = undefined;
  expect(standIns.oci.domains()).toHaveLength(1);

  let late: Awaited<ReturnType<typeof ordsJwt>> | undefined;
  meanwhile = async () => {
    meanwhile = undefined;
    late = await ordsJwt("register", "local", "--outputs", "ords.json", "--no-preflight", "--sample-api");
  };
  const destroyed = await ordsJwt("destroy", "local", "--yes", "--sample-api");
  expect(late?.output).toMatch(/registered in schema HELLO/);
  expect(destroyed.output).toMatch(
    /is inactive[\s\S]*destroyed: Terraform has nothing left in the state[\s\S]*- delete +privilege hello.read[\s\S]*environment local is destroyed/,
  );
  expect(destroyed.code).toBe(0);
  expect(standIns.oci.domains()).toEqual([]);
  const left = await ordsJwt("unregister", "local", "--sample-api", "--plan");
  expect(left).toMatchObject({ code: 0, output: expect.stringMatching(/nothing of this stack is registered/) });
  await nothingIsLeft({ folder: project, standIns, say: () => {} });
});

test("the package holds what runs and is documented, and no tool of its development", () => {
  const installed = join(project, "node_modules/ords-jwt");
  // What it has translated since is no part of it.
  const files = readdirSync(installed, { recursive: true, encoding: "utf8" }).filter((file) =>
    /^(?!node_modules\/\.cache\/).*\.[jt]s$/.test(file),
  );
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
  const shared = readFileSync(join(root, "docs/how-to/many-apis.md"), "utf8").matchAll(/```typescript\n(.*?)```/gs);
  const [stages = "", orders = ""] = [...shared].map(([, code = ""]) => code);
  writeFileSync(join(own, "stages.ts"), stages);
  writeFileSync(join(own, "environments/dev-orders.ts"), orders);
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
  const files = [
    ...["main.ts", "environments/local.ts"],
    ...["own/main.ts", "own/wrong.ts", "own/stages.ts", "own/environments/dev-orders.ts"],
  ];
  expect(faults(files.map((file) => join(project, file)))).toBe("");
  const types = readFileSync(join(project, "node_modules/ords-jwt/dist/config/connection-attributes.d.ts"), "utf8");
  expect(types).toMatch(/\/\*\* Where the database is: .*\*\/\n +connectString: string;/);
});

/** What the compiler says of these files and of the package's own declarations; those of others would take it four times as long. */
function faults(files: readonly string[]): string {
  const program = `
    const ts = require(${JSON.stringify(join(root, "node_modules/typescript"))});
    const [options, files] = JSON.parse(process.argv[1]);
    const { errors, options: parsed } = ts.convertCompilerOptionsFromJson(options, ".");
    const program = ts.createProgram(files, parsed);
    const ours = program.getSourceFiles().filter(({ fileName }) => fileName.includes("node_modules/ords-jwt/") || !fileName.includes("node_modules/"));
    const found = ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
    console.log(ts.formatDiagnostics([...errors, ...program.getOptionsDiagnostics(), ...found], {
      getCanonicalFileName: (name) => name, getCurrentDirectory: () => ".", getNewLine: () => ts.sys.newLine }));`;
  const options = { strict: true, module: "preserve", target: "es2022", lib: ["es2022"], noEmit: true, types: [] };
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", program, JSON.stringify([options, files])], {
    cwd: project,
    encoding: "utf8",
  });
  return `${stdout}${stderr}`.trim();
}
