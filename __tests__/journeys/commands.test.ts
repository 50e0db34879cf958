import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AttachedProvider, attachProvider } from "@ords-jwt/stand-ins/terraform-provider";
import { sampleUrl } from "../../local/journey";
import { type StandIns, startStandIns } from "../../local/stand-ins";
import schema from "../../providers/oci/schema.json";
import { run } from "../../scripts/terraform/run";

let folder: string;
let standIns: StandIns;
let provider: AttachedProvider;
/** Requests that are refused; at the first of them Terraform is killed. */
let killAt: RegExp | undefined;
/** What somebody else does when the domain is being deleted. */
let meanwhile: (() => Promise<unknown>) | undefined;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "commands-")));
  standIns = await startStandIns(folder, {
    oci: {
      async faults({ method, path }) {
        if (method === "DELETE" && path.startsWith("/20160918/domains/")) await meanwhile?.();
        if (!killAt?.test(`${method} ${path}`)) return undefined;
        const pidFile = join(folder, "terraform.pid");
        if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
        rmSync(pidFile, { force: true });
        return { status: 503, message: "out of order" };
      },
    },
  });
  provider = await attachProvider({ schema }, standIns.environment);
  const binary = join(folder, "terraform");
  const note = (pid: string) => `case "$2" in apply|destroy) echo ${pid} > '${folder}/terraform.pid' ;; esac`;
  const wrapped = `terraform "$@" &\n${note("$!")}\nwait $!\nexit $EXIT_CODE`;
  writeFileSync(
    binary,
    `#!/bin/sh\nif [ -n "$EXIT_CODE" ]; then\n${wrapped}\nfi\n${note("$$")}\nexec terraform "$@"\n`,
  );
  chmodSync(binary, 0o755);
  standIns.environment.TERRAFORM_BINARY_NAME = binary;
});
afterAll(async () => {
  await provider.close();
  await standIns.close();
  rmSync(folder, { recursive: true });
});

async function ordsJwt(...args: string[]): Promise<{ code: number; output: string; stdout: string }> {
  const lines: string[] = [];
  const env: NodeJS.ProcessEnv = { ...standIns.environment, NO_COLOR: "1" };
  // Served from here it would work on after Terraform was killed.
  if (!killAt) env.TF_REATTACH_PROVIDERS = provider.reattach;
  // Killed in the middle of writing its state, Terraform would leave none.
  else Object.assign(env, { TF_CLI_ARGS_apply: "-parallelism=1", TF_CLI_ARGS_destroy: "-parallelism=1" });
  const { code, stdout } = await run(process.execPath, ["scripts/ords-jwt.js", ...args], {
    cwd: folder,
    env,
    onLine: (line) => lines.push(line),
  });
  return { code, output: lines.join("\n"), stdout };
}

test("diff, deploy, diff, destroy: from nothing to a proved API and back, by the commands alone", async () => {
  const before = await ordsJwt("diff", "local", "--markdown", "--html", "diff.html");
  expect(before.output).toMatch(
    /^\*\*local\*\*: \*\*BLOCKED\*\*; \d+ to create in OCI; the schema cannot be planned$/m,
  );
  expect(before.output).toMatch(/schema HELLO is not REST-enabled/);
  expect(before.output).not.toContain("\\u000a");
  expect(readFileSync(join(folder, "diff.html"), "utf8")).toMatch(
    /BLOCKED<\/strong>: nothing will be changed<\/p>\s*<ol><li [^>]*>schema HELLO is not REST-enabled/,
  );
  expect(before.code).toBe(4);

  const stopped = await ordsJwt("deploy", "local", "--yes");
  expect(stopped.output).toMatch(/nothing was changed: schema HELLO is not REST-enabled/);
  expect(stopped.code).toBe(4);
  expect(standIns.oci.domains()).toEqual([]);

  const refused = await ordsJwt("deploy", "local", "--sample-api");
  expect(refused.output).toMatch(/jwkUrl +\(known after apply\)/);
  expect(refused.output).toMatch(/there is no terminal: add --yes/);
  expect(refused.code).toBe(2);
  expect(standIns.oci.domains()).toEqual([]);

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

  const status = await ordsJwt("status", "local");
  expect(status.output).toMatch(
    /local: in sync\n +OCI +\d+ resources deployed, in sync\n +ORDS +schema HELLO, ORDS \S+ in sync/,
  );
  expect(status.code).toBe(0);
  const list = await ordsJwt("list");
  expect(list.output).toMatch(/^local +deployed +HELLO +\d{4}-\d\d-\d\d \d\d:\d\d +https:/m);

  // What is declared is what is there: nothing of it changes.
  const map = await ordsJwt("map", "local", "--planned", "--json");
  expect(map.output).toMatch(/"who": "anyone"[\s\S]*"path": "\/hello\/me"/);
  expect(map.output.match(/^.*"change".*$/gm)).toBe(null);
  expect(map.code).toBe(0);

  const { stdout: outputs } = await ordsJwt("outputs", "local");
  writeFileSync(join(folder, "ords.json"), outputs);

  const shown = await ordsJwt("destroy", "local", "--sample-api");
  expect(shown.output).toMatch(
    /- delete +domain ords-local .*DELETES: all its users, keys and clients are gone\n[\s\S]*- delete +privilege hello.read[\s\S]*add --yes/,
  );
  expect(shown.code).toBe(2);
  expect(standIns.oci.domains()).toHaveLength(1);

  // An exit code is no proof.
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
});
