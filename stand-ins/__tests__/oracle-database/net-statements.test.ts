import type oracledb from "oracledb";
import { OracleError, type Result, type Value } from "../../oracle-database/database";
import { drivers, isInTransaction, since } from "./net-drivers";
import { connectingWith, type FakeSession, until } from "./net-fake-database";

const block = (out: (Value | undefined)[]): Result => ({ kind: "plsql", out });
const dml = (_: string, binds: Value[], session: FakeSession): Result => {
  if (binds[0] === "bad") throw new OracleError(1400, "ORA-01400: cannot insert NULL");
  session.inTransaction = true;
  return { kind: "dml", rowCount: 2 };
};

describe.each(drivers)("%s", (_, oracledb) => {
  const withConnection = connectingWith(oracledb);

  test("returns OUT and IN OUT binds of a block, and runs it again with other values", async () => {
    const calls: string[] = [];
    await withConnection(
      (_, [a, b]) =>
        block([undefined, { number: String(Number((a as { number: string }).number) + 1) }, `${b === null}`]),
      async (connection) => {
        for (const a of [1, 41]) {
          const { outBinds } = await connection.execute("begin p(:a, :b, :c, :a); end;", {
            a,
            b: { dir: oracledb.BIND_OUT, type: oracledb.NUMBER },
            c: { dir: oracledb.BIND_INOUT, val: "in", type: oracledb.STRING },
          });
          expect(outBinds).toEqual({ b: a + 1, c: "true" });
        }
      },
      { onRequest: ({ name }) => void calls.push(name) },
    );
    expect(calls).toContain("REEXECUTE");
  });

  test("leaves an OUT bind empty when this run did not assign it", async () => {
    let assigns = true;
    await withConnection(
      () => block([assigns ? "set" : undefined]),
      async (connection) => {
        const run = async () =>
          (await connection.execute<{ r: string }>("begin p(:r); end;", { r: { dir: oracledb.BIND_OUT } })).outBinds;
        expect(await run()).toEqual({ r: "set" });
        assigns = false;
        expect((await run())?.r ?? null).toBeNull();
        assigns = true;
        expect(await run()).toEqual({ r: "set" });
      },
    );
  });

  test("converts an OUT value to the type that the client bound", async () => {
    let value: Value = null;
    await withConnection(
      () => block([value]),
      async (connection) => {
        const out = async (type: oracledb.DbType | number, given: Value, maxSize?: number) => {
          value = given;
          const binds = { r: { dir: oracledb.BIND_OUT, type, maxSize } };
          return (await connection.execute<{ r: unknown }>("begin p(:r); end;", binds)).outBinds?.r;
        };
        expect(await out(oracledb.STRING, { number: "0.5" })).toBe(".5");
        expect(await out(oracledb.NUMBER, " 12.5 ")).toBe(12.5);
        expect(await out(oracledb.DB_TYPE_BINARY_DOUBLE, { number: "0.1" })).toBe(0.1);
        expect(await out(oracledb.DB_TYPE_BOOLEAN, true)).toBe(true);
        expect(await out(oracledb.DB_TYPE_BOOLEAN, false)).toBe(false);
        expect(await out(oracledb.DB_TYPE_BOOLEAN, null)).toBeNull();
        expect(await out(oracledb.DB_TYPE_NVARCHAR, "Ω🙂")).toBe("Ω🙂");
        expect(await out(oracledb.BUFFER, Buffer.from("ab"))).toEqual(Buffer.from("ab"));
        const date = new Date("2024-05-06T07:08:09.010Z");
        expect(await out(oracledb.DB_TYPE_TIMESTAMP_TZ, date)).toEqual(date);
        await expect(out(oracledb.NUMBER, "abc")).rejects.toThrow("character to number conversion error");
        await expect(out(oracledb.STRING, true)).rejects.toThrow("PLS-00382");
        await expect(out(oracledb.STRING, date)).rejects.toThrow("PLS-00382");
        await expect(out(oracledb.DATE, "today")).rejects.toThrow("PLS-00382");
        await expect(out(oracledb.DB_TYPE_BOOLEAN, "true")).rejects.toThrow("PLS-00382");
        await expect(out(oracledb.STRING, "four", 3)).rejects.toThrow("ORA-06502");
        expect(await out(oracledb.STRING, "four", 4)).toBe("four");
      },
    );
  });

  test("passes booleans and long strings to PL/SQL", async () => {
    let received: Value[] = [];
    await withConnection(
      (_, binds) => {
        received = binds;
        return block(binds.map(() => undefined));
      },
      async (connection) => {
        const boolean = (val: boolean | null) => ({ val, type: oracledb.DB_TYPE_BOOLEAN });
        const binds = [boolean(true), boolean(false), boolean(null), "x".repeat(32_767)];
        await connection.execute("begin p(:1, :2, :3, :4); end;", binds);
        expect(received).toEqual([true, false, null, "x".repeat(32_767)]);
      },
    );
  });

  test("does not commit when an OUT value does not fit", async () => {
    await withConnection(
      () => block(["four"]),
      async (connection, database) => {
        const binds = { r: { dir: oracledb.BIND_OUT, type: oracledb.STRING, maxSize: 3 } };
        await expect(connection.execute("begin p(:r); end;", binds, { autoCommit: true })).rejects.toThrow("ORA-06502");
        expect(database.sessions[0]?.log).not.toContain("<commit>");
        binds.r.maxSize = 4;
        await connection.execute("begin p(:r); end;", binds, { autoCommit: true });
        expect(database.sessions[0]?.log).toContain("<commit>");
      },
    );
  });

  test("runs a block without binds, and one that fails", async () => {
    await withConnection(
      (sql) => {
        if (sql.includes("fail")) throw new OracleError(1403, "ORA-01403: no data found\nORA-06512: at line 1");
        return block([]);
      },
      async (connection) => {
        await connection.execute("begin null; end;");
        await expect(connection.execute("begin fail; end;")).rejects.toThrow("ORA-01403");
      },
    );
  });

  test("runs a block that begins with a label, though the driver does not take it for one", async () => {
    await withConnection(
      () => block([]),
      async (connection, database) => {
        expect((await connection.execute("<<outer>> begin null; end;")).rowsAffected).toBe(0);
        expect(database.sessions[0]?.log.at(-1)).toBe("<<outer>> begin null; end;");
        await connection.ping();
      },
    );
  });

  test("refuses index-by tables, cursors and intervals as binds", async () => {
    await withConnection(
      () => block([undefined]),
      async (connection, database) => {
        const run = (bind: oracledb.BindParameter) => connection.execute("begin p(:1); end;", [bind]);
        await expect(run({ type: oracledb.STRING, dir: oracledb.BIND_IN, val: ["a", "b"] })).rejects.toThrow(
          "ORA-03001: unimplemented feature: index-by tables",
        );
        await expect(run({ type: oracledb.CURSOR, dir: oracledb.BIND_OUT })).rejects.toThrow("ORA-03115");
        expect(database.sessions[0]?.log).toHaveLength(1);
        await connection.execute("begin p(:1); end;", ["a"]);
      },
    );
  });

  test("tells the client how many rows changed and that a transaction is open", async () => {
    await withConnection(dml, async (connection, database) => {
      const log = database.sessions[0]!.log;
      expect((await connection.execute("update t set a = :1", ["x"])).rowsAffected).toBe(2);
      expect(isInTransaction(connection)).toBe(true);
      await connection.commit();
      expect(isInTransaction(connection)).toBe(false);
      await connection.execute("update t set a = :1", ["x"]);
      await connection.rollback();
      expect(log.slice(-3)).toEqual(["<commit>", "update t set a = :1", "<rollback>"]);
    });
  });

  test("commits with the statement, first time and again, but not when it fails", async () => {
    await withConnection(dml, async (connection, database) => {
      const log = database.sessions[0]!.log;
      const run = (value: string) => connection.execute("insert into t values (:1)", [value], { autoCommit: true });
      await run("a");
      await run("b");
      expect(log.filter((entry) => entry === "<commit>")).toHaveLength(2);
      await expect(run("bad")).rejects.toThrow("ORA-01400");
      expect(log.filter((entry) => entry === "<commit>")).toHaveLength(2);
      expect(isInTransaction(connection)).toBe(false);
    });
  });

  test("rolls back when the client leaves in the middle of a transaction", async () => {
    await withConnection(dml, async (connection, database) => {
      await connection.execute("insert into t values (:1)", ["a"]);
      await connection.close();
      expect(database.sessions[0]?.log.slice(-2)).toEqual(["<rollback>", "<close>"]);
    });
  });

  test("runs DDL, also the same one again", async () => {
    await withConnection(
      () => ({ kind: "ddl" }),
      async (connection, database) => {
        for (let i = 0; i < 3; i++) await connection.execute("create table t (a number)");
        expect(database.sessions[0]?.log.slice(1)).toHaveLength(3);
      },
    );
  });

  test("executes DML for each row of executeMany", async () => {
    await withConnection(dml, async (connection) => {
      const result = await connection.executeMany("insert into t values (:1, :2)", [
        ["a", 1],
        ["b", 2],
        ["c", null],
      ]);
      expect(result.rowsAffected).toBe(6);
      await expect(connection.executeMany("insert into t values (:1)", [["a"], ["bad"]])).rejects.toThrow("ORA-01400");
    });
  });

  test("reports the rows that failed when the client asks for batch errors, and then does not commit", async () => {
    await withConnection(dml, async (connection) => {
      const result = await connection.executeMany("insert into t values (:1)", [["bad"], ["a"], ["bad"]], {
        batchErrors: true,
        dmlRowCounts: true,
        autoCommit: true,
      });
      expect(result.batchErrors?.map(({ offset, message }) => [offset, message])).toEqual([
        [0, "ORA-01400: cannot insert NULL"],
        [2, "ORA-01400: cannot insert NULL"],
      ]);
      expect(result.dmlRowCounts).toEqual([0, 2, 0]);
      expect(isInTransaction(connection)).toBe(true);
    });
  });

  test("executes a block for each row of executeMany and returns each OUT value", async () => {
    await withConnection(
      (_, [name]) => block([undefined, `hello ${name}`]),
      async (connection) => {
        const { outBinds } = await connection.executeMany("begin greet(:1, :2); end;", [["a"], ["b"], ["c"]], {
          bindDefs: [
            { type: oracledb.STRING, maxSize: 10 },
            { dir: oracledb.BIND_OUT, type: oracledb.STRING, maxSize: 20 },
          ],
        });
        expect(outBinds).toEqual([["hello a"], ["hello b"], ["hello c"]]);
      },
    );
  });

  test("refuses RETURNING INTO, and knows it from the word in a string", async () => {
    await withConnection(dml, async (connection) => {
      const out = { dir: oracledb.BIND_OUT, type: oracledb.NUMBER };
      await expect(connection.execute("insert into t values (:1) returning id into :2", ["a", out])).rejects.toThrow(
        "ORA-03001: unimplemented feature: RETURNING INTO",
      );
      await connection.execute("insert into t values (:1, 'returning x into y') -- return z into", ["a"]);
    });
  });

  test("refuses binds that the statement does not have", async () => {
    await withConnection(dml, async (connection, database) => {
      database.sessions[0]!.bindNames = () => ["A", "B"];
      await expect(connection.execute("insert into t values (:1)", ["a"])).rejects.toThrow("ORA-01008");
    });
  });

  test("sets the schema before each call, and takes end-to-end labels", async () => {
    await withConnection(dml, async (connection, database) => {
      const log = database.sessions[0]!.log;
      connection.currentSchema = "hr";
      connection.module = "register";
      connection.action = "plan";
      connection.clientId = "me";
      connection.clientInfo = "info";
      await connection.execute("insert into t values (:1)", ["a"]);
      expect(log.slice(1)).toEqual(["ALTER SESSION SET CURRENT_SCHEMA = hr", "insert into t values (:1)"]);
      connection.currentSchema = "My Schema";
      connection.action = "";
      // Older drivers send it with statements only.
      if (since(oracledb, 6, 1)) {
        await connection.ping();
        expect(log.at(-1)).toBe('ALTER SESSION SET CURRENT_SCHEMA = "My Schema"');
      }
      await connection.execute("insert into t values (:1)", ["b"]);
      expect(log.at(-2)).toBe('ALTER SESSION SET CURRENT_SCHEMA = "My Schema"');
    });
  });

  // Application contexts came with 7.0.
  if (since(oracledb, 7)) {
    test("drops a connection that sends a piggyback of unknown length", async () => {
      await withConnection(dml, async (connection, database) => {
        const attribute = { key: "value" };
        (connection as unknown as { appContext(ns: string, values: object[]): void }).appContext("CLIENTCONTEXT", [
          attribute,
        ]);
        await expect(connection.ping()).rejects.toThrow("ORA-03106");
        await until(() => database.sessions[0]?.log.at(-1) === "<close>" && !connection.isHealthy());
      });
    });
  }

  test("keeps sessions apart", async () => {
    await withConnection(dml, async (connection, database, connectString) => {
      const other = await oracledb.getConnection({ user: "scott", password: "tiger-Ünïcode", connectString });
      await connection.execute("insert into t values (:1)", ["a"]);
      await other.ping();
      expect(isInTransaction(other)).toBe(false);
      await other.close();
      expect(database.sessions[0]?.log).not.toContain("<close>");
      await connection.rollback();
    });
  });

  test("serves a pool", async () => {
    await withConnection(
      (_, [n]) => block([undefined, n ?? null]),
      async (_connection, _database, connectString) => {
        const pool = await oracledb.createPool({ user: "scott", password: "tiger-Ünïcode", connectString, poolMax: 4 });
        const echo = async (n: number) => {
          const session = await pool.getConnection();
          try {
            const out = { dir: oracledb.BIND_OUT, type: oracledb.NUMBER };
            return (await session.execute<[number]>("begin :2 := f(:1, :2); end;", [n, out])).outBinds?.[0];
          } finally {
            await session.close();
          }
        };
        const sent = Array.from({ length: 40 }, (_, i) => i);
        expect(await Promise.all(sent.map(echo))).toEqual(sent);
        await pool.close(0);
      },
    );
  });
});
