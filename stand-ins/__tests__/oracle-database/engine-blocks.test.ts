import type { Value } from "../../oracle-database/database";
import {
  block,
  compileRefusal,
  database,
  enabledHr,
  evaluate,
  fullError,
  hr,
  refusal,
  rows,
  value,
} from "./engine-fixture";

const session = hr();

/** Runs a block with a DECLARE section; `:result` is the only bind. */
function run(declarations: string, body: string, initial: Value = null) {
  const result = session.execute(`${declarations && `DECLARE ${declarations}`} BEGIN ${body} END;`, [initial]);
  return result.kind === "plsql" ? result.out[0] : undefined;
}

test("a NUMBER with a precision rounds, and refuses what has too many digits", () => {
  const session = hr();
  const assigned = (type: string, number: string) =>
    session.execute(`DECLARE n ${type} := ${number}; BEGIN :r := TO_CHAR(n); END;`, [null]);
  expect(assigned("NUMBER(4, 1)", "12.25")).toEqual({ kind: "plsql", out: ["12.3"] });
  expect(assigned("NUMBER(4)", "-1.5")).toEqual({ kind: "plsql", out: ["-2"] });
  expect(refusal(() => assigned("NUMBER(4, 1)", "1000"))).toMatch(/^ORA-06502.*number precision too large/);
  expect(evaluate(session, "CAST('3' AS NUMBER(2)) + 1")).toBe(4);
  expect(refusal(() => evaluate(session, "CAST('abc' AS VARCHAR2(2))"))).toMatch(/^ORA-06502/);
});

describe("variables", () => {
  test("initial values, assignments and scopes of nested blocks", () => {
    const nested =
      "<<inner>> DECLARE x VARCHAR2(9) := 'in'; BEGIN :result := x || y; y := 'changed'; END inner; :result := :result || x || y;";
    expect(run("x VARCHAR2(9) := 'out'; y VARCHAR2(9) DEFAULT 'y';", nested)).toBe("inyoutchanged");
  });

  test("a declaration runs each time its block is entered", () => {
    expect(
      run(
        "n NUMBER := 0;",
        "FOR i IN 1..3 LOOP DECLARE m NUMBER := 1; l owa.vc_arr; BEGIN m := m + 1; l(i) := 'x'; n := n + m + l.COUNT; END; END LOOP; :result := n;",
      ),
    ).toEqual({ number: "9" });
  });

  test("a variable without initial value is NULL again each time", () => {
    const body =
      "FOR i IN 1..2 LOOP DECLARE x NUMBER; BEGIN IF x IS NOT NULL THEN :result := 'kept'; END IF; x := i; END; END LOOP;";
    expect(run("", body)).toBeNull();
  });

  test("text, numbers and integers convert into each other", () => {
    expect(
      run("n NUMBER := '12.5'; i PLS_INTEGER := 2.5; t VARCHAR2(9) := 7;", ":result := n || '/' || i || '/' || t;"),
    ).toBe("12.5/3/7");
  });

  test("%TYPE takes the type of a column or variable", () => {
    expect(
      refusal(() => run("s user_ords_schemas.status%TYPE; t s%TYPE;", `t := '${"x".repeat(21)}'; :result := t;`)),
    ).toMatch(/buffer too small/);
    expect(compileRefusal(() => run("s user_ords_schemas.nope%TYPE;", ":result := s;"))).toMatch(/^PLS-00201/);
  });

  test.each([
    ["x VARCHAR2(3);", "x := 'four';", "character string buffer too small"],
    ["x VARCHAR2(3);", "x := 'éé';", "character string buffer too small"],
    ["x NUMBER;", "x := 'abc';", "character to number conversion error"],
    ["x NUMBER NOT NULL := 1;", "x := NULL;", "numeric or value error"],
    ["x VARCHAR2(9);", "IF x || 'a' > 1 THEN NULL; END IF;", "character to number conversion error"],
  ])("%s %s raises ORA-06502", (declarations, body, text) => {
    expect(refusal(() => run(declarations, `${body} :result := 1;`))).toMatch(
      new RegExp(`^ORA-06502: PL/SQL: .*${text}`),
    );
  });

  test("a PLS_INTEGER overflows beyond 32 bits", () => {
    expect(refusal(() => run("i PLS_INTEGER;", "i := 2147483648; :result := i;"))).toMatch(/^ORA-01426/);
  });

  test.each([
    ["", "nope := 1;", "PLS-00201: identifier 'NOPE' must be declared"],
    ["", ":result := nope;", "PLS-00201: identifier 'NOPE' must be declared"],
    ["x nope;", "NULL;", "PLS-00201: identifier 'NOPE' must be declared"],
    ["x NUMBER; x NUMBER;", "NULL;", "PLS-00371"],
    ["x CONSTANT NUMBER := 1;", "x := 2;", "PLS-00363"],
    ["x VARCHAR2;", "NULL;", "PLS-00215"],
    ["x VARCHAR2(40000);", "NULL;", "PLS-00215"],
    ["x BOOLEAN := 'Y';", "NULL;", "PLS-00382"],
    ["x BOOLEAN;", "x := 1;", "PLS-00382"],
    ["x VARCHAR2(9);", "x := TRUE;", "PLS-00382"],
    ["x NUMBER;", "IF x THEN NULL; END IF;", "PLS-00382"],
    ["x BOOLEAN;", ":result := 'a' || x;", "PLS-00306: wrong number or types of arguments in call to '||'"],
    ["x BOOLEAN;", "IF x = 1 THEN NULL; END IF;", "PLS-00306: wrong number or types of arguments in call to '='"],
    ["x VARCHAR2(9);", "x(1) := 'a';", "PLS-00308"],
    ["", "x(1) := 'a';", "PLS-00201: identifier 'X' must be declared"],
    ["x owa.vc_arr;", "x := 'a';", "PLS-00382"],
    ["x owa.vc_arr;", "x(1) := TRUE;", "PLS-00382"],
    ["x owa.vc_arr;", ":result := x;", "PLS-00382"],
    ["x owa.vc_arr;", ":result := x.nope;", "PLS-00302: component 'NOPE' must be declared"],
    ["", ":result := (SELECT 1 FROM dual);", "PLS-00405"],
    ["", ":result := DECODE(1, 1, 2);", "PLS-00204"],
    ["", ":result := COUNT(*);", "PLS-00204"],
    ["", ":result := UPPER('a', 'b');", "PLS-00306"],
    ["", "EXIT;", "PLS-00376"],
    ["", "FOR i IN 1..2 LOOP i := 3; END LOOP;", "PLS-00363"],
    ["", "FOR r IN (SELECT 1 a FROM dual) LOOP :result := r.b; END LOOP;", "PLS-00302: component 'B' must be declared"],
  ])("refuses to compile %s %s", (declarations, body, text) => {
    const declare = declarations ? `DECLARE ${declarations}` : "";
    const sql = `${declare} BEGIN ${body} END;`;
    expect(
      compileRefusal(() =>
        session.execute(
          sql,
          session.bindNames(sql).map(() => null),
        ),
      ),
    ).toContain(text);
  });

  test("nothing runs when something does not compile", () => {
    const enabled = enabledHr();
    expect(compileRefusal(() => block(enabled, "ords.create_role('r2'); nope.nope;"))).toMatch(/^PLS-00201/);
    expect(rows(enabled, "SELECT name FROM user_ords_roles WHERE name NOT LIKE 'oracle.%'")).toEqual([["r1"]]);
  });
});

describe("owa.vc_arr", () => {
  test("elements, COUNT, FIRST, LAST, EXISTS and DELETE", () => {
    expect(
      run(
        "l owa.vc_arr; e owa.vc_arr;",
        `l(5) := 'five'; l(-1) := 'm'; l(5) := 'V';
         :result := l.COUNT || l.FIRST || l.LAST || l(5) || NVL(e.FIRST, 0);
         IF l.EXISTS(5) AND NOT l.EXISTS(1) THEN l.DELETE; :result := :result || l.COUNT; END IF;`,
      ),
    ).toBe("2-15V00");
  });

  test("the constructor fills, and assignment copies", () => {
    expect(
      run(
        "a owa.vc_arr := owa.vc_arr(1 => 'x', 2 => 'y'); b owa.vc_arr;",
        "b := a; a := owa.vc_arr(); b(1) := 'z'; :result := a.COUNT || b(1) || b(2);",
      ),
    ).toBe("0zy");
  });

  test("reading an element that was never set raises ORA-01403", () => {
    expect(refusal(() => run("l owa.vc_arr;", ":result := l(1);"))).toMatch(/^ORA-01403/);
    expect(refusal(() => run("l owa.vc_arr;", "l(NULL) := 'x'; :result := 1;"))).toMatch(/^ORA-06502.*NULL index/);
  });
});

describe("control flow", () => {
  test("IF takes the first branch that is true, and NULL is not true", () => {
    expect(
      run(
        "x NUMBER;",
        "IF x = 1 THEN :result := 'one'; ELSIF NOT (x = 1) THEN :result := 'not one'; ELSE :result := 'unknown'; END IF;",
      ),
    ).toBe("unknown");
  });

  test("loops: numeric, reverse, WHILE, LOOP with EXIT and CONTINUE", () => {
    expect(
      run(
        "t VARCHAR2(99);",
        "FOR i IN 1..3 LOOP t := t || i; END LOOP; FOR i IN REVERSE 1..3 LOOP t := t || i; END LOOP; FOR i IN 3..1 LOOP t := 'never'; END LOOP; :result := t;",
      ),
    ).toBe("123321");
    expect(
      run(
        "i NUMBER := 0; t VARCHAR2(99);",
        "WHILE i < 5 LOOP i := i + 1; CONTINUE WHEN i = 2; EXIT WHEN i = 4; t := t || i; END LOOP; :result := t;",
      ),
    ).toBe("13");
    expect(run("i NUMBER := 0;", "LOOP i := i + 1; IF i = 3 THEN EXIT; END IF; END LOOP; :result := i;")).toEqual({
      number: "3",
    });
  });

  test("RETURN ends the block", () => {
    expect(run("", ":result := 1; RETURN; :result := 2;")).toEqual({ number: "1" });
  });

  test("an endless loop is stopped", () => {
    expect(refusal(() => block(session, "LOOP NULL; END LOOP;"))).toMatch(/^ORA-00040/);
  });

  test("a FOR loop over a query gives its rows as a record, and sees variables of the block", () => {
    expect(
      run(
        "low NUMBER := 1; t VARCHAR2(99);",
        "FOR r IN (SELECT n, n * 2 AS twice FROM (SELECT 1 n FROM dual UNION ALL SELECT 2 FROM dual) WHERE n > low) LOOP t := t || r.n || r.twice; END LOOP; :result := t;",
      ),
    ).toBe("24");
  });
});

describe("SELECT INTO", () => {
  test("fills variables, elements and binds", () => {
    expect(run("x NUMBER; l owa.vc_arr;", "SELECT 1, 'b' INTO x, l(2) FROM dual; :result := x || l(2);")).toBe("1b");
    expect(block(session, "SELECT dummy INTO :x FROM dual WHERE :y = 1;", null, 1)).toEqual(["X", undefined]);
  });

  test("refuses no row, more than one row and a wrong count", () => {
    expect(refusal(() => run("x NUMBER;", "SELECT 1 INTO x FROM dual WHERE 1 = 2; :result := x;"))).toMatch(
      /^ORA-01403/,
    );
    expect(
      refusal(() =>
        run("x NUMBER;", "SELECT n INTO x FROM (SELECT 1 n FROM dual UNION ALL SELECT 2 FROM dual); :result := x;"),
      ),
    ).toMatch(/^ORA-01422/);
    expect(compileRefusal(() => run("x NUMBER;", "SELECT 1, 2 INTO x FROM dual; :result := x;"))).toMatch(/^PLS-00394/);
    expect(compileRefusal(() => block(session, "SELECT 1 FROM dual;"))).toMatch(/PLS-00428/);
  });

  test("refuses INTO anywhere else", () => {
    for (const query of ["SELECT 1 INTO :x FROM dual", "SELECT 1 FROM (SELECT 1 INTO :x FROM dual)"]) {
      expect(compileRefusal(() => block(session, `FOR r IN (${query}) LOOP NULL; END LOOP;`, null))).toMatch(
        /ORA-00923/,
      );
    }
    const inner = "SELECT (SELECT 1 INTO :x FROM dual) INTO :x FROM dual;";
    expect(compileRefusal(() => block(session, inner, null))).toMatch(/ORA-00923/);
  });
});

describe("binds", () => {
  test("a bind that is assigned comes back, one that is only read does not", () => {
    expect(block(session, ":a := :b || 'x'; :c := :a;", null, "b", null)).toEqual(["bx", undefined, "bx"]);
  });

  test("a bind of a branch that was not taken comes back as it was", () => {
    expect(block(session, "IF 1 = 2 THEN :a := 1; END IF;", "before")).toEqual(["before"]);
  });

  test("BOOLEAN binds work in PL/SQL", () => {
    expect(block(session, "IF :flag THEN :text := 'yes'; END IF; :out := NOT :flag;", true, null, null)).toEqual([
      undefined,
      "yes",
      false,
    ]);
  });
});

describe("exceptions", () => {
  test("the first matching handler runs, with SQLCODE and SQLERRM", () => {
    const handlers =
      "EXCEPTION WHEN no_data_found OR too_many_rows THEN :r := 'rows' || SQLCODE; WHEN OTHERS THEN :r := SQLCODE || SQLERRM;";
    expect(block(session, `RAISE too_many_rows; ${handlers}`, null)).toEqual(["rows-1422"]);
    expect(block(session, `RAISE no_data_found; ${handlers}`, null)).toEqual(["rows100"]);
    expect(block(session, `raise_application_error(-20123, 'my text'); ${handlers}`, null)).toEqual([
      "-20123ORA-20123: my text",
    ]);
    expect(evaluate(session, "SQLCODE || SQLERRM")).toBe("0ORA-0000: normal, successful completion");
  });

  test("an error has the line where it was raised", () => {
    const error = fullError(() =>
      session.execute("BEGIN\n  NULL;\n  BEGIN\n    raise_application_error(-20001, 'oops');\n  END;\nEND;", []),
    );
    expect(error.message).toBe("ORA-20001: oops\nORA-06512: at line 4");
    expect(error.number).toBe(20001);
  });

  test("RAISE in a handler passes the error on; an error in a declaration goes to the block outside", () => {
    expect(refusal(() => block(session, "RAISE zero_divide; EXCEPTION WHEN zero_divide THEN RAISE;"))).toMatch(
      /^ORA-01476/,
    );
    const inner = "DECLARE x NUMBER := 'x'; BEGIN NULL; EXCEPTION WHEN OTHERS THEN :r := 'inner'; END;";
    expect(block(session, `${inner} EXCEPTION WHEN value_error THEN :r := 'outer';`, null)).toEqual(["outer"]);
  });

  test("exceptions of the block, with and without a number", () => {
    const declare = "DECLARE mine EXCEPTION; busy EXCEPTION; PRAGMA EXCEPTION_INIT(busy, -20054); BEGIN";
    const sql = (body: string) => session.execute(`${declare} ${body} END;`, [null]);
    expect(sql("RAISE mine; EXCEPTION WHEN busy THEN NULL; WHEN mine THEN :r := SQLCODE || SQLERRM;")).toMatchObject({
      out: ["1User-Defined Exception"],
    });
    expect(sql("raise_application_error(-20054, 'x'); EXCEPTION WHEN busy THEN :r := 'busy';")).toMatchObject({
      out: ["busy"],
    });
    expect(refusal(() => sql(":r := 1; RAISE mine;"))).toMatch(/^ORA-06510/);
    expect(refusal(() => sql(":r := 1; RAISE busy;"))).toMatch(/^ORA-20054/);
  });

  test("SQLCODE is that of the handler one stands in", () => {
    const inner = (body: string) => `BEGIN ${body} EXCEPTION WHEN OTHERS THEN :inner := SQLCODE; END;`;
    const outer = `RAISE zero_divide; EXCEPTION WHEN OTHERS THEN ${inner("RAISE no_data_found;")} :outer := SQLCODE;`;
    expect(block(session, outer, null, null)).toEqual([100, -1476]);
    const failing = "BEGIN RAISE no_data_found; EXCEPTION WHEN OTHERS THEN RAISE zero_divide; END;";
    expect(block(session, `${inner(failing)} :after := SQLCODE;`, null, null)).toEqual([-1476, 0]);
  });

  test("refuses unknown exceptions, OTHERS before others, and numbers out of range", () => {
    expect(compileRefusal(() => block(session, "RAISE nope;"))).toMatch(/^PLS-00201/);
    expect(compileRefusal(() => block(session, "NULL; EXCEPTION WHEN nope THEN NULL;"))).toMatch(/^PLS-00201/);
    expect(
      compileRefusal(() => block(session, "NULL; EXCEPTION WHEN OTHERS THEN NULL; WHEN no_data_found THEN NULL;")),
    ).toMatch(/^PLS-00370/);
    expect(refusal(() => block(session, "raise_application_error(-20, 'x');"))).toMatch(/^ORA-21000/);
    expect(compileRefusal(() => block(session, "raise_application_error('x');"))).toMatch(/^PLS-00306/);
  });
});

describe("EXECUTE IMMEDIATE", () => {
  test("runs text with binds and fetches one row", () => {
    expect(run("x NUMBER;", "EXECUTE IMMEDIATE 'SELECT :a + :b FROM dual' INTO x USING 1, 2; :result := x;")).toEqual({
      number: "3",
    });
    const enabled = enabledHr();
    block(enabled, "EXECUTE IMMEDIATE 'BEGIN ords.create_role(:n); END;' USING 'dynamic';");
    expect(rows(enabled, "SELECT name FROM user_ords_roles WHERE name NOT LIKE 'oracle.%' ORDER BY name")).toEqual([
      ["dynamic"],
      ["r1"],
    ]);
  });

  test("a statement that does not compile is an error at run time, so that it can be handled", () => {
    expect(
      block(session, "EXECUTE IMMEDIATE 'BEGIN nope; END;'; EXCEPTION WHEN OTHERS THEN :r := SQLCODE;", null),
    ).toEqual([-6550]);
    expect(refusal(() => block(session, "EXECUTE IMMEDIATE 'SELECT :a FROM dual';"))).toMatch(/^ORA-01008/);
    expect(refusal(() => run("x NUMBER;", "EXECUTE IMMEDIATE 'SELECT 1, 2 FROM dual' INTO x; :result := x;"))).toMatch(
      /^ORA-01007/,
    );
  });
});

describe("procedure calls", () => {
  const calls = enabledHr();

  test("named, positional, mixed and left-out parameters", () => {
    block(
      calls,
      "ords.define_module(p_base_path => '/a/', p_module_name => 'a'); ords.define_module('b', p_base_path => '/b/', p_comments => 'c'); ords.define_module('c', '/c/', 7, 'NOT_PUBLISHED');",
    );
    const sql = "SELECT name, items_per_page, status, comments FROM user_ords_modules WHERE name <> 'm1' ORDER BY name";
    expect(rows(calls, sql)).toEqual([
      ["a", 25, "PUBLISHED", null],
      ["b", 25, "PUBLISHED", "c"],
      ["c", 7, "NOT_PUBLISHED", null],
    ]);
  });

  test("CALL runs one procedure", () => {
    calls.execute("CALL ords.create_role(:name)", ["called"]);
    expect(rows(calls, "SELECT COUNT(*) FROM user_ords_roles WHERE name = 'called'")).toEqual([[1]]);
  });

  test.each([
    ["ords.create_role;", "PLS-00306"],
    ["ords.create_role('a', 'b');", "PLS-00306"],
    ["ords.create_role(p_name => 'a');", "PLS-00306"],
    ["ords.create_role('a', p_role_name => 'a');", "PLS-00306"],
    ["ords.create_role(TRUE);", "PLS-00306"],
    ["ords.enable_schema('yes');", "PLS-00306"],
    ["ords.define_privilege('p', NULL);", "PLS-00306"],
    ["ords.define_privilege('p', 'r1');", "PLS-00306"],
    ["ords.create_role(owa.vc_arr());", "PLS-00306"],
    ["ords.nope('a');", "PLS-00302: component 'NOPE' must be declared"],
    ["nope.create_role('a');", "PLS-00201: identifier 'NOPE.CREATE_ROLE' must be declared"],
    ["create_role('a');", "PLS-00201: identifier 'CREATE_ROLE' must be declared"],
    ["sys.ords.create_role('a');", "PLS-00201"],
    ["ords.installed_version;", "PLS-00221"],
    ["dbms_output.get_line('a', 1);", "PLS-00363"],
    ["ords.delete_privilege_mapping('a', ords.delete_role('a'));", "PLS-00222"],
  ])("refuses %s", (call, text) => expect(compileRefusal(() => block(calls, call))).toContain(text));

  test("a number parameter refuses text that is no number", () => {
    expect(refusal(() => block(calls, "ords.define_module('x', '/x/', 'many');"))).toMatch(/^ORA-06502/);
  });

  test("constants exist in PL/SQL and not in SQL", () => {
    expect(evaluate(calls, "ords.source_type_plsql")).toBe("plsql/block");
    expect(refusal(() => rows(calls, "SELECT ords.source_type_plsql FROM dual"))).toMatch(/^ORA-00904/);
    expect(refusal(() => rows(calls, "SELECT ords.create_role('x') FROM dual"))).toMatch(/^ORA-00904/);
  });

  test("DBMS_SESSION writes what the whole session reads, blocks and rollbacks later, and no other session", () => {
    const both = database();
    const session = both.openSession("HR");
    block(session, "dbms_session.set_context('clientcontext', 'Step', :v); rollback;", "€".repeat(100));
    expect(value(session, "SYS_CONTEXT('CLIENTCONTEXT', 'STEP')")).toBe("€".repeat(85));
    expect(value(session, "SYS_CONTEXT('CLIENTCONTEXT', 'step', 4000)")).toBe("€".repeat(100));
    expect(value(both.openSession("HR"), "SYS_CONTEXT('CLIENTCONTEXT', 'STEP')")).toBeNull();
    block(session, "dbms_session.set_context('CLIENTCONTEXT', 'other', 1);");
    block(session, "dbms_session.clear_context('CLIENTCONTEXT', attribute => 'step');");
    expect(value(session, "SYS_CONTEXT('CLIENTCONTEXT', 'STEP')")).toBeNull();
    block(session, "dbms_session.set_context('CLIENTCONTEXT', 'other', NULL);");
    expect(value(session, "SYS_CONTEXT('CLIENTCONTEXT', 'OTHER')")).toBeNull();
    for (const [call, error] of [
      ["set_context('MINE', 'a', 'b')", "ORA-01031: insufficient privileges"],
      ["set_context('CLIENTCONTEXT', NULL, 'b')", "ORA-28106: input value for argument #2 is not valid"],
    ] as const) {
      expect(refusal(() => block(session, `dbms_session.${call};`))).toBe(error);
    }
  });

  test("DBMS_TRANSACTION names the transaction once there is one, until its end", () => {
    const session = enabledHr();
    const id = (create = "") => evaluate(session, `dbms_transaction.local_transaction_id${create}`);
    expect(id()).toBeNull();
    block(session, "set transaction isolation level serializable;");
    expect(id()).toBeNull();
    const first = id("(true)");
    expect(first).toMatch(/^\d+\.\d+\.\d+$/);
    block(session, "ords.create_role('r2');");
    expect(id()).toBe(first);
    session.rollback();
    expect(id()).toBeNull();
    block(session, "ords.create_role('r2');");
    expect(id()).not.toBe(first);
    expect(id()).toMatch(/\d/);
    expect(refusal(() => block(session, "set transaction isolation level serializable;"))).toMatch(/^ORA-01453/);
    session.commit();
    expect(id()).toBeNull();
  });

  test("DBMS_OUTPUT keeps lines only after ENABLE", () => {
    const own = database().openSession("HR");
    const line = () => block(own, "dbms_output.get_line(:line, :status);", null, null);
    block(own, "dbms_output.put_line('lost');");
    expect(line()).toEqual([null, 1]);
    block(own, "dbms_output.enable(NULL); dbms_output.put('a'); dbms_output.put_line('b'); dbms_output.put_line(2);");
    expect([line(), line(), line()]).toEqual([
      ["ab", 0],
      ["2", 0],
      [null, 1],
    ]);
  });
});
