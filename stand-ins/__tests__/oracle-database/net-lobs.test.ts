import type oracledb from "oracledb";
import type { Result, Value } from "../../oracle-database/database";
import { Reader, Writer } from "../../oracle-database/net/buffers";
import { Lobs } from "../../oracle-database/net/lobs";
import { drivers } from "./net-drivers";
import { connectingWith } from "./net-fake-database";

const long = "Grüße 🙂 ".repeat(20_000);
const clobs = (values: Value[]): Result => ({
  kind: "query",
  columns: [
    { name: "ID", type: "NUMBER", size: 22, nullable: false },
    { name: "TEXT", type: "CLOB", size: 4000, nullable: true },
  ],
  rows: values.map((value, i) => [{ number: String(i) }, value]),
});
describe.each(drivers)("%s", (_, oracledb) => {
  const withConnection = connectingWith(oracledb);

  const asString = { fetchInfo: { TEXT: { type: oracledb.STRING } } };

  test("sends CLOB columns as strings when the client wants strings, first time and again", async () => {
    await withConnection(
      () => clobs(["short", null, long]),
      async (connection) => {
        for (let i = 0; i < 3; i++) {
          const { rows, metaData } = await connection.execute("select id, text from t", [], asString);
          expect(rows).toEqual([
            [0, "short"],
            [1, null],
            [2, long],
          ]);
          expect(metaData?.map(({ dbTypeName }) => dbTypeName)).toEqual(["NUMBER", "CLOB"]);
        }
      },
    );
  });

  test("sends CLOB columns as LOBs that can be read in pieces, and not written", async () => {
    await withConnection(
      () => clobs([long]),
      async (connection) => {
        const { rows } = await connection.execute<[number, oracledb.Lob]>("select id, text from t");
        const lob = rows?.[0]?.[1];
        if (!lob) throw new Error("no LOB came back");
        expect(lob.length).toBe(long.length);
        expect(await lob.getData()).toBe(long);
        const pieces: string[] = [];
        lob.setEncoding("utf8");
        for await (const piece of lob) pieces.push(piece);
        expect(pieces.length).toBeGreaterThan(1);
        expect(pieces.join("")).toBe(long);

        const again = (await connection.execute<[number, oracledb.Lob]>("select id, text from t")).rows?.[0]?.[1];
        const failure = await new Promise<Error>((resolve) => again?.once("error", resolve).end("other text"));
        expect(failure.message).toContain("ORA-22920");
      },
    );
  });

  test("passes strings of more than 32767 bytes to PL/SQL and back", async () => {
    let received: Value[] = [];
    await withConnection(
      (_, binds) => {
        received = binds;
        return { kind: "plsql", out: [undefined, binds[0] ?? null] };
      },
      async (connection) => {
        const out = { dir: oracledb.BIND_OUT, type: oracledb.STRING, maxSize: 1_000_000 };
        for (let i = 0; i < 3; i++) {
          const { outBinds } = await connection.execute<[string]>("begin p(:1, :2); end;", [long, out]);
          expect(received).toEqual([long, null]);
          expect(outBinds?.[0]).toBe(long);
        }
      },
    );
  });

  test("takes LOBs and buffers that the client has made", async () => {
    let received: Value[] = [];
    await withConnection(
      (_, binds) => {
        received = binds;
        return { kind: "plsql", out: binds.map(() => undefined) };
      },
      async (connection) => {
        const lob = await connection.createLob(oracledb.CLOB);
        await new Promise<void>((resolve, reject) => {
          lob.once("finish", resolve).once("error", reject);
          lob.write("one ");
          lob.end("two");
        });
        const blob = Buffer.alloc(100_000, 7);
        await connection.execute("begin p(:1, :2); end;", [lob, blob]);
        expect(received).toEqual(["one two", expect.any(Buffer)]);
        // jest would compare byte by byte.
        expect(blob.equals(received[1] as Buffer)).toBe(true);
        lob.destroy();
        await connection.ping();
      },
    );
  });
});

describe("the LOBs of a session", () => {
  const locatorOf = (lobs: Lobs, content: string, temporary: boolean): Buffer => {
    const writer = new Writer();
    lobs.write(writer, content, temporary);
    const reader = new Reader(writer.finish());
    for (let i = 0; i < 3; i++) reader.ub();
    return Buffer.from(reader.bytes() ?? []);
  };
  const request = { destinationOffset: 0, offset: 1, data: null, sendAmount: true };
  const quarter = "x".repeat(16 * 1024 * 1024);

  test("forget what was fetched longest ago when they need room", () => {
    const lobs = new Lobs();
    const locators = Array.from({ length: 5 }, () => locatorOf(lobs, quarter, false));
    expect(() => lobs.content(locators[0]!)).toThrow("ORA-22922");
    expect(() => lobs.content(locators[1]!)).toThrow("ORA-22922");
    expect(lobs.content(locators[4]!)).toBe(quarter);
  });

  test("refuse more temporary ones than there is room for, until some are freed", () => {
    const lobs = new Lobs();
    const locators = Array.from({ length: 3 }, () => locatorOf(lobs, quarter, true));
    expect(() => locatorOf(lobs, quarter, true)).toThrow("ORA-01652");
    lobs.free({ ...request, operation: 0x80111, locators: Buffer.concat(locators.slice(0, 2)), amount: 0 });
    expect(() => lobs.content(locators[0]!)).toThrow("ORA-22922");
    expect(lobs.content(locatorOf(lobs, quarter, true))).toBe(quarter);
  });

  test("refuse operations and offsets that they do not know", () => {
    const lobs = new Lobs();
    const locators = locatorOf(lobs, "text", true);
    expect(() => lobs.perform({ ...request, operation: 0x8000, locators, amount: 0 })).toThrow("ORA-03001");
    expect(() => lobs.perform({ ...request, operation: 0x2, offset: 0, locators, amount: 1 })).toThrow("ORA-24801");
    const far = { ...request, operation: 0x40, offset: 2 ** 40, locators, data: Buffer.alloc(2), amount: 0 };
    expect(() => lobs.perform(far)).toThrow("ORA-01652");
  });
});
