import fc from "fast-check";
import { block, compileRefusal, evaluate, fullError, hr, refusal, value } from "./engine-fixture";

const session = hr();

describe("tokens", () => {
  test("a doubled quote stands for one quote", () => expect(value(session, "'it''s'")).toBe("it's"));

  test("q-quoting takes any delimiter and needs no doubling", () => {
    expect(value(session, "q'[it's]' || q'{a}' || q'(b)' || Q'<c>' || q'!d!' || nq'[e]'")).toBe("it'sabcde");
  });

  test("comments are white space, and quotes inside them mean nothing", () => {
    expect(value(session, "1 /* it's */ + -- don't\n 2")).toBe(3);
  });

  test("what looks like a comment inside a string is text", () => {
    expect(value(session, "'--' || '/*' || q'[:x]'")).toBe("--/*:x");
  });

  test("unquoted names fold to upper case and quoted ones are exact", () => {
    const sql = 'SELECT x AS "Mixed", X AS y FROM (SELECT 1 x FROM dual)';
    const result = session.execute(sql, []);
    expect(result.kind === "query" && result.columns.map(({ name }) => name)).toEqual(["Mixed", "Y"]);
    expect(refusal(() => session.execute('SELECT "x" FROM (SELECT 1 x FROM dual)', []))).toMatch(/^ORA-00904: "x"/);
  });

  test("refuses an unterminated string, whatever it looks like", () => {
    for (const sql of ["SELECT 'a FROM dual", "SELECT q'[a' FROM dual", "BEGIN x := 'a; END;"]) {
      expect(refusal(() => session.execute(sql, []))).toMatch(/^ORA-01756/);
    }
  });

  test("refuses an unterminated and an empty quoted identifier", () => {
    expect(refusal(() => session.execute('SELECT "a FROM dual', []))).toMatch(/^ORA-01740/);
    expect(refusal(() => session.execute('SELECT 1 "" FROM dual', []))).toMatch(/^ORA-01741/);
  });

  test("refuses an identifier of more than 128 bytes", () => {
    expect(refusal(() => value(session, "a".repeat(129)))).toMatch(/^ORA-00972/);
  });

  test("refuses a character that SQL does not have", () => {
    expect(refusal(() => value(session, "1 ? 2"))).toMatch(/^ORA-00911/);
  });

  test("a string literal comes back as it was written (property)", () => {
    // As the "binary" unit of fast-check, which takes a second to set up.
    const character = fc
      .integer({ min: 0, max: 0x10_ffff })
      .map((code) => String.fromCodePoint(code))
      .filter((text) => !/\p{Surrogate}/u.test(text));
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60, unit: character }), (text) => {
        const literal = `'${text.replaceAll("'", "''")}'`;
        expect(value(session, literal)).toBe(text);
        expect(evaluate(session, literal)).toBe(text);
      }),
    );
  });
});

describe("bind names", () => {
  test("SQL has one bind per occurrence, PL/SQL one per distinct name", () => {
    expect(session.bindNames("SELECT :a, :B, :a FROM dual")).toEqual(["A", "B", "A"]);
    expect(session.bindNames("BEGIN :a := :B; :A := 1; END;")).toEqual(["A", "B"]);
  });

  test("skips strings, q-quotes, comments, quoted names and assignments", () => {
    const sql = `DECLARE x NUMBER := 1; BEGIN x := 2; y(':a', q'[:b]', ":c" /* :d */); -- :e\n :f := 1; END;`;
    expect(session.bindNames(sql)).toEqual(["F"]);
  });

  test("takes numbers, quoted names and a space after the colon", () => {
    expect(session.bindNames('SELECT :1, : x, :"Exact" FROM dual')).toEqual(["1", "X", "Exact"]);
  });

  test("a colon after a string is JSON syntax and no bind", () => {
    expect(session.bindNames("SELECT json_object('a':b) FROM dual")).toEqual([]);
  });

  test("positions count occurrences in SQL and first appearances in PL/SQL (property)", () => {
    const names = fc.array(fc.constantFrom("A", "B", "C1", "D_E"), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(names, (list) => {
        expect(session.bindNames(`SELECT ${list.map((name) => `:${name}`).join(", ")} FROM dual`)).toEqual(list);
        const calls = list.map((name) => `p(':no', :${name.toLowerCase()});`).join(" ");
        expect(session.bindNames(`BEGIN ${calls} END;`)).toEqual([...new Set(list)]);
      }),
    );
  });

  test("refuses too few and too many values", () => {
    expect(refusal(() => value(session, ":a || :a", "x"))).toMatch(/^ORA-01008/);
    expect(refusal(() => value(session, ":a", "x", "y"))).toMatch(/^ORA-01006/);
    expect(refusal(() => block(session, "null;", "x"))).toMatch(/^ORA-01006/);
  });
});

describe("SQL syntax errors", () => {
  test.each([
    ["SELEC 1 FROM dual", "ORA-00900"],
    ["", "ORA-00900"],
    ["SELECT 1", "ORA-00923"],
    ["SELECT FROM dual", "ORA-00936"],
    ["SELECT 1 + FROM dual", "ORA-00936"],
    ["SELECT (1 FROM dual", "ORA-00907"],
    ["SELECT 1 FROM", "ORA-00903"],
    ["SELECT 1 FROM dual;", "ORA-00933"],
    ["SELECT 1 FROM dual WHERE 1 = 1 GARBAGE", "ORA-00933"],
    ["SELECT 1 FROM dual WHERE 1", "ORA-00920"],
    ["SELECT 1 FROM dual WHERE dummy NOT 'X'", "ORA-00920"],
    ["SELECT 1 = 1 FROM dual", "ORA-00923"],
    ["SELECT 1 FROM dual ORDER 1", "ORA-00933"],
    ["SELECT CASE WHEN 1 = 1 THEN 1 FROM dual", "ORA-00905"],
    ["COMMIT NOW", "ORA-00933"],
    ["SELECT dummy INTO x FROM dual", "ORA-00923"],
  ])("refuses %p with %s", (sql, code) => {
    expect(refusal(() => session.execute(sql, []))).toMatch(new RegExp(`^${code}: `));
  });

  test("an error points at the place in the text", () => {
    expect(fullError(() => session.execute("SELECT dummy, nope FROM dual", [])).offset).toBe(14);
    expect(fullError(() => session.execute("SELECT 1 FROM nowhere", [])).offset).toBe(14);
  });

  test("what Oracle has and the engine has not is refused by name", () => {
    for (const sql of [
      "CREATE TABLE t (a NUMBER)",
      "GRANT CONNECT TO hr",
      "ALTER USER hr ACCOUNT UNLOCK",
      "SELECT 1 FROM dual CONNECT BY level < 3",
      "SELECT 1 FROM dual FOR UPDATE",
      "SELECT 1 FROM dual RIGHT JOIN dual d ON 1 = 1",
    ]) {
      expect(refusal(() => session.execute(sql, []))).toMatch(/^ORA-03001: unimplemented feature: this stand-in/);
    }
  });

  test("refuses nesting and chains that would exhaust the stack", () => {
    for (const expression of ["(".repeat(300) + 1 + ")".repeat(300), "NOT ".repeat(5000), `1${"+1".repeat(5000)}`]) {
      expect(refusal(() => value(session, expression))).toMatch(/^ORA-03001/);
    }
  });

  test("never fails with anything but an ORA- error (property)", () => {
    const word = fc.constantFrom(
      ..."SELECT FROM dual WHERE ( ) , . ; := => || 1 'x' :b BEGIN END IF THEN NULL LOOP FOR IN x DECLARE CASE WHEN * AND".split(
        " ",
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => {
        const sql = words.join(" ");
        try {
          session.execute(
            sql,
            session.bindNames(sql).map(() => null),
          );
        } catch (error) {
          expect(error).toMatchObject({ name: "OracleError", message: expect.stringMatching(/^ORA-\d{5}: /) });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("PL/SQL syntax errors", () => {
  test.each([
    "BEGIN NULL END;",
    "BEGIN NULL;",
    "BEGIN END;",
    "BEGIN x = 1; END;",
    "BEGIN IF TRUE THEN NULL; END;",
    "BEGIN NULL; END; /",
    "DECLARE x NUMBER BEGIN NULL; END;",
    "BEGIN FOR i IN 1 LOOP NULL; END LOOP; END;",
    "BEGIN p(a => 1, 2); END;",
  ])("refuses %p with PLS-00103", (sql) => {
    expect(compileRefusal(() => session.execute(sql, []))).toMatch(/^PLS-00103: Encountered the symbol "/);
  });

  test("the error has line and column", () => {
    const error = fullError(() => session.execute("BEGIN\n  NULL;\n  oops.now;\nEND;", []));
    expect(error.message).toBe(
      "ORA-06550: line 3, column 3:\nPLS-00201: identifier 'OOPS.NOW' must be declared\n" +
        "ORA-06550: line 3, column 3:\nPL/SQL: Statement ignored",
    );
    expect(error.number).toBe(6550);
  });

  test("SQL inside a block reports its own error and place", () => {
    const error = fullError(() =>
      session.execute("BEGIN\n  FOR r IN (SELECT nope FROM dual) LOOP NULL; END LOOP;\nEND;", []),
    );
    expect(error.message).toMatch(/^ORA-06550: line 2, column 20:\nPL\/SQL: ORA-00904: "NOPE": invalid identifier\n/);
  });

  test("what the engine does not interpret is refused by name", () => {
    for (const declaration of [
      "CURSOR c IS SELECT 1 FROM dual;",
      "PROCEDURE p IS BEGIN NULL; END;",
      "r dual%ROWTYPE;",
    ]) {
      expect(refusal(() => session.execute(`DECLARE ${declaration} BEGIN NULL; END;`, []))).toMatch(/^ORA-03001/);
    }
  });
});
