import { OracleError } from "@ords-jwt/stand-ins/oracle-database";
import fc from "fast-check";
import { register, restore, unregister } from "../../../ords/database/apply";
import { explain } from "../../../ords/database/errors";
import { AccessError, readActual } from "../../../ords/database/read";
import { desiredState } from "../../../ords/plan/desired";
import { isInSync } from "../../../ords/plan/entries";
import { registerScript, unregisterScript } from "../../../ords/sql/standalone";
import { readUndo } from "../../../ords/sql/undo-file";
import { VersionError } from "../../../ords/version";
import { failureOf, reset, schema, seed, startStandIn, stateOf, type TestDatabase, watched } from "../database";
import { helloOutput } from "../hello";
import { runScript } from "../sqlplus";
import { desireds, founds } from "../states";

const desired = desiredState({ ...helloOutput, schema });
const owner = { stack: "test", schema };

let database: TestDatabase | undefined;
afterEach(() => database?.close());

/** A schema with its modules, and a connection as `user`. */
async function start(ordsVersion = "26.3.0.r2580942", user = schema, onRequest?: () => undefined) {
  database = await startStandIn({ ordsVersion }, { onRequest });
  const own = await database.connect();
  await reset(own);
  return { own, connection: user === schema ? own : await database.connect(user) };
}

test.each([
  ["23.3.1.r1", "OAUTH"],
  ["24.2.0.r1", "OAUTH"],
  ["24.3.0.r1", "ORDS_SECURITY"],
  ["25.1.0.r1", "ORDS_SECURITY"],
  ["26.2.2.r1", "ORDS_SECURITY"],
])("ORDS %s: registered with %s, in sync afterwards, unregistered", async (version, security) => {
  const { connection } = await start(version);
  const { plan } = await register(connection, desired, watched().run);
  expect(plan.packages).toEqual({ ords: "ORDS", security });
  expect((await register(connection, desired, watched().run)).written).toBe(false);
  await unregister(connection, owner, watched({ expose: true }).run);
  expect((await stateOf(connection)).privileges).toEqual([]);
});

test("ORDS 23.2 is refused, since it has no JWT profiles", async () => {
  database = await startStandIn({ ordsVersion: "23.2.0.r1" });
  const failure = await failureOf(register(await database.connect(), desired, watched().run));
  expect(failure).toBeInstanceOf(VersionError);
  expect(failure.message).toMatch(/ORDS 23.2.0.r1 has no JWT profiles: upgrade to 23.3 or later/);
});

test("a database without ORDS is told apart from one that fails", async () => {
  database = await startStandIn({ ordsVersion: null });
  const failure = await failureOf(register(await database.connect(), desired, watched().run));
  expect(failure.message).toBe("cannot read what the schema holds; nothing was changed");
  expect(explain(failure.cause)?.cause).toMatch(/ORDS is not installed/);
});

test("a column of the profile that holds neither text nor number cannot be compared", async () => {
  const { connection } = await start();
  await register(connection, desired, watched().run);
  const execute: (...args: Parameters<typeof connection.execute>) => Promise<{ rows?: unknown[] }> =
    connection.execute.bind(connection);
  jest.spyOn(connection, "execute").mockImplementation(async (...args: unknown[]) => {
    const result = await execute(...(args as Parameters<typeof connection.execute>));
    // Such as the locator of a CLOB.
    const other = { DESCRIPTION: Buffer.from("x"), ALLOWED_SKEW: "5" };
    return { ...result, rows: result.rows?.map((row) => (Object(row).ISSUER ? { ...Object(row), ...other } : row)) };
  });
  const { profile } = await readActual(connection);
  expect(profile).toMatchObject({ issuer: desired.profile.issuer, description: undefined, allowedSkew: undefined });
  const { plan } = await register(connection, desired, watched().run);
  expect(plan.entries[0]?.action).toBe("cannot be compared");
});

describe("an administrator", () => {
  test("registers another schema with the packages that name it, and leaves what the schema itself would", async () => {
    const { own, connection } = await start(undefined, "ADMIN");
    const first = watched();
    const { plan } = await register(connection, desired, first.run);
    expect(plan).toMatchObject({
      user: "ADMIN",
      packages: { ords: "ORDS_ADMIN", security: "ORDS_SECURITY_ADMIN", schema },
    });
    expect(isInSync((await register(own, desired, watched().run)).plan)).toBe(true);

    const after = await stateOf(own);
    await restore(
      connection,
      owner,
      readUndo(first.seen.undo!, { file: "undo.sql", ...owner }),
      watched({ expose: true }).run,
    );
    expect(await stateOf(own)).toMatchObject({ profile: null, privileges: [] });
    await register(connection, desired, watched().run);
    expect(await stateOf(own)).toEqual(after);
    await unregister(connection, owner, watched({ expose: true }).run);
    expect(await stateOf(own)).toMatchObject({ profile: null, privileges: [] });
  });

  test("reads the same as the schema itself, roles and foreign privileges included", async () => {
    const { own, connection } = await start(undefined, "ADMIN");
    await seed(own, {
      profile: desired.profile,
      privileges: [{ ...desired.privileges[0]!, roles: ["it's"], patterns: ["/x/*"] }],
    });
    expect(await readActual(connection, schema)).toEqual({ ...(await readActual(own)), user: "ADMIN" });
  });

  test("sees nothing of other schemas", async () => {
    const { connection } = await start(undefined, "ADMIN");
    const other = await database!.connect("OTHER");
    await other.execute(`BEGIN ORDS.ENABLE_SCHEMA; ORDS.DEFINE_MODULE('theirs', '/theirs/');
      ORDS.DEFINE_PRIVILEGE('theirs', owa.vc_arr(), owa.vc_arr(1 => '/t/*'), owa.vc_arr(1 => 'theirs')); COMMIT; END;`);
    const { modules, privileges } = await readActual(connection, schema);
    expect(modules.map(({ name }) => name)).not.toContain("theirs");
    expect(privileges.map(({ name }) => name)).toEqual([
      `oracle.dbtools.autorest.privilege.${schema}`,
      "oracle.soda.privilege.developer",
    ]);
  });

  test("with the sample API enables the schema first", async () => {
    database = await startStandIn();
    const connection = await database.connect("ADMIN");
    await register(connection, desired, watched({ sampleApi: true }).run);
    const own = await database.connect();
    expect(await readActual(own)).toMatchObject({ basePath: schema.toLowerCase() });
    expect(await stateOf(own)).toMatchObject({ privileges: [{ name: "hello.read" }] });
  });

  test("is refused before 24.4, whose views it needs", async () => {
    const { connection } = await start("24.3.0.r1", "ADMIN");
    const failure = await failureOf(register(connection, desired, watched().run));
    expect(failure).toBeInstanceOf(VersionError);
    expect(failure.message).toMatch(/24.4\): log in as HELLO/);
  });

  test("is told what is missing when it is none", async () => {
    const { connection } = await start(undefined, "OTHER");
    const failure = await failureOf(register(connection, desired, watched().run));
    expect(failure).toBeInstanceOf(AccessError);
    expect(failure.message).toMatch(/logged in as OTHER.*log in as HELLO, or grant ORDS_ADMINISTRATOR_ROLE/);
  });
});

test("an administrator ends where the schema itself would, whatever was there", async () => {
  const { own, connection } = await start(undefined, "ADMIN");
  await fc.assert(
    fc.asyncProperty(founds, desireds, async (state, wanted) => {
      const runs = [];
      for (const session of [own, connection]) {
        const { roles, ordsVersion } = await reset(own);
        // A role that the first run created would not be there for the second to create.
        await own.execute(
          `BEGIN ${roles.map((role) => `ORDS.DELETE_ROLE('${role.replaceAll("'", "''")}');`).join(" ")} COMMIT; END;`,
        );
        await seed(own, state, { roles: [], ordsVersion });
        const { run, seen } = watched({ adopt: true, expose: true });
        await register(session, wanted, run);
        runs.push({ entries: seen.plan!.entries, after: await stateOf(own) });
      }
      expect(runs[1]).toEqual(runs[0]);
    }),
    { numRuns: 15 },
  );
});

describe("a view that shows of a profile only what is certain to be there, its issuer", () => {
  async function startBlind() {
    database = await startStandIn({}, {}, (session) => {
      const execute = session.execute.bind(session);
      session.execute = (sql, binds) => {
        if (/^SELECT.*INSTR\(description/.test(sql))
          throw new OracleError(904, 'ORA-00904: "DESCRIPTION": invalid identifier');
        const result = execute(sql, binds);
        if (result.kind !== "query" || !/SELECT \* FROM user_ords_jwt_profile/.test(sql)) return result;
        const issuer = result.columns.findIndex(({ name }) => name === "ISSUER");
        return { ...result, columns: [result.columns[issuer]!], rows: result.rows.map((row) => [row[issuer]!]) };
      };
    });
    const connection = await database.connect();
    await reset(connection);
    return connection;
  }

  test("is registered once, and after that neither called in sync without reservation nor written again", async () => {
    const connection = await startBlind();
    await register(connection, desired, watched().run);
    const { plan, written } = await register(connection, desired, watched().run);
    expect(plan.entries[0]?.action).toBe("cannot be compared");
    expect(written).toBe(false);
    await unregister(connection, owner, watched().run);
    expect((await readActual(connection)).profile).toBeNull();
  });

  test("is replaced when privileges become role-based, once, and back", async () => {
    const connection = await startBlind();
    const byRoles = desiredState({
      ...helloOutput,
      schema,
      profile: { ...helloOutput.profile, roleClaim: "/groups" },
      privileges: helloOutput.privileges.map((privilege) => ({ ...privilege, roles: ["clerk", "clerk"] })),
    });
    await register(connection, desired, watched().run);
    const first = watched();
    for (const [wanted, run] of [
      [byRoles, first.run],
      [desired, watched().run],
    ] as const) {
      await register(connection, wanted, run);
      const { rows } = await connection.execute("SELECT role_claim_name FROM user_ords_jwt_profile");
      expect(rows).toEqual([[wanted.profile.roleClaim]]);
      expect((await register(connection, wanted, watched().run)).written).toBe(false);
    }

    // The old privileges have no roles: below a role-based profile they would let in everyone.
    await register(connection, byRoles, watched().run);
    await restore(connection, owner, readUndo(first.seen.undo!, { file: "undo.sql", ...owner }), watched().run);
    expect(await stateOf(connection)).toMatchObject({ profile: null, privileges: desired.privileges });
  });

  test("is replaced with a script that says what it cannot bring back, and leaves that", async () => {
    const connection = await startBlind();
    const old = { ...desired, profile: { ...desired.profile, issuer: "urn:old" } };
    await register(connection, old, watched().run);
    const { run, seen } = watched();
    await register(connection, desired, run);
    expect(seen.undo).toContain("-- NOT RESTORED: audience of JWT profile HELLO, which the database does not show");
    expect(seen.undo).not.toMatch(/JWT_PROFILE;|CREATE_JWT_PROFILE/);
  });

  test("counts as the stack's in a SQL script when a privilege of the stack is beside it", async () => {
    const connection = await startBlind();
    const run = async (script: string) => {
      for (const block of script.match(/^(BEGIN|DECLARE)\n[\s\S]*?^\/$/gm)!)
        await connection.execute(block.replace(/\/$/, ""));
      await connection.commit();
    };
    await run(registerScript(desired));
    await run(registerScript(desired));
    expect((await stateOf(connection)).privileges).toEqual(desired.privileges);
    await reset(connection);
    await seed(connection, { profile: desired.profile });
    await expect(run(registerScript(desired))).rejects.toThrow(/ORA-20900.*did not register/);
  });
});

test.each([
  ["orders", "/orders/"],
  ["/orders", "/orders/"],
  ["v1/orders/", "/v1/orders/"],
  ["/", "/"],
])("a module published as %s has the base path %s", async (published, basePath) => {
  const { connection } = await start();
  await connection.execute(
    `BEGIN ORDS.DEFINE_MODULE('orders', '${published}'); ORDS.DEFINE_TEMPLATE('orders', 'all/:id'); COMMIT; END;`,
  );
  const orders = { name: "orders", basePath, comments: null, templates: ["all/:id"] };
  expect((await readActual(connection)).modules).toContainEqual(orders);
});

test("reads in three round trips, whatever the number of privileges, and writes nothing when unchanged", async () => {
  let requests = 0;
  const { connection } = await start(undefined, schema, () => void requests++);
  const many = desiredState({
    ...helloOutput,
    privileges: Array.from({ length: 350 }, (_, index) => ({
      name: `p${index}`,
      label: "l",
      description: null,
      roles: [],
      modules: [],
      patterns: [`/a${index}`, `/b${index}/*`],
    })),
  });
  const progress: string[] = [];
  await register(connection, many, watched({ onProgress: (done, total) => progress.push(`${done}/${total}`) }).run);
  expect(progress.length).toBeGreaterThan(2);
  expect(progress.at(-1)).toBe("351/351");

  requests = 0;
  await readActual(connection);
  expect(requests).toBe(3);
  requests = 0;
  await register(connection, many, watched().run);
  // One begins the transaction and looks who is logged in, two read, ROLLBACK.
  expect(requests).toBe(4);
});

describe("what fails", () => {
  test("is named by its call, among many in one block", async () => {
    const { connection } = await start();
    const wanted = {
      ...desired,
      privileges: ["a", "b", "c"].map((name) => ({
        ...desired.privileges[0]!,
        name,
        modules: [],
        patterns: [`/${name}`],
      })),
    };
    const broken = {
      ...wanted,
      privileges: wanted.privileges.map((p) => (p.name === "b" ? { ...p, label: "x".repeat(300) } : p)),
    };
    const failure = await failureOf(register(connection, broken, watched().run));
    expect(failure.message).toBe("cannot define privilege b; nothing was changed");
    expect(explain(failure.cause)?.cause).toMatch(/longer than ORDS takes/);
    expect(await stateOf(connection)).toMatchObject({ profile: null, privileges: [] });
  });

  test("without REST-enabling is told before anything is written", async () => {
    database = await startStandIn();
    const failure = await failureOf(register(await database.connect(), desired, watched().run));
    expect(failure.message).toMatch(/not REST-enabled.*ENABLE_SCHEMA/);
  });
});

test("a schema whose name is written in lower case is told its right name", async () => {
  const { connection } = await start();
  await expect(readActual(connection, schema.toLowerCase())).rejects.toThrow(/called HELLO: write it in upper case/);
});

test("unregister of a schema that never was REST-enabled has nothing to do", async () => {
  database = await startStandIn();
  const { written, plan } = await unregister(await database.connect(), owner, watched().run);
  expect({ written, entries: plan.entries, leaves: plan.leaves }).toEqual({ written: false, entries: [], leaves: [] });
});

test("the sample API comes and goes with the registration, in one transaction and one script", async () => {
  database = await startStandIn();
  const connection = await database.connect();
  const first = watched({ sampleApi: true });
  await register(connection, desired, first.run);
  expect((await readActual(connection)).modules).toHaveLength(1);
  await restore(
    connection,
    owner,
    readUndo(first.seen.undo!, { file: "undo.sql", ...owner }),
    watched({ expose: true }).run,
  );
  expect(await stateOf(connection)).toEqual({ profile: null, privileges: [], modules: [] });

  await register(connection, desired, watched({ sampleApi: true }).run);
  const removal = watched({ sampleApi: true });
  await unregister(connection, owner, removal.run);
  expect(await stateOf(connection)).toEqual({ profile: null, privileges: [], modules: [] });
  await restore(connection, owner, readUndo(removal.seen.undo!, { file: "undo.sql", ...owner }), watched().run);
  expect(await stateOf(connection)).toMatchObject({
    profile: desired.profile,
    privileges: desired.privileges,
    modules: [{ name: "hello" }],
  });
});

test("what an enabled schema has of ORDS itself is nobody's to plan, change or remove", async () => {
  const { connection } = await start();
  const ofOrds = async () => {
    const { rows } = await connection.execute(`
      SELECT name, 'privilege' AS kind FROM user_ords_privileges WHERE name LIKE 'oracle.%'
      UNION SELECT name, 'role' FROM user_ords_roles WHERE name LIKE 'oracle.%'
      UNION SELECT name, pattern FROM user_ords_privilege_mappings WHERE name LIKE 'oracle.%' ORDER BY 1, 2`);
    return rows;
  };
  const before = await ofOrds();
  expect(before).toHaveLength(6);
  const first = watched();
  await register(connection, desired, first.run);
  expect(await ofOrds()).toEqual(before);
  await restore(
    connection,
    owner,
    readUndo(first.seen.undo!, { file: "undo.sql", ...owner }),
    watched({ expose: true }).run,
  );
  await register(connection, desired, watched().run);
  const removal = watched({ expose: true });
  await unregister(connection, owner, removal.run);
  expect(await ofOrds()).toEqual(before);
  const keeping = watched();
  await register(connection, desired, watched().run);
  await unregister(connection, owner, keeping.run);
  expect((await stateOf(connection)).privileges).toEqual(desired.privileges);
  const shown = [first.seen, removal.seen, keeping.seen].map(({ plan, undo }) => JSON.stringify({ plan, undo }));
  // The queries at the end of a script leave them out by their name.
  expect(shown.join("\n").replaceAll("NOT LIKE 'oracle.%'", "")).not.toMatch(/oracle\./);
  for (const { plan } of [first.seen, removal.seen, keeping.seen]) {
    expect(plan?.warnings.join("\n")).not.toMatch(/oracle\./);
  }

  for (const script of [
    registerScript(desired),
    first.seen.undo!,
    registerScript(desired),
    unregisterScript("test", schema),
  ]) {
    const { errors, results } = await runScript(connection, script);
    expect(errors).toEqual([]);
    expect(JSON.stringify(results)).not.toMatch(/oracle\./);
    expect(await ofOrds()).toEqual(before);
  }
});

test("a privilege of ORDS itself that also protects an API is warned of, like any that others made", async () => {
  const { connection } = await start();
  await connection.execute(`BEGIN ORDS.DEFINE_PRIVILEGE('oracle.dbtools.autorest.privilege.${schema}', owa.vc_arr(),
    owa.vc_arr(1 => '/*')); COMMIT; END;`);
  const { plan } = await register(connection, desired, watched().run);
  expect(plan.warnings).toContainEqual(
    expect.stringMatching(/^module hello of scope hello.read is also claimed by privilege oracle.dbtools.autorest/),
  );
});

test("a script for another schema or stack, or one that was changed, is refused", async () => {
  const { connection } = await start();
  const { run, seen } = watched();
  await register(connection, desired, run);
  const read = (script: string, change = {}) => readUndo(script, { file: "undo.sql", ...owner, ...change });
  expect(read(seen.undo!).privileges.size).toBeGreaterThan(0);
  expect(() => read(seen.undo!, { stack: "prod" })).toThrow(/not an undo script of schema HELLO, stack prod/);
  expect(() => read("DROP TABLE t;")).toThrow(/not an undo script/);
  expect(() => read(seen.undo!.replace("COMMIT;", "DROP TABLE t;\nCOMMIT;"))).toThrow(
    /line \d+ is not part of a script/,
  );
  expect(() => read(seen.undo!.slice(0, -10))).toThrow(/not complete/);
});
