import { connect as connectSocket, type Socket } from "node:net";
import fc from "fast-check";
import oracledb from "oracledb";
import type { Result } from "../../oracle-database/database";
import { acceptPacket, parseDescriptor } from "../../oracle-database/net/connect";
import { type OracleDatabaseServer, startOracleDatabase } from "../../oracle-database/server";
import { drivers } from "./net-drivers";
import { connectingWith, credentials, FakeDatabase, until } from "./net-fake-database";

const answer = (): Result => ({ kind: "dml", rowCount: 1 });

describe.each(drivers)("%s", (_, oracledb) => {
  const withConnection = connectingWith(oracledb);

  test("cancels a call that takes too long, and the connection stays usable", async () => {
    let release = () => {};
    const stuck = new Promise<undefined>((resolve) => {
      release = () => resolve(undefined);
    });
    await withConnection(
      answer,
      async (connection, database) => {
        connection.callTimeout = 20;
        await expect(connection.execute("update t set a = 1")).rejects.toThrow("NJS-123");
        connection.callTimeout = 0;
        release();
        expect((await connection.execute("update t set a = 2")).rowsAffected).toBe(1);
        expect(database.sessions[0]?.log).not.toContain("update t set a = 1");
      },
      { onRequest: ({ name }) => (name === "EXECUTE" ? stuck : undefined) },
    );
  });

  test("answers a break with ORA-01013", async () => {
    let interrupt = () => {};
    const never = new Promise<undefined>(() => {});
    await withConnection(
      answer,
      async (connection) => {
        interrupt = () => void connection.break();
        await expect(connection.execute("update t set a = 1")).rejects.toThrow("ORA-01013");
        await connection.ping();
        // Nothing runs: the next call is the one that fails.
        await connection.break();
        await expect(connection.ping()).rejects.toThrow("ORA-01013");
        await connection.ping();
      },
      {
        onRequest({ name }) {
          if (name !== "EXECUTE") return undefined;
          setImmediate(() => interrupt());
          return never;
        },
      },
    );
  });

  test("counts round trips", async () => {
    const calls: string[] = [];
    await withConnection(
      answer,
      async (connection) => {
        await connection.execute("update t set a = 1", [], { autoCommit: true });
        await connection.commit();
        await connection.rollback();
        await connection.ping();
      },
      {
        onRequest: ({ connection, index, name, sql }) => void calls.push(`${connection}.${index} ${name} ${sql ?? ""}`),
      },
    );
    expect(calls).toEqual([
      "1.1 CONNECT ",
      "1.2 PROTOCOL ",
      "1.3 DATA_TYPES ",
      "1.4 AUTH1 ",
      "1.5 AUTH2 ",
      "1.6 EXECUTE update t set a = 1",
      "1.7 COMMIT ",
      "1.8 ROLLBACK ",
      "1.9 PING ",
      "1.10 LOGOFF ",
    ]);
  });

  test.each([1, 2, 3, 4, 5])("can cut the connection at request %i of the logon", async (n) => {
    const database = new FakeDatabase(answer);
    const server = await startOracleDatabase(database, { onRequest: ({ index }) => (index === n ? "cut" : undefined) });
    await expect(oracledb.getConnection({ ...credentials, connectString: server.connectString })).rejects.toThrow(
      "NJS-",
    );
    expect(database.sessions).toEqual([]);
    await server.close();
  });

  test.each([
    ["cut", false],
    ["cut-reply", true],
  ] as const)("with %s, the statement has run: %s", async (verdict, hasRun) => {
    await withConnection(
      answer,
      async (connection, database) => {
        await expect(connection.execute("update t set a = 1", [], { autoCommit: true })).rejects.toThrow("NJS-500");
        const log = database.sessions[0]!.log;
        await until(() => log.at(-1) === "<close>");
        expect(log.includes("update t set a = 1")).toBe(hasRun);
        expect(log.includes("<commit>")).toBe(hasRun);
      },
      { onRequest: ({ name }) => (name === "EXECUTE" ? verdict : undefined) },
    );
  });
});

describe("traffic that is not Oracle Net", () => {
  let server: OracleDatabaseServer;
  let database: FakeDatabase;
  let connection: oracledb.Connection;

  beforeAll(async () => {
    database = new FakeDatabase(answer);
    server = await startOracleDatabase(database);
    connection = await oracledb.getConnection({ ...credentials, connectString: server.connectString });
  });
  afterEach(async () => {
    // Whatever a test sent, the session of somebody else goes on.
    expect((await connection.execute("update t set a = 1")).rowsAffected).toBe(1);
  });
  afterAll(async () => {
    await connection.close();
    await server.close();
  });

  /** Sends raw bytes, `later` ones after the first reply; gives what came back until the server closed the connection. */
  const send = (first: Buffer, ...later: Buffer[]): Promise<Buffer> =>
    new Promise((resolve) => {
      const received: Buffer[] = [];
      const socket: Socket = connectSocket(server.port, "localhost", () => socket.write(first));
      socket.once("data", () => later.forEach((part) => void socket.write(part)));
      socket.on("data", (chunk) => received.push(chunk)).on("error", () => {});
      socket.on("close", () => resolve(Buffer.concat(received)));
    });
  /** What the server sends, packet by packet. */
  const packetsOf = (socket: Socket) => {
    let received = Buffer.alloc(0);
    let isAccepted = false;
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
    });
    return {
      async next(): Promise<Buffer> {
        const length = () => (isAccepted ? received.readUInt32BE() : received.readUInt16BE());
        await until(() => received.length >= 8 && received.length >= length());
        const packet = received.subarray(0, length());
        received = received.subarray(packet.length);
        isAccepted = true;
        return packet;
      },
    };
  };
  const connectPacket = (text: string): Buffer => {
    const packet = Buffer.alloc(74 + text.length);
    packet.writeUInt16BE(packet.length, 0);
    packet.writeUInt8(1, 4);
    packet.writeUInt16BE(319, 8);
    packet.writeUInt16BE(text.length, 24);
    packet.writeUInt16BE(74, 26);
    packet.writeUInt32BE(8192, 58);
    packet.write(text, 74, "latin1");
    return packet;
  };
  const connectText = "(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=FREE)))";
  const data = (payload: Buffer, flags = 0x0800): Buffer => {
    const packet = Buffer.alloc(10 + payload.length);
    packet.writeUInt32BE(packet.length, 0);
    packet.writeUInt8(6, 4);
    packet.writeUInt16BE(flags, 8);
    payload.copy(packet, 10);
    return packet;
  };
  const accepted = acceptPacket(8192);
  /** Accepted, and told then that it is not understood. */
  const toldWhy = async (...parts: Parameters<typeof send>) => {
    const reply = await send(...parts);
    expect(reply.subarray(0, accepted.length)).toEqual(accepted);
    expect(reply.toString("latin1", accepted.length)).toContain("ORA-03106: fatal two-task communication protocol");
  };

  test("is dropped when it is random", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 8, maxLength: 200 }), async (bytes) => {
        // Complete, and no CONNECT: otherwise the server waits for more.
        bytes.set([0, bytes.length]);
        if (bytes[4] === 1) bytes[4] = 0;
        expect((await send(Buffer.from(bytes))).length).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  test("is dropped when it is random after ACCEPT", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        // Not the first message of the negotiation: that one is answered.
        if (bytes[0] === 1) bytes[0] = 2;
        await toldWhy(connectPacket(connectText), data(Buffer.from(bytes)));
      }),
      { numRuns: 30 },
    );
  });

  test("is refused when the connect text names no service", async () => {
    expect((await send(connectPacket("(DESCRIPTION=(CONNECT_DATA=))"))).toString("latin1")).toContain("ERR=12504");
    expect((await send(connectPacket("nonsense"))).toString("latin1")).toContain("ERR=12504");
    expect(await send(connectPacket("(DESCRIPTION=(CONNECT_DATA=("))).toHaveLength(0);
    expect(() => parseDescriptor("(A=".repeat(50))).toThrow("not a descriptor");
  });

  describe("the negotiation of python-oracledb 1.2, as its source writes it", () => {
    const version = "00040005" + "0b200200";
    const services = [
      `0004 0003 00000000 ${version} 0008 0001 0000101c66ec28ea 0012 0001 deadbeef 0003 00000004 0004 0001 0002 0003`,
      `0001 0003 00000000 ${version} 0002 0003 e0e1 0002 0006 fcff`,
      `0002 0002 00000000 ${version} 0001 0001 00`,
      `0003 0002 00000000 ${version} 0001 0001 00`,
    ].join("");
    const bytes = Buffer.from(services.replaceAll(" ", ""), "hex");
    const head = Buffer.alloc(13);
    head.writeUInt32BE(0xdeadbeef);
    head.writeUInt16BE(head.length + bytes.length, 4);
    head.writeUInt32BE(0x0b200200, 6);
    head.writeUInt16BE(4, 10);
    const request = Buffer.concat([head, bytes]);

    test.each([
      ["marking the end of its requests", 0x0800],
      ["not marking it", 0],
    ])("is answered with nothing chosen, %s, and goes on with the protocol", async (_, flags) => {
      const socket = connectSocket(server.port, "localhost");
      const replies = packetsOf(socket);
      socket.write(connectPacket(connectText));
      expect(await replies.next()).toEqual(accepted);
      socket.write(data(request, flags));
      const reply = (await replies.next()).subarray(10);
      // Read the way this client reads it: services with an error number of 0 and parts with length and type.
      expect(reply.readUInt32BE(0)).toBe(0xdeadbeef);
      expect(reply.readUInt16BE(4)).toBe(reply.length);
      let position = 13;
      const chosen: Record<number, string[]> = {};
      for (let i = 0; i < reply.readUInt16BE(10); i++) {
        const [service, parts, error] = [
          reply.readUInt16BE(position),
          reply.readUInt16BE(position + 2),
          reply.readUInt32BE(position + 4),
        ];
        expect(error).toBe(0);
        position += 8;
        chosen[service] = Array.from({ length: parts }, () => {
          const length = reply.readUInt16BE(position);
          position += 4 + length;
          return reply.toString("hex", position - length, position);
        });
      }
      expect(position).toBe(reply.length);
      expect(chosen).toEqual({
        4: ["13000000", "001f", "deadbeef000300000004" + "0004000100020003"],
        1: ["13000000", "fbff"],
        2: ["13000000", "00"],
        3: ["13000000", "00"],
      });
      socket.write(data(Buffer.from("\x01\x06\0python-oracledb thn : 1.2.0\0", "latin1"), flags));
      const protocol = (await replies.next()).subarray(10);
      expect(protocol.readUInt8()).toBe(1);
      socket.destroy();
    });
  });

  test("is refused when the client is too old", async () => {
    const old = connectPacket(connectText);
    old.writeUInt16BE(314, 8);
    expect((await send(old)).toString("latin1")).toContain("ERR=12618");
  });

  test("is dropped when a packet or a request is too long before the logon", async () => {
    const huge = Buffer.from([0x00, 0x10, 0x00, 0x00, 6, 0, 0, 0]);
    await toldWhy(connectPacket(connectText), huge);
    // The name of the client, which has no end.
    const part = (message: number) => data(Buffer.concat([Buffer.from([message, 6]), Buffer.alloc(30_000, 1)]), 0);
    await toldWhy(connectPacket(connectText), part(1), part(1), part(1));
    // The reason may be lost: the server closes before it has read all.
    const reply = await send(connectPacket(connectText), Buffer.concat([data(Buffer.alloc(1)), Buffer.alloc(70_000)]));
    expect(reply.subarray(0, accepted.length)).toEqual(accepted);
  });

  describe("that stops before the logon", () => {
    beforeEach(() => void jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask"] }));
    afterEach(() => void jest.useRealTimers());

    test("is dropped after a minute, before CONNECT and after it", async () => {
      for (const [bytes, reply] of [
        [Buffer.from([0, 100]), Buffer.alloc(0)],
        [connectPacket(connectText), accepted],
      ] as const) {
        const received: Buffer[] = [];
        const socket = connectSocket(server.port, "localhost", () => socket.write(bytes));
        socket.on("data", (chunk) => received.push(chunk)).on("error", () => {});
        const closed = new Promise((resolve) => socket.once("close", resolve));
        // The server has taken the connection once the clock of the logon runs.
        await until(() => jest.getTimerCount() === 1 && Buffer.concat(received).length === reply.length);
        jest.advanceTimersByTime(59_999);
        expect(jest.getTimerCount()).toBe(1);
        jest.advanceTimersByTime(1);
        await closed;
        expect(Buffer.concat(received)).toEqual(reply);
      }
    });
  });

  test("is dropped when a marker or a call comes before the logon", async () => {
    const marker = Buffer.from("0000000b0c000000010003", "hex");
    await toldWhy(connectPacket(connectText), marker);
    const ping = data(Buffer.from([3, 147, 1]));
    await toldWhy(connectPacket(connectText), ping);
  });
});

describe("a logged-on client that breaks the rules", () => {
  const withConnection = connectingWith(oracledb);

  /** Writes bytes into the driver's own connection; gives the reason with which the server drops it. */
  const dropReason = async (hex: string): Promise<string | undefined> => {
    let reason: string | undefined;
    await withConnection(answer, async (connection, database) => {
      const { _impl } = connection as unknown as { _impl: { nscon: { ntAdapter: { stream: Socket } } } };
      const { stream } = _impl.nscon.ntAdapter;
      const received: Buffer[] = [];
      stream.on("data", (chunk) => received.push(chunk));
      stream.write(Buffer.from(hex, "hex"));
      await until(() => database.sessions[0]?.log.at(-1) === "<close>");
      // The server is done; what it sent last may still be on its way.
      await until(() => stream.readableEnded || stream.destroyed);
      reason =
        /ORA-03106: fatal two-task communication protocol error: (.*)/.exec(String(Buffer.concat(received)))?.[1] ?? "";
      await expect(connection.ping()).rejects.toThrow();
    });
    return reason;
  };
  const request = (payload: string) => {
    const length = (10 + payload.length / 2).toString(16).padStart(8, "0");
    return `${length}060000000800${payload}`;
  };

  test.each([
    ["a packet that is too short", "0000000406000000", "packet length 4, allowed are 8 to 2097152"],
    ["a packet that is too long", "0020000106000000", "packet length 2097153, allowed are 8 to 2097152"],
    ["a packet of another type", "00000009050000000a", "unexpected packet of type 5"],
    ["a DATA packet without flags", "0000000906000000ff", "DATA packet of 9 bytes"],
    ["an empty request", request(""), "message ends 1 bytes too early"],
    ["a message that is none", request("630101"), "unsupported message 99"],
    ["a piggyback that it does not know", request("11630101"), "unsupported piggyback 99"],
    ["a request that ends too early", request("035e0102"), "message ends"],
    ["an integer that is too large", request("0305010109"), "message ends"],
    ["an integer with too many bytes", request("03050109"), "integer of 9 bytes"],
    [
      "more cursor ids than it sends",
      request(`11690101047fffffff${"00".repeat(4)}`),
      "2147483647 items announced, 4 bytes left",
    ],
    ["RESET without a break", "0000000b0c000000010002", "RESET without a break"],
    ["a marker that is none", "0000000b0c000000010007", "unexpected marker 7"],
    ["two requests at once", request("039301").repeat(2), "request before the one before it was answered"],
  ])("is dropped for %s", async (_, bytes, reason) => {
    expect(await dropReason(bytes)).toContain(reason);
  });

  test("is dropped for a request that is too long", async () => {
    const part = `00200000060000000000${"00".repeat(2_097_152 - 10)}`;
    // The reason may be lost: the server closes before it has read all.
    expect(await dropReason(part.repeat(17))).toBeDefined();
  });

  test("is told when it calls a function that is not supported", async () => {
    await withConnection(answer, async (connection) => {
      const { _impl } = connection as unknown as {
        _impl: { _protocol: { _processMessage(message: object): unknown } };
      };
      const { PingMessage } = require("oracledb/lib/thin/protocol/messages");
      const message = new PingMessage(_impl);
      message.functionCode = 77;
      await expect(_impl._protocol._processMessage(message)).rejects.toThrow(
        "ORA-03001: unimplemented feature: function 77",
      );
      await connection.ping();
    });
  });
});
