import { writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import type oracledb from "oracledb";
import { environment } from "../../config/environments";
import { register, unregister } from "../../ords/database/apply";
import { desiredState } from "../../ords/plan/desired";
import { register as registerCommand } from "../../scripts/commands/register";
import { withConnection } from "../../scripts/database";
import { PlanOutput } from "../../scripts/terminal/plan-output";
import { TcpServer } from "../tcp-server";
import { changedBytes, hostileText } from "./hostile";
import { type Bench, generated, type Source } from "./source";

/** What a column may hold that is no text of ours. */
const value = fc.oneof(
  { weight: 5, arbitrary: hostileText.map((text) => text.slice(0, 4000)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>(
      null,
      0,
      -1,
      1.5,
      Number.NaN,
      1e125,
      new Date(Number.NaN),
      new Date(0),
      Buffer.from([27, 0x9b]),
    ),
  },
);
const edit = fc.record({
  query: fc.nat(5),
  row: fc.nat(),
  column: fc.nat(),
  kind: fc.constantFrom("exchange", "exchange", "exchange", "remove", "double", "drop column"),
  value,
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;
type Rows = Record<string, unknown>[];

/** What the database and the network to it answer. */
export async function databaseSources({ deployed }: Bench): Promise<Source[]> {
  const { database } = deployed.standIns;
  const target = environment("local");
  const desired = desiredState(deployed.outputs);
  const modes = [{ json: true }, { markdown: true }, {}];
  return [values(), await bytes()];

  /** The session is real; some of the values that it reads are others. */
  function values(): Source {
    const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
    return generated("database values", 8, edits, (changes, index) => ({
      ports: [database.port],
      run: (terminal) =>
        withConnection(target, terminal, async (connection) => {
          const session = answeringOtherwise(connection, changes);
          const output = new PlanOutput("local", { plan: true, adopt: true, ...modes[index % 3] }, terminal);
          const options = output.run(new AbortController().signal);
          await output.finish(() =>
            index % 2
              ? register(session, desired, options)
              : unregister(session, { stack: "local", schema: "HELLO" }, options),
          );
        }),
    }));
  }

  /** The database is real; one of its answers has other bytes, after which it says nothing more. */
  async function bytes(): Promise<Source> {
    const relay = await new ChangingRelay(database.port).listen();
    const answers = fc.tuple(fc.nat(14), fc.nat({ max: 2 ** 31 }));
    return {
      ...generated("TNS bytes", 2, answers, ([answer, seed], index) => ({
        ports: [database.port, relay.port],
        async run(terminal) {
          relay.change = { answer, seed };
          const alias = (port: number) =>
            writeFileSync(join("tns", "tnsnames.ora"), `ords_jwt_local = localhost:${port}/FREEPDB1\n`);
          alias(relay.port);
          try {
            await registerCommand(
              "local",
              { plan: true, adopt: true, preflight: false, ...modes[index % 3] },
              terminal,
            );
          } finally {
            alias(database.port);
          }
        },
      })),
      close: () => relay.close(),
    };
  }
}

/** The same session, whose queries have other rows. */
function answeringOtherwise(connection: oracledb.Connection, changes: readonly Edit[]): oracledb.Connection {
  let query = 0;
  const execute = async (sql: string, binds: oracledb.BindParameters, options: oracledb.ExecuteOptions) => {
    const result = await connection.execute<Rows[number]>(sql, binds ?? {}, options ?? {});
    if (result.rows) for (const change of changes) if (change.query === query) applied(result.rows, change);
    query += result.rows ? 1 : 0;
    return result;
  };
  return new Proxy(connection, {
    get(_connection, name) {
      if (name === "execute") return execute;
      const member: unknown = Reflect.get(connection, name);
      return typeof member === "function" ? member.bind(connection) : member;
    },
  });
}

function applied(rows: Rows, change: Edit): void {
  if (rows.length === 0) return;
  const index = change.row % rows.length;
  const row = rows[index]!;
  const names = Object.keys(row);
  const name = names[change.column % names.length]!;
  if (change.kind === "remove") rows.splice(index, 1);
  if (change.kind === "double") rows.splice(index, 0, { ...row, [name]: change.value });
  if (change.kind === "exchange") row[name] = change.value;
  if (change.kind === "drop column") for (const each of rows) delete each[name];
}

/** Stands before a server, changes the bytes of one of its answers and ends the connection after it. */
class ChangingRelay extends TcpServer {
  change: { answer: number; seed: number } | undefined;

  constructor(private readonly target: number) {
    super();
  }

  protected serve(client: Socket): void {
    // Whoever comes back afterwards finds nobody.
    if (!this.change) return void client.destroy();
    const { answer, seed } = this.change;
    const server = connect(this.target, "localhost");
    let seen = 0;
    for (const socket of [client, server]) this.keep(socket);
    client.on("data", (bytes) => server.write(bytes));
    server.on("data", (bytes) => {
      if (seen++ !== answer) return void client.write(bytes);
      const [other] = fc.sample(changedBytes(bytes), { numRuns: 1, seed });
      this.change = undefined;
      client.end(other!);
      server.destroy();
    });
    client.on("close", () => server.destroy());
    server.on("close", () => client.end());
  }
}
