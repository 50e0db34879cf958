import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import oracledb from "oracledb";
import { Deployed } from "../../__tests__/scripts/deployed";
import { readActual } from "../../ords/database/read";
import type { Figure, Line } from "../line";
import { inTurn, ownProcessorSeconds } from "../pairs";
import { recordRequests, sendAgain } from "../recording";

/** So many runs are one measurement. */
const runs = 10;

export const checks: Line = {
  name: "checks",
  limit:
    "The calls themselves: TLS, the login to the database, and signing them, which the bare ones are spared: they are sent again with the signatures that they had. Processor seconds of command and stand-ins together.",
  async measure(repeat) {
    const at = await Deployed.start();
    try {
      await at.register();
      const figures: Figure[] = [];
      for (const name of ["verify", "doctor"]) {
        const run = async () => {
          const { code, stdout, stderr } = await at.run([name, "local", "--url", at.apiUrl]);
          if (code !== 0) throw new Error(`${name} ended with ${code}\n${stdout}${stderr}`);
        };
        const requests = await recordRequests(run);
        // A call of the API waits for its token, as it has to.
        const isLater = ({ url }: { readonly url: string }) => url.startsWith(at.standIns.ords.url);
        const bare = async () => {
          await Promise.all([outputs(at), sendAgain(requests.filter((each) => !isLater(each))), reads(at)]);
          await sendAgain(requests.filter(isLater));
        };
        const again = (work: () => Promise<unknown>) => async () => {
          for (let run = 0; run < runs; run++) await work();
        };
        const { values, others } = await inTurn(repeat, {
          values: () => ownProcessorSeconds(again(run)),
          others: () => ownProcessorSeconds(again(bare)),
        });
        figures.push({
          what: `${name}, ${runs} runs`,
          unit: "s of processor",
          values,
          against: `its ${requests.length} requests and its reads, bare, side by side`,
          others,
          aim: { of: "times", atMost: 1.3 },
        });
      }
      return figures;
    } finally {
      await at.close();
    }
  },
};

/** What stands in for `terraform output` there. */
function outputs(at: Deployed): Promise<unknown> {
  return promisify(execFile)(join(at.folder, "terraform"));
}

async function reads({ standIns: { user, database } }: Deployed): Promise<void> {
  const { connectString } = database;
  const connection = await oracledb.getConnection({ user: user.name, password: user.password, connectString });
  try {
    await readActual(connection);
  } finally {
    await connection.close();
  }
}
