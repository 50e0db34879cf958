import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AttachedProvider, attachProvider } from "@ords-jwt/stand-ins/terraform-provider";
import { type StandIns, startStandIns } from "../../local/stand-ins";
import schema from "../../providers/oci/schema.json";
import { runInProcess } from "../scripts/in-process";
import { distrust, trust } from "../scripts/trust";
import { MadeByHand } from "./made-by-hand";

let folder: string;
let standIns: StandIns;
let provider: AttachedProvider;
let made: MadeByHand;
/** Got before anything was taken over. */
let token: string | undefined;
const answers = new Set<number>();

/** Calls the API between any two changes of OCI or of the schema. */
async function callBefore(change: boolean): Promise<undefined> {
  if (change && token !== undefined) answers.add(await made.call(token));
}

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "import-")));
  standIns = await startStandIns(folder, {
    metadataCacheMillis: 0,
    oci: {
      appendsSchemas: true,
      addsRecoveryEmail: true,
      faults: ({ method, path }) => callBefore(method !== "GET" && !path.startsWith("/oauth2/")),
    },
    database: { onRequest: ({ sql = "" }) => callBefore(/(DEFINE|CREATE|DELETE)_/.test(sql)) },
  });
  provider = await attachProvider({ schema }, standIns.environment);
  const authority = readFileSync(join(folder, "ca.pem"), "utf8");
  trust([authority]);
  made = await new MadeByHand(standIns, authority).make();
  // A project that has no environment yet.
  rmSync(join(folder, "environments"));
  mkdirSync(join(folder, "environments"));
});
afterAll(async () => {
  distrust();
  await made.close();
  await provider.close();
  await standIns.close();
  rmSync(folder, { recursive: true });
});

async function ordsJwt(...args: string[]) {
  const env = { ...standIns.environment, TF_REATTACH_PROVIDERS: provider.reattach };
  const { code, stdout, stderr } = await runInProcess(args, { cwd: folder, env });
  return { code, stdout, output: `${stdout}\n${stderr}` };
}

function importAs(name: string, ...more: string[]) {
  const target = ["--domain", made.domain.url, "--app", "greetings-api"];
  const database = ["--user", "HELLO", "--connect-string", standIns.database.connectString];
  return ordsJwt("import", name, ...target, ...database, "--password-variable", "ORDS_JWT_LOCAL_PASSWORD", ...more);
}

/** What a diff shows, without hashes and the positions of tags. */
function shown(json: string) {
  const { terraform, ords } = JSON.parse(json);
  const inTerraform = terraform.map(({ address, action, attributes }: Record<string, string & { path: string }[]>) => {
    const paths = attributes?.map(({ path }) =>
      path.replace(/^urn.*oci_tags\[0\].freeform_tags.*/, "tag").replace(/[[.].*/, ""),
    );
    return [action, address?.replace(/^.*?\.|_[0-9A-F]{8}/g, ""), ...new Set(paths)].join(" ");
  });
  const inOrds = ords.entries.map(
    ({ action, kind, attributes }: Record<string, string & Record<string, unknown>[]>) => {
      const changed = attributes?.filter((each) => JSON.stringify(each.old) !== JSON.stringify(each.new));
      return [action, kind, ...(changed ?? []).map(({ name }) => name)].join(" ");
    },
  );
  return { inTerraform, inOrds };
}

test("a set-up made by hand is taken over as it is, and a token of before opens the API throughout", async () => {
  token = await made.token();
  expect([await made.call(token), await made.call()]).toEqual([200, 401]);
  const before = await made.everything();
  const imported = await importAs("mine", "--url", made.apiUrl);
  expect(imported.output).toMatch(/app greetings-api +import: app\n[\s\S]*written: environments\/mine\.ts/);
  expect(imported.output).not.toMatch(/first deploy changes|before the first diff/);
  expect(imported.code).toBe(0);
  expect(await made.everything()).toEqual(before);

  // No more than what the import has said.
  const diff = await ordsJwt("diff", "mine", "--adopt", "--json");
  expect(diff.code).toBe(1);
  expect(shown(diff.stdout)).toEqual({
    inTerraform: [
      "import App force_delete tag",
      "import Client-nightly_report force_delete tag",
      "import App_Grant-Group-greeters",
      "import Group-greeters attribute_sets force_delete members tag",
      "import User-alice force_delete tag",
      'create AppDeactivation["App"] triggers_replace',
      'create AppDeactivation["Client-nightly_report"] triggers_replace',
    ],
    inOrds: ["adopt JWT profile description", "adopt privilege comments"],
  });

  const taken = await importAs("other");
  expect(taken.output).toMatch(/stack mine owns app "greetings-api" \(\w+\), environments\/mine\.ts takes it over/);
  expect(taken.code).toBe(4);

  const deployed = await ordsJwt("deploy", "mine", "--adopt", "--yes");
  expect(deployed.output).toMatch(/5 imported, 2 added, 4 changed, 0 destroyed[\s\S]*ok +GET .* with the token: 200/);
  expect(deployed.code).toBe(0);

  const file = join(folder, "environments/mine.ts");
  writeFileSync(file, readFileSync(file, "utf8").replace(/^ {2}imports: \{[\s\S]*?^ {2}\},\n/m, ""));
  const after = await ordsJwt("diff", "mine");
  expect(after.output).toMatch(/no changes[\s\S]*in sync/);
  expect(after.code).toBe(0);
  expect([...answers]).toEqual([200]);
  expect(await made.call(await made.token())).toBe(200);
});
