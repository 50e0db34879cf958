import fc from "fast-check";
import { block, database, enabledHr, hr, prepare, refusal, rows, value } from "./engine-fixture";

const session = hr();
const three = "(SELECT 1 n, 'a' t FROM dual UNION ALL SELECT 2, 'b' FROM dual UNION ALL SELECT 3, NULL FROM dual)";

function columns(sql: string) {
  const result = session.execute(sql, []);
  return result.kind === "query" ? result.columns : [];
}

describe("values", () => {
  test("the empty string is NULL", () => {
    expect(value(session, "''")).toBeNull();
    expect(value(session, "CASE WHEN '' IS NULL THEN 'null' END")).toBe("null");
    expect(value(session, "CASE WHEN :a IS NULL THEN 'null' END", "")).toBe("null");
    expect(value(session, "LENGTH('')")).toBeNull();
  });

  test("|| ignores NULL and converts numbers", () =>
    expect(value(session, "'a' || NULL || 0.5 || -0.5")).toBe("a.5-.5"));

  test("numbers are exact decimals", () => {
    const exact = session.execute("SELECT 0.1 + 0.2, 12345678901234567890 * 10, 1/8, -7, 1e3, 10/3 FROM dual", []);
    const texts = exact.kind === "query" && exact.rows[0]!.map((each) => (each as { number: string }).number);
    expect(texts).toEqual(["0.3", "123456789012345678900", "0.125", "-7", "1000", `3.${"3".repeat(38)}`]);
  });

  test("adding and subtracting the same number gives the first one back (property)", () => {
    const decimal = fc.tuple(fc.maxSafeInteger(), fc.nat(12)).map(([n, scale]) => ({ number: `${n}e-${scale}` }));
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(value(session, "CASE WHEN :a + :b - :c = :d THEN 'same' END", a, b, b, a)).toBe("same");
      }),
    );
  });

  test("refuses text that is no number, a zero divisor and an overlong text", () => {
    expect(refusal(() => value(session, "'x' + 1"))).toMatch(/^ORA-01722/);
    expect(refusal(() => rows(session, "SELECT 1 FROM dual WHERE dummy = 1"))).toMatch(/^ORA-01722/);
    expect(refusal(() => value(session, "1 / 0"))).toMatch(/^ORA-01476/);
    expect(refusal(() => value(session, `'${"x".repeat(4001)}'`))).toMatch(/^ORA-01704/);
    expect(refusal(() => value(session, ":a || :b", "x".repeat(4000), "y"))).toMatch(/^ORA-01489/);
  });

  test("refuses types that do not go together", () => {
    for (const condition of ["sysdate = 'x'", "sysdate = 1", ":b = 'x'"]) {
      expect(
        refusal(() =>
          rows(session, `SELECT 1 FROM dual WHERE ${condition}`, ...(condition.includes(":b") ? [true] : [])),
        ),
      ).toMatch(/^ORA-00932/);
    }
    expect(refusal(() => value(session, "CASE WHEN 1 = 1 THEN 1 ELSE 'x' END"))).toMatch(/^ORA-00932/);
  });
});

describe("three-valued logic", () => {
  test.each([
    ["NULL = NULL", "unknown"],
    ["NOT NULL = 1", "unknown"],
    ["1 = 1 OR NULL = 1", "true"],
    ["1 = 2 AND NULL = 1", "false"],
    ["1 IN (1, NULL)", "true"],
    ["2 IN (1, NULL)", "unknown"],
    ["2 NOT IN (1, NULL)", "unknown"],
    ["2 NOT IN (1, 3)", "true"],
    ["2 BETWEEN 1 AND 3", "true"],
    ["2 NOT BETWEEN 1 AND NULL", "unknown"],
    ["NULL LIKE '%'", "unknown"],
    ["'' IS NOT NULL", "false"],
    ["2 IN (SELECT NULL FROM dual)", "unknown"],
  ])("%s is %s", (condition, expected) => {
    const result = value(
      session,
      `CASE WHEN ${condition} THEN 'true' WHEN NOT (${condition}) THEN 'false' ELSE 'unknown' END`,
    );
    expect(result).toBe(expected);
  });
});

describe("conditions", () => {
  test.each([
    ["'abc' LIKE 'a%'", true],
    ["'abc' LIKE 'a_c'", true],
    ["'a.c' LIKE 'a.c'", true],
    ["'abc' LIKE 'a.c'", false],
    ["'a%c' LIKE 'a\\%c' ESCAPE '\\'", true],
    ["'abc' LIKE 'a\\%c' ESCAPE '\\'", false],
    ["'abc' NOT LIKE 'b%'", true],
    ["'ABC' = 'abc'", false],
    ["'Z' < 'a'", true],
    ["2 < 10", true],
    ["'2' < '10'", false],
    ["2 < '10'", true],
    ["EXISTS (SELECT 1 FROM dual)", true],
    ["NOT EXISTS (SELECT 1 FROM dual WHERE 1 = 2)", true],
  ])("%s is %p", (condition, expected) => {
    expect(value(session, `CASE WHEN ${condition} THEN 1 ELSE 0 END`)).toBe(expected ? 1 : 0);
  });

  test("refuses a wrong escape", () => {
    expect(refusal(() => rows(session, "SELECT 1 FROM dual WHERE 'a' LIKE 'xa' ESCAPE 'x'"))).toMatch(/^ORA-01424/);
    expect(refusal(() => rows(session, "SELECT 1 FROM dual WHERE 'a' LIKE 'a' ESCAPE 'xy'"))).toMatch(/^ORA-01425/);
  });
});

describe("functions", () => {
  test.each([
    ["UPPER('aé') || LOWER('BÉ')", "AÉbé"],
    ["SUBSTR('abcdef', 2, 3) || SUBSTR('abc', -2) || SUBSTR('abc', 0, 1)", "bcdbca"],
    ["SUBSTR('abc', 2, 0)", null],
    ["INSTR('abcabc', 'c') || INSTR('abcabc', 'c', 4) || INSTR('abc', 'x')", "360"],
    ["LENGTH('é𝄞')", 2],
    ["TRIM('  a b ') || '|' || LTRIM(' a') || RTRIM('b ')", "a b|ab"],
    ["REPLACE('a.b.c', '.', '$&') || REPLACE('abc', 'b')", "a$&b$&cac"],
    ["NVL(NULL, 'x') || COALESCE(NULL, '', 'y', 'z')", "xy"],
    ["DECODE(NULL, NULL, 'null', 'other') || DECODE(2, 1, 'a', 2, 'b') || DECODE(3, 1, 'a', 'c')", "nullbc"],
    ["TO_CHAR(12.50) || TO_NUMBER('1e2')", "12.5100"],
    [
      "TO_CHAR(DATE '2026-02-03', 'YYYY-MM-DD\"T\"HH24:MI:SS') || ' ' || DATE '2026-02-03'",
      "2026-02-03T00:00:00 03-FEB-26",
    ],
    ["TO_CHAR(TO_DATE('3-FEB-2026 4:05', 'DD-MON-YYYY HH24:MI'), 'YYYY-MM-DD HH24:MI:SS')", "2026-02-03 04:05:00"],
    ["TO_CHAR(TO_TIMESTAMP('2026/02/03T04:05:06.789', 'YYYY/MM/DD\"T\"HH24:MI:SS.FF'), 'SS.FF3')", "06.789"],
    ["TO_CHAR(TIMESTAMP '2026-02-03 04:05:06.5', 'YYYY-MM-DD HH24:MI:SS.FF3')", "2026-02-03 04:05:06.500"],
    ["TO_CHAR(TIMESTAMP '2026-02-03 04:05:06', 'HH24MISS')", "040506"],
    ["TO_DATE(NULL, 'YYYY')", null],
    ["RAWTOHEX(HEXTORAW('0aFf')) || RAWTOHEX(HEXTORAW('abc'))", "0AFF0ABC"],
    [
      "CAST(1.005 AS NUMBER(10, 2)) || ' ' || CAST(-12.5 AS INTEGER) || ' ' || CAST('1250' AS NUMBER(3, -1))",
      "1.01 -13 1250",
    ],
    ["CAST('abcé' AS VARCHAR2(4)) || CAST(12 AS VARCHAR2(2)) || CAST(NULL AS NUMBER)", "abc12"],
    ["TO_CHAR(CAST(TIMESTAMP '2026-02-03 04:05:06.5' AS DATE), 'SS')", "06"],
    ["CHR(65) || UNISTR('\\00e9\\\\')", "Aé\\"],
    ["CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END", "two"],
    ["CASE 3 WHEN 1 THEN 'one' END", null],
    ["USER || SYS_CONTEXT('USERENV', 'session_user') || SYS_CONTEXT('userenv', 'CURRENT_SCHEMA')", "HRHRHR"],
    ["SYS_CONTEXT('USERENV', 'SERVICE_NAME') || SYS_CONTEXT('USERENV', 'CON_NAME')", "FREEPDB1FREEPDB1"],
  ])("%s", (expression, expected) => expect(value(session, expression)).toBe(expected));

  test("SYSDATE is a DATE without fraction, SYSTIMESTAMP a timestamp", () => {
    expect(columns("SELECT sysdate, systimestamp FROM dual").map(({ type }) => type)).toEqual(["DATE", "TIMESTAMP"]);
    expect((value(session, "SYSDATE") as Date).getUTCMilliseconds()).toBe(0);
  });

  test.each([
    ["TO_DATE('2026-02-03 x', 'YYYY-MM-DD')", "ORA-01830"],
    ["TO_DATE('2026-02', 'YYYY-MM-DD')", "ORA-01861"],
    ["TO_DATE('2026-', 'YYYY-MM')", "ORA-01840"],
    ["TO_DATE('x', 'YYYY')", "ORA-01861"],
    ["TO_DATE('2026-13-01', 'YYYY-MM-DD')", "ORA-01843"],
    ["TO_DATE('1-XYZ-2026', 'DD-MON-YYYY')", "ORA-01843"],
    ["TO_DATE('2026-02-30', 'YYYY-MM-DD')", "ORA-01839"],
    ["TO_DATE('2026-02-32', 'YYYY-MM-DD')", "ORA-01847"],
    ["TO_DATE('24', 'HH24')", "ORA-01850"],
    ["TO_DATE('60', 'MI')", "ORA-01851"],
    ["TO_DATE('60', 'SS')", "ORA-01852"],
    ["TO_DATE('0000', 'YYYY')", "ORA-01841"],
    ["TO_DATE('1', 'Q')", "ORA-01821"],
    ["TO_DATE('2026-02-03')", "ORA-03001"],
    ["TIMESTAMP '2026-02-03'", "ORA-01861"],
    ["DATE '2026-02-03 00:00:00'", "ORA-01861"],
    ["HEXTORAW('xy')", "ORA-01465"],
    ["CAST(1000 AS NUMBER(3))", "ORA-01438"],
    ["CAST(123 AS VARCHAR2(2))", "ORA-06502"],
    ["CAST('x' AS NUMBER)", "ORA-01722"],
    ["CAST('2026-02-03' AS DATE)", "ORA-00932"],
    ["CAST('x' AS VARCHAR2)", "ORA-00906"],
    ["CAST(1 AS NUMBER(39))", "ORA-06550"],
    ["CAST(1 AS NUMBER(1.5))", "ORA-00906"],
    ["CAST(1 AS nonsense)", "ORA-06550"],
  ])("%s is refused with %s", (expression, code) => {
    expect(refusal(() => value(session, expression))).toMatch(new RegExp(`^${code}`));
  });

  test("CAST has the type that it names", () => {
    expect(columns("SELECT CAST('1' AS NUMBER(5)), CAST(1 AS VARCHAR2(7)), HEXTORAW('00') FROM dual")).toMatchObject([
      { type: "NUMBER" },
      { type: "VARCHAR2", size: 7 },
      { type: "RAW", size: 1 },
    ]);
  });

  test("refuses unknown functions, wrong counts and unknown parameters", () => {
    expect(refusal(() => value(session, "nope(1)"))).toMatch(/^ORA-00904: "NOPE"/);
    expect(refusal(() => value(session, "UPPER()"))).toMatch(/^ORA-00909/);
    expect(refusal(() => value(session, "NVL(1)"))).toMatch(/^ORA-00909/);
    expect(refusal(() => value(session, "SYS_CONTEXT('USERENV', 'NOPE')"))).toMatch(/^ORA-02003/);
    expect(refusal(() => value(session, "TO_CHAR(SYSDATE, 'QQQ')"))).toMatch(/^ORA-01821/);
    expect(refusal(() => value(session, "DATE '2026-02-30'"))).toMatch(/^ORA-01861/);
  });
});

describe("SELECT", () => {
  test("names columns by alias, name or text", () => {
    expect(
      columns("SELECT dummy, dummy AS a, dummy b, 1 + 1, 'X y', upper( dummy ) FROM dual").map(({ name }) => name),
    ).toEqual(["DUMMY", "A", "B", "1+1", "'X y'", "UPPER(DUMMY)"]);
  });

  test("describes types, sizes and nullability", () => {
    expect(columns("SELECT dummy, 1 n, 'abc' t, NULL z FROM dual")).toEqual([
      { name: "DUMMY", type: "VARCHAR2", size: 1, nullable: true },
      { name: "N", type: "NUMBER", size: 22, nullable: false },
      { name: "T", type: "VARCHAR2", size: 3, nullable: false },
      { name: "Z", type: "VARCHAR2", size: 1, nullable: true },
    ]);
  });

  test("* and t.* give the columns in order", () => {
    expect(rows(session, `SELECT a.*, 9, b.* FROM ${three} a, ${three} b WHERE a.n = 1 AND b.n = 2`)).toEqual([
      [1, "a", 9, 2, "b"],
    ]);
    expect(rows(session, "SELECT * FROM dual")).toEqual([["X"]]);
    expect(refusal(() => rows(session, "SELECT x.* FROM dual"))).toMatch(/^ORA-00904: "X"/);
  });

  test("rows looked up by equal columns are those that comparing each with each finds (property)", () => {
    const cell = fc.constantFrom<[string, string]>(["NULL", "NULL"], ["1", "'a'"], ["1e0", "'A'"], ["2", "'a '"]);
    const table = fc
      .array(cell, { minLength: 1, maxLength: 5 })
      .map((cells) => `(${cells.map(([n, t]) => `SELECT ${n} n, ${t} t FROM dual`).join(" UNION ALL ")})`);
    fc.assert(
      fc.property(table, table, fc.constantFrom("JOIN", "LEFT JOIN"), (left, right, join) => {
        const joined = (on: string) =>
          rows(session, `SELECT a.n, a.t, b.n, b.t FROM ${left} a ${join} ${right} b ON ${on}`);
        expect(joined("a.n = b.n AND b.t = a.t")).toEqual(joined("a.n - b.n = 0 AND NOT a.t <> b.t"));
        expect(joined("a.n = b.n")).toEqual(joined("NOT a.n <> b.n"));
      }),
    );
  });

  test("text that is a number joins with the number", () => {
    const texts = "(SELECT '01' t FROM dual UNION ALL SELECT '2' FROM dual)";
    expect(rows(session, `SELECT a.n FROM ${three} a JOIN ${texts} b ON a.n = b.t ORDER BY 1`)).toEqual([[1], [2]]);
  });

  test("joins: inner keeps matches, left keeps all of the left", () => {
    const on = `FROM ${three} a JOIN ${three} b ON b.n = a.n + 1`;
    expect(rows(session, `SELECT a.n, b.n ${on} ORDER BY 1`)).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(rows(session, `SELECT a.n, b.n ${on.replace("JOIN", "LEFT JOIN")} ORDER BY 1`)).toEqual([
      [1, 2],
      [2, 3],
      [3, null],
    ]);
    expect(rows(session, `SELECT COUNT(*) FROM ${three} a CROSS JOIN ${three} b`)).toEqual([[9]]);
    expect(columns(`SELECT b.n FROM dual LEFT JOIN (SELECT 1 n FROM dual) b ON 1 = 2`)[0]).toMatchObject({
      nullable: true,
    });
  });

  test("refuses ambiguous, unknown and out-of-scope columns", () => {
    expect(refusal(() => rows(session, `SELECT n FROM ${three} a, ${three} b`))).toMatch(/^ORA-00918/);
    expect(refusal(() => rows(session, `SELECT c.n FROM ${three} a`))).toMatch(/^ORA-00904: "C"."N"/);
    expect(
      refusal(() => rows(session, `SELECT 1 FROM dual a JOIN dual b ON c.dummy = 'X' JOIN dual c ON 1 = 1`)),
    ).toMatch(/^ORA-00904/);
    expect(refusal(() => rows(session, "SELECT dual.dummy FROM dual d"))).toMatch(/^ORA-00904/);
  });

  test("correlated subqueries see the row outside", () => {
    const sql = `SELECT n, (SELECT MAX(b.n) FROM ${three} b WHERE b.n < a.n) FROM ${three} a WHERE EXISTS (SELECT 1 FROM dual WHERE a.n > 1) ORDER BY n`;
    expect(rows(session, sql)).toEqual([
      [2, 1],
      [3, 2],
    ]);
    expect(rows(session, `SELECT n FROM ${three} WHERE n NOT IN (SELECT 2 FROM dual) ORDER BY n`)).toEqual([[1], [3]]);
  });

  test("refuses subqueries of the wrong shape", () => {
    expect(refusal(() => value(session, `(SELECT n FROM ${three})`))).toMatch(/^ORA-01427/);
    expect(refusal(() => value(session, `(SELECT n, t FROM ${three})`))).toMatch(/^ORA-00913/);
  });

  test("WITH names a query, and hides a table of the same name", () => {
    expect(
      rows(session, "WITH dual2 AS (SELECT 7 x FROM dual), b AS (SELECT x + 1 y FROM dual2) SELECT * FROM dual2, b"),
    ).toEqual([[7, 8]]);
    expect(refusal(() => rows(session, "SELECT * FROM dual2"))).toMatch(/^ORA-00942/);
  });

  test("set operators", () => {
    const two = "(SELECT n FROM (SELECT 2 n FROM dual UNION ALL SELECT 9 FROM dual))";
    expect(rows(session, `SELECT n FROM ${three} UNION SELECT n FROM ${two} ORDER BY 1 DESC`)).toEqual([
      [9],
      [3],
      [2],
      [1],
    ]);
    expect(rows(session, `SELECT n FROM ${three} MINUS SELECT n FROM ${two} ORDER BY n`)).toEqual([[1], [3]]);
    expect(rows(session, `SELECT n FROM ${three} INTERSECT SELECT n FROM ${two}`)).toEqual([[2]]);
    expect(refusal(() => rows(session, "SELECT 1 FROM dual UNION SELECT 1, 2 FROM dual"))).toMatch(/^ORA-01789/);
    expect(refusal(() => rows(session, "SELECT 1 FROM dual UNION SELECT 'x' FROM dual"))).toMatch(/^ORA-01790/);
    expect(refusal(() => rows(session, "SELECT 1 FROM dual UNION SELECT 2 FROM dual ORDER BY dummy"))).toMatch(
      /^ORA-01785/,
    );
  });

  test("ORDER BY takes positions, aliases and expressions; NULLs come last, or first when descending", () => {
    expect(rows(session, `SELECT t FROM ${three} ORDER BY 1`)).toEqual([["a"], ["b"], [null]]);
    expect(rows(session, `SELECT t FROM ${three} ORDER BY t DESC`)).toEqual([[null], ["b"], ["a"]]);
    expect(rows(session, `SELECT t FROM ${three} ORDER BY t DESC NULLS LAST`)).toEqual([["b"], ["a"], [null]]);
    expect(rows(session, `SELECT -n m FROM ${three} ORDER BY m`)).toEqual([[-3], [-2], [-1]]);
    expect(rows(session, `SELECT t FROM ${three} ORDER BY -n`)).toEqual([[null], ["b"], ["a"]]);
    expect(refusal(() => rows(session, "SELECT 1 FROM dual ORDER BY 2"))).toMatch(/^ORA-01785/);
    expect(refusal(() => rows(session, `SELECT DISTINCT t FROM ${three} ORDER BY n`))).toMatch(/^ORA-01791/);
  });

  test("OFFSET, FETCH FIRST and ROWNUM limit rows", () => {
    expect(rows(session, `SELECT n FROM ${three} ORDER BY n OFFSET 1 ROWS FETCH NEXT 1 ROW ONLY`)).toEqual([[2]]);
    expect(rows(session, `SELECT n FROM ${three} ORDER BY n DESC FETCH FIRST ROW ONLY`)).toEqual([[3]]);
    expect(rows(session, `SELECT n, rownum FROM ${three} WHERE rownum <= 2 AND n > 1`)).toEqual([
      [2, 1],
      [3, 2],
    ]);
    expect(rows(session, `SELECT n FROM ${three} WHERE rownum = 2`)).toEqual([]);
  });

  test("DISTINCT treats NULLs as equal", () => {
    expect(rows(session, "SELECT DISTINCT x FROM (SELECT NULL x FROM dual UNION ALL SELECT NULL FROM dual)")).toEqual([
      [null],
    ]);
  });
});

describe("aggregates", () => {
  const pairs = "(SELECT 'a' k, 1 v FROM dual UNION ALL SELECT 'a', 3 FROM dual UNION ALL SELECT 'b', NULL FROM dual)";

  test("one group without GROUP BY, even of no rows", () => {
    expect(rows(session, `SELECT COUNT(*), COUNT(v), MIN(v), MAX(v), SUM(v) FROM ${pairs}`)).toEqual([[3, 2, 1, 3, 4]]);
    expect(rows(session, `SELECT COUNT(*), MAX(v) FROM ${pairs} WHERE 1 = 2`)).toEqual([[0, null]]);
    expect(rows(session, `SELECT k, COUNT(*) FROM ${pairs} WHERE 1 = 2 GROUP BY k`)).toEqual([]);
  });

  test("GROUP BY, HAVING and LISTAGG", () => {
    const sql = `SELECT k, COUNT(DISTINCT v) c, LISTAGG(v, ',') WITHIN GROUP (ORDER BY v DESC) FROM ${pairs} GROUP BY k`;
    expect(rows(session, `${sql} ORDER BY k`)).toEqual([
      ["a", 2, "3,1"],
      ["b", 0, null],
    ]);
    expect(rows(session, `${sql} HAVING COUNT(v) > 0`)).toEqual([["a", 2, "3,1"]]);
  });

  test("refuses columns outside the group and aggregates in the wrong place", () => {
    expect(refusal(() => rows(session, `SELECT k, COUNT(*) FROM ${pairs}`))).toMatch(/^ORA-00937/);
    expect(refusal(() => rows(session, `SELECT *, COUNT(*) FROM ${pairs}`))).toMatch(/^ORA-00923/);
    expect(refusal(() => rows(session, `SELECT v FROM ${pairs} GROUP BY k`))).toMatch(/^ORA-00979/);
    expect(refusal(() => rows(session, `SELECT 1 FROM ${pairs} WHERE COUNT(*) > 1`))).toMatch(/^ORA-00934/);
    expect(refusal(() => rows(session, `SELECT MAX(COUNT(*)) FROM ${pairs}`))).toMatch(/^ORA-00934/);
  });
});

describe("views", () => {
  test("a schema sees its own rows in USER_ORDS_* only", () => {
    const shared = database();
    const [own, other] = [shared.openSession("HR"), shared.openSession("SH")];
    prepare(own);
    prepare(other);
    expect(rows(own, "SELECT parsing_schema, type, pattern, status, auto_rest_auth FROM user_ords_schemas")).toEqual([
      ["HR", "BASE_PATH", "hr", "ENABLED", "ENABLED"],
    ]);
    expect(
      rows(own, "SELECT name, uri_prefix, items_per_page, status, created_by FROM ords_metadata.user_ords_modules"),
    ).toEqual([["m1", "/m1/", 25, "PUBLISHED", "HR"]]);
    expect(rows(own, "SELECT name FROM user_ords_roles WHERE name NOT LIKE 'oracle.%'")).toEqual([["r1"]]);
  });

  test("CLOB columns do not compare, sort or group", () => {
    const hrSession = enabledHr();
    for (const rest of ["WHERE source = 'x'", "ORDER BY source", "GROUP BY source"]) {
      expect(refusal(() => rows(hrSession, `SELECT COUNT(*) FROM user_ords_handlers ${rest}`))).toMatch(/^ORA-00932/);
    }
    expect(rows(hrSession, "SELECT id FROM user_ords_handlers WHERE source LIKE '%x%'")).toEqual([]);
  });

  test("refuses views that do not exist or are not granted", () => {
    for (const name of [
      "nowhere",
      "all_ords_modules",
      "user_ords_enabled_schemas",
      "dba_ords_modules",
      "sys.user_ords_modules",
      "ords_metadata.sec_roles",
      "sec_roles",
      "ords_metadata.ords_version",
      "user_ords_constructor",
    ]) {
      expect(refusal(() => rows(session, `SELECT * FROM ${name}`))).toMatch(/^ORA-00942/);
    }
  });

  test("refuses to write to what is for reading", () => {
    for (const sql of [
      "DELETE FROM user_ords_modules",
      "UPDATE ords_metadata.user_ords_jwt_profile SET issuer = 'x'",
      "INSERT INTO user_ords_roles (name) VALUES ('x')",
    ]) {
      expect(refusal(() => session.execute(sql, []))).toMatch(/^ORA-01031/);
      expect(() => block(session, `${sql};`)).toThrow(/PL\/SQL: ORA-01031/);
    }
    expect(refusal(() => session.execute("DELETE FROM sec_roles", []))).toMatch(/^ORA-00942/);
  });

  test("DBA_ORDS_* show all schemas to an administrator", () => {
    const shared = database();
    prepare(shared.openSession("HR"));
    prepare(shared.openSession("SH"));
    const admin = shared.openSession("ADMIN");
    const sql =
      "SELECT s.parsing_schema, m.name FROM dba_ords_modules m JOIN dba_ords_schemas s ON s.id = m.schema_id ORDER BY 1";
    expect(rows(admin, sql)).toEqual([
      ["HR", "m1"],
      ["SH", "m1"],
    ]);
    expect(rows(admin, "SELECT name FROM user_ords_modules")).toEqual([]);
    expect(rows(admin, "SELECT role FROM session_roles")).toEqual([["ORDS_ADMINISTRATOR_ROLE"]]);
  });
});
