import { register as registerInSchema } from "../../ords/database/apply";
import type { Figure, Line } from "../line";
import { inTurn, ownProcessorSeconds } from "../pairs";
import { desired, Schema, type Statement } from "../schema";

/** As many as a large API has. */
const count = 20;

/** So many runs are one measurement: one alone is over too soon. */
const runs = 20;

export const register: Line = {
  name: "register",
  limit:
    "The login (two thirds of an unchanged run) and the database. What register adds to a run that changes something is one millisecond alone and about three between the calls, whose code and data take its place in the processor: half of it writes the script that undoes it, a third makes the plan, a sixth the block. Processor seconds of client and stand-in together.",
  async measure(repeat) {
    const schema = await Schema.start();
    try {
      const wanted = ["one label", "another label"].map((label) => desired(count, label));
      let version = 0;
      const changed = () => wanted[++version % 2]!;
      await schema.register(changed());
      const unchanged = () => wanted[version % 2]!;

      const reads = await schema.register(unchanged());
      let requests = 0;
      await schema.with(async (connection) => {
        const before = schema.requests;
        await registerInSchema(connection, unchanged(), { show: () => {}, save: () => {} });
        requests = schema.requests - before;
      });
      const same = await inTurn(repeat, {
        values: () => ownProcessorSeconds(() => again(() => schema.register(unchanged()))),
        others: () => ownProcessorSeconds(() => again(() => replay(schema, reads))),
      });

      const writes: Statement[][] = [];
      const record = async () => {
        writes.push(await schema.register(changed()));
      };
      const different = await inTurn(repeat, {
        values: () => ownProcessorSeconds(() => again(record)),
        // What the runs before wrote, once more: the same work for the database.
        others: () => ownProcessorSeconds(() => again((run) => replay(schema, writes.at(run - runs)!))),
      });
      const of = { unit: "s of processor", aim: { of: "times", atMost: 1.2 } } as const;
      return [
        { what: `register, unchanged, ${runs} runs`, against: "login and the same reads, bare driver", ...same, ...of },
        {
          what: "round trips of it after the login",
          unit: "",
          values: [requests],
          aim: { of: "value", atMost: 4 },
        },
        {
          what: `register, ${count} privileges changed, ${runs} runs`,
          against: "login, reads, one block, reads, bare driver",
          ...different,
          ...of,
        },
      ] satisfies Figure[];
    } finally {
      await schema.database.close();
    }
  },
};

async function again(work: (run: number) => Promise<unknown>): Promise<void> {
  for (let run = 0; run < runs; run++) await work(run);
}

/** The same statements with nothing of ours in between. */
function replay(schema: Schema, statements: readonly Statement[]): Promise<void> {
  return schema.with(async (connection) => {
    for (const { sql, binds, options } of statements) await connection.execute(sql, binds, options);
    await connection.commit();
  });
}
