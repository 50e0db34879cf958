import type oracledb from "oracledb";
import { register } from "../../../ords/database/apply";
import { desiredState } from "../../../ords/plan/desired";
import { registerChangelog, registerScript, unregisterScript } from "../../../ords/sql/standalone";
import { reset, schema, seed, startStandIn, stateOf, type TestDatabase, watched } from "../database";
import { helloOutput } from "../hello";
import { runScript, statementsOf } from "../sqlplus";

/** As many scopes as there are names, each for a pattern of its own, and one for the module. */
function scopes(count: number, change: (index: number) => object = () => ({})) {
  const [hello] = helloOutput.privileges;
  const privileges = Array.from({ length: count }, (_, index) => ({
    ...{ ...hello!, name: `p${index}`, modules: [], patterns: [`/p${index}/*`], ...change(index) },
  }));
  return desiredState({ ...helloOutput, schema, privileges: [hello!, ...privileges] });
}

const desired = scopes(60);
const script = registerScript(desired);

let database: TestDatabase;
let connection: oracledb.Connection;
afterEach(() => database.close());

async function start(ordsVersion?: string) {
  database = await startStandIn(ordsVersion === undefined ? {} : { ordsVersion });
  connection = await database.connect();
  await reset(connection);
}

/** What others see of the schema. */
async function committed() {
  const other = await database.connect();
  const state = await stateOf(other);
  await other.close();
  return state;
}

/** Adds a statement in front of the middle one of the blocks that define privileges. */
function broken(statement: string): string {
  const defines = [...script.matchAll(/^ {2}-- define privilege p\d+$/gm)];
  const { index } = defines[Math.floor(defines.length / 2)]!;
  return `${script.slice(0, index)}  ${statement}\n${script.slice(index)}`;
}

test("a script of 1,200 scopes ends where register does", async () => {
  await start();
  const many = scopes(1200);
  expect(await runScript(connection, registerScript(many))).toMatchObject({ errors: [] });
  expect((await register(connection, many, watched().run)).written).toBe(false);
});

test("a script that runs again with fewer scopes deletes what is no longer wanted, if that may become public", async () => {
  await start();
  await runScript(connection, script);
  const fewer = { ...desired, privileges: desired.privileges.slice(0, 40) };
  const { errors } = await runScript(connection, registerScript(fewer));
  expect(errors).toEqual([expect.stringMatching(/ORA-20900: pattern \/p\d+\/\* would become public/)]);
  expect((await committed()).privileges).toEqual(desired.privileges);
  expect(await runScript(connection, registerScript(fewer, { expose: true }))).toMatchObject({ errors: [] });
  expect((await committed()).privileges).toEqual(fewer.privileges);
});

describe.each(["SQL*Plus", "goes on", "commits each"] as const)("with a tool (%s)", (tool) => {
  test.each([
    ["fails when it runs", "RAISE_APPLICATION_ERROR(-20123, 'no');", /ORA-20123/],
    ["does not compile", "ORDS.NO_SUCH_PROCEDURE;", /PLS-00302/],
    ["ends the transaction", "ROLLBACK;", /step \d+ was not done in this transaction/],
    ["commits by itself", "COMMIT;", /step \d+ was not done in this transaction/],
  ])("commits nothing when a block in the middle %s", async (_what, statement, error) => {
    await start();
    await seed(connection, { privileges: scopes(30).privileges, profile: desired.profile });
    const before = await committed();
    const { errors } = await runScript(connection, broken(statement), tool);
    if (tool !== "commits each") expect(errors[0]).toMatch(error);
    // A COMMIT that somebody writes into a block is done; nothing after it is.
    if (statement !== "COMMIT;" || tool === "commits each") expect(await committed()).toEqual(before);
    if (tool === "SQL*Plus") expect(errors).toHaveLength(1);
    else expect(errors.at(-1)).toMatch(/not all steps were done: what they did was rolled back/);
    await connection.rollback();
    expect(await runScript(connection, script)).toMatchObject({ errors: [] });
    expect((await committed()).privileges).toEqual(desired.privileges);
  });
});

test("a tool that commits each statement is refused at the second step, before anything is changed", async () => {
  await start();
  const before = await committed();
  for (const each of [script, unregisterScript("test", schema)]) {
    const { errors } = await runScript(connection, each, "commits each");
    expect(errors[0]).toMatch(/step 1 was not done in this transaction/);
    expect(await committed()).toEqual(before);
  }
});

test("steps that are left out or run in another order are refused", async () => {
  await start();
  const before = await committed();
  const blocks = script.split(/(?<=^\/$)/m);
  const without = (index: number) => blocks.filter((_, at) => at !== index).join("");
  const swapped = (index: number) =>
    [...blocks].map((_, at) => blocks[at === index ? at + 1 : at === index + 1 ? index : at]).join("");
  for (const changed of [0, 3, blocks.length - 3].flatMap((index) => [without(index), swapped(index)])) {
    const { errors } = await runScript(connection, changed, "goes on");
    expect(errors).toContainEqual(expect.stringMatching(/not all steps were done/));
    expect(await committed()).toEqual(before);
  }
});

describe("before it changes anything, a script refuses", () => {
  const elsewhere = scopes(1, () => ({ patterns: ["/elsewhere/*"] }));
  const byRoles = { ...desired, profile: { ...desired.profile, roleClaim: "/groups" } };
  const enabled = (session: oracledb.Connection) => session.execute("BEGIN ORDS.ENABLE_SCHEMA; COMMIT; END;");
  const nothing = async () => {};

  test.each<
    [
      string,
      RegExp,
      string,
      { user?: string; version?: string; prepare?: (own: oracledb.Connection) => Promise<unknown> },
    ]
  >([
    ["another login", /log in as HELLO, not as OTHER/, script, { user: "OTHER" }],
    ["an administrator", /log in as HELLO, not as ADMIN/, script, { user: "ADMIN" }],
    [
      "an ORDS that is too old",
      /this is ORDS 24.2.0.r1, and the script needs 24.3 or later/,
      script,
      { version: "24.2.0.r1" },
    ],
    [
      "one without roles",
      /this is ORDS 24.4.0.r1, and the script needs 25.1 or later/,
      registerScript(byRoles),
      { version: "24.4.0.r1" },
    ],
    ["a schema that is not REST-enabled", /schema HELLO is not REST-enabled/, script, { prepare: nothing }],
    ["a missing module", /there is no module hello: publish it first/, script, { prepare: enabled }],
    [
      "work of one's own that is open",
      /commit or roll back your own work first/,
      script,
      {
        prepare: (own) => own.execute("BEGIN ORDS.ENABLE_SCHEMA; ORDS.DEFINE_MODULE('mine', '/mine/'); END;"),
      },
    ],
    [
      "to make something public",
      /pattern \/p1\/\* would become public/,
      registerScript(elsewhere),
      {
        prepare: async (own) => {
          await reset(own);
          await seed(own, { privileges: scopes(1, () => ({ name: "p0", patterns: ["/p1/*"] })).privileges });
        },
      },
    ],
    [
      "a profile of somebody else",
      /a JWT profile that this stack did not register/,
      script,
      {
        prepare: async (own) => {
          await reset(own);
          await seed(own, { profile: { ...desired.profile, description: "by hand" } });
        },
      },
    ],
    [
      "a privilege of somebody else",
      /privilege p7 was not made by this stack/,
      script,
      {
        prepare: async (own) => {
          await reset(own);
          await seed(own, {
            privileges: [{ ...desired.privileges.find(({ name }) => name === "p7")!, comments: "by hand" }],
          });
        },
      },
    ],
  ])("%s", async (_what, message, text, { user = schema, version, prepare = reset }) => {
    database = await startStandIn(version === undefined ? {} : { ordsVersion: version });
    connection = await database.connect();
    await prepare(connection);
    const before = await committed();
    const session = user === schema ? connection : await database.connect(user);
    const { errors } = await runScript(session, text, "goes on");
    expect(errors[0]).toMatch(message);
    // The steps before the one that writes first.
    const steps = [...text.matchAll(/^PROMPT step (\d+) of \d+: (\w+)/gm)];
    const firstWrite = steps.findIndex(([, , verb]) => /^(delete|create|make|define|publish)$/.test(verb!)) + 1;
    const [, failed] = /step (\d+) was not done/.exec(errors[1]!)!;
    expect(Number(failed)).toBeLessThan(firstWrite);
    expect(errors).toHaveLength(statementsOf(text).filter(({ kind }) => kind === "block").length - Number(failed) + 1);
    expect(await committed()).toEqual(before);
  });
});

test("a script ends with the profile, the privileges and what is public, and so does the one that takes it back", async () => {
  await start();
  await connection.execute(`BEGIN ORDS.DEFINE_TEMPLATE('hello', 'me'); ORDS.DEFINE_TEMPLATE('m1', 'a/:id');
    ORDS.DEFINE_TEMPLATE('m2', '.'); ORDS.DEFINE_MODULE('m2', '/p0/m2/'); ORDS.DEFINE_TEMPLATE('m2', 'x'); COMMIT; END;`);
  const { results } = await runScript(connection, registerScript(scopes(1)));
  const [profile, privileges, open] = results;
  expect(JSON.stringify(profile)).toContain(desired.profile.issuer);
  expect(privileges).toEqual([
    ["hello.read", "module hello"],
    ["p0", "pattern /p0/*"],
  ]);
  expect(open).toEqual([["m1", "/m1/a/:id"]]);
  expect((await runScript(connection, unregisterScript("test", schema, { expose: true }))).results).toEqual([
    [],
    [],
    [
      ["hello", "/hello/me"],
      ["m1", "/m1/a/:id"],
      ["m2", "/p0/m2/x"],
    ],
  ]);
});

test("a saved undo script that is run directly leaves a module hello to which templates were added", async () => {
  database = await startStandIn();
  connection = await database.connect();
  const { run, seen } = watched({ sampleApi: true });
  await register(connection, scopes(0), run);
  await connection.execute("BEGIN ORDS.DEFINE_TEMPLATE('hello', 'orders/:id'); COMMIT; END;");
  expect(await runScript(connection, seen.undo!)).toMatchObject({ errors: [] });
  expect(await committed()).toMatchObject({
    profile: null,
    privileges: [],
    modules: [{ templates: ["me", "orders/:id"] }],
  });

  await connection.execute("BEGIN ORDS.DELETE_MODULE('hello'); COMMIT; END;");
  const again = watched({ sampleApi: true });
  await register(connection, scopes(0), again.run);
  expect(await runScript(connection, again.seen.undo!, "goes on")).toMatchObject({ errors: [] });
  expect((await committed()).modules).toEqual([]);
});

describe("a changelog", () => {
  /** What Liquibase reads: the attributes of each change set, and its statements and those of its rollback. */
  function changeSets(changelog: string) {
    const lines = changelog.trimEnd().split("\n");
    expect(lines[0]).toBe("--liquibase formatted sql");
    const split = (part: readonly string[]) => {
      const statements = part.join("\n").split(/^\/$/m);
      expect(statements.pop()!.trim()).toBe("");
      return statements.map((statement) => statement.trim());
    };
    return lines.flatMap((line, index) => {
      const [, author, id, rest] = /^--changeset (\S+?):(\S+) (.*)$/.exec(line) ?? [];
      if (rest === undefined) return [];
      const next = lines.findIndex((each, at) => at > index && each.startsWith("--changeset "));
      const body = lines.slice(index + 1, next < 0 ? undefined : next);
      const rollback = body.flatMap((each) => (/^--rollback /.test(each) ? [each.slice("--rollback ".length)] : []));
      const statements = body.filter((each) => !each.startsWith("--rollback "));
      // Whatever else begins like a comment may be a word of Liquibase.
      expect(statements.filter((each) => /^\s*--/.test(each))).toEqual([]);
      return [{ author, id, attributes: rest.split(" "), statements: split(statements), rollback: split(rollback) }];
    });
  }

  /** As Liquibase runs a change set: in a transaction that it commits, or rolls back at the first error. */
  async function run(statements: readonly string[]): Promise<string | undefined> {
    try {
      for (const statement of statements) await connection.execute(statement);
      await connection.commit();
      return undefined;
    } catch (error) {
      await connection.rollback();
      return (error as Error).message;
    }
  }

  test("registers as the script does, again too, and its rollback keeps closed what it protected", async () => {
    await start();
    const [change, ...more] = changeSets(registerChangelog(desired));
    expect(more).toEqual([]);
    expect(change).toMatchObject({
      ...{ author: "ords-jwt", id: "register-test" },
      attributes: [
        "dbms:oracle",
        "runOnChange:true",
        "stripComments:false",
        "endDelimiter:/",
        "rollbackEndDelimiter:/",
      ],
    });
    const { statements, rollback } = change!;
    for (let times = 0; times < 2; times++) {
      expect(await run(statements)).toBeUndefined();
      expect((await register(connection, desired, watched().run)).written).toBe(false);
    }
    expect(await run(rollback)).toBeUndefined();
    expect(await committed()).toMatchObject({ profile: null, privileges: desired.privileges });
    expect(await run(statements)).toBeUndefined();
  });

  test("leaves the transaction to Liquibase, and changes nothing when one of its statements fails", async () => {
    await start();
    const before = await committed();
    const [change] = changeSets(registerChangelog(desired));
    expect([...change!.statements, ...change!.rollback].join("\n")).not.toMatch(
      /\b(COMMIT|ROLLBACK);|SET TRANSACTION|PROMPT/,
    );
    const middle = change!.statements.length - 2;
    const statements = change!.statements.with(middle, "BEGIN RAISE_APPLICATION_ERROR(-20123, 'no'); END;");
    expect(await run(statements)).toMatch(/ORA-20123/);
    expect(await committed()).toEqual(before);
    expect(await run(change!.statements.toSpliced(middle, 1))).toMatch(/step \d+ was not done in this transaction/);
    expect(await committed()).toEqual(before);
  });
});
