import fc from "fast-check";
import type oracledb from "oracledb";
import { register, restore, unregister } from "../../../ords/database/apply";
import type { Desired } from "../../../ords/model";
import { isOurPrivilege, ownershipMarker } from "../../../ords/ownership";
import { desiredState } from "../../../ords/plan/desired";
import { type Allowed, PlanError } from "../../../ords/plan/refusals";
import { registerScript, unregisterScript } from "../../../ords/sql/standalone";
import { readUndo } from "../../../ords/sql/undo-file";
import { reset, schema, seed, startDatabase, stateOf, type TestDatabase, watched } from "../database";
import { helloOutput } from "../hello";
import { mayAnyoneCall } from "../ords-model";
import { runScript } from "../sqlplus";
import { callablePaths, desireds, founds, openModules, openPatterns } from "../states";

const owner = { stack: "test", schema };
const everything = { adopt: true, expose: true };

let database: TestDatabase;
let connection: oracledb.Connection;
beforeAll(async () => {
  database = await startDatabase();
  connection = await database.connect();
});
afterAll(async () => {
  await connection.close();
  await database.close();
});

async function found(state: Parameters<typeof seed>[1]) {
  await seed(connection, state, await reset(connection));
  return stateOf(connection);
}

/** Whether all of it was done; else nothing was. */
async function runs(script: string): Promise<boolean> {
  const { errors } = await runScript(connection, script);
  expect(errors.filter((error) => !/ORA-20900/.test(error))).toEqual([]);
  return errors.length === 0;
}

test("whatever was there, register leaves what is desired, and everything of others as it was", async () => {
  await fc.assert(
    fc.asyncProperty(founds, desireds, async (state, desired) => {
      const before = await found(state);
      const { written } = await register(connection, desired, watched(everything).run);
      const after = await stateOf(connection);

      expect(after.profile).toEqual(desired.profile);
      const wanted = new Set(desired.privileges.map(({ name }) => name));
      expect(after.privileges.filter(({ name }) => wanted.has(name))).toEqual(desired.privileges);
      const untouched = before.privileges.filter(
        (privilege) => !wanted.has(privilege.name) && !isOurPrivilege(privilege, "test"),
      );
      expect(after.privileges.filter(({ name }) => !wanted.has(name))).toEqual(untouched);
      expect(after.modules).toEqual(before.modules);

      const again = await register(connection, desired, watched().run);
      expect(again.written).toBe(false);
      expect(written).toBe(JSON.stringify(before) !== JSON.stringify(after));
    }),
    { numRuns: 25 },
  );
});

test("whatever was there, the saved script brings it back, and undoing that brings the registration back", async () => {
  await fc.assert(
    fc.asyncProperty(founds, desireds, async (state, desired) => {
      const before = await found(state);
      const first = watched(everything);
      if (!(await register(connection, desired, first.run)).written) return;
      const after = await stateOf(connection);

      const blocks = readUndo(first.seen.undo!, { file: "undo.sql", ...owner });
      const back = watched(everything);
      await restore(connection, owner, blocks, back.run);
      expect(await stateOf(connection)).toEqual(before);

      if (!back.seen.undo) return;
      await restore(
        connection,
        owner,
        readUndo(back.seen.undo, { file: "redo.sql", ...owner }),
        watched(everything).run,
      );
      expect(await stateOf(connection)).toEqual(after);
    }),
    { numRuns: 18 },
  );
});

test.each([
  ["by default", {}],
  ["with --adopt", { adopt: true }],
  ["with --expose", { expose: true }],
  ["with both", everything],
])("%s, register and its SQL script refuse alike or end in the same state", async (_what, allowed) => {
  await fc.assert(
    fc.asyncProperty(founds, desireds, async (state, desired) => {
      const before = await found(state);
      const refused = await register(connection, desired, watched(allowed).run).then(
        () => false,
        (error: unknown) => error instanceof PlanError,
      );
      const registered = await stateOf(connection);
      if (refused) expect(registered).toEqual(before);

      await found(state);
      const script = registerScript(desired, allowed);
      expect(registerScript(desired, allowed)).toBe(script);
      expect(await runs(script)).toBe(!refused);
      expect(await stateOf(connection)).toEqual(registered);
      if (!refused) {
        expect(await runs(registerScript(desired))).toBe(true);
        expect(await stateOf(connection)).toEqual(registered);
      }
    }),
    { numRuns: 10 },
  );
});

test.each<[string, Allowed]>([
  ["keeping closed what it protected", {}],
  ["exposing it", { expose: true }],
])("unregister and its SQL script end in the same state, %s, once and twice", async (_what, allowed) => {
  await fc.assert(
    fc.asyncProperty(founds, async (state) => {
      const before = await found(state);
      const first = watched(allowed);
      const { written } = await unregister(connection, owner, first.run);
      const after = await stateOf(connection);
      expect(after.privileges).toEqual(
        before.privileges.filter(
          (p) => !isOurPrivilege(p, "test") || (!allowed.expose && after.privileges.some((q) => q.name === p.name)),
        ),
      );
      expect((await unregister(connection, owner, watched(allowed).run)).written).toBe(false);

      if (written) {
        const blocks = readUndo(first.seen.undo!, { file: "undo.sql", ...owner });
        await restore(connection, owner, blocks, watched().run);
        expect(await stateOf(connection)).toEqual(before);
      }
      await found(state);
      for (let times = 0; times < 2; times++) {
        expect(await runs(unregisterScript("test", schema, allowed))).toBe(true);
        expect(await stateOf(connection)).toEqual(after);
      }
    }),
    { numRuns: 12 },
  );
});

test.each([
  ["register", (wanted: Desired) => registerScript(wanted)],
  ["unregister", () => unregisterScript("test", schema)],
])("the SQL script of %s opens nothing, with modules below one another", async (_what, script) => {
  const names = openModules.map(({ name }) => name);
  const privilege = (name: string, comments: string | null) =>
    fc
      .record({
        modules: fc.subarray(names, { maxLength: 2 }),
        patterns: fc.subarray([...openPatterns], { maxLength: 3 }),
      })
      .map((named) => ({ ...{ name, comments, label: null, description: null, roles: [] }, ...named }));
  const marked = ownershipMarker("test");
  const states = fc.tuple(privilege("a", marked), privilege("b", marked), privilege("x", "by hand"));
  await fc.assert(
    fc.asyncProperty(states, fc.constantFrom(...names, ...openPatterns), async (before, dropped) => {
      await reset(connection);
      const define = openModules.flatMap(({ name, basePath, templates }) => [
        `ORDS.DEFINE_MODULE('${name}', '${basePath}');`,
        ...templates.map((template) => `ORDS.DEFINE_TEMPLATE('${name}', '${template}');`),
      ]);
      await connection.execute(`BEGIN ORDS.DELETE_MODULE('hello'); ${define.join(" ")} COMMIT; END;`);
      await seed(connection, { privileges: before });
      const was = await stateOf(connection);
      const { profile } = desiredState({ ...helloOutput, schema });
      const wanted = before.slice(0, 2).map((each) => ({
        ...each,
        modules: each.modules.filter((name) => name !== dropped),
        patterns: each.patterns.filter((name) => name !== dropped),
      }));
      await runs(script({ schema, stack: "test", profile, privileges: wanted }));
      const is = await stateOf(connection);
      expect(callablePaths.filter((path) => mayAnyoneCall(path, is) && !mayAnyoneCall(path, was))).toEqual([]);
    }),
    { numRuns: 10 },
  );
});
