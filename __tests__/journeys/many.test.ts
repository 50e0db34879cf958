import { Team } from "./team";

/**
 * Of what takes a Terraform for each, as few as show it; the journey of 20 environments over 3 databases takes MANY=19 (20 with the owner).
 */
const sharing = Number(process.env.MANY ?? 1);

test("many environments in one domain and three databases go from nothing to verified and back to nothing", async () => {
  const team = await Team.open({ sharing, databases: 3 });
  try {
    const count = team.names.length;
    const before = await team.run(["diff", "--all", "--json"]);
    expect(before.code).toBe(1);
    const { environments } = JSON.parse(before.stdout);
    expect(environments.map((row: { result: string }) => row.result)).toEqual(team.names.map(() => "differs"));

    const planned = await team.run(["map", "--all", "--planned", "--json"]);
    expect(planned.stderr).not.toMatch(/error/i);
    expect(JSON.parse(planned.stdout)).toMatchObject({
      result: `${count} read`,
      environments: [...team.names]
        .sort()
        .map((environment) => ({ environment, document: { locks: [{ change: "added" }] } })),
      clients: [],
    });

    const unattended = await team.run(["deploy", "--all"]);
    expect(unattended.code).toBe(2);
    expect(unattended.stderr).toMatch(/this asks for confirmation, and there is no terminal: add --yes/);
    expect(team.bench.oci.domains()).toEqual([]);

    const deployed = await team.ok("deploy", "--all", "--yes");
    expect(deployed).toContain(`${count} deployed`);
    expect(deployed.match(/all \d+ checks passed/g)).toHaveLength(count);
    expect(team.bench.oci.domains().map((domain) => domain.apps().length)).toEqual([count]);

    expect(await team.ok("verify", "--all", "--quiet")).toContain(`${count} verified`);
    const map = await team.ok("map", "--all");
    expect(map).toMatch(/^Who can call what: \d+ stacks/);
    for (const name of team.names) {
      expect(map).toContain(`stack ${name}, schema`);
      expect(map).toContain(`hello-${name} > client credentials`);
    }
    expect(await team.ok("diff", "--all", "api-*", "--quiet")).toContain(`${sharing} in sync`);

    expect(await team.ok("destroy", "--all", "--yes")).toContain(`${count} destroyed`);
    expect(team.bench.oci.domains()).toEqual([]);
    for (const name of team.names) expect((await team.schema(name)).profile).toBeNull();
  } finally {
    await team.close();
  }
});
