import { PassThrough } from "node:stream";
import { killableTerraform } from "./killable-terraform";
import { Team } from "./team";

/** MANY=19 makes them 20 with the owner, each of which takes four seconds of processor; as few as show it have one in each database. */
const sharing = Number(process.env.MANY ?? 2);

/** Results by name, as the table at the end has them. */
function results(stdout: string): Record<string, string | undefined> {
  const [table = ""] = stdout.trimEnd().split("\n\n").slice(-2);
  const rows = table
    .split("\n")
    .flatMap((line) => [/^(?:.* to go on: )?(dev|api-\d+) +(\S+(?: \S+)*)/.exec(line) ?? []]);
  return Object.fromEntries(rows.flatMap(([, name, result]) => (name ? [[name, result]] : [])));
}

const protectByHand = `DECLARE
     l_roles owa.vc_arr; l_patterns owa.vc_arr; l_modules owa.vc_arr;
   BEGIN
     l_patterns(1) := '/hello/*';
     ORDS.DEFINE_PRIVILEGE(p_privilege_name => 'by.hand', p_roles => l_roles, p_patterns => l_patterns,
       p_modules => l_modules, p_label => 'By hand', p_description => 'By hand');
     COMMIT;
   END;`;

test("many environments in one domain and three databases go from nothing to verified and back to nothing, through faults", async () => {
  const fault = { isDown: false, onApp: async () => {}, onToken: async () => {}, onGone: async () => {} };
  const team = await Team.open({
    sharing,
    databases: 3,
    synthesizedOnce: true,
    database: (number) => ({ onRequest: () => (number === 1 && fault.isDown ? "cut" : undefined) }),
    oci: {
      faults: async ({ method, path }) => {
        if (method === "POST" && path === "/admin/v1/Apps") await fault.onApp();
        if (method === "POST" && path === "/oauth2/v1/token") await fault.onToken();
        if (method === "DELETE") await fault.onGone();
        return undefined;
      },
    },
  });
  const [down, killed] = ["api-01", "api-02"];
  const inDatabase = (number: number) => team.names.filter((_, index) => index % 3 === number);
  const each = (result: string, names: readonly string[] = team.names) =>
    Object.fromEntries(names.map((name) => [name, result]));
  try {
    const count = team.names.length;
    const planned = await team.run(["map", "--all", "dev", down, "--planned", "--json"]);
    expect(planned.stderr).not.toMatch(/error/i);
    const { result, environments, clients } = JSON.parse(planned.stdout);
    expect(result).toBe("2 read");
    for (const { document } of environments) expect(document.locks).toMatchObject([{ change: "added" }]);
    expect(clients).toEqual([]);
    // Nobody has looked who else is in a domain that is not there for it yet; one of its own has nobody else.
    const [sharer, owner] = environments.map(({ document }: { document: { unseen: string[] } }) => document.unseen[0]);
    expect(sharer).toMatch(/^the identity domain \(stack api-01 is not deployed\)/);
    expect(owner).not.toMatch(/^the identity domain/);

    await team.sql("dev", "BEGIN ORDS.ENABLE_SCHEMA(p_enabled => FALSE); COMMIT; END;");
    const stopped = await team.run(["deploy", "dev", "--yes"]);
    expect(stopped.stderr).toMatch(/nothing was changed: schema DEV is not REST-enabled/);
    expect(stopped.code).toBe(4);
    await team.sql("dev", "BEGIN ORDS.ENABLE_SCHEMA; COMMIT; END;");
    expect(team.bench.oci.domains()).toEqual([]);

    const refused = await team.run(["deploy", "dev"]);
    expect(refused.stdout).toMatch(/jwkUrl +\(known after apply\)/);
    expect(refused.stderr).toMatch(/there is no terminal: add --yes/);
    expect(refused.code).toBe(2);
    expect(team.bench.oci.domains()).toEqual([]);

    // Before the domain is there, what comes from it is not known, and nobody can use it.
    const early = await team.run(["diff", down]);
    expect(early.stderr).not.toMatch(/error/i);
    expect(early.stdout).toContain("(known after apply)");
    expect(early.code).toBe(1);
    const tooEarly = await team.run(["deploy", down, "--yes"]);
    expect(tooEarly.stderr).toMatch(
      /environment dev, whose domain api-01 uses, is not deployed: run npx ords-jwt deploy dev first/,
    );
    expect(tooEarly.code).toBe(4);
    expect(team.bench.oci.domains()).toEqual([]);

    // What was agreed to is what is done.
    const input = new PassThrough();
    const shown = await team.run(["deploy", "--all", "dev", down], {
      attended: true,
      input,
      onStdout: async (text) => {
        if (!text.endsWith("to go on: ")) return;
        await team.sql(down, protectByHand);
        input.end(`dev ${down}\n`);
      },
    });
    expect(shown.stdout).toMatch(/2 differs[\s\S]*This changes what is shown above\. Type "dev api-01" to go on/);
    expect(shown.stdout).toMatch(/^dev +deployed/m);
    expect(shown.stdout).toMatch(
      /^api-01 +blocked +nothing was changed: the plan of api-01 is no longer the one that was/m,
    );
    expect(shown.code).toBe(4);
    expect((await team.schema(down)).profile).toBeNull();
    // Once it is there, it is known, and shown.
    const jwkUrl = `${team.bench.oci.domains()[0]?.url}/admin/v1/SigningCert/jwk`;
    expect((await team.run(["diff", down, "--json"])).stdout).toContain(jwkUrl);
    await team.sql(down, "BEGIN ORDS.DELETE_PRIVILEGE('by.hand'); COMMIT; END;");

    // A database is down, and a Terraform is killed.
    fault.isDown = true;
    const terraform = killableTerraform(team.bench.folder);
    fault.onApp = async () => terraform.kill(killed);
    const faulty = await team.run(["deploy", "--all", "--yes"], { env: { TERRAFORM_BINARY_NAME: terraform.binary } });
    Object.assign(fault, { isDown: false, onApp: async () => {} });
    expect(results(faulty.stdout)).toEqual({
      ...each("deployed"),
      ...each("failed", inDatabase(1)),
      ...each("failed", [killed]),
    });
    expect(faulty.stderr).toMatch(/did not end well: api-01, api-02/);
    expect(faulty.stdout).toMatch(/terraform apply of stack api-02 failed with SIGKILL/);
    expect(faulty.code).toBe(3);

    const unattended = await team.run(["deploy", "--all", down]);
    expect(unattended.code).toBe(2);
    expect(unattended.stderr).toMatch(/this asks for confirmation, and there is no terminal: add --yes/);
    expect((await team.schema(down)).profile).toBeNull();

    const deployed = await team.ok("deploy", "--all", "--yes");
    expect(deployed).toContain(`${count} deployed`);
    expect(deployed.match(/all \d+ checks passed/g)).toHaveLength(count);
    expect(team.bench.oci.domains().map((domain) => domain.apps().length)).toEqual([count]);

    for (const name of team.names) expect((await team.schema(name)).profile?.jwkUrl).toBe(jwkUrl);

    const status = await team.ok("status", "dev");
    expect(status).toMatch(
      /dev: in sync\n +OCI +\d+ resources deployed, in sync\n +ORDS +schema DEV, ORDS \S+ in sync/,
    );
    expect(await team.ok("list")).toMatch(/^dev +deployed +DEV +\d{4}-\d\d-\d\d \d\d:\d\d +https:/m);

    const used = await team.run(["destroy", "dev", "--yes"]);
    expect(used.stderr).toMatch(/nothing was changed: api-01, api-02.* use the domain of dev/);
    expect(used.code).toBe(4);
    expect(team.bench.oci.domains().map((domain) => domain.apps().length)).toEqual([count]);
    expect((await team.schema("dev")).profile).not.toBeNull();

    // The domain answers one of them only when all others are done.
    const slow = { wait: undefined as Promise<void> | undefined, go: () => {} };
    fault.onToken = async () => {
      if (slow.wait) return;
      slow.wait = new Promise((resolve) => {
        slow.go = resolve;
      });
      await slow.wait;
    };
    const verified = await team.run(["verify", "--all"], {
      onStderr: (text) => {
        if (text.match(/: verified/g)?.length === count - 1) slow.go();
      },
    });
    fault.onToken = async () => {};
    expect(verified.stdout).toContain(`${count} verified`);

    const map = await team.ok("map", "--all");
    expect(map).toMatch(/^Who can call what: \d+ stacks/);
    for (const name of team.names) {
      expect(map).toContain(`stack ${name}, schema`);
      expect(map).toContain(`hello-${name} > client credentials`);
    }
    expect(results(await team.ok("diff", "--all", "api-*"))).toEqual(each("in sync", team.names.slice(1)));

    const two = ["--all", down, killed, "--concurrency", "1"];
    const mistyped = await team.run(["destroy", ...two], { attended: true, input: "api-01\n" });
    expect(mistyped.stderr).toMatch(/nothing was changed: "api-01" is not "api-01 api-02"/);
    expect(mistyped.code).toBe(2);
    expect((await team.schema(down)).profile).not.toBeNull();

    // What is under way comes to its end, and nothing else begins.
    fault.onGone = async () => {
      fault.onGone = async () => {};
      process.emit("SIGINT");
    };
    const interrupted = await team.run(["destroy", ...two], { attended: true, input: "api-01 api-02\n" });
    expect(interrupted.stderr).toMatch(/interrupted: nothing more begins/);
    expect(results(interrupted.stdout)).toEqual({ [killed]: "destroyed", [down]: "not begun" });
    expect(interrupted.stdout).toMatch(/api-01 +not begun +interrupted before$/m);
    expect(interrupted.code).toBe(3);

    expect(await team.ok("destroy", "--all", "--yes")).toContain(`${count} destroyed`);
    expect(team.bench.oci.domains()).toEqual([]);
    for (const name of team.names) expect((await team.schema(name)).profile).toBeNull();
  } finally {
    await team.close();
  }
});
