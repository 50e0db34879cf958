import { Team } from "./team";

let team: Team;
beforeAll(async () => {
  team = await Team.open({ sharing: 1 });
});
afterAll(() => team.close());

test("a domain is shared by the name of the environment that makes it, from before it is there until nobody uses it", async () => {
  const before = await team.run(["diff", "api-01"]);
  expect(before.stderr).not.toMatch(/error/i);
  expect(before.stdout).toContain("(known after apply)");
  expect(before.code).toBe(1);

  const early = await team.run(["deploy", "api-01", "--yes"]);
  expect(early.stderr).toMatch(
    /environment dev, whose domain api-01 uses, is not deployed: run npx ords-jwt deploy dev first/,
  );
  expect(early.code).toBe(4);
  expect(team.bench.oci.domains()).toEqual([]);

  await team.ok("deploy", "dev", "--yes");
  const [domain] = team.bench.oci.domains();
  const planned = await team.run(["diff", "api-01", "--json"]);
  // What is deployed is known, and shown.
  expect(planned.stdout).toContain(`${domain?.url}/admin/v1/SigningCert/jwk`);
  await team.ok("deploy", "api-01", "--yes");
  expect((await team.run(["diff", "api-01"])).code).toBe(0);
  expect((await team.schema("api-01")).profile?.jwkUrl).toBe(`${domain?.url}/admin/v1/SigningCert/jwk`);

  const used = await team.run(["destroy", "dev", "--yes"]);
  expect(used.stderr).toMatch(/nothing was changed: api-01 uses the domain of dev/);
  expect(used.code).toBe(4);
  expect(domain?.apps()).toHaveLength(2);
  expect((await team.schema("dev")).profile).toBeDefined();

  await team.ok("destroy", "api-01", "--yes");
  expect(team.bench.oci.domains()).toHaveLength(1);
  await team.ok("destroy", "dev", "--yes");
  expect(team.bench.oci.domains()).toEqual([]);
});
