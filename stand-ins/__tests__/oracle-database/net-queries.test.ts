import { type Column, OracleError, type Result, type Value } from "../../oracle-database/database";
import { drivers, since } from "./net-drivers";
import { connectingWith } from "./net-fake-database";

const column = (name: string, type: Column["type"], size = 100): Column => ({ name, type, size, nullable: true });
const query = (columns: Column[], rows: Value[][]): Result => ({ kind: "query", columns, rows });
const numbers = (count: number): Result =>
  query(
    [column("I", "NUMBER")],
    Array.from({ length: count }, (_, i) => [{ number: String(i) }]),
  );
const zoned = (text: string) => {
  // The driver reads wall-clock time in the zone of this process.
  const utc = new Date(text);
  return new Date(utc.getTime() + utc.getTimezoneOffset() * 60_000);
};

describe.each(drivers)("%s", (_, oracledb) => {
  const withConnection = connectingWith(oracledb);

  test("sends values of every column type, and their metadata", async () => {
    const columns = [
      column("Text", "VARCHAR2", 40),
      column("N", "NUMBER"),
      column("D", "DATE"),
      column("T", "TIMESTAMP"),
      column("R", "RAW", 16),
    ];
    const row = [
      "Grüße 🙂",
      { number: "-0.125" },
      new Date("2024-02-29T12:34:56Z"),
      new Date("2025-01-02T03:04:05.678Z"),
      Buffer.from("00ff", "hex"),
    ];
    await withConnection(
      () => query(columns, [row, [null, null, null, null, null]]),
      async (connection) => {
        const result = await connection.execute("select everything");
        expect(result.rows).toEqual([
          [
            "Grüße 🙂",
            -0.125,
            zoned("2024-02-29T12:34:56Z"),
            zoned("2025-01-02T03:04:05.678Z"),
            Buffer.from("00ff", "hex"),
          ],
          [null, null, null, null, null],
        ]);
        expect(result.metaData?.map(({ name, dbTypeName, byteSize }) => [name, dbTypeName, byteSize])).toEqual([
          ["Text", "VARCHAR2", 40],
          ["N", "NUMBER", undefined],
          ["D", "DATE", undefined],
          ["T", "TIMESTAMP", undefined],
          ["R", "RAW", 16],
        ]);
      },
    );
  });

  test("sends text of up to 32767 bytes as VARCHAR2", async () => {
    const sizes = [252, 253, 32_767];
    await withConnection(
      () =>
        query(
          [column("T", "VARCHAR2", 32_767)],
          sizes.map((size) => ["x".repeat(size)]),
        ),
      async (connection) => {
        const { rows } = await connection.execute<[string]>("select text");
        expect(rows?.map(([text]) => text.length)).toEqual(sizes);
      },
    );
  });

  test.each([0, 1, 2, 3, 100, 101, 1234])("sends all of %i rows, in batches", async (count) => {
    await withConnection(
      () => numbers(count),
      async (connection) => {
        for (const options of [
          {},
          { prefetchRows: 0, fetchArraySize: 7 },
          { prefetchRows: count, fetchArraySize: 50 },
        ]) {
          const { rows } = await connection.execute<[number]>("select i from series", [], options);
          expect(rows?.map(([i]) => i)).toEqual(Array.from({ length: count }, (_, i) => i));
        }
      },
    );
  });

  test("fetches row by row from a result set, and stops when it is closed", async () => {
    const calls: string[] = [];
    await withConnection(
      () => numbers(500),
      async (connection) => {
        const { resultSet } = await connection.execute<[number]>("select i", [], {
          resultSet: true,
          fetchArraySize: 10,
        });
        expect(await resultSet?.getRow()).toEqual([0]);
        expect(await resultSet?.getRows(25)).toHaveLength(25);
        await resultSet?.close();
        expect((await connection.execute("select i", [], { maxRows: 3 })).rows).toEqual([[0], [1], [2]]);
      },
      { onRequest: ({ name }) => void calls.push(name) },
    );
    expect(calls.filter((name) => name === "FETCH").length).toBeLessThan(6);
  });

  test("passes binds of each type by position, one per occurrence", async () => {
    let received: Value[] = [];
    await withConnection(
      (_, binds) => {
        received = binds;
        return numbers(1);
      },
      async (connection) => {
        await connection.execute("select i from t where a = :a and b = :b and c = :a", { a: "Ü", b: 12.5 });
        expect(received).toEqual(["Ü", { number: "12.5" }, "Ü"]);
        await connection.execute("select i from t where :1 = :2 and :3 = :4", [
          null,
          "",
          zoned("2020-01-02T03:04:05.006Z"),
          Buffer.from([1, 2]),
        ]);
        expect(received).toEqual([null, null, new Date("2020-01-02T03:04:05.006Z"), Buffer.from([1, 2])]);
        await connection.execute("select i from t where :1 = :2 and :3 = :4", [
          { val: "Ω", type: oracledb.DB_TYPE_NVARCHAR },
          { val: 0.1, type: oracledb.DB_TYPE_BINARY_DOUBLE },
          { val: new Date("2020-01-02T03:04:05Z"), type: oracledb.DB_TYPE_TIMESTAMP_TZ },
          { val: "c", type: oracledb.DB_TYPE_CHAR },
        ]);
        expect(received).toEqual(["Ω", { number: "0.1" }, new Date("2020-01-02T03:04:05Z"), "c"]);
      },
    );
  });

  test("passes long binds of SQL, which travel last, in their own positions", async () => {
    let received: Value[] = [];
    await withConnection(
      (_, binds) => {
        received = binds;
        return { kind: "dml", rowCount: 1 };
      },
      async (connection) => {
        const long = "x".repeat(100_000);
        await connection.execute("insert into t values (:1, :2, :3)", [1, long, "end"]);
        expect(received).toEqual([{ number: "1" }, long, "end"]);
        // Before 6.1 a driver declares national text like the longest there is, and sends it like a short one.
        for (const size of since(oracledb, 6, 1) ? [10_000, 40_000] : [40_000]) {
          const national = { val: "Ω".repeat(size), type: oracledb.DB_TYPE_NVARCHAR };
          await connection.execute("insert into t values (:1, :2, :3)", [1, national, "end"]);
          expect(received).toEqual([{ number: "1" }, national.val, "end"]);
        }
      },
    );
  });

  test("runs a cached statement again, with new binds and new types", async () => {
    const calls: string[] = [];
    const seen: Value[] = [];
    await withConnection(
      (_, binds) => {
        seen.push(...binds);
        return numbers(4);
      },
      async (connection) => {
        for (const bind of [1, 2, "three", 4]) {
          expect((await connection.execute("select i from t where i < :1", [bind])).rows).toHaveLength(4);
        }
      },
      { onRequest: ({ name }) => void calls.push(name) },
    );
    expect(seen).toEqual([{ number: "1" }, { number: "2" }, "three", { number: "4" }]);
    expect(calls).toContain("REEXECUTE_AND_FETCH");
  });

  // Older drivers show the error.
  if (since(oracledb, 6, 1)) {
    test("describes a cached query anew when its columns have changed", async () => {
      let columns = [column("A", "NUMBER")];
      await withConnection(
        () => query(columns, [columns.map(({ type }) => (type === "NUMBER" ? { number: "1" } : "text"))]),
        async (connection) => {
          expect((await connection.execute("select * from t")).rows).toEqual([[1]]);
          columns = [column("A", "NUMBER"), column("B", "VARCHAR2")];
          const { rows, metaData } = await connection.execute("select * from t");
          expect(rows).toEqual([[1, "text"]]);
          expect(metaData?.map(({ name }) => name)).toEqual(["A", "B"]);
        },
      );
    });
  }

  test("reports an error with its number, its lines and its position", async () => {
    await withConnection(
      () => {
        throw new OracleError(942, "ORA-00942: table or view does not exist\nORA-06512: at line 1", 14);
      },
      async (connection) => {
        await expect(connection.execute("select * from nothing")).rejects.toMatchObject({
          errorNum: 942,
          code: "ORA-00942",
          offset: 14,
          message: expect.stringContaining("ORA-06512: at line 1"),
        });
      },
    );
  });

  test("reports a failure of the engine without losing the connection", async () => {
    await withConnection(
      () => {
        throw new TypeError("engine is broken");
      },
      async (connection) => {
        await expect(connection.execute("select 1")).rejects.toThrow(
          "ORA-07445: exception encountered: TypeError: engine",
        );
        await connection.ping();
      },
    );
  });

  test("refuses to describe without executing", async () => {
    await withConnection(
      () => numbers(1),
      async (connection, database) => {
        await expect(connection.getStatementInfo("select i from t")).rejects.toThrow("ORA-03001");
        expect(database.sessions[0]?.log).not.toContain("select i from t");
      },
    );
  });

  test("refuses more open cursors than it announces, and uses freed ids again", async () => {
    await withConnection(
      () => numbers(1),
      async (connection) => {
        for (let i = 0; i < 400; i++) await connection.execute(`select ${i} from t`);
        const open = [];
        for (let i = 0; i < 300; i++) {
          open.push(
            (await connection.execute(`select ${i} from t`, [], { resultSet: true, prefetchRows: 0 })).resultSet,
          );
        }
        await expect(connection.execute("select 301 from t")).rejects.toThrow("ORA-01000");
        for (const resultSet of open) await resultSet?.close();
        await connection.execute("select 302 from t");
      },
    );
  });
});
