import { readActual } from "../../ords/database/read";
import { planRegister } from "../../ords/plan/plan";
import { blocksOf } from "../../ords/sql/blocks";
import { callsOf } from "../../ords/sql/calls";
import type { Figure, Line } from "../line";
import { Network } from "../network";
import { inTurn, waitedSeconds } from "../pairs";
import { desired, Schema } from "../schema";

/** Milliseconds there and back: another region of the same continent. */
const roundTrip = 20;

export const latency: Line = {
  name: "latency",
  limit:
    "Round trips: 18 with login and logoff for 1,000 privileges, two fifths of the time. The rest is work of client and database, which share a thread here. A block takes about a hundred and sixty: larger ones save few round trips, and a database compiles equal blocks once.",
  async measure(repeat) {
    const schema = await Schema.start();
    const network = await Network.to(schema.port, roundTrip);
    try {
      const figures: Figure[] = [];
      for (const count of [1, 100, 1000]) {
        let version = 0;
        const { values, others } = await inTurn(count === 1000 ? 1 : Math.min(repeat, 3), {
          values: () => waitedSeconds(() => schema.register(desired(count, `label ${++version}`), network.port)),
          others: () => waitedSeconds(() => oneByOne(schema, count, `label ${++version}`, network.port)),
        });
        figures.push({
          what: `${count} ${count === 1 ? "privilege" : "privileges"} changed, over ${roundTrip} ms of network`,
          unit: "s",
          values,
          against: "one call each, committed",
          others,
          aim: count === 1000 ? { of: "faster", atLeast: 20 } : undefined,
        });
      }
      return figures;
    } finally {
      network.close();
      await schema.database.close();
    }
  },
};

/** As a script does: a call, its commit, the next; without looking at what is there. */
async function oneByOne(schema: Schema, count: number, label: string, port: number): Promise<void> {
  const calls = await schema.with(async (connection) =>
    callsOf(planRegister(desired(count, label), await readActual(connection))),
  );
  await schema.with(async (connection) => {
    for (const call of calls) {
      for (const { plsql, binds } of blocksOf([call]))
        await connection.execute(plsql, { ...binds }, { autoCommit: true });
    }
  }, port);
}
