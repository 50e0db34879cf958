import type { Database } from "@ords-jwt/stand-ins/oracle-database";
import {
  createDatabase,
  OracleError,
  type RequestInfo,
  startOracleDatabase,
  type Verdict,
} from "@ords-jwt/stand-ins/oracle-database";
import oracledb from "oracledb";
import { register, unregister } from "../../../ords/database/apply";
import { UnfinishedError } from "../../../ords/database/transaction";
import { desiredState } from "../../../ords/plan/desired";
import { failureOf, reset, schema, seed, stateOf, watched } from "../database";
import { helloOutput } from "../hello";

/** Enough privileges for several blocks, with long texts. */
const desired = desiredState({
  ...helloOutput,
  privileges: Array.from({ length: 20 }, (_, index) => ({
    name: `p${index}`,
    label: `label ${index}`,
    description: "x".repeat(3900),
    roles: [],
    modules: [],
    patterns: [`/p${index}/*`],
  })),
});
const old = desiredState({
  ...helloOutput,
  profile: { ...helloOutput.profile, audience: "https://old.example.com/" },
  privileges: desired.privileges
    .slice(0, 2)
    .map((privilege) => ({ ...privilege, label: "old", roles: [], modules: [], patterns: [...privilege.patterns] })),
});

let onRequest: (info: RequestInfo) => Verdict | Promise<Verdict> = () => undefined;
/** Makes a statement of the session fail in the database. */
let onExecute: (sql: string) => void = () => {};
let database: Awaited<ReturnType<typeof startOracleDatabase>>;
let undisturbed: oracledb.Connection;

beforeAll(async () => {
  const engine = createDatabase({ users: [{ name: schema, password: schema }] });
  const watchedEngine: Database = {
    ...engine,
    openSession(...who) {
      const session = engine.openSession(...who);
      const execute = session.execute.bind(session);
      session.execute = (sql, binds) => {
        onExecute(sql);
        return execute(sql, binds);
      };
      return session;
    },
  };
  database = await startOracleDatabase(watchedEngine, { onRequest: (info) => onRequest(info) });
  undisturbed = await connect();
});
afterAll(async () => {
  await undisturbed.close();
  await database.close();
});
beforeEach(startOver);

function startOver(): Promise<void> {
  return quietly(async (connection) => {
    const known = await reset(connection);
    await seed(connection, { privileges: old.privileges, profile: old.profile }, known);
  });
}

const connect = () => oracledb.getConnection({ user: schema, password: schema, connectString: database.connectString });

/** Works with a connection that nothing disturbs. */
function quietly<T>(work: (connection: oracledb.Connection) => Promise<T>): Promise<T> {
  onRequest = () => undefined;
  onExecute = () => {};
  return work(undisturbed);
}

/** What is in the database afterwards, in one word, after the next run has been seen to converge. */
async function outcome(): Promise<"old" | "new"> {
  return quietly(async (connection) => {
    const { profile, privileges } = await stateOf(connection);
    const isOld =
      JSON.stringify({ profile, privileges }) === JSON.stringify({ profile: old.profile, privileges: old.privileges });
    if (!isOld) expect({ profile, privileges }).toEqual({ profile: desired.profile, privileges: desired.privileges });
    const next = await register(connection, desired, watched().run);
    expect(next.written).toBe(isOld);
    return isOld ? "old" : "new";
  });
}

/**
 * Runs register while `disturb` decides what happens to each request after the login, counted from 1.
 * @param unanswered the request that the client gives up waiting for; it waits for the others as long as they take
 */
async function disturbed(disturb: (index: number) => Verdict | Promise<Verdict>, unanswered?: number) {
  const connection = await connect();
  let index = 0;
  onRequest = () => {
    index += 1;
    if (unanswered !== undefined) connection.callTimeout = index + 1 === unanswered ? 300 : 0;
    return disturb(index);
  };
  const result = await register(connection, desired, watched().run).catch((error: Error) => error);
  onRequest = () => undefined;
  await connection.close().catch(() => {});
  return { result, requests: index };
}

/** The claim that the message makes has to be true. */
function expectHonest(result: unknown, state: "old" | "new"): void {
  if (!(result instanceof Error)) {
    expect(state).toBe("new");
    return;
  }
  expect(result).toBeInstanceOf(UnfinishedError);
  if (/nothing was changed/.test(result.message)) expect(state).toBe("old");
  else if (/everything was written/.test(result.message)) expect(state).toBe("new");
  else expect(result.message).toMatch(/either all of it was changed or nothing/);
}

test.each<[string, Verdict]>([
  ["before a request is run", "cut"],
  ["after a request is run and before its answer", "cut-reply"],
])("the connection cut %s, at each of them, leaves the old state or the new one", async (_what, verdict) => {
  const { requests } = await disturbed(() => undefined);
  // One begins the transaction, two read, three blocks, two read.
  expect(requests).toBe(8);
  const states: string[] = [];
  for (let at = 1; at <= requests; at++) {
    await startOver();
    const { result } = await disturbed((index) => (index === at ? verdict : undefined));
    expect(result).toBeInstanceOf(Error);
    const state = await outcome();
    expectHonest(result, state);
    states.push(state);
  }
  // The only way from old to new is the commit.
  expect(states.join(" ")).toMatch(/^(old )+(new ?)+$/);
});

test("an ORA- error at each statement leaves the old state, and names the call", async () => {
  const count = (await disturbed(() => undefined)).requests;
  for (let at = 1; at <= count; at++) {
    await startOver();
    let index = 0;
    onExecute = (sql) => {
      // The login has statements of its own.
      if ((index > 0 || sql.includes("SET TRANSACTION")) && ++index === at)
        throw new OracleError(1653, "ORA-01653: unable to extend table by 8 in tablespace ORDS");
    };
    const { result } = await disturbed(() => undefined);
    const state = await outcome();
    expectHonest(result, state);
    if (index >= at)
      expect((result as Error).message).toMatch(/cannot (read|define|delete|create)|could not be read back/);
  }
});

test("a commit that is not answered in time is not called a failure or a success", async () => {
  const { requests } = await disturbed(() => undefined);
  await startOver();
  const commit = requests - 2;
  const never = new Promise<undefined>(() => {});
  const { result } = await disturbed((index) => (index === commit ? never : undefined), commit);
  expect((result as Error).message).toMatch(/either all of it was changed or nothing/);
  expect(await outcome()).toBe("old");
});

test("a statement that is not answered in time changes nothing", async () => {
  const never = new Promise<undefined>(() => {});
  const { result } = await disturbed((index) => (index === 5 ? never : undefined), 5);
  expectHonest(result, await outcome());
  expect((result as Error).message).toMatch(/nothing was changed/);
});

describe("an interrupt", () => {
  /** @param answer what the request that is interrupted waits for in the server */
  async function interrupted(at: number, answer: () => Promise<void>) {
    const controller = new AbortController();
    const connection = await connect();
    let index = 0;
    onRequest = async () => {
      if (++index !== at) return undefined;
      controller.abort();
      await answer();
      return undefined;
    };
    const result = await register(connection, desired, watched({ signal: controller.signal }).run).catch(
      (error: Error) => error,
    );
    onRequest = () => undefined;
    await connection.close().catch(() => {});
    return { result, requests: index };
  }

  test("during a read or a write rolls back and says so", async () => {
    // Only the driver's break ends these waits.
    const never = () => new Promise<void>(() => {});
    for (const at of [1, 3, 5]) {
      const { result } = await interrupted(at, never);
      expect(result).toEqual(new UnfinishedError("interrupted: rolled back, nothing was changed"));
      expect(await quietly(async (connection) => (await stateOf(connection)).profile?.audience)).toBe(
        "https://old.example.com/",
      );
    }
  });

  test("during the commit lets it finish", async () => {
    const { requests } = await disturbed(() => undefined);
    await startOver();
    const { result } = await interrupted(requests - 2, async () => {});
    expect(result).toMatchObject({ written: true });
    expect(await outcome()).toBe("new");
  });
});

describe("two registers at once", () => {
  const second = desiredState({
    ...helloOutput,
    profile: { ...helloOutput.profile, audience: "https://second.example.com/" },
  });

  test("one wins, the other says so and changes nothing", async () => {
    const [one, two] = [await connect(), await connect()];
    const start = (connection: oracledb.Connection, what: typeof desired) =>
      register(connection, what, watched({ expose: true }).run).catch((error: Error) => error);
    const results = await Promise.all([start(one, desired), start(two, second)]);
    const winners = results.filter((result) => !(result instanceof Error));
    const [loser] = results.filter((result) => result instanceof Error);
    expect(winners).toHaveLength(1);
    expect(loser!.message).toMatch(/nothing was changed/);
    expect(String(loser!.cause)).toMatch(/ORA-(08177|00001|00054)/);
    const { profile } = await stateOf(one);
    expect(profile).toEqual((results[0] === winners[0] ? desired : second).profile);
    await Promise.all([one.close(), two.close()]);
  });

  test("one that read before the other committed changes nothing", async () => {
    const [one, two] = [await connect(), await connect()];
    let overtaken: Promise<unknown> = Promise.resolve();
    const late = watched({
      save: () => {
        overtaken = register(two, second, watched({ expose: true }).run);
      },
    });
    // The slow one goes on only when the quick one is done.
    const slow = await numberOf(one);
    onRequest = async (info) => {
      if (info.sql?.startsWith("BEGIN") && info.connection === slow) await overtaken;
      return undefined;
    };
    const failure = await failureOf(register(one, desired, late.run));
    expect(failure.message).toMatch(/nothing was changed/);
    expect(String(failure.cause)).toMatch(/ORA-08177/);
    expect((await stateOf(two)).profile).toEqual(second.profile);
    await Promise.all([one.close(), two.close()]);
  });

  /** The server's number of a connection. */
  async function numberOf(connection: oracledb.Connection): Promise<number> {
    const before = onRequest;
    let number = 0;
    onRequest = (info) => {
      number = info.connection;
      return undefined;
    };
    await connection.ping();
    onRequest = before;
    return number;
  }
});

test("an unregister that is cut leaves the old state or the new one", async () => {
  const run = async (verdictAt: number) => {
    const connection = await connect();
    let index = 0;
    onRequest = () => (++index === verdictAt ? "cut-reply" : undefined);
    await unregister(connection, { stack: "test", schema }, watched().run).catch((error: Error) => error);
    onRequest = () => undefined;
    await connection.close().catch(() => {});
    return index;
  };
  for (let at = 1; at <= 6; at++) {
    await run(at);
    const { profile, privileges } = await quietly(stateOf);
    expect(privileges).toEqual(old.privileges);
    expect([JSON.stringify(old.profile), "null"]).toContain(JSON.stringify(profile));
  }
});
