import fc from "fast-check";
import { block, database, enabledHr, hr, prepare, refusal, rows } from "./engine-fixture";

const roles = (session: ReturnType<typeof hr>) =>
  rows(session, "SELECT name FROM user_ords_roles WHERE name NOT LIKE 'oracle.%' ORDER BY name").map(([name]) => name);

const serializable = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE";

/** Two sessions of HR in one database, "r1" committed. */
function two() {
  const shared = database();
  const [one, other] = [shared.openSession("HR"), shared.openSession("HR")];
  prepare(one);
  return [one, other] as const;
}

describe("commit and rollback", () => {
  test("nothing commits by itself; others see it after COMMIT only", () => {
    const [one, other] = two();
    block(one, "ords.create_role('r2');");
    expect(roles(one)).toEqual(["r1", "r2"]);
    expect(roles(other)).toEqual(["r1"]);
    expect([one.inTransaction, other.inTransaction]).toEqual([true, false]);
    one.commit();
    expect(roles(other)).toEqual(["r1", "r2"]);
    expect(one.inTransaction).toBe(false);
  });

  test("rollback, ROLLBACK as text or in a block, and closing the session undo it", () => {
    const undo: ((session: ReturnType<typeof hr>) => unknown)[] = [
      (session) => session.rollback(),
      (session) => session.execute("ROLLBACK WORK", []),
      (session) => block(session, "ROLLBACK;"),
      (session) => session.close(),
    ];
    for (const end of undo) {
      const [one, other] = two();
      block(one, "ords.create_role('r2');");
      end(one);
      block(other, "ords.create_role('r2');");
      expect(roles(other)).toEqual(["r1", "r2"]);
    }
  });

  test("a closed session answers no more", () => {
    const session = hr();
    session.close();
    expect(refusal(() => rows(session, "SELECT 1 FROM dual"))).toMatch(/^ORA-01012/);
  });

  test("a block that fails has done nothing, but keeps what was there before", () => {
    const session = enabledHr();
    block(session, "ords.create_role('before');");
    expect(refusal(() => block(session, "ords.create_role('r2'); raise_application_error(-20001, 'x');"))).toMatch(
      /^ORA-20001/,
    );
    expect(roles(session)).toEqual(["before", "r1"]);
    expect(session.inTransaction).toBe(true);
  });

  test("a failed first statement leaves no transaction behind", () => {
    const session = enabledHr();
    expect(refusal(() => block(session, "ords.create_role('r2'); ords.delete_role('nope');"))).toMatch(/^ORA-20102/);
    expect(session.inTransaction).toBe(false);
  });

  test("what a block committed stays when it fails afterwards", () => {
    const session = enabledHr();
    block(session, "ords.create_role('before');");
    const body = "ords.create_role('kept'); COMMIT; ords.create_role('lost'); raise_application_error(-20001, 'x');";
    expect(refusal(() => block(session, body))).toMatch(/^ORA-20001/);
    expect(session.inTransaction).toBe(false);
    session.rollback();
    expect(roles(session)).toEqual(["before", "kept", "r1"]);
  });

  test("a handled error keeps what was done before it", () => {
    const session = enabledHr();
    block(session, "ords.create_role('r2'); ords.delete_role('nope'); EXCEPTION WHEN OTHERS THEN NULL;");
    expect(roles(session)).toEqual(["r1", "r2"]);
  });

  test("savepoints", () => {
    const session = enabledHr();
    block(
      session,
      "ords.create_role('a'); SAVEPOINT s; ords.create_role('b'); ROLLBACK TO SAVEPOINT s; ords.create_role('c');",
    );
    expect(roles(session)).toEqual(["a", "c", "r1"]);
    session.execute("ROLLBACK TO s", []);
    expect(roles(session)).toEqual(["a", "r1"]);
    expect(refusal(() => session.execute("ROLLBACK TO nope", []))).toMatch(/^ORA-01086/);
    session.commit();
    expect(refusal(() => session.execute("ROLLBACK TO s", []))).toMatch(/^ORA-01086/);
  });

  test("going back to a savepoint forgets those that came after it", () => {
    const session = enabledHr();
    block(session, "SAVEPOINT a; ords.create_role('x'); SAVEPOINT b; ords.create_role('y'); ROLLBACK TO a;");
    expect(refusal(() => session.execute("ROLLBACK TO b", []))).toMatch(/^ORA-01086/);
    session.execute("ROLLBACK TO a", []);
    expect(roles(session)).toEqual(["r1"]);
  });

  test("rollback restores exactly what was committed (property)", () => {
    const [one, other] = two();
    const name = fc.constantFrom("r1", "r2", "r3");
    const step = fc.oneof(
      name.map((role) => `ords.create_role('${role}');`),
      name.map((role) => `ords.delete_role('${role}');`),
      fc.constant("ords.define_module('m1', '/changed/');"),
      fc.constant("SAVEPOINT s;"),
    );
    const everything = (session: ReturnType<typeof hr>) => [
      rows(session, "SELECT * FROM user_ords_roles ORDER BY id"),
      rows(session, "SELECT * FROM user_ords_modules ORDER BY id"),
    ];
    const before = everything(other);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        for (const statement of steps) block(one, `${statement} EXCEPTION WHEN OTHERS THEN NULL;`);
        expect(everything(other)).toEqual(before);
        one.rollback();
        expect(everything(one)).toEqual(before);
      }),
    );
  });
});

describe("isolation", () => {
  test("read committed sees what others commit between its statements", () => {
    const [one, other] = two();
    block(one, "ords.create_role('mine');");
    block(other, "ords.create_role('theirs'); COMMIT;");
    expect(roles(one)).toEqual(["mine", "r1", "theirs"]);
  });

  test("serializable sees its snapshot and its own changes", () => {
    const [one, other] = two();
    one.execute(serializable, []);
    block(other, "ords.create_role('theirs'); COMMIT;");
    block(one, "ords.create_role('mine');");
    expect(roles(one)).toEqual(["mine", "r1"]);
    one.commit();
    expect(roles(one)).toEqual(["mine", "r1", "theirs"]);
  });

  test("serializable goes on seeing what others have changed and deleted, as often as they do", () => {
    const [one, other] = two();
    block(one, "ords.define_privilege('p', owa.vc_arr(), p_label => 'first'); COMMIT;");
    one.execute(serializable, []);
    for (const label of ["second", "third"]) {
      block(other, `ords.define_privilege('p', owa.vc_arr(), p_label => '${label}'); COMMIT;`);
    }
    block(other, "ords.delete_role('r1'); COMMIT;");
    expect(roles(one)).toEqual(["r1"]);
    expect(rows(one, "SELECT label FROM user_ords_privileges WHERE name = 'p'")).toEqual([["first"]]);
    one.rollback();
    expect(roles(one)).toEqual([]);
    expect(rows(one, "SELECT label FROM user_ords_privileges WHERE name = 'p'")).toEqual([["third"]]);
  });

  test("serializable refuses to change a row that someone else changed since", () => {
    const [one, other] = two();
    block(one, "ords.define_privilege('p', owa.vc_arr()); COMMIT;");
    one.execute(serializable, []);
    block(other, "ords.create_privilege_mapping('p', '/x'); COMMIT;");
    const change = () => block(one, "ords.define_privilege('p', owa.vc_arr());");
    expect(refusal(change)).toMatch(/^ORA-08177/);
    one.rollback();
    change();
  });

  test("serializable refuses to delete a row that is gone, and a key that was taken meanwhile", () => {
    const [one, other] = two();
    one.execute(serializable, []);
    block(other, "ords.delete_role('r1'); ords.create_role('r2'); COMMIT;");
    expect(refusal(() => block(one, "ords.delete_role('r1');"))).toMatch(/^ORA-08177/);
    expect(refusal(() => block(one, "ords.create_role('r2');"))).toMatch(/^ORA-00001/);
  });

  test("serializable refuses to protect a module that was redefined meanwhile", () => {
    const [one, other] = two();
    one.execute(serializable, []);
    block(other, "ords.define_module('m1', '/m1/'); COMMIT;");
    const protect = "ords.define_privilege('p', owa.vc_arr(), owa.vc_arr(), owa.vc_arr(1 => 'm1'));";
    expect(refusal(() => block(one, protect))).toMatch(/^ORA-08177/);
  });

  test("SET TRANSACTION must come first", () => {
    const session = enabledHr();
    rows(session, "SELECT 1 FROM dual");
    session.execute(serializable, []);
    expect(session.inTransaction).toBe(true);
    expect(refusal(() => session.execute(serializable, []))).toMatch(/^ORA-01453/);
    session.rollback();
    block(session, "ords.create_role('x');");
    expect(refusal(() => session.execute("SET TRANSACTION READ ONLY", []))).toMatch(/^ORA-01453/);
    expect(refusal(() => session.execute("SET TRANSACTION ISOLATION LEVEL CHAOS", []))).toMatch(/^ORA-02179/);
  });

  test("a read-only transaction does not write", () => {
    const session = enabledHr();
    session.execute("SET TRANSACTION READ ONLY", []);
    expect(refusal(() => block(session, "ords.create_role('x');"))).toMatch(/^ORA-01456/);
    expect(refusal(() => block(session, "ords.delete_role('r1');"))).toMatch(/^ORA-01456/);
  });
});

describe("concurrent writers", () => {
  test("a row or key that another session holds is refused at once, and free after it ended", () => {
    for (const [mine, theirs] of [
      ["ords.delete_role('r1');", "ords.delete_role('r1');"],
      ["ords.create_role('new');", "ords.create_role('new');"],
      ["ords.delete_role('r1'); ords.create_role('r1');", "ords.delete_role('r1');"],
      ["ords.define_module('m2', '/same/');", "ords.define_module('m3', '/same/');"],
      ["ords.define_privilege('p', owa.vc_arr(), owa.vc_arr(), owa.vc_arr(1 => 'm1'));", "ords.delete_module('m1');"],
    ] as const) {
      const [one, other] = two();
      block(one, mine);
      expect(refusal(() => block(other, theirs))).toMatch(/^ORA-00054/);
      one.rollback();
      block(other, theirs);
    }
  });

  test("a statement that failed holds nothing", () => {
    const [one, other] = two();
    expect(refusal(() => block(one, "ords.delete_role('r1'); ords.delete_role('nope');"))).toMatch(/^ORA-20102/);
    block(other, "ords.delete_role('r1');");
  });

  test("the second of two writers finds the key taken", () => {
    const [one, other] = two();
    const profile = "ords_security.create_jwt_profile('i', 'a', 'https://d');";
    block(one, profile);
    expect(refusal(() => block(other, profile))).toMatch(/^ORA-00054/);
    one.commit();
    expect(refusal(() => block(other, profile))).toMatch(/^ORA-00001/);
  });

  test("a key that another session gave up is not free before that commits", () => {
    const [one, other] = two();
    const create = "ords_security.create_jwt_profile('i', 'a', 'https://d');";
    block(one, `${create} COMMIT;`);
    block(one, "ords_security.delete_jwt_profile;");
    expect(refusal(() => block(other, create))).toMatch(/^ORA-00054/);
    one.commit();
    block(other, create);
  });

  test("different schemas do not meet", () => {
    const shared = database();
    const [one, other] = [shared.openSession("HR"), shared.openSession("SH")];
    for (const session of [one, other]) {
      block(
        session,
        "ords.enable_schema; ords.create_role('r'); ords.define_module('m', '/m/'); ords.define_privilege('p', owa.vc_arr(1 => 'SQL Developer'));",
      );
    }
    expect([roles(one), roles(other)]).toEqual([["r"], ["r"]]);
  });
});
