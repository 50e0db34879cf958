import fc from "fast-check";
import type { Actual, Privilege } from "../../../ords/model";
import { writes } from "../../../ords/plan/entries";
import { planRegister, planUnregister } from "../../../ords/plan/plan";
import { planRestore } from "../../../ords/plan/restore";
import { sampleModule } from "../../../ords/plan/sample-api";
import { undoScript } from "../../../ords/sql/undo";
import { readUndo } from "../../../ords/sql/undo-file";
import { desired, registered, untouched } from "../hello";
import { desireds, founds } from "../states";

const owner = { file: "undo.sql", stack: "test", schema: "HELLO" };
const [helloRead] = desired.privileges as [Privilege];
const old: Privilege = {
  ...helloRead,
  label: "it's\n/\nCOMMIT;",
  description: "Grüße \\ 😀",
  patterns: ["/x", "/x/*"],
};
const before: Actual = {
  ...registered,
  privileges: [old],
  profile: { ...desired.profile, issuer: "urn:old", allowedAge: 60 },
};
const script = undoScript(planRegister(desired, before));

test("what a script puts back is read from it as data", () => {
  const { privileges, profile, sampleApi } = readUndo(script, owner);
  expect([...privileges]).toEqual([["hello.read", old]]);
  expect(profile).toEqual(before.profile);
  expect(sampleApi).toBeUndefined();
  expect([...readUndo(undoScript(planRegister(desired, untouched)), owner).privileges]).toEqual([["hello.read", null]]);
});

test("every script that is written can be read, and holds what was there before", () => {
  const sorted = (each: Privilege) => ({ ...each, roles: [...each.roles].sort(), patterns: [...each.patterns].sort() });
  fc.assert(
    fc.property(founds, desireds, fc.boolean(), (found, wanted, asAdministrator) => {
      const modules = ["m1", "m2", "m3", "hello"].map((name) => ({ ...sampleModule, name, comments: null }));
      const actual: Actual = { ...untouched, ...found, modules, user: asAdministrator ? "ADMIN" : "HELLO" };
      const plan = planRegister({ ...wanted, schema: "HELLO" }, actual);
      const written = plan.entries.filter(writes);
      const { privileges, profile } = readUndo(undoScript(plan), owner);
      expect([...privileges].sort()).toEqual(
        written
          .flatMap((each) => (each.kind === "privilege" ? [[each.name, each.before && sorted(each.before)]] : []))
          .sort(),
      );
      const isProfileWritten = written.some(({ kind }) => kind === "JWT profile");
      expect(profile).toEqual(isProfileWritten ? actual.profile : undefined);
    }),
    { numRuns: 50 },
  );
});

test("the sample API comes back as it was, and goes again", () => {
  const sampled = { ...registered, modules: [sampleModule] };
  expect(readUndo(undoScript(planUnregister("test", sampled, { sampleApi: true })), owner).sampleApi).toBe(true);
  const plan = planRegister(desired, { ...untouched, modules: [] }, { sampleApi: true });
  const restored = readUndo(undoScript(plan), owner);
  expect(restored.sampleApi).toBe(false);
  expect(planRestore("test", restored, sampled).entries.map(({ action, kind }) => `${action} ${kind}`)).toEqual([
    "delete JWT profile",
    "delete privilege",
    "delete module",
  ]);
});

test("a restore leaves the sample module when it holds templates of others", () => {
  const restored = readUndo(
    undoScript(planRegister(desired, { ...untouched, modules: [] }, { sampleApi: true })),
    owner,
  );
  const added = { ...sampleModule, templates: ["me", "orders/:id"] };
  const plan = planRestore("test", restored, { ...registered, modules: [added] });
  expect(plan.entries.map(({ kind }) => kind)).not.toContain("module");
  expect(plan.leaves).toEqual([{ what: "module hello", why: expect.stringContaining("orders/:id") }]);
});

const sampled = undoScript(planUnregister("test", { ...registered, modules: [sampleModule] }, { sampleApi: true }));

test.each([
  ["a COMMIT inside a block", script.replace(/^END;$/m, "  COMMIT;\nEND;")],
  ["a COMMIT after a call", script.replace(/^(\s*)\);?$|\);$/m, "); COMMIT;")],
  ["dynamic SQL", script.replace(/^BEGIN$/m, "BEGIN\n  EXECUTE IMMEDIATE 'COMMIT';")],
  ["a COMMIT beside the check of the login", script.replace("  IF USER <> ", "  COMMIT;\n  IF USER <> ")],
  ["a variable that is a function", script.replace(/^DECLARE$/m, "DECLARE\n  x NUMBER := commit_it;")],
  ["a block of somebody else", script.replace(/^COMMIT;$/m, "BEGIN\n  NULL;\nEND;\n/\n\nCOMMIT;")],
  ["a call of another procedure", script.replace("DELETE_JWT_PROFILE", "DROP_REST_FOR_SCHEMA")],
  ["a call of another package", script.replaceAll("ORDS_SECURITY.", "ORDS_METADATA.ORDS_SECURITY.")],
  ["an expression for a value", script.replace("'urn:old'", "'urn:old' || SYS_CONTEXT('USERENV', 'HOST')")],
  ["a handler of somebody else", sampled.replace("SELECT ''Hello ''", "SELECT ''Bye ''")],
  ["another module", sampled.replaceAll("=> 'hello'", "=> 'orders'")],
  ["a statement outside of blocks", script.replace("COMMIT;\n", "DROP TABLE t;\nCOMMIT;\n")],
  ["a host command", script.replace(/^BEGIN$/m, "HOST rm -rf /\nBEGIN")],
  ["an extra argument", script.replace("p_privilege_name ", "p_other => 1, p_privilege_name ")],
  ["the check of another login", script.replace("USER <> 'HELLO'", "USER <> 'OTHER'")],
])("a script with %s is refused", (_what, changed) => {
  expect([script, sampled]).not.toContain(changed);
  expect(() => readUndo(changed, owner)).toThrow(/undo.sql was changed by hand: line \d+ is not part of a script/);
});

test("a script for an administrator is not one for another schema", () => {
  const plan = planRegister(desired, { ...before, user: "ADMIN" });
  const text = undoScript(plan);
  expect(readUndo(text, owner).privileges.size).toBe(1);
  expect(() =>
    readUndo(text.replaceAll("=> 'HELLO'", "=> 'OTHER'").replaceAll("= 'HELLO'", "= 'OTHER'"), owner),
  ).toThrow(/changed by hand/);
});

test("a script turns AUTOCOMMIT off, and one that was saved before scripts did is read as well", () => {
  const older = script.replace("SET AUTOCOMMIT OFF\n", "");
  expect(older).not.toBe(script);
  expect(readUndo(older, owner)).toEqual(readUndo(script, owner));
  expect(() => readUndo(script.replace("AUTOCOMMIT OFF", "AUTOCOMMIT ON"), owner)).toThrow(/changed by hand/);
});

/** As it was saved before steps knew of each other, but for most of its comments. */
const older = String.raw`SET DEFINE OFF
-- ords-jwt: undo, schema HELLO, stack test
-- Run it as HELLO
SET AUTOCOMMIT OFF
WHENEVER SQLERROR EXIT FAILURE ROLLBACK
WHENEVER OSERROR EXIT FAILURE ROLLBACK

SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;

-- The packages work on the schema of the login.
BEGIN
  IF USER <> 'HELLO' THEN
    RAISE_APPLICATION_ERROR(-20900, 'log in as ' || 'HELLO' || ', not as ' || USER);
  END IF;
END;
/

-- delete module hello
DECLARE
  l_found NUMBER;
BEGIN
  SELECT COUNT(*) INTO l_found FROM user_ords_modules WHERE name = 'hello';
  IF l_found > 0 THEN
    ORDS.DELETE_MODULE(
      p_module_name => 'hello');
  END IF;
END;
/

-- define privilege hello.read
DECLARE
  l_roles owa.vc_arr;
  l_patterns owa.vc_arr;
  l_modules owa.vc_arr;
BEGIN
  l_modules(1) := 'hello';
  ORDS.DEFINE_PRIVILEGE(
    p_privilege_name => 'hello.read',
    p_roles          => l_roles,
    p_patterns       => l_patterns,
    p_modules        => l_modules,
    p_label          => 'a label that is longer than what goes on one line of a script that is written now',
    p_description    => UNISTR('Gr\00FC\00DFe \\'),
    p_comments       => 'managed by ords-jwt, stack test');
END;
/

COMMIT;
`;

test("a script that was saved before its steps knew of each other is read, and not when it was changed", () => {
  const restored = readUndo(older, owner);
  expect(restored).toMatchObject({ sampleApi: false, profile: undefined });
  expect([...restored.privileges.values()]).toMatchObject([
    { label: expect.stringMatching(/^a label .* now$/), description: "Grüße \\", modules: ["hello"] },
  ]);
  for (const changed of [
    older.replace("IF USER <> 'HELLO'", "IF USER <> 'OTHER'"),
    older.replace("WHERE name = 'hello'", "WHERE name = 'orders'"),
    older.replace("-- delete module", "DROP TABLE t;\n-- delete module"),
  ]) {
    expect(() => readUndo(changed, owner)).toThrow(/changed by hand/);
  }
  expect(() => readUndo(older.slice(0, -9), owner)).toThrow(/not complete/);
});

test.each([
  ["a step that is left out", script.replace(/PROMPT step 2[\s\S]*?^\/$/m, "")],
  ["another number of a step", script.replace("'2 ' || l_run", "'3 ' || l_run")],
  ["a step that does not look for the one before", script.replace(/ {2}IF NVL[\s\S]*?END IF;\n/, "")],
  ["another query at its end", script.replace("SELECT * FROM user_ords_jwt_profile;", "SELECT * FROM t;")],
])("a script with %s is refused", (_what, changed) => {
  expect(changed).not.toBe(script);
  expect(() => readUndo(changed, owner)).toThrow(/changed by hand/);
});

test("line ends of another system change nothing", () => {
  expect(readUndo(script.replaceAll("\n", "\r\n"), owner)).toEqual(readUndo(script, owner));
});
